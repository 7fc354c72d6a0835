"""What a report's address asks for: which days, which filter. The same words stand in every link to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from swapboard.clock import zone
from swapboard.reports.counting import CountedBy
from swapboard.reports.filter import BadFilter, Term, read_filter, write_filter
from swapboard.reports.span import Span, last_days, reportable
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.translation import _


class Days(StrEnum):
    """Which days; `own` are those that the user chose."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    THIS_MONTH = "month"
    LAST_MONTH = "last-month"
    OWN = "own"


DAYS: Mapping[Days, str] = {
    Days.TODAY: _("Today"),
    Days.YESTERDAY: _("Yesterday"),
    Days.WEEK: _("Last 7 days"),
    Days.MONTH: _("Last 30 days"),
    Days.QUARTER: _("Last 90 days"),
    Days.THIS_MONTH: _("This month"),
    Days.LAST_MONTH: _("Last month"),
    Days.OWN: _("From … to …"),
}
_COUNT: Mapping[Days, int] = {Days.TODAY: 1, Days.WEEK: 7, Days.MONTH: 30, Days.QUARTER: 90}


@dataclass(frozen=True, slots=True)
class Asked:
    """The days and the filter; `trouble` says what of them could not be read, in words for the user."""

    days: Days
    span: Span
    filter_text: str
    terms: tuple[Term, ...]
    trouble: str = ""
    counted_by: CountedBy = CountedBy.BEST_MATCH

    def query(self, *more: Term) -> str:
        """The words of an address that asks for the same, and for these conditions too."""
        text = write_filter((*self.terms, *more)) if more else self.filter_text
        said = {"days": self.days.value}
        if self.days is Days.OWN:
            said |= {"from": self.span.first.isoformat(), "to": self.span.last.isoformat()}
        if self.counted_by is not CountedBy.BEST_MATCH:
            said["counted"] = self.counted_by.value
        return urlencode(said | ({"filter": text} if text else {}))

    def was(self) -> str:
        """What the form held before the user changed it: so one sees whether it is the days or the dates."""
        return f"{self.span.first}/{self.span.last}"

    def fixed(self) -> "Asked":
        """The very days, so that a link shows the same tomorrow."""
        return replace(self, days=Days.OWN)


def read_asked(query: Mapping[str, str], moments: Moments) -> Asked:
    """What the address asks for; what cannot be read is left out, and said."""
    days, troubles = _days(query), []
    try:
        span = _span(days, query, moments)
    except ValueError as error:
        days, span = Days.MONTH, last_days(30, moments.now, zone(moments.time_zone))
        troubles.append(str(error))
    text, terms = query.get("filter", "").strip(), read_filter("")
    try:
        terms = read_filter(text)
    except BadFilter as error:
        troubles.append(str(error))
    said = query.get("counted", "")
    counted_by = CountedBy(said) if said in set(CountedBy) else CountedBy.BEST_MATCH
    return Asked(days, span, text, terms, " ".join(troubles), counted_by)


def _days(query: Mapping[str, str]) -> Days:
    """Who changes the dates means them, whatever stands in the list beside."""
    said, dates = query.get("days", ""), f"{query.get('from', '')}/{query.get('to', '')}"
    if "was" in query and dates not in {query["was"], "/"}:
        return Days.OWN
    if said in set(Days):
        return Days(said)
    return Days.OWN if dates != "/" else Days.MONTH


def _span(days: Days, query: Mapping[str, str], moments: Moments) -> Span:
    """Raises ValueError that says what is wrong with the days."""
    clock = zone(moments.time_zone)
    today = moments.local(moments.now).date()
    match days:
        case Days.OWN:
            first, last = _date(query.get("from", "")), _date(query.get("to", ""))
            return Span(first or last or today, last or today, clock)
        case Days.YESTERDAY:
            return Span(today - timedelta(1), today - timedelta(1), clock)
        case Days.THIS_MONTH:
            return Span(today.replace(day=1), today, clock)
        case Days.LAST_MONTH:
            last = today.replace(day=1) - timedelta(1)
            return Span(last.replace(day=1), last, clock)
        case _:
            return last_days(_COUNT[days], moments.now, clock)


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return reportable(date.fromisoformat(text))
    except ValueError:
        raise ValueError(_("Write a day like 2026-11-24.")) from None
