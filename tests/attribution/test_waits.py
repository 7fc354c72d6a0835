"""The time after calls: the same whether calls are counted one by one or all at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.curve import AGAIN_EDGES
from swapboard.attribution.waits import add_wait, add_waits
from swapboard.clock import HOUR, MINUTE, Millis

CELLS = len(AGAIN_EDGES) - 1
waits = st.one_of(st.sampled_from(AGAIN_EDGES), st.integers(-HOUR, 2 * AGAIN_EDGES[-1]))


@given(st.lists(st.tuples(waits, st.floats(0.0, 1.0))))
def test_many_at_once_add_what_each_adds_alone(pairs: list[tuple[Millis, float]]) -> None:
    alone, together = [1.0] * CELLS, [1.0] * CELLS
    for wait, weight in pairs:
        add_wait(alone, wait, weight)
    add_waits(together, [wait for wait, _ in pairs], [weight for _, weight in pairs])
    assert together == pytest.approx(alone)


def test_all_of_the_time_is_counted_up_to_the_longest() -> None:
    for wait in (-MINUTE, 0, 1, MINUTE, HOUR, 2 * AGAIN_EDGES[-1]):
        again = [0.0] * CELLS
        add_wait(again, wait)
        assert sum(again) == min(max(0, wait), AGAIN_EDGES[-1])
