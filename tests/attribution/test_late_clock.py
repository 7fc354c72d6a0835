"""Late callers who wait for the opening: its hours are found where there are any, and believed nowhere else."""

from dataclasses import replace
from math import log
from random import Random

import numpy as np
import pytest

from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import Phase, cell
from swapboard.attribution.heard import heard_of
from swapboard.attribution.late_clock import keeps_hours, with_clock
from swapboard.attribution.late_kinds import KINDS, Fit, fit
from swapboard.attribution.late_peak import FEWEST, with_peak
from swapboard.attribution.law import law_named
from swapboard.attribution.learned import Evidence
from swapboard.attribution.learning import scaled_prior
from swapboard.attribution.lesson import Lesson
from swapboard.attribution.lessons import Lessons
from swapboard.attribution.nightly import learn_from
from swapboard.attribution.opening import Opening, Waits
from swapboard.attribution.opening_search import NEWTON, is_hinted
from swapboard.attribution.past import Past
from swapboard.attribution.usual_hours import USUAL_HOURS, most_gained
from swapboard.attribution.waiting_calls import Trial, WaitingCalls, doubt
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from tests.attribution.held_out import HELD_OUT
from tests.attribution.test_late_peak import exposures, replayed

OPENS, CLOSES = 9 * HOUR, 17 * HOUR


def rings_at(due: Millis, chance: Random) -> Millis:
    """Straight away while it is open, else after the next opening."""
    if OPENS <= due % DAY < CLOSES:
        return due
    opening = due // DAY * DAY + OPENS + (DAY if due % DAY >= CLOSES else 0)
    return opening + round(chance.expovariate(1 / (25 * MINUTE)))


