"""When a report is due: on the company's clocks, each day or week or month once, whatever the clocks do."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR, Millis, from_iso, iso, zone
from swapboard.reports.schedule import Cadence, next_due

NEW_YORK = "America/New_York"
TIMES = st.integers(from_iso("2025-01-01"), from_iso("2028-01-01"))
ZONES = st.sampled_from([NEW_YORK, "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])


def local(at: Millis, name: str) -> datetime:
    return datetime.fromtimestamp(at / 1000, zone(name))


@given(st.sampled_from(Cadence), st.integers(0, 23), TIMES, ZONES)
def test_it_is_the_next_such_hour(cadence: Cadence, hour: int, after: Millis, name: str) -> None:
    due = next_due(cadence, hour, after, name)
    found = local(due, name)
    assert after < due <= after + 32 * DAY
    assert abs(found.hour - hour) <= 1  # an hour that a clock skips
    assert cadence is not Cadence.WEEKLY or found.weekday() == 0
    assert cadence is not Cadence.MONTHLY or found.day == 1
    # From any moment before it, it is the same.
    assert next_due(cadence, hour, due - 1, name) == due
    following = next_due(cadence, hour, due, name)
    days = (local(following, name).date() - found.date()).days
    assert days in {Cadence.DAILY: {1}, Cadence.WEEKLY: {7}, Cadence.MONTHLY: {28, 29, 30, 31}}[cadence]


def test_the_hour_stays_when_summer_time_ends() -> None:
    before, after = from_iso("2026-10-31T12:00:00Z"), from_iso("2026-11-01T11:00:00Z")
    assert iso(next_due(Cadence.DAILY, 8, before - HOUR, NEW_YORK)).startswith("2026-10-31T12:00")
    assert iso(next_due(Cadence.DAILY, 8, after, NEW_YORK)).startswith("2026-11-01T13:00")
