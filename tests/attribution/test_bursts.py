"""Nobody's rate follows what was seen lately, as far as strangers are believed to call in bursts."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from swapboard.attribution.burst_evidence import BELIEVED, FEWEST, lately_at, odds_of, with_bursts
from swapboard.attribution.bursts import (
    FEWER,
    USUALLY,
    Bursts,
    Heard,
    Lately,
    heard_from_json,
    passed,
    passing,
    rates,
)
from swapboard.attribution.curve import Curve
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hours import hour_of, time_by_hour
from swapboard.attribution.lesson import Lesson
from swapboard.clock import DAY, HOUR, MINUTE, Millis

DAYS = 40
NUMBERS = 8
EVEN = tuple(USUALLY.tolist())
A_DAY = 3.0
CURVE = replace(Curve.prior(), nobody=A_DAY / NUMBERS / DAY)
EXPOSURES = Exposures(ready=time_by_hour(0, DAYS * DAY, NUMBERS), counted=time_by_hour(0, DAYS * DAY))


def lessons(*calls: tuple[Millis, bool]) -> list[Lesson]:
    """Calls of strangers, surely, and of others, surely."""
    return [
        Lesson((), 1.0 if is_stranger else 1e-9, 0, 1e-9 / CURVE.again[0], hour_of(at), at=at)
        for at, is_stranger in sorted(calls)
    ]


def believed(curve: Curve) -> float:
    """How far any kind of burst is."""
    assert curve.bursts is not None
    return sum(curve.bursts.shares[: len(EVEN)])


def at_any_time(chance: Random, a_day: float, *, is_stranger: bool) -> list[tuple[Millis, bool]]:
    return [(chance.randrange(DAYS * DAY), is_stranger) for _ in range(round(a_day * DAYS))]


def in_bursts(chance: Random, lasts: Millis) -> list[tuple[Millis, bool]]:
    begins = [chance.randrange(DAYS * DAY - lasts) for _ in range(4)]
    return [(begin + chance.randrange(lasts), True) for begin in begins for _ in range(round(A_DAY * DAYS / 4))]


@pytest.mark.parametrize("lasts", [HOUR, 2 * DAY])
def test_bursts_are_believed_by_what_the_calls_show(lasts: Millis) -> None:
    chance = Random(5)
    heard = lessons(*in_bursts(chance, lasts), *at_any_time(chance, 20.0, is_stranger=False))
    curve, _ = with_bursts(CURVE, heard, EXPOSURES)
    assert curve.bursts is not None
    assert curve.bursts.numbers == pytest.approx(NUMBERS)
    assert believed(curve) > 0.99
    strangers = [each.lately for each in heard if each.nobody == 1.0]
    others = [each.lately for each in heard if each.nobody < 1.0]
    assert np.mean(strangers) > 1.4 * np.mean(others)


@pytest.mark.parametrize("a_day", [A_DAY, 0.4 * A_DAY])
def test_strangers_who_call_at_any_time_are_no_burst_however_few(a_day: float) -> None:
    """Fewer than was learned are explained by kinds of bursts whose calm is long: they were believed for that."""
    found = []
    for seed in range(5):
        chance = Random(seed)
        both = at_any_time(chance, a_day, is_stranger=True) + at_any_time(chance, 20.0, is_stranger=False)
        curve, _ = with_bursts(CURVE, lessons(*both), EXPOSURES)
        found.append(believed(curve))
    assert np.mean(found) < BELIEVED
    assert max(found) < 0.5


def test_few_calls_tell_nothing() -> None:
    few = lessons(*in_bursts(Random(5), HOUR)[: FEWEST - 1])
    assert with_bursts(CURVE, few, EXPOSURES) == (CURVE, None)


def test_the_hours_of_strangers_are_no_bursts() -> None:
    chance, by_day = Random(2), tuple(3.0 if 9 <= hour < 17 else 0.0 for hour in range(24))
    heard = lessons(
        *((chance.randrange(DAYS) * DAY + chance.randrange(9 * HOUR, 17 * HOUR), True) for _ in range(120))
    )
    shares = [
        believed(with_bursts(curve, heard, EXPOSURES)[0]) for curve in (CURVE, replace(CURVE, rhythm=by_day))
    ]
    assert shares[0] > 0.9
    assert shares[1] < BELIEVED


def test_a_burst_is_more_probable_after_each_call_and_less_while_none_comes() -> None:
    curve = replace(CURVE, bursts=Bursts(NUMBERS, (*([1.0 / len(EVEN)] * len(EVEN)), *([0.0] * len(FEWER)))))
    lately, factors = lately_at(curve, None, 0), []
    for at in (0, MINUTE, 2 * MINUTE, DAY, 30 * DAY):
        lately = lately_at(curve, lately, at)
        assert lately is not None
        assert curve.bursts is not None
        factors.append(curve.bursts.factor(lately))
        lately = lately.heard(2.0) if at < HOUR else lately
    assert factors[0] == pytest.approx(1.0)
    assert 1.0 < factors[1] < factors[2] > factors[3] > factors[4]
    assert factors[4] > 0.2


def test_what_is_unlikely_to_be_a_strangers_call_tells_of_no_burst() -> None:
    lately = Lately(0)
    assert lately.heard(1e-9).chances == pytest.approx(EVEN)
    assert lately.after(5 * DAY, 0.0).chances == pytest.approx(EVEN)
    assert lately_at(CURVE, lately, DAY) is None, "nothing was learned of bursts"


def test_time_passes_the_same_in_one_step_or_in_many() -> None:
    begin = Lately(0, (0.9,) * len(EVEN))
    many = begin
    for step in range(1, 25):
        many = many.after(step * HOUR, A_DAY / 24)
    assert many.chances == pytest.approx(begin.after(DAY, A_DAY).chances)
    spans = np.array([DAY, DAY, 2 * DAY], float)
    moved = passing(spans, spans / DAY * A_DAY)
    half, first = passed(USUALLY, moved, 0)
    _, second = passed(half, moved, 1)
    assert first + second == pytest.approx(passed(USUALLY, moved, 2)[1])


def test_years_without_a_call_are_still_finite() -> None:
    lately = Lately(0).after(900 * DAY, 1e6)
    assert np.isfinite(lately.chances).all()
    assert (rates(np.array(lately.chances)) > 0.0).all()
    assert np.isfinite(lately.heard(1e300).chances).all()


def test_what_is_kept_of_a_call_is_what_it_was() -> None:
    heard = Heard(Lately(DAY).heard(0.3).rounded(), 0.25)
    assert heard_from_json(heard.as_json(), DAY) == heard
    assert heard_from_json({"chances": [0.1], "told": [0.0], "odds": 1.0}, DAY) is None, "of other kinds of bursts"
    assert heard_from_json(None, DAY) is None


def test_odds_are_nobodys_weight_beside_all_others() -> None:
    [each] = odds_of(CURVE, [Lesson(((0, 2.0),), 1.0, 0, 0.0, 0)])
    assert each == pytest.approx(CURVE.nobody / (2.0 * CURVE.grid.ravel()[0]))
