"""Where a session stands in the table of rates: what is remembered of it must be of the last time that it left."""

import pytest

from swapboard.attribution.evidence import profile_of, who_of
from swapboard.attribution.hazard import CELLS, Phase, cell
from swapboard.attribution.holder import Holder, places_of
from swapboard.attribution.slopes import WHOLE_OF
from swapboard.clock import HOUR, MINUTE, SECOND, Millis


def left(came_at: Millis, left_at: Millis) -> Holder:
    return Holder("s", "v", came_at=came_at, heard_at=left_at, left_at=left_at)


def test_who_left_again_stands_where_the_whole_stay_puts_it() -> None:
    holder = left(0, 5 * SECOND)
    assert places_of((holder,), HOUR) == places_of((left(0, 5 * SECOND),), HOUR)
    holder.left_at, holder.heard_at = None, 20 * MINUTE
    assert places_of((holder,), 20 * MINUTE) == [cell(Phase.LIVE, 20 * MINUTE)]
    holder.left_at = 30 * MINUTE
    there = profile_of(who_of(on_phone=False, returning=False), 30 * MINUTE) * CELLS
    [place] = places_of((holder,), HOUR)
    assert WHOLE_OF[place] == there + cell(Phase.LEFT, 30 * MINUTE)


@pytest.mark.parametrize("left_at", [-HOUR, -1, 0, 1])
def test_a_log_s_time_may_begin_anywhere(left_at: Millis) -> None:
    found = places_of((left(left_at - 5 * MINUTE, left_at),), left_at + HOUR)
    assert found == places_of((left(9 * HOUR, 9 * HOUR + 5 * MINUTE),), 10 * HOUR + 5 * MINUTE)
