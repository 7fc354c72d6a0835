"""Costs and what came of them, together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from swapboard.reports.cost_store import campaign_names, visited_campaigns
from swapboard.reports.costs import SOURCES, Platform, spread
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term
from swapboard.reports.placement_store import running_placements
from swapboard.reports.rate_store import rates_of
from swapboard.reports.rates import Rates
from swapboard.reports.roi import (
    CENT_MICROS,
    Expense,
    Roi,
    has_costs,
    lines_of,
    paid_of,
    spelling,
    spent_on,
    total_of,
)
from swapboard.reports.span import Span
from swapboard.reports.spending import Running, visits_of
from swapboard.reports.store import count, question
from swapboard.storage.schema import costs


def roi(
    connection: Connection,
    company_id: str,
    span: Span,
    currency: str,
    by: Sequence[Dimension],
    terms: Sequence[Term] = (),
    counted_by: CountedBy = CountedBy.BEST_MATCH,
) -> Roi:
    """What was spent on each combination of values, and what came of it, beside the days before."""
    asked = question(company_id, span, by, terms, counted_by)
    counted = count(connection, asked)
    counted_before = count(connection, question(company_id, span.before(), by, terms, counted_by))
    counts_costs = has_costs(asked.dimensions)
    told = expenses(connection, company_id, span, currency) if counts_costs else ()
    before = expenses(connection, company_id, span.before(), currency) if counts_costs else ()
    spelled = spelling({**counted_before, **counted}, by)
    lines = lines_of(
        spent_on(told, by, terms, spelled), counted, spent_on(before, by, terms, spelled), counted_before
    )
    return Roi(
        by=by,
        currency=currency,
        lines=lines,
        total=total_of(lines),
        paid=paid_of(lines),
        unconverted=_unconverted(told),
        counts_costs=counts_costs,
        counts_forms=asked.counts_visits,
    )


def spent_in(
    connection: Connection, company_id: str, span: Span, currency: str, terms: Sequence[Term] = ()
) -> int | None:
    """Millionths that were spent in all; None where costs are not told apart by what the terms ask."""
    if not has_costs(term.dimension for term in terms):
        return None
    told = expenses(connection, company_id, span, currency)
    return spent_on(told, (), terms, spelling({}, ())).get((), 0)


def expenses(connection: Connection, company_id: str, span: Span, currency: str) -> Sequence[Expense]:
    """All that was spent on these days, with its campaigns called as the visits call them."""
    called = _calls_campaigns(connection, company_id, span)
    rates = rates_of(connection, company_id, span.first, span.last)
    told = [_expense(row, rates, currency, called) for row in _told(connection, company_id, span, currency)]
    return [*told, *_of_placements(running_placements(connection, company_id), span)]


def _told(connection: Connection, company_id: str, span: Span, currency: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Sums of the lines told; by day only where a rate of the day has to turn them into the company's currency."""
    day = case((costs.c.currency == currency, ""), else_=costs.c.day).label("on_day")
    key = (
        *(costs.c.currency, costs.c.channel, costs.c.source, costs.c.medium),
        *(costs.c.campaign, costs.c.campaign_id, costs.c.ad_group, costs.c.keyword),
    )
    query = (
        select(day, *key, func.sum(costs.c.micros).label("micros"))
        .where(
            costs.c.company_id == company_id,
            costs.c.day >= span.first.isoformat(),
            costs.c.day <= span.last.isoformat(),
        )
        .group_by("on_day", *key)
    )
    return connection.execute(query).all()


def _expense(
    row: Row[*tuple[Any, ...]],
    rates: Rates,
    currency: str,
    called: Callable[[str, str], str],
) -> Expense:
    told = int(row.micros)
    day = date.fromisoformat(row.on_day) if row.on_day else date.max
    micros = rates.convert(told, row.currency, currency, day)
    known = {
        Dimension.CHANNEL: row.channel,
        Dimension.SOURCE: row.source,
        Dimension.MEDIUM: row.medium,
        Dimension.CAMPAIGN: called(row.campaign, row.campaign_id),
        Dimension.AD_GROUP: row.ad_group,
        Dimension.KEYWORD: row.keyword,
        Dimension.PLACEMENT: "",
    }
    return Expense(micros or 0, known, (row.currency, told) if micros is None else None)


def _of_placements(running: Sequence[Running], span: Span) -> Iterator[Expense]:
    """Each one's share of these days. Its calls have its name for a campaign, if it has no other."""
    for each in running:
        days = spread(each.cents * CENT_MICROS, each.first, each.last)
        known = {
            Dimension.CHANNEL: each.channel or SOURCES[Platform.PLACEMENT].channel,
            Dimension.SOURCE: each.source,
            Dimension.MEDIUM: each.medium,
            Dimension.CAMPAIGN: each.campaign or each.name,
            Dimension.AD_GROUP: "",
            Dimension.KEYWORD: "",
            Dimension.PLACEMENT: each.name,
        }
        yield Expense(sum(micros for day, micros in days if span.first <= day <= span.last), known)


def _calls_campaigns(connection: Connection, company_id: str, span: Span) -> Callable[[str, str], str]:
    visited = visited_campaigns(connection, company_id, span.from_at, span.until_at)
    names = campaign_names(connection, company_id)

    # Each keyword of a campaign asks again, thousands of times.
    @cache
    def called(campaign: str, campaign_id: str) -> str:
        mine = visits_of(campaign, campaign_id, visited, names)
        return mine[0].name if mine else names.get(campaign, campaign)

    return called


def _unconverted(told: Sequence[Expense]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for each in told:
        if each.unconverted:
            currency, micros = each.unconverted
            found[currency] = found.get(currency, 0) + micros
    return found
