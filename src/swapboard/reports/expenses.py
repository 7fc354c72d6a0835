"""What was spent, from the database."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from swapboard.reports import warm
from swapboard.reports.cost_campaigns import campaign_names, visited_campaigns
from swapboard.reports.cost_store import changes_of
from swapboard.reports.costs import CENT_MICROS, SOURCES, Platform, spread_within
from swapboard.reports.dimension import Dimension
from swapboard.reports.keyword_value import keyword_of_cost
from swapboard.reports.one_state import once
from swapboard.reports.placement_store import running_placements
from swapboard.reports.rate_store import rates_of
from swapboard.reports.roi import Spent
from swapboard.reports.span import Span
from swapboard.reports.spending import Running, visits_of
from swapboard.reports.sums import Cells, Sums, Whole, read_sums, together
from swapboard.storage.schema import costs

_TOLD: Mapping[Dimension, Sequence[str]] = {
    Dimension.CHANNEL: ("channel",),
    Dimension.SOURCE: ("source",),
    Dimension.MEDIUM: ("medium",),
    Dimension.CAMPAIGN: ("campaign", "campaign_id"),
    Dimension.AD_GROUP: ("ad_group",),
    Dimension.KEYWORD: ("keyword", "channel"),
}
"""The columns of costs that tell of each, in the order in which they are read."""
_EVERY_NAME = ("currency", "day", *dict.fromkeys(name for told in _TOLD.values() for name in told))


class Expenses(NamedTuple):
    """What was spent, and what of it (millionths, by currency) no rate turned into the company's currency."""

    spent: Spent
    unconverted: Mapping[str, int]


def expenses(
    connection: Connection, company_id: str, span: Span, currency: str, dimensions: Collection[Dimension]
) -> Expenses:
    """All that was spent on these days by these things, with its campaigns called as the visits call them."""
    by = tuple(dict.fromkeys(dimensions))
    names = list(dict.fromkeys(name for each in by for name in _TOLD.get(each, ())))
    own = _told(connection, company_id, span, names, currency, is_foreign=False)
    # By the day, of which the rate is; and by all else, so that each is rounded alike whatever is asked for.
    foreign = _told(connection, company_id, span, _EVERY_NAME, currency, is_foreign=True)
    exchanged, unconverted = _exchanged(connection, company_id, span, currency, foreign)
    called = _calls_campaigns(connection, company_id, span) if Dimension.CAMPAIGN in by else None
    parts = [
        _of_placements(running_placements(connection, company_id), span, by),
        _by_dimensions(own, names, by, called),
        _by_dimensions(exchanged, _EVERY_NAME, by, called),
    ]
    return Expenses(Spent(by, together(parts, len(by), 1)), unconverted)


def _told(
    connection: Connection, company_id: str, span: Span, names: Sequence[str], currency: str, *, is_foreign: bool
) -> Sums:
    """The millionths told in the company's currency, or in others, by these columns."""

    def read() -> Sums:
        key = [costs.c[name] for name in names]
        query = select(*key, func.coalesce(func.sum(costs.c.micros), 0)).where(
            costs.c.company_id == company_id,
            costs.c.day >= span.first.isoformat(),
            costs.c.day <= span.last.isoformat(),
            costs.c.currency != currency if is_foreign else costs.c.currency == currency,
        )
        return read_sums(connection.execute(query.group_by(*key)).all(), len(names), 1)

    asked = "costs", company_id, span.first, span.last, tuple(names), currency, is_foreign
    changes = once(connection, ("costs", company_id), lambda: changes_of(connection, company_id))
    return warm.sums(connection, asked, changes, read)


def _exchanged(
    connection: Connection, company_id: str, span: Span, currency: str, foreign: Sums
) -> tuple[Sums, Mapping[str, int]]:
    """Amounts in the company's currency, 0 where there is no rate; and those without, by their currency."""
    rates = rates_of(connection, company_id, span.first, span.last)
    amounts: list[int] = []
    unconverted: dict[str, int] = defaultdict(int)
    for (told_in, day, *_names), (told,) in foreign.rows():
        converted = rates.convert(told, told_in, currency, date.fromisoformat(day))
        amounts.append(converted or 0)
        if converted is None:
            unconverted[told_in] += told
    return Sums(foreign.cells, np.array(amounts, np.int64).reshape(-1, 1)), dict(unconverted)


def _by_dimensions(
    told: Sums, names: Sequence[str], by: Sequence[Dimension], called: Callable[[str, str], str] | None
) -> Sums:
    """The same by what is asked for."""
    columns = [_column(told.cells, names, each, called) for each in by]
    codes = np.empty((len(told.cells), len(by)), np.int64)
    for place, (_words, own) in enumerate(columns):
        codes[:, place] = own
    return Sums(Cells([words for words, _own in columns], codes), told.amounts)


def _column(
    told: Cells, names: Sequence[str], asked: Dimension, called: Callable[[str, str], str] | None
) -> tuple[Sequence[str], Whole]:
    """The words of what is asked for, and each line's place among them."""
    if asked is Dimension.PLACEMENT:
        return [""], np.zeros(len(told), np.int64)
    said = called if asked is Dimension.CAMPAIGN else keyword_of_cost if asked is Dimension.KEYWORD else None
    if said:
        return _said_by_two(told, [names.index(name) for name in _TOLD[asked]], said)
    place = names.index(_TOLD[asked][0])
    return told.words[place], told.codes[:, place]


def _said_by_two(
    told: Cells, places: Sequence[int], said: Callable[[str, str], str]
) -> tuple[Sequence[str], Whole]:
    """What two columns say together."""
    first, second = places
    words, others = told.words[first], told.words[second]
    pairs, own = np.unique(told.codes[:, first] * len(others) + told.codes[:, second], return_inverse=True)
    return [said(words[pair // len(others)], others[pair % len(others)]) for pair in pairs.tolist()], own


def _of_placements(running: Sequence[Running], span: Span, by: Sequence[Dimension]) -> Sums:
    """Each one's share of these days. Its calls have its name for a campaign, if it has no other."""
    rows: list[tuple[str | int, ...]] = []
    for each in running:
        days = spread_within(each.cents * CENT_MICROS, each.first, each.last, (span.first, span.last))
        channel = each.channel or SOURCES[Platform.PLACEMENT].channel
        known = {
            Dimension.CHANNEL: channel,
            Dimension.SOURCE: each.source,
            Dimension.MEDIUM: each.medium,
            Dimension.CAMPAIGN: each.campaign or each.name,
            Dimension.AD_GROUP: "",
            Dimension.KEYWORD: keyword_of_cost("", channel),
            Dimension.PLACEMENT: each.name,
        }
        on_these = sum(micros for _day, micros in days)
        rows.append((*(known[name] for name in by), on_these))
    return read_sums(rows, len(by), 1)


def _calls_campaigns(connection: Connection, company_id: str, span: Span) -> Callable[[str, str], str]:
    visited = visited_campaigns(connection, company_id, span.from_at, span.until_at)
    names = campaign_names(connection, company_id)

    def called(campaign: str, campaign_id: str) -> str:
        mine = visits_of(campaign, campaign_id, visited, names)
        return mine[0].name if mine else names.get(campaign, campaign)

    return called