def lessons(calls: int, *, waits: bool) -> list[Lesson]:
    """Calls two hours or so after visits that ended at any time, each among others who might have made it."""
    chance, found = Random(5), []
    for _ in range(calls):
        ended = round(chance.uniform(10 * DAY, 40 * DAY))
        due = ended + round(chance.lognormvariate(8.9, 1.0)) * SECOND
        at = rings_at(due, chance) if waits else due
        others = [round(chance.uniform(0.0, 5 * DAY)) for _ in range(12)]
        places = ((cell(Phase.LEFT, age), 1.0) for age in (at - ended, *others))
        found.append(Lesson(places, 0.05, 0, 0.0, at // HOUR % 24, at=at))
    return found


def learned(calls: list[Lesson]) -> Curve:
    begin, together = scaled_prior(len(calls), exposures()), Lessons(calls)
    curve, kinds = with_peak(begin, together, exposures())
    return with_clock(curve, together, exposures(), kinds)[0]


def waiting(calls: list[Lesson]) -> Waits:
    waits = learned(calls).waits
    assert waits is not None
    return waits


def check_hours(opening: Opening) -> None:
    assert opening.opens == pytest.approx(9 * 60, abs=15)
    assert opening.lasts == pytest.approx(8 * 60, abs=45)
    assert opening.closed == ()
    assert 12.0 < opening.after < 50.0


def test_the_hours_are_found_that_callers_wait_for() -> None:
    waits = waiting(lessons(300, waits=True))
    assert waits.share > 0.99
    check_hours(waits.openings[0][0])


def test_hours_that_nobody_waits_for_are_not_believed() -> None:
    assert learned(lessons(300, waits=False)).waits is None


def test_hours_once_found_are_kept_where_factors_look_alike() -> None:
    """In rush-hours they were left out for 56 calls, though they had been believed at 0.99."""
    together = Lessons(lessons(300, waits=True))
    curve, kinds = with_peak(scaled_prior(300, exposures()), together, exposures())
    _, clock = with_clock(curve, together, exposures(), kinds)
    assert clock is not None
    steady = replace(curve, late_rhythm=Curve.late_rhythm)
    assert keeps_hours(steady, clock)
    assert not keeps_hours(steady, clock._replace(share=0.0))
    assert not keeps_hours(steady)


def test_calls_hint_at_hours_where_there_are_any() -> None:
    assert is_hinted(*asked(lessons(100, waits=True)))
    assert not is_hinted(*asked(lessons(100, waits=False)))


def test_hours_are_found_without_a_hint_where_it_is_closed_at_weekends_only() -> None:
    """A night looks everywhere: usual hours, which all open every day, do not hint at these."""
    chance, calls = Random(5), []
    for _ in range(150):
        ended = round(chance.uniform(10 * DAY, 40 * DAY))
        due = ended + round(chance.lognormvariate(8.9, 1.0)) * SECOND
        monday = (due // DAY // 7 + 1) * 7 * DAY + round(chance.expovariate(1 / (25 * MINUTE)))
        at = due if due // DAY % 7 < 5 else monday
        others = [round(chance.uniform(0.0, 5 * DAY)) for _ in range(12)]
        places = ((cell(Phase.LEFT, age), 1.0) for age in (at - ended, *others))
        calls.append(Lesson(places, 0.05, 0, 0.0, at // HOUR % 24, at=at))
    assert not is_hinted(*asked(calls))
    waits = waiting(calls)
    assert waits.share > 0.99
    assert waits.openings[0][0].closed == (5, 6)


@pytest.mark.parametrize("waits", [True, False])
def test_all_usual_hours_at_once_are_as_probable_as_one_by_one(waits: bool) -> None:
    calls, one = asked(lessons(150, waits=waits))
    trial = Trial(calls, one)
    assert most_gained(calls, one) == pytest.approx(max(map(trial.probable, USUAL_HOURS)) - trial.always_open)


def asked(calls: list[Lesson]) -> tuple[WaitingCalls, Fit]:
    begin = scaled_prior(len(calls), exposures())
    found = WaitingCalls.of(begin, Lessons(calls), exposures())
    return found, fit(np.array([log(begin.nobody), *KINDS[0]]), found.seen(None), NEWTON)


def test_a_few_calls_are_not_enough() -> None:
    assert learned(lessons(FEWEST - 1, waits=True)).waits is None


def test_unusual_hours_are_believed_less() -> None:
    usual = Opening(9 * 60, 600)
    for rarer in (replace(usual, lasts=200), replace(usual, lasts=1400), replace(usual, closed=(6,))):
        assert doubt(rarer) > doubt(usual) + 1.0


def test_two_days_that_follow_each_other_are_a_weekend() -> None:
    every_day = Opening(9 * 60, 600)
    weekend, apart = replace(every_day, closed=(0, 6)), replace(every_day, closed=(2, 6))
    assert doubt(every_day) < doubt(weekend) < doubt(replace(every_day, closed=(6,))) < doubt(apart)


def test_hours_that_calls_leave_open_are_all_kept() -> None:
    openings = waiting(lessons(100, waits=True)).openings
    assert sum(share for _, share in openings) == pytest.approx(1.0)
    shares = [share for _, share in openings]
    assert shares == sorted(shares, reverse=True)
    assert len(openings) > 3


def test_the_latest_calls_have_their_part_of_the_time() -> None:
    """All of it, with a part of the calls, would make late callers too seldom where calls are many."""
    calls = lessons(FEWEST, waits=True)
    begin = scaled_prior(len(calls), exposures())
    once = WaitingCalls.of(begin, Lessons(calls), exposures())
    latest = WaitingCalls.of(begin, Lessons(calls * 3), exposures().scaled(3.0)).latest(FEWEST)
    assert latest.at.tolist() == once.at.tolist()
    assert latest.times == pytest.approx(once.times)
    assert latest.number_time == pytest.approx(once.number_time)
    assert once.latest(2 * FEWEST).number_time == once.number_time


def test_each_night_finds_the_hours_too() -> None:
    heard = tuple(
        heard_of(
            None,
            Evidence((), tuple(zip(each.places, each.factors, strict=True)), 0.05, 0.0, 0, each.at),
            {},
        )
        for each in lessons(300, waits=True)
    )
    found = learn_from(Past(0, 50 * DAY, tuple(heard), exposures()))
    assert found is not None
    waits = found[0].curve.waits
    assert waits is not None
    check_hours(waits.openings[0][0])


def test_a_log_shows_the_hours_that_its_law_has() -> None:
    waits = replayed(next(each for each in HELD_OUT if each.name == "rush-hours"), 5_000).waits
    assert waits is not None
    assert waits.share > 0.9
    likeliest, _ = waits.openings[0]
    assert likeliest.opens == pytest.approx(8 * 60, abs=30)
    assert likeliest.lasts == pytest.approx(11 * 60, abs=90)


def test_hours_are_found_where_factors_do_not_show_them() -> None:
    """Here the factors hid them for 300 calls, by which time the curve had been learned without them."""
    law = next(each for each in HELD_OUT if each.name == "rush-hours")
    waits = replayed(law, 3_800, seed=85).waits
    assert waits is not None
    assert waits.share > 0.9
    assert waits.openings[0][0].opens == pytest.approx(8 * 60, abs=30)


def test_where_there_are_none_nothing_waits() -> None:
    assert replayed(law_named("clinic"), 2_500).waits is None
