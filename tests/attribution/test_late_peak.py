"""Late callers of two kinds: what is found of them, and how far it is believed."""

from dataclasses import replace
from math import exp, log
from random import Random
from statistics import median

import numpy as np
import pytest

from swapboard.attribution import late_peak
from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import CROWD, Curve
from swapboard.attribution.delay import Delay, LogNormal
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import EDGES, FIRST_CELL, WIDTHS, Phase, cell
from swapboard.attribution.heard import heard_of
from swapboard.attribution.hours import HOURS
from swapboard.attribution.late_evidence import Averaged
from swapboard.attribution.late_kinds import KINDS, Seen, _rates, _slopes, fit
from swapboard.attribution.late_peak import FEWEST, Kinds, steadiness, with_peak
from swapboard.attribution.law import Law, law_named
from swapboard.attribution.learned import Evidence
from swapboard.attribution.learning import scaled_prior
from swapboard.attribution.lesson import Lesson
from swapboard.attribution.lessons import Lessons
from swapboard.attribution.nightly import learn_from
from swapboard.attribution.past import Past
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from tests.attribution.tuned_on import TUNED_ON

VISITS = 2000
AT_ONCE, NEXT_DAY = LogNormal(600.0, 0.8), LogNormal(86_400.0, 0.2)
LEFT = FIRST_CELL[Phase.LEFT]
TIMES = [0.0] * LEFT + [float(VISITS * width) for width in WIDTHS[LEFT:]]


def delays(delay: Delay, calls: int) -> list[Millis]:
    return [round(delay.quantile((call + 0.5) / calls) * SECOND) for call in range(calls)]


def exposures() -> Exposures:
    """Of visits that all said good-bye, are of one profile and were waited for to the end."""
    silent = FIRST_CELL[Phase.SILENT]
    places = TIMES[:silent] + [0.0] * (CROWD - silent)
    return Exposures(places=places, ready=[8 * 60.0 * DAY / HOURS] * HOURS)


def lesson(age: Millis, chance: Random | None = None) -> Lesson:
    """A call of one who left so long before; by chance among others who left at any moment of five days."""
    others = [round(chance.uniform(0.0, 5 * DAY)) for _ in range(20)] if chance else []
    return Lesson(((cell(Phase.LEFT, each), 1.0) for each in (age, *others)), 0.05, 0, 0.0, 12)


def learned(lessons: list[Lesson], earlier: Counts | None = None) -> tuple[Curve, Kinds]:
    begin = scaled_prior(len(lessons), exposures())
    curve, kinds = with_peak(begin, Lessons(lessons), exposures(), earlier)
    for _ in range(3):
        curve, kinds = with_peak(begin, Lessons(lessons), exposures(), earlier, kinds)
    assert kinds is not None
    return curve, kinds


def rate(curve: Curve, age: Millis) -> float:
    return curve.rates[cell(Phase.LEFT, age)]


def medians(kinds: Kinds) -> list[float]:
    return [exp(kinds.two.found[2]) / MINUTE, exp(kinds.two.found[5]) / HOUR]


def test_two_kinds_are_found_among_many_others_who_might_have_called() -> None:
    chance = Random(3)
    ages = delays(AT_ONCE, 80) + delays(NEXT_DAY, 120)
    curve, kinds = learned([lesson(age, chance) for age in ages])
    assert kinds.share > 0.95
    assert medians(kinds) == [pytest.approx(10.0, rel=0.3), pytest.approx(24.0, rel=0.2)]
    assert rate(curve, DAY) > 10 * rate(curve, 6 * HOUR)


@pytest.mark.parametrize("phase", [Phase.LEFT, Phase.SILENT])
def test_who_fell_silent_has_the_peak_too(phase: Phase) -> None:
    curve, _ = learned([lesson(age) for age in delays(AT_ONCE, 80) + delays(NEXT_DAY, 120)])
    assert curve.rates[cell(phase, DAY)] > 10 * curve.rates[cell(phase, 5 * HOUR)]


