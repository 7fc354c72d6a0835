"""Waits grow, and never beyond their most."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import HOUR, MINUTE
from swapboard.patience import wait_after


@given(failures=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_the_wait_grows_to_an_hour_and_never_beyond(failures: int, chance: float) -> None:
    wait = wait_after(failures, chance)
    assert MINUTE // 2 <= wait <= HOUR
    assert wait <= wait_after(failures + 1, 1)
    assert wait_after(failures, 0) <= wait <= wait_after(failures, 1)
