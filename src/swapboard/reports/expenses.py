"""What was spent, from the database."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Connection, func, select

from swapboard.reports.cost_store import campaign_names, visited_campaigns
from swapboard.reports.costs import SOURCES, Platform, spread_within
from swapboard.reports.dimension import Dimension
from swapboard.reports.placement_store import running_placements
from swapboard.reports.rate_store import rates_of
from swapboard.reports.roi import CENT_MICROS, Spent
from swapboard.reports.span import Span
from swapboard.reports.spending import Running, visits_of
from swapboard.reports.sums import Sums, cells_of, read_sums, together
from swapboard.storage.schema import costs

_TOLD: Mapping[Dimension, Sequence[str]] = {
    Dimension.CHANNEL: ("channel",),
    Dimension.SOURCE: ("source",),
    Dimension.MEDIUM: ("medium",),
    Dimension.CAMPAIGN: ("campaign", "campaign_id"),
    Dimension.AD_GROUP: ("ad_group",),
    Dimension.KEYWORD: ("keyword",),
}
"""The columns of costs that tell of each, in the order in which they are read."""


class Expenses(NamedTuple):
    """What was spent, and what of it (millionths, by currency) no rate turned into the company's currency."""

    spent: Spent
    unconverted: Mapping[str, int]


def expenses(
    connection: Connection, company_id: str, span: Span, currency: str, dimensions: Collection[Dimension]
) -> Expenses:
    """All that was spent on these days by these things, with its campaigns called as the visits call them."""
    by = tuple(dict.fromkeys(dimensions))
    names = [name for each in by for name in _TOLD.get(each, ())]
    own = _told(connection, company_id, span, names, costs.c.currency == currency)
    # By the day, of which the rate is; and by all else, so that each is rounded alike whatever is asked for.
    every_name = ("currency", "day", *(name for told in _TOLD.values() for name in told))
    foreign = _told(connection, company_id, span, every_name, costs.c.currency != currency)
    exchanged, unconverted = _exchanged(connection, company_id, span, currency, foreign)
    parts = [_of_placements(running_placements(connection, company_id), span, by)]
    called = _calls_campaigns(connection, company_id, span) if Dimension.CAMPAIGN in by else None
    for columns, amounts in ((own, own["micros"]), (foreign, exchanged)):
        values = [_values(each, columns, called) for each in by]
        parts.append(
            Sums(cells_of(values, len(amounts)), np.fromiter(amounts, np.int64, len(amounts)).reshape(-1, 1))
        )
    return Expenses(Spent(by, together(parts, len(by), 1)), unconverted)


def _told(
    connection: Connection, company_id: str, span: Span, names: Sequence[str], *which: ColumnElement[bool]
) -> Mapping[str, Sequence[Any]]:
    """The lines told, by these columns: a list of each of them, and of the millionths."""
    key = [costs.c[name] for name in names]
    query = select(*key, func.coalesce(func.sum(costs.c.micros), 0)).where(
        costs.c.company_id == company_id,
        costs.c.day >= span.first.isoformat(),
        costs.c.day <= span.last.isoformat(),
        *which,
    )
    rows = connection.execute(query.group_by(*key)).all()
    columns = zip(*rows, strict=True) if rows else [()] * (len(names) + 1)
    found: dict[str, Sequence[Any]] = dict(zip((*names, "micros"), columns, strict=True))
    return found | {"micros": [*map(int, found["micros"])]}


def _exchanged(
    connection: Connection, company_id: str, span: Span, currency: str, foreign: Mapping[str, Sequence[Any]]
) -> tuple[Sequence[int], Mapping[str, int]]:
    """Amounts in the company's currency, 0 where there is no rate; and those without, by their currency."""
    rates = rates_of(connection, company_id, span.first, span.last)
    amounts: list[int] = []
    unconverted: dict[str, int] = defaultdict(int)
    for told, told_in, day in zip(foreign["micros"], foreign["currency"], foreign["day"], strict=True):
        converted = rates.convert(told, told_in, currency, date.fromisoformat(day))
        amounts.append(converted or 0)
        if converted is None:
            unconverted[told_in] += told
    return amounts, dict(unconverted)


def _values(
    asked: Dimension, columns: Mapping[str, Sequence[Any]], called: Callable[[str, str], str] | None
) -> Sequence[str]:
    if asked is Dimension.PLACEMENT:
        return [""] * len(columns["micros"])
    if asked is Dimension.CAMPAIGN and called:
        return [*map(called, columns["campaign"], columns["campaign_id"])]
    (name,) = _TOLD[asked]
    return columns[name]


def _of_placements(running: Sequence[Running], span: Span, by: Sequence[Dimension]) -> Sums:
    """Each one's share of these days. Its calls have its name for a campaign, if it has no other."""
    rows: list[tuple[str | int, ...]] = []
    for each in running:
        days = spread_within(each.cents * CENT_MICROS, each.first, each.last, (span.first, span.last))
        known = {
            Dimension.CHANNEL: each.channel or SOURCES[Platform.PLACEMENT].channel,
            Dimension.SOURCE: each.source,
            Dimension.MEDIUM: each.medium,
            Dimension.CAMPAIGN: each.campaign or each.name,
            Dimension.AD_GROUP: "",
            Dimension.KEYWORD: "",
            Dimension.PLACEMENT: each.name,
        }
        on_these = sum(micros for _day, micros in days)
        rows.append((*(known[name] for name in by), on_these))
    return read_sums(rows, len(by), 1)


def _calls_campaigns(connection: Connection, company_id: str, span: Span) -> Callable[[str, str], str]:
    visited = visited_campaigns(connection, company_id, span.from_at, span.until_at)
    names = campaign_names(connection, company_id)

    # Each keyword of a campaign asks again, thousands of times.
    @cache
    def called(campaign: str, campaign_id: str) -> str:
        mine = visits_of(campaign, campaign_id, visited, names)
        return mine[0].name if mine else names.get(campaign, campaign)

    return called
