"""Which days a report's address asks for: so many until today, a calendar month, or those from one to another."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from swapboard.clock import Millis, zone
from swapboard.language import _
from swapboard.reports.span import Span, last_days, reportable


class Days(StrEnum):
    """Which days; all but `own` move on with the calendar."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "7d"
    LAST_WEEK = "last-week"
    MONTH = "30d"
    QUARTER = "90d"
    THIS_MONTH = "month"
    LAST_MONTH = "last-month"
    OWN = "own"


_COUNT: Mapping[Days, int] = {Days.TODAY: 1, Days.WEEK: 7, Days.MONTH: 30, Days.QUARTER: 90}


def days_of(query: Mapping[str, str]) -> Days:
    """Who changes the dates means them, whatever stands in the list beside."""
    said, dates = query.get("days", ""), f"{query.get('from', '')}/{query.get('to', '')}"
    if "was" in query and dates not in {query["was"], "/"}:
        return Days.OWN
    if said in set(Days):
        return Days(said)
    return Days.OWN if dates != "/" else Days.MONTH


def span_of(days: Days, query: Mapping[str, str], now: Millis, time_zone: str) -> Span:
    """The days at this instant, on these clocks. Raises ValueError that says what is wrong with them."""
    clock = zone(time_zone)
    today = datetime.fromtimestamp(now / 1000, clock).date()
    match days:
        case Days.OWN:
            first, last = _date(query.get("from", "")), _date(query.get("to", ""))
            return Span(first or last or today, last or today, clock)
        case Days.YESTERDAY:
            return Span(today - timedelta(1), today - timedelta(1), clock)
        case Days.LAST_WEEK:
            monday = today - timedelta(today.weekday() + 7)
            return Span(monday, monday + timedelta(6), clock)
        case Days.THIS_MONTH:
            return Span(today.replace(day=1), today, clock)
        case Days.LAST_MONTH:
            last = today.replace(day=1) - timedelta(1)
            return Span(last.replace(day=1), last, clock)
        case _:
            return last_days(_COUNT[days], now, clock)


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return reportable(date.fromisoformat(text))
    except ValueError:
        raise ValueError(_("Write a day like 2026-11-24.")) from None
