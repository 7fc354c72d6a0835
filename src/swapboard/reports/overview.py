"""How it goes: the period beside the one before, day by day, and hour by hour of the week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.reports.counting import CountedBy
from swapboard.reports.figures import NOTHING, Figures
from swapboard.reports.filter import Term
from swapboard.reports.span import Day, Span
from swapboard.reports.store import calls_by_slot, count, question

HOURS_OF_WEEK = 7 * 24


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first report shows; `days` and `days_before` are equally many."""

    now: Figures
    before: Figures
    days: Sequence[tuple[Day, Figures]]
    days_before: Sequence[tuple[Day, Figures]]
    hours: Sequence[Figures]
    """The calls of each hour of the week, on the company's clocks, from Monday midnight on."""


def overview(
    connection: Connection,
    company_id: str,
    span: Span,
    terms: Sequence[Term] = (),
    counted_by: CountedBy = CountedBy.BEST_MATCH,
) -> Overview:
    """The overview of a period, filtered."""
    asked = question(company_id, span, (), terms, counted_by)
    before = question(company_id, span.before(), (), terms, counted_by)
    slots, slots_before = calls_by_slot(connection, asked), calls_by_slot(connection, before)
    return Overview(
        now=count(connection, asked)[()],
        before=count(connection, before)[()],
        days=by_day(span, slots),
        days_before=by_day(span.before(), slots_before),
        hours=by_hour_of_week(span, slots),
    )


def by_day(span: Span, slots: Mapping[Millis, Figures]) -> Sequence[tuple[Day, Figures]]:
    """The slots' figures on the days of the span, those without calls too."""
    found: dict[object, Figures] = {}
    for at, figures in slots.items():
        day = _local(span, at).date()
        found[day] = found.get(day, NOTHING) + figures
    return [(day, found.get(day.date, NOTHING)) for day in span.days()]


def by_hour_of_week(span: Span, slots: Mapping[Millis, Figures]) -> Sequence[Figures]:
    """The slots' figures by hour of the week."""
    hours = [NOTHING] * HOURS_OF_WEEK
    for at, figures in slots.items():
        local = _local(span, at)
        hours[local.weekday() * 24 + local.hour] += figures
    return hours


def _local(span: Span, at: Millis) -> datetime:
    return datetime.fromtimestamp(at / 1000, span.zone)
