"""How it goes: the period beside the one before, day by day, and hour by hour of the week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from swapboard.reports.breakdown import Breakdown, side_by_side
from swapboard.reports.call_hours import calls_by_hour
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Figures
from swapboard.reports.filter import Term
from swapboard.reports.question import Question, question
from swapboard.reports.span import Day, LocalHour, Span, day_of, hour_of_week
from swapboard.reports.store import count_all
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
    found, found_before = count_all(connection, asked), count_all(connection, before)
    leading = {
        by: side_by_side(
            (by,), found.only_by(place), found_before.only_by(place), counts_visits=asked.counts_visits
        )
        for place, by in enumerate(LEADING)
    }
    total = leading[LEADING[0]].total
    hours = calls_by_hour(connection, asked, span.zone)
    return Overview(
        now=total.now,
        before=total.before,
        visitors=_visitors(connection, asked),
        visitors_before=_visitors(connection, before),
        leading=leading,
        days=by_day(span, hours),
        days_before=by_day(span.before(), calls_by_hour(connection, before, span.zone)),
        hours=by_hour_of_week(hours),
    )


def _visitors(connection: Connection, asked: Question) -> int | None:
    if not asked.counts_visits:
        return None
    return count_visitors(connection, Stretch(asked.company_id, asked.from_at, asked.until_at), asked.terms)


def by_day(span: Span, hours: Mapping[LocalHour, Figures]) -> Sequence[tuple[Day, Figures]]:
    """The hours' figures on the days of the span, those without calls too."""
    found: dict[date, Figures] = {}
    for hour, figures in hours.items():
        day = day_of(hour)
        found[day] = found[day] + figures if day in found else figures
    return [(day, found.get(day.date, NOTHING)) for day in span.days()]


def by_hour_of_week(hours: Mapping[LocalHour, Figures]) -> Sequence[Figures]:
    """The hours' figures by hour of the week."""
    found = [NOTHING] * HOURS_OF_WEEK
    for hour, figures in hours.items():
        found[hour_of_week(hour)] += figures
    return found