def test_one_kind_is_not_taken_for_two() -> None:
    law = LogNormal(3600.0, 1.5)
    curve, kinds = learned([lesson(age) for age in delays(law, 200)])
    assert kinds.share < 0.05
    assert rate(curve, DAY) == pytest.approx(law.density(DAY / SECOND) * 200 / VISITS / SECOND, rel=0.15)


def test_one_kind_is_believed_as_much_as_a_smooth_curve_that_explains_as_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lessons = [lesson(age) for age in delays(LogNormal(3600.0, 1.5), 200)]
    smooth = scaled_prior(len(lessons), exposures())
    thrice = Averaged(3.0 * np.array(smooth.rates[LEFT : FIRST_CELL[Phase.SILENT]]), smooth.nobody, 5.0)
    monkeypatch.setattr(late_peak, "averaged", lambda *_: thrice)
    monkeypatch.setattr(late_peak, "of_smooth", lambda *_: 5.0)
    curve, kinds = learned(lessons)
    assert kinds.share < 0.05
    assert rate(curve, DAY) == pytest.approx(2.0 * rate(smooth, DAY), rel=0.1)


def test_one_kind_brings_a_rate_of_nobodys_of_its_own_unless_that_was_looked_for_already() -> None:
    """Its tail is thinner than a smooth curve's: what it left was lost, and nobody believed too little."""
    lessons = [lesson(age) for age in delays(LogNormal(600.0, 1.2), 200)]
    strangers = [Lesson(((cell(Phase.LEFT, 20 * DAY), 1.0),), 1.0, 0, 0.0, 12) for _ in range(20)]
    prior = scaled_prior(220, exposures())
    begin = replace(prior, nobody=0.1 * prior.nobody)
    together = Lessons(lessons + strangers)
    curve, _ = with_peak(begin, together, exposures())
    assert curve.nobody > 2.0 * begin.nobody
    held, _ = with_peak(begin, together, exposures(), is_mean=True)
    assert held.nobody == pytest.approx(begin.nobody, rel=1e-3)


def test_a_few_calls_are_not_enough() -> None:
    few = Lessons([lesson(age) for age in delays(NEXT_DAY, FEWEST - 1)])
    begin = scaled_prior(few.size, exposures())
    assert with_peak(begin, few, exposures()) == (begin, None)


def test_slopes_are_what_a_little_more_of_each_parameter_changes() -> None:
    found = np.array([-20.0, *KINDS[0], *KINDS[1]])
    for at in range(1, len(found)):
        more = found + 1e-5 * np.eye(len(found))[at]
        plain = (_rates(more) - _rates(found)) / 1e-5
        assert _slopes(found)[:, at - 1] == pytest.approx(plain, rel=1e-3, abs=1e-18)


def test_calls_that_were_shared_out_before_count_as_much() -> None:
    ages = delays(AT_ONCE, 80) + delays(NEXT_DAY, 120)
    before = Counts(calls=np.full(HOURS, 100 / HOURS))
    for age in ages[::2]:
        before.places[cell(Phase.LEFT, age)] += 1.0
    _, at_once = learned([lesson(age) for age in ages])
    _, in_parts = learned([lesson(age) for age in ages[1::2]], before)
    assert in_parts.two.found[1:] == pytest.approx(at_once.two.found[1:], abs=0.1)
    assert in_parts.share == pytest.approx(at_once.share, abs=0.01)


def test_nobodys_calls_of_before_are_nobodys() -> None:
    ages = delays(AT_ONCE, 100)
    strangers = [Lesson((), 1.0, 0, 0.0, 12) for _ in range(60)]
    _, at_once = learned([lesson(age) for age in ages] + strangers)
    before = Counts(calls=np.full(HOURS, 60 / HOURS), nobody=np.full(HOURS, 60 / HOURS))
    _, in_parts = learned([lesson(age) for age in ages], before)
    assert in_parts.two.nobody == pytest.approx(at_once.two.nobody, rel=0.02)


