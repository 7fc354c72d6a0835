"""The same weekday and time of day of earlier weeks, also across a change of the clocks."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import from_iso
from swapboard.reports.usual import WEEKS, Pace, same_times, usual

NEW_YORK = ZoneInfo("America/New_York")


@given(st.integers(from_iso("2024-01-01T00:00:00Z"), from_iso("2027-01-01T00:00:00Z")))
def test_each_span_is_of_the_same_weekday_from_midnight_to_the_same_time(now: int) -> None:
    here = datetime.fromtimestamp(now / 1000, NEW_YORK)
    spans = same_times(now, NEW_YORK, 0)
    assert len(spans) == WEEKS
    for week, (begins_at, until_at) in enumerate(spans, 1):
        begins, until = (datetime.fromtimestamp(at / 1000, NEW_YORK) for at in (begins_at, until_at))
        assert begins.weekday() == here.weekday()
        assert (here.date() - begins.date()).days == 7 * week
        assert (begins.hour, begins.minute) == (0, 0)
        # An hour that the clocks leave out is the one after.
        assert (
            until.time().replace(microsecond=0) == here.time().replace(microsecond=0) or until.dst() != here.dst()
        )


def test_weeks_before_the_first_call_are_not_counted() -> None:
    now = from_iso("2026-11-24T17:00:00Z")
    assert len(same_times(now, NEW_YORK, from_iso("2026-11-12T00:00:00Z"))) == 1
    assert usual([]).pace(5) is Pace.UNKNOWN


def test_what_chance_makes_is_as_usual() -> None:
    assert usual([9, 9, 9]).pace(12) is Pace.AS_USUAL
    assert usual([9, 9, 9]).pace(13) is Pace.MORE
    assert usual([9, 9, 9]).pace(5) is Pace.LESS
    assert usual([0, 0]).pace(1) is Pace.AS_USUAL
    assert usual([0, 0]).pace(2) is Pace.MORE
