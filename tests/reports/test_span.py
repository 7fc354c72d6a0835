"""Whole days of the company's calendar."""

from datetime import UTC, date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR
from swapboard.reports.span import LONGEST_DAYS, Span, last_days

ZONES = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"])
SPANS = st.builds(
    lambda first, more, zone: Span(first, first + timedelta(more), ZoneInfo(zone)),
    st.dates(date(2011, 12, 1), date(2030, 12, 31)),
    st.integers(0, 100),
    ZONES,
)


@given(SPANS)
def test_its_days_follow_one_another_and_fill_it(span: Span) -> None:
    days = list(span.days())
    assert len(days) == span.length
    assert (days[0].from_at, days[-1].until_at) == (span.from_at, span.until_at)
    assert all(one.until_at == next_.from_at for one, next_ in pairwise(days))


@given(SPANS)
def test_the_span_before_ends_where_it_begins(span: Span) -> None:
    assert span.before().until_at == span.from_at
    assert span.before().length == span.length


def test_a_day_on_which_clocks_change_has_other_hours() -> None:
    changed = Span(date(2026, 3, 29), date(2026, 3, 29), ZoneInfo("Europe/Berlin"))
    assert changed.until_at - changed.from_at == 23 * HOUR


def test_the_last_days_end_today() -> None:
    assert last_days(7, 10 * DAY + HOUR, UTC) == Span(date(1970, 1, 5), date(1970, 1, 11), UTC)


def test_what_is_no_span() -> None:
    with pytest.raises(ValueError, match="must not come before"):
        Span(date(2026, 1, 2), date(2026, 1, 1), UTC)
    with pytest.raises(ValueError, match="at most"):
        Span(date(2020, 1, 1), date(2020, 1, 1) + timedelta(LONGEST_DAYS), UTC)