def test_a_step_that_goes_too_far_is_not_taken() -> None:
    """From wherever it begins, the calls become more probable with each search."""
    seen = Seen(
        others=np.full(30, 1e-12),
        cells=np.eye(len(EDGES[Phase.LEFT]) - 1)[[cell(Phase.LEFT, age) - LEFT for age in delays(AT_ONCE, 30)]],
        nobody=np.ones(30),
        counts=np.ones(30),
        times=np.array(TIMES[LEFT : FIRST_CELL[Phase.SILENT]]),
        number_time=8 * 60.0 * DAY,
        calls=30.0,
    )
    far = np.array([log(1e-9), log(0.9), log(20 * DAY), log(0.1), *KINDS[1]])
    found = [fit(far, seen, steps) for steps in range(40)]
    probable = [each.probable for each in found]
    assert probable == sorted(probable)
    assert fit(found[-1].found, seen, 40).probable == pytest.approx(probable[-1], abs=1.0)


def test_each_night_finds_the_peak_too() -> None:
    chance, now = Random(3), 100 * DAY
    lessons = [lesson(age, chance) for age in delays(AT_ONCE, 80) + delays(NEXT_DAY, 120)]
    heard = tuple(
        heard_of(
            None,
            Evidence((), tuple(zip(each.places, each.factors, strict=True)), 0.05, 0.0, 0, now - 12 * HOUR),
            {},
        )
        for each in lessons
    )
    found = learn_from(Past(0, now, heard, exposures()))
    assert found is not None
    assert rate(found[0].curve, DAY) > 10 * rate(found[0].curve, 6 * HOUR)


def test_where_late_callers_keep_hours_a_peak_is_hardly_believed() -> None:
    """Who waits for the morning rings about as long after the visit as who sleeps on it."""
    by_day = [2.0 if 8 <= hour < 20 else 0.0 for hour in range(HOURS)]
    assert steadiness([1.0] * HOURS) == 1.0
    assert steadiness(by_day) < 0.03
    lessons = Lessons([lesson(age) for age in delays(AT_ONCE, 80) + delays(NEXT_DAY, 120)])
    begin = replace(scaled_prior(lessons.size, exposures()), late_rhythm=tuple(by_day))
    curve, kinds = with_peak(begin, lessons, exposures())
    assert kinds is not None
    assert kinds.share > 0.95
    assert rate(curve, DAY) < 2 * rate(begin, DAY)


def replayed(law: Law, visits: int, seed: int = 5) -> Curve:
    board = Switchboard(16)
    for _ in board.run(read_traffic(list(Simulation(law, Random(seed)).lines(visits)))):
        pass
    return board.learner.curve


def test_a_log_shows_the_peak_that_its_law_has() -> None:
    law = next(each for each in TUNED_ON if each.name == "reminder")
    curves = [replayed(law, 9_000, seed) for seed in (5, 6, 7)]
    # Without a peak it falls to a tenth in these two days. In a log by itself it may not be told from hours.
    assert median(rate(curve, 3 * DAY) / rate(curve, DAY) for curve in curves) > 1.2


def test_where_there_is_none_the_curve_falls_from_day_to_day() -> None:
    curve = replayed(law_named("law-firm"), 3_000)
    rates = [rate(curve, age) for age in (HOUR, 6 * HOUR, DAY, 3 * DAY, 9 * DAY)]
    assert rates == sorted(rates, reverse=True)


def test_those_who_ring_at_once_are_of_no_kind() -> None:
    """They decided on the page: a kind that took them in was far too wide for those of the minutes after."""
    begin = scaled_prior(200, exposures())
    curve, _ = learned([lesson(age) for age in delays(LogNormal(3600.0, 1.5), 200)])
    assert rate(curve, 20 * SECOND) == pytest.approx(rate(begin, 20 * SECOND), rel=0.01)
    assert rate(curve, 6 * HOUR) > 1.1 * rate(begin, 6 * HOUR)
