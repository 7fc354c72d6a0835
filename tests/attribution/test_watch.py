"""The time that sessions spend is counted once."""

from random import Random

import pytest

from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import CELLS, FIRST_CELL, Exposure, Phase
from swapboard.attribution.watch import SETTLED_AFTER, Watch, Watched
from swapboard.clock import HOUR, MINUTE


def _left(session_id: str, at: int) -> Watched:
    return Watched(session_id, "v", came_at=at - MINUTE, heard_at=at, left_at=at, counted_to=at)


def _away(watch: Watch, now: int) -> float:
    places = watch.exposures(now)
    return sum(time for at, time in enumerate(places) if at % CELLS >= FIRST_CELL[Phase.LEFT])


def test_a_settled_session_that_is_a_candidate_again_and_again_counts_once() -> None:
    watch = Watch()
    first, second = _left("s1", HOUR), _left("s2", HOUR + SETTLED_AFTER)
    watch.went(first, HOUR)
    watch.went(second, HOUR + SETTLED_AFTER)
    now = 11 * HOUR
    for hour in range(2, 11):
        watch.count(first, hour * HOUR)
    # Simpson's rule counts a cell by three of its ages.
    assert abs(_away(watch, now) - (20 * HOUR - SETTLED_AFTER)) < HOUR


def test_a_settled_session_that_came_back_counts_from_then_on() -> None:
    watch = Watch()
    first, second = _left("s1", HOUR), _left("s2", HOUR + SETTLED_AFTER)
    watch.went(first, HOUR)
    watch.went(second, HOUR + SETTLED_AFTER)
    watch.count(first, 3 * HOUR)
    first.left_at, first.heard_at = None, 3 * HOUR
    watch.count(first, 3 * HOUR + 20_000)
    live = sum(watch.counted[0].totals()[: FIRST_CELL[Phase.HIDDEN]])
    live += sum(sum(each.totals()[: FIRST_CELL[Phase.HIDDEN]]) for each in watch.counted[1:])
    assert live == 20_000


@pytest.mark.parametrize("called", [0.0, 0.4, 1.0])
def test_the_time_of_who_called_counts_for_the_calls_that_may_still_come(called: float) -> None:
    """Without it, a call given to somebody who called before made a rate without bounds."""
    watch = Watch()
    session = Watched("s", "v", came_at=0, heard_at=MINUTE, tapped_at=MINUTE, called=called)
    watch.count(session, 9 * MINUTE)
    watch.count(session, 21 * MINUTE)
    assert sum(watch.exposures(21 * MINUTE)) == pytest.approx(21 * MINUTE * (1 - called * (1 - Curve.after_call)))


def test_a_tap_that_led_to_a_call_leads_to_no_other() -> None:
    watch = Watch()
    session = Watched("s", "v", came_at=0, heard_at=MINUTE, tapped_at=MINUTE, counted_to=MINUTE)
    watch.count(session, 2 * MINUTE)
    session.believe(0.8, 2 * MINUTE, withheld=False)
    watch.count(session, 9 * MINUTE)
    tapped = slice(FIRST_CELL[Phase.TAPPED], FIRST_CELL[Phase.LEFT])
    assert sum(watch.counted[0].totals()[tapped]) == pytest.approx(MINUTE + 0.2 * 7 * MINUTE)


def test_who_turned_a_page_and_vanished_counts_once_and_in_its_place() -> None:
    """The old page leaves as the new one comes; somebody else was silent before, which is found out later."""
    watch = Watch()
    turned, silent = _left("s1", HOUR), Watched("s2", "v", came_at=HOUR - 2 * MINUTE, heard_at=HOUR - MINUTE)
    watch.went(turned, HOUR)
    turned.left_at = None
    watch.went(silent, HOUR)
    watch.went(turned, HOUR + MINUTE)
    watch.went(_left("s3", 2 * HOUR), 2 * HOUR)
    away = [times.tolist() for of_phase in watch.away.values() for times in of_phase if times]
    assert away == [[HOUR - MINUTE, HOUR]]


def test_however_many_left_a_cell_there_is_never_less_than_no_time_in_the_others() -> None:
    """A million visits left a hair less than none where nobody had been so long, and no curve was finite."""
    chance = Random(1)
    for _ in range(20):
        exposure = Exposure.empty()
        for _ in range(200):
            begin = chance.randrange(MINUTE)
            exposure.add(Phase.LEFT, begin, begin + chance.randrange(HOUR), chance.random())
        assert min(exposure.totals()) == 0.0
