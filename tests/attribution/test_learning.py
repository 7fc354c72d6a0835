"""What expectation-maximisation makes of calls that are shared out already."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import AGAIN_EDGES, CROWD, Curve, again_bin
from swapboard.attribution.curve_arrays import CurveArrays
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import CELLS, FIRST_CELL, Phase, cell
from swapboard.attribution.holder import Holder
from swapboard.attribution.hours import HOURS, SPANS
from swapboard.attribution.learning import log_posterior, maximised
from swapboard.attribution.lesson import CALLED_AGAIN, Lesson, lesson, look_back
from swapboard.attribution.lessons import Lessons, expect, shared_out
from swapboard.attribution.match import match
from swapboard.attribution.ring import Ring
from swapboard.clock import DAY, HOUR, MINUTE, SECOND

FORTY_DAYS = [40.0 * DAY / HOURS] * HOURS
BY_HOUR = st.lists(st.floats(0.0, 500.0), min_size=HOURS, max_size=HOURS)


def settled_on(curve: Curve, counts: Counts, exposures: Exposures, rounds: int = 1) -> Curve:
    arrays = CurveArrays.of(curve)
    for _ in range(rounds):
        arrays = maximised(arrays, counts, exposures)
    return arrays.put_in(curve)


def learned(nobody: list[float], calls: list[float], came: list[float] | None = None) -> Curve:
    counts = Counts(nobody=np.array(nobody), calls=np.maximum(nobody, calls))
    return settled_on(Curve.prior(), counts, Exposures(ready=FORTY_DAYS, came=came or [0.0] * HOURS))


def settled(nobody: float, of: float) -> float:
    """Nobody's learned rate ÷ what the calls alone say, where so many of them are nobody's."""
    counts = Counts(nobody=np.full(HOURS, nobody / HOURS), calls=np.full(HOURS, of / HOURS))
    exposures = Exposures(ready=FORTY_DAYS)
    curve = settled_on(Curve.prior(), counts, exposures, 30)
    return curve.nobody * exposures.numbers / nobody


def test_a_business_that_many_strangers_call_is_not_held_to_a_few() -> None:
    """What the prior takes from many is less than it gives to few, and both are little."""
    assert 0.98 < settled(160.0, 400.0) < 1.0
    assert settled(20.0, 400.0) == pytest.approx(1.0)
    assert 1.0 < settled(4.0, 400.0) < 1.35


def test_on_the_first_day_hours_that_were_not_there_yet_are_not_taken_for_quiet_ones() -> None:
    """Else nobody would be weighed, at each call, with many times the rate that the time allows."""
    there = [float(10 <= hour < 14) for hour in range(HOURS)]
    counts = Counts(nobody=2.0 * np.array(there), calls=25.0 * np.array(there))
    ready = [40.0 * DAY / HOURS * each for each in there]
    curve = settled_on(Curve.prior(), counts, Exposures(ready=ready))
    expected = [curve.nobody * factor * time for factor, time in zip(curve.rhythm, ready, strict=True)]
    assert sum(expected) == pytest.approx(curve.nobody * sum(ready))
    assert max(curve.rhythm) < 1.3
    assert min(curve.rhythm) > 0.7


@given(BY_HOUR, BY_HOUR)
def test_the_hours_of_nobodys_calls_are_one_on_average(nobody: list[float], calls: list[float]) -> None:
    rhythm = learned(nobody, calls).rhythm
    assert sum(rhythm) / HOURS == pytest.approx(1.0)
    assert min(rhythm) > 0.0


DAYTIME = [100.0 if 8 <= hour < 18 else 1.0 for hour in range(HOURS)]
EVENING = [100.0 if 17 <= hour < 23 else 1.0 for hour in range(HOURS)]
NIGHT = [0.0 if 6 <= hour < 20 else 300.0 for hour in range(HOURS)]


def test_nobodys_hours_are_those_of_visits_until_its_own_calls_are_many() -> None:
    """Late callers ring at other hours than people come; nobody has nothing to wait for."""
    few = learned([0.0] * HOURS, EVENING, came=DAYTIME).rhythm
    assert few[12] > 4 * few[20]
    many = learned(NIGHT, EVENING, came=DAYTIME).rhythm
    assert many[0] > 4 * many[12]


def test_nobodys_own_calls_count_where_hardly_anybody_comes() -> None:
    """Of a hundred thousand visits none by night: by these hours alone its strangers would never be believed."""
    came = [10_000.0 if 8 <= hour < 18 else 0.0 for hour in range(HOURS)]
    none, few = (
        learned([0.0] * HOURS, EVENING, came=came),
        learned([each / 75 for each in NIGHT], EVENING, came=came),
    )
    assert none.rhythm[0] > 0.03
    assert few.rhythm[0] > 5 * none.rhythm[0]


def test_hours_that_new_numbers_have_hardly_seen_are_not_taken_for_busy_ones() -> None:
    """Visits came for weeks at all hours alike; the numbers are there since noon."""
    noon = [0.0] * 12 + [float(HOUR)] * 12
    hours = Exposures(ready=noon, came=[500.0] * HOURS, counted=[30.0 * HOUR] * HOURS)
    rhythm = settled_on(Curve.prior(), Counts(nobody=np.zeros(HOURS), calls=np.zeros(HOURS)), hours).rhythm
    assert rhythm == pytest.approx((1.0,) * HOURS, rel=0.05)


def test_hours_at_which_the_site_was_not_there_yet_are_not_taken_for_quiet_ones() -> None:
    """The numbers were bought a week before; visits come since noon."""
    noon = [0.0] * 12 + [float(HOUR)] * 12
    hours = Exposures(ready=FORTY_DAYS, came=[500.0 * (each > 0) for each in noon], counted=noon)
    rhythm = settled_on(Curve.prior(), Counts(nobody=np.zeros(HOURS), calls=np.zeros(HOURS)), hours).rhythm
    assert rhythm == pytest.approx((1.0,) * HOURS, rel=0.05)


def test_without_visits_nobodys_hours_are_even_until_its_own_calls_are_known() -> None:
    assert max(learned([0.0] * HOURS, [0.0] * HOURS).rhythm) == pytest.approx(1.0)


def test_a_call_goes_to_nobody_rather_at_nobodys_hours() -> None:
    curve = replace(Curve.prior(), rhythm=tuple(1.9 if hour < 12 else 0.1 for hour in range(HOURS)))
    for hour in range(HOURS):
        counts = expect(curve, Lessons([Lesson(((0, 1.0),), 1.0, 0, 0.0, hour)]))
        nobody = curve.nobody * curve.rhythm[hour]
        assert counts.nobody[hour] == pytest.approx(nobody / (nobody + curve.grid[0, 0]))
        assert counts.calls[hour] == sum(counts.calls) == 1.0


def again_learned(nobody_again: float) -> float:
    """What is learned where half the waiting came after nobody's calls, and forty called again."""
    waits = [4000.0 * 86_400_000.0 / (len(AGAIN_EDGES) - 1)] * (len(AGAIN_EDGES) - 1)
    counts = Counts(again=np.full(len(waits), 40.0 / len(waits)), nobody_again=np.array(nobody_again))
    exposures = Exposures(again=waits, nobody_again=[each / 2 for each in waits], ready=FORTY_DAYS)
    return settled_on(Curve.prior(), counts, exposures, 30).nobody_again


