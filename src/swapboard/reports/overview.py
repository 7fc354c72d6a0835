"""How it goes: the period beside the one before, day by day, and hour by hour of the week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.reports.breakdown import Breakdown, only_by, side_by_side
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Figures
from swapboard.reports.filter import Term
from swapboard.reports.span import Day, Span
from swapboard.reports.store import Question, calls_by_slot, count, question
from swapboard.reports.visit_count import count_visitors
from swapboard.reports.visit_day_store import Stretch

HOURS_OF_WEEK = 7 * 24
LEADING = (Dimension.CHANNEL, Dimension.CAMPAIGN)
"""What the first report has a table of each."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the first report shows; `days` and `days_before` are equally many."""

    now: Figures
    before: Figures
    visitors: int | None
    """How many different visitors the visits had; None where visits have not what the filter asks of."""
    visitors_before: int | None
    leading: Mapping[Dimension, Breakdown]
    """By each of LEADING."""
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
    asked = question(company_id, span, LEADING, terms, counted_by)
    before = question(company_id, span.before(), LEADING, terms, counted_by)
    # Counted once: by all of LEADING together, of which each table and the total are sums.
    found, found_before = count(connection, asked), count(connection, before)
    leading = {
        by: side_by_side(
            (by,), only_by(place, found), only_by(place, found_before), counts_visits=asked.counts_visits
        )
        for place, by in enumerate(LEADING)
    }
    total = leading[LEADING[0]].total
    slots, slots_before = calls_by_slot(connection, asked), calls_by_slot(connection, before)
    return Overview(
        now=total.now,
        before=total.before,
        visitors=_visitors(connection, asked),
        visitors_before=_visitors(connection, before),
        leading=leading,
        days=by_day(span, slots),
        days_before=by_day(span.before(), slots_before),
        hours=by_hour_of_week(span, slots),
    )


def _visitors(connection: Connection, asked: Question) -> int | None:
    if not asked.counts_visits:
        return None
    return count_visitors(connection, Stretch(asked.company_id, asked.from_at, asked.until_at), asked.terms)


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
