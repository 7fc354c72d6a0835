"""A report as its address asks for it, wherever it is shown: on a page, in a letter, behind a link."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from swapboard.clock import Millis
from swapboard.language import _
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.reports.filter import BadFilter, Term, read_filter
from swapboard.reports.narrowing import fitting
from swapboard.reports.period import days_of, span_of
from swapboard.reports.report_kind import Kind
from swapboard.reports.roi import costs_by
from swapboard.reports.span import Span

LOOK_BACKS = (1, 7, 30, 60, 90)
"""For so many days a visit may be asked to count."""


class NotSendable(ValueError):
    """There is no such report to send or to share; the message is for people."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is shown; its days are reckoned when it is looked at."""

    kind: Kind
    by: tuple[Dimension, ...]
    terms: tuple[Term, ...]
    filter_text: str
    counted_by: CountedBy
    query: Mapping[str, str]

    def span(self, now: Millis, time_zone: str) -> Span:
        """Its days at this instant. Raises ValueError."""
        return span_of(days_of(self.query), self.query, now, time_zone)


def read_report(address: str) -> Report:
    """The report of an address. Raises NotSendable."""
    path, _mark, text = address.partition("?")
    query = dict(parse_qsl(text))
    kind = Kind.BREAKDOWN if path.startswith(Kind.BREAKDOWN) else path
    if kind not in set(Kind):
        raise NotSendable(_("This is no report that can be sent or shared."))
    said = query.get("counted", "")
    return Report(
        Kind(kind),
        _by(Kind(kind), path, query),
        _terms(Kind(kind), query),
        query.get("filter", "").strip(),
        CountedBy(said) if said in set(CountedBy) else CountedBy.BEST_MATCH,
        query,
    )


def is_report(address: str) -> bool:
    """Whether it can be sent and shared."""
    try:
        read_report(address)
    except NotSendable:
        return False
    return True


def _by(kind: Kind, path: str, query: Mapping[str, str]) -> tuple[Dimension, ...]:
    match kind:
        case Kind.BREAKDOWN:
            return _dimensions(path.removeprefix(Kind.BREAKDOWN), query)
        case Kind.ROI:
            return costs_by(query)
        case Kind.MODELS | Kind.PATHS:
            return (visits_by(query),)
        case _:
            return ()


def visits_by(query: Mapping[str, str]) -> Dimension:
    """What a visit counts for in models and ways."""
    said = query.get("by", "")
    return Dimension(said) if said in OF_VISITS else Dimension.CHANNEL


def look_back_of(query: Mapping[str, str], usual: int) -> int:
    """For how many days visits count in models and ways."""
    said = query.get("look_back", "")
    return int(said) if said in {str(days) for days in LOOK_BACKS} else usual


def _dimensions(first: str, query: Mapping[str, str]) -> tuple[Dimension, ...]:
    if first not in set(Dimension):
        raise NotSendable(_("There is no report by %(what)s.") % {"what": first})
    return tuple(
        dict.fromkeys(Dimension(each) for each in (first, query.get("and", "")) if each in set(Dimension))
    )


def _terms(kind: Kind, query: Mapping[str, str]) -> tuple[Term, ...]:
    """Whoever gets it must not see more than was meant: a filter that cannot be read is none."""
    try:
        return fitting(kind, read_filter(query.get("filter", "")))
    except BadFilter as error:
        raise NotSendable(str(error)) from None