def test_whether_nobody_calls_again_is_learned() -> None:
    assert again_learned(0.0) < 0.1
    assert 0.8 < again_learned(20.0) < 1.1


def test_who_calls_again_was_rather_a_visitor_where_nobody_does() -> None:
    curve = replace(Curve.prior(), nobody_again=0.05)

    def nobody(since: int) -> float:
        return sum(expect(curve, Lessons([Lesson(((0, 1.0),), 1.0, 0, 0.0, 12, since=since)])).nobody)

    unknown = nobody(-1)
    assert nobody(CALLED_AGAIN) < 0.1 * unknown
    waited = [nobody(since) for since in range(CALLED_AGAIN)]
    assert unknown < waited[0] < waited[-1]
    assert waited == sorted(waited)


def test_looking_back_tells_who_called_again_from_who_still_may() -> None:
    def call(caller: str | None, at: int) -> Lesson:
        return Lesson((), 1.0, 0, 0.0, 12, caller=caller, at=at)

    lessons = [call("+12025550100", 0), call("+12025550101", 0), call(None, 0), call("+12025550100", DAY)]
    look_back(lessons, {"+12025550100": DAY, "+12025550101": 0}.get, 2 * DAY)
    assert [each.since for each in lessons] == [CALLED_AGAIN, again_bin(2 * DAY), -1, again_bin(DAY)]


def test_who_left_weeks_ago_keeps_the_little_share_that_each_call_leaves() -> None:
    """Their calls would else be missing from their time, and late callers seem to end after days."""
    curve, at = Curve.prior(), 40 * DAY
    ring = Ring(at=at, number_id="n1")
    weeks_ago = CROWD + cell(Phase.LEFT, 20 * DAY)
    there = Holder("s1", "v1", came_at=at - MINUTE, heard_at=at - SECOND)
    posterior = match(ring, [there], curve, {}, {weeks_ago: 2000.0})
    shared = expect(curve, Lessons([lesson(ring, posterior)])).places.reshape(PROFILES, CELLS)
    late = 2000.0 * curve.flat_at(at)[weeks_ago] * curve.withheld_share
    assert 1e-6 < late / posterior.total < 1e-4
    assert shared[:, weeks_ago - CROWD].sum() == pytest.approx(late / posterior.total, rel=1e-6)


