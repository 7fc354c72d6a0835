"""Counts visits: the filed ones by their columns, the others where they stand, so the answer is always exact."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from swapboard.clock import DAY, Millis
from swapboard.reports import warm
from swapboard.reports.filter import Term
from swapboard.reports.one_state import once
from swapboard.reports.sums import Sums, read_sums, together
from swapboard.reports.visit_day import BEGAN, LAYOUT, VISITOR, Column, visitor_code
from swapboard.reports.visit_day_store import WORDS_OF_VISITS, Stretch, columns_of
from swapboard.reports.visit_tally import Piece, columns_asked, different, how_many_more, tally, visitors_in
from swapboard.storage.schema import sessions, visit_days


class Filed(NamedTuple):
    """What is filed of a day: so long as this is the same, its columns are."""

    day_at: Millis
    until_at: Millis
    visits: int
    changes: int


def count_visits(
    connection: Connection, asked: Stretch, by: Sequence[str] = (), terms: Sequence[Term] = ()
) -> Sums:
    """How many visits of the time meet all terms, for each combination of values that occurs."""
    days, names = filed_days(connection, asked), columns_asked(by, terms)
    if names:
        filed = _tallied(connection, asked, days, by, terms)
    else:
        filed = [read_sums([(_how_many(connection, asked, days),)], 0, 1)]
    rows = [row for gap in gaps_between(asked, days) for row in _standing(connection, gap, by, terms)]
    return together([*filed, read_sums(rows, len(by), 1)], len(by), 1)


def _tallied(
    connection: Connection, asked: Stretch, days: Sequence[Filed], by: Sequence[str], terms: Sequence[Term]
) -> Sequence[Sums]:
    """Of the latest day, to which visits are added, and of those before it."""
    names = columns_asked(by, terms)

    def counted(some: Sequence[Filed]) -> Sums:
        return tally(pieces_of(connection, asked, some, names), by, terms)

    before, latest = days[:-1], days[-1:]
    key = "visits", asked, tuple(by), tuple(terms)
    return warm.sums(connection, key, tuple(before), lambda: counted(before)), counted(latest)


def count_visitors(connection: Connection, asked: Stretch, terms: Sequence[Term] = ()) -> int:
    """How many different visitors the visits of the time that meet all terms had."""
    days, names = filed_days(connection, asked), (VISITOR, *columns_asked((), terms))

    def found(some: Sequence[Filed]) -> NDArray[np.uint64]:
        return different(visitors_in(pieces_of(connection, asked, some, names), terms))

    before = days[:-1]
    known = warm.numbers(connection, ("visitors", asked, tuple(terms)), tuple(before), lambda: found(before))
    standing = [code for gap in gaps_between(asked, days) for code in _standing_visitors(connection, gap, terms)]
    return len(known) + how_many_more(known, np.concatenate([found(days[-1:]), np.array(standing, np.uint64)]))


def filed_days(connection: Connection, asked: Stretch) -> Sequence[Filed]:
    """The days of the time of which anything is filed."""
    query = (
        select(visit_days.c.day_at, visit_days.c.until_at, visit_days.c.visits, visit_days.c.changes)
        .where(
            visit_days.c.company_id == asked.company_id,
            visit_days.c.layout == LAYOUT,
            visit_days.c.day_at > asked.from_at - DAY,
            visit_days.c.day_at < asked.until_at,
            visit_days.c.until_at > asked.from_at,
        )
        .order_by(visit_days.c.day_at)
    )
    return once(connection, ("filed", asked), lambda: [Filed(*row) for row in connection.execute(query)])


def gaps_between(asked: Stretch, days: Sequence[Filed]) -> Iterator[Stretch]:
    """The times of which nothing is filed."""
    at = asked.from_at
    for day in days:
        if day.day_at > at:
            yield asked._replace(from_at=at, until_at=day.day_at)
        at = day.until_at
    if at < asked.until_at:
        yield asked._replace(from_at=at)


def pieces_of(
    connection: Connection, asked: Stretch, days: Sequence[Filed], names: Collection[str]
) -> Sequence[Piece]:
    """These columns of the days, as far as they are asked for."""
    columns = columns_of(connection, asked.company_id, names, [day.day_at for day in days if day.visits])
    cuts = _cuts(connection, asked, days)
    return [
        {name: column.cut(*cuts[day_at]) for name, column in found.items()} if day_at in cuts else found
        for day_at, found in columns.items()
    ]


def _how_many(connection: Connection, asked: Stretch, days: Sequence[Filed]) -> int:
    cuts = _cuts(connection, asked, days)
    return sum(cuts[day.day_at][1] - cuts[day.day_at][0] if day.day_at in cuts else day.visits for day in days)


def _cuts(connection: Connection, asked: Stretch, days: Sequence[Filed]) -> Mapping[Millis, tuple[int, int]]:
    """The first and the end of the visits of each day that begins or ends outside of the time."""
    at_edge = [day for day in days if day.visits and (day.day_at < asked.from_at or day.until_at > asked.until_at)]
    columns = columns_of(connection, asked.company_id, (BEGAN,), [day.day_at for day in at_edge])
    return {
        day_at: _between(found[BEGAN], asked.from_at - day_at, asked.until_at - day_at)
        for day_at, found in columns.items()
    }


def _between(began: Column, first: Millis, end: Millis) -> tuple[int, int]:
    places = np.searchsorted(began.codes, np.clip([first, end], 0, DAY))
    return int(places[0]), int(places[1])


def _standing(
    connection: Connection, gap: Stretch, by: Sequence[str], terms: Sequence[Term]
) -> Iterator[tuple[str | int, ...]]:
    """The same of the visits that are not filed."""
    names = columns_asked(by, terms)
    values = [WORDS_OF_VISITS[name].label(name) for name in names]
    query = select(*values, func.count()).where(*gap.visits()).group_by(*values)
    for *known, visits in connection.execute(query):
        told = dict(zip(names, known, strict=True))
        if all(term.met_by(told[term.dimension]) for term in terms):
            yield *(told[name] for name in by), visits


def _standing_visitors(connection: Connection, gap: Stretch, terms: Sequence[Term]) -> Iterator[int]:
    names = columns_asked((), terms)
    query = select(sessions.c.visitor_id, *(WORDS_OF_VISITS[name].label(name) for name in names)).where(
        *gap.visits()
    )
    for visitor_id, *known in connection.execute(query.distinct()):
        told = dict(zip(names, known, strict=True))
        if all(term.met_by(told[term.dimension]) for term in terms):
            yield visitor_code(visitor_id)
