"""What a report's address asks for: which days, which filter. The same words stand in every link to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from swapboard.clock import zone
from swapboard.reports.counting import CountedBy
from swapboard.reports.filter import BadFilter, Term, read_filter, write_filter
from swapboard.reports.narrowing import fitting
from swapboard.reports.period import Days, days_of, span_of
from swapboard.reports.report_kind import Kind
from swapboard.reports.span import Span, last_days
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.translation import Words, _

__all__ = ["DAYS", "Asked", "Days", "read_asked"]


DAYS: Mapping[Days, str] = Words(
    {
        Days.TODAY: _("Today"),
        Days.YESTERDAY: _("Yesterday"),
        Days.WEEK: _("Last 7 days"),
        Days.LAST_WEEK: _("Last week, from Monday"),
        Days.MONTH: _("Last 30 days"),
        Days.QUARTER: _("Last 90 days"),
        Days.THIS_MONTH: _("This month"),
        Days.LAST_MONTH: _("Last month"),
        Days.OWN: _("From … to …"),
    }
)


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

    def address(self, path: str, also: Mapping[str, str], *, fixed: bool = False) -> str:
        """Where the same is found again, as it moves on with the calendar or with these very days."""
        more = urlencode(also)
        return f"{path}?{(self._fixed() if fixed else self).query()}{'&' if more else ''}{more}"

    def on(self, day: date) -> "Asked":
        """The same of one day."""
        return replace(self, days=Days.OWN, span=Span(day, day, self.span.zone))

    def whole(self) -> "Asked":
        """The same with each call counted where its best match is."""
        return replace(self, counted_by=CountedBy.BEST_MATCH)

    def was(self) -> str:
        """What the form held before the user changed it: so one sees whether it is the days or the dates."""
        return f"{self.span.first}/{self.span.last}"

    def _fixed(self) -> "Asked":
        return replace(self, days=Days.OWN)


def read_asked(query: Mapping[str, str], moments: Moments, kind: Kind = Kind.BREAKDOWN) -> Asked:
    """What the address asks for; what cannot be read is left out, and said."""
    days, troubles = days_of(query), []
    try:
        span = span_of(days, query, moments.now, moments.time_zone)
    except ValueError as error:
        days, span = Days.MONTH, last_days(30, moments.now, zone(moments.time_zone))
        troubles.append(str(error))
    text, terms = query.get("filter", "").strip(), read_filter("")
    try:
        terms = fitting(kind, read_filter(text))
    except BadFilter as error:
        troubles.append(str(error))
    said = query.get("counted", "")
    counted_by = CountedBy(said) if said in set(CountedBy) else CountedBy.BEST_MATCH
    return Asked(days, span, text, terms, " ".join(troubles), counted_by)