def test_a_hidden_page_of_which_little_is_known_calls_as_one_that_is_looked_at() -> None:
    def hidden(live_calls: float) -> float:
        live, places, calls = FIRST_CELL[Phase.LIVE] + 5, [0.0] * CROWD, np.zeros(CROWD)
        places[live], calls[live] = 100.0 * HOUR, live_calls
        # Most calls are of another kind, so that the prior's height is theirs.
        places[FIRST_CELL[Phase.LEFT] + 5], calls[FIRST_CELL[Phase.LEFT] + 5] = 1000.0 * HOUR, 300.0
        time = Exposures(places=places, ready=FORTY_DAYS)
        curve = settled_on(Curve.prior(), Counts(places=calls), time, 20)
        return curve.rates[FIRST_CELL[Phase.HIDDEN] + 5]

    assert hidden(400.0) > 10 * hidden(20.0)


def test_where_nobody_was_waited_for_calls_again_keep_the_priors_steps() -> None:
    waits = [1000.0 * HOUR if end <= DAY else 0.0 for end in AGAIN_EDGES[1:]]
    counts = Counts(again=np.array(Curve.prior().again) * waits)
    curve = settled_on(Curve.prior(), counts, Exposures(again=waits, ready=FORTY_DAYS), 200)
    assert curve.again == pytest.approx(Curve.prior().again, rel=0.1)


def test_an_automaton_that_redials_to_the_second_is_past_no_number() -> None:
    """Its time in a cell is that of a moment, so that hundreds of calls are expected of whoever stays there."""
    for nobody_again in (1e-5, 900.0):
        curve = replace(Curve.prior(), again=(0.5,) * len(Curve.prior().again), nobody_again=nobody_again)
        lessons = [Lesson((), 1.0, 0, 0.0, 12, since=since) for since in range(-1, CALLED_AGAIN + 1)]
        counts = expect(curve, Lessons(lessons))
        assert sum(counts.nobody) == pytest.approx(len(lessons))
        assert isfinite(counts.log_total)


def side_by_side(counts: Sequence[Counts]) -> Counts:
    """A row for each."""
    return Counts(*map(np.array, zip(*(each.parts() for each in counts), strict=True)))


def test_curves_side_by_side_are_learned_as_each_alone() -> None:
    """One of them without a call, so that its hours stay while those of the others are learned."""
    late = FIRST_CELL[Phase.LEFT] + 5
    lessons = [Lesson(((at % 9 + late, 1.0), (at % 7, 1.0)), 1.0, at % 5, 1.0, at % 11) for at in range(120)]
    time = Exposures(
        places=[1.0 * HOUR] * CROWD,
        again=[9.0 * HOUR] * (len(AGAIN_EDGES) - 1),
        nobody_again=[2.0 * HOUR] * (len(AGAIN_EDGES) - 1),
        ready=FORTY_DAYS,
        away=[10.0 + at % 17 for at in range(HOURS * SPANS)],
    )
    told = CurveArrays.of(replace(Curve.prior(), late_rhythm=tuple(1.0 + hour / 100 for hour in range(HOURS))))
    curves = [replace(told, nobody=told.nobody * many) for many in (1.0, 8.0, 30.0)]
    counts = [*(shared_out(each, Lessons(lessons)) for each in curves[:2]), Counts()]
    together = shared_out(CurveArrays.side_by_side(curves[:2]), Lessons(lessons))
    for all_, each in zip(together.parts(), side_by_side(counts[:2]).parts(), strict=True):
        assert np.broadcast_to(all_, each.shape) == pytest.approx(each, rel=1e-12)
    found = maximised(CurveArrays.side_by_side(curves), side_by_side(counts), time)
    alone = [maximised(each, count, time) for each, count in zip(curves, counts, strict=True)]
    for mine, theirs in zip(found.rows(), alone, strict=True):
        assert vars(mine).keys() == vars(theirs).keys()
        for part, value in vars(theirs).items():
            assert vars(mine)[part] == pytest.approx(value, rel=1e-9), part
    assert alone[2].late_rhythm.tolist() == told.late_rhythm.tolist() != alone[0].late_rhythm.tolist()
    probable = [float(log_posterior(each, count, time)) for each, count in zip(alone, counts, strict=True)]
    assert log_posterior(found, side_by_side(counts), time) == pytest.approx(probable)
