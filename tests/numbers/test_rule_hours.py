"""Hours as people write them, on the company's clocks."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from swapboard.clock import from_iso
from swapboard.numbers.rule_hours import hour_of, hours_in, next_at_hour

EVENING = from_iso("2026-11-24T23:30:00Z")
"""Half past six in New York."""


def test_the_hour_is_the_companys() -> None:
    assert hour_of(EVENING, "America/New_York") == 18
    assert hour_of(EVENING, "Europe/London") == 23
    assert hour_of(EVENING, "Nowhere/At_All") == 23


@given(st.integers(0, 23), st.integers(1, 24), st.integers(0, 23))
def test_hours_go_round_the_clock(begin: int, end: int, hour: int) -> None:
    if begin == end:
        assert hours_in(f"{begin}-{end}") is None
        return
    inside = begin <= hour < end if begin < end else hour >= begin or hour < end
    assert (hour in (hours_in(f"{begin}-{end}") or ())) is inside


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
@given(
    now=st.integers(from_iso("2026-01-01T00:00:00Z"), from_iso("2027-12-31T00:00:00Z")), hour=st.integers(0, 23)
)
@example(now=from_iso("2026-03-08T14:00:00Z"), hour=1)
@example(now=from_iso("2026-11-01T14:00:00Z"), hour=1)
def test_an_hour_is_met_on_days_when_clocks_change_too(zone: str, now: int, hour: int) -> None:
    assert hour_of(next_at_hour(now, hour, zone), zone) == hour
    assert next_at_hour(now, hour_of(now, zone), zone) == now
