"""How many visits saw a number of each pool, day by day, so that no report tells a million leases apart.

A lease stays for ever with its visit and its pool, and a day is counted when all its visits are filed. Who gives a
page that wakes up later one more lease takes away in the same transaction what was counted of its day. Reports
count what is not counted yet where it stands. Beside the sums stands a column (`visit_day.py`) of the pools that
each visit saw, for reports that ask for some visits only (`pool_visits.py`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from swapboard.clock import DAY, HOUR, Millis
from swapboard.reports.visit_day import Column, are_same, column_of
from swapboard.reports.visit_day_store import Stretch, column_row, columns_of
from swapboard.storage.ids import begins_with, made_at
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import leases, pool_days, sessions, visit_columns, visit_days

EVERY: Millis = HOUR
_MOST_DAYS = 40
_NO_POOL = ""
"""What a day without a lease is noted by."""


POOLS: Final = "pools"
"""The column's name; its words are ids of pools, in order, with spaces between them."""


class Counted(NamedTuple):
    """The visits of a day (UTC) that saw a number, by pool, and the pools that each visit saw."""

    day_at: Millis
    shown: Mapping[str, int]
    seen: Column
    changes: int
    """How often the day was changed before."""


def by_pool(words: Sequence[str], visits: Sequence[int]) -> Mapping[str, int]:
    """How many visits saw each pool, where so many have each of the column's words."""
    found: Counter[str] = Counter()
    for word, count in zip(words, visits, strict=True):
        found.update(dict.fromkeys(word.split(), count))
    return found


def shown_by_pool(connection: Connection, company_id: str, from_at: Millis, until_at: Millis) -> Mapping[str, int]:
    """How many visits that began in this time saw a number of each pool."""
    first, end = -(-from_at // DAY) * DAY, until_at // DAY * DAY
    counted = _kept(connection, company_id, first, end) if first < end else {}
    found: Counter[str] = Counter()
    for gap in _gaps(from_at, until_at, counted):
        found.update(_shown(connection, company_id, *gap))
    for shown in counted.values():
        found.update(shown)
    return found


def days_to_count(connection: Connection, company_id: str, now: Millis) -> Sequence[Counted]:
    """Days that are filed and not counted, the latest of them."""
    known = _kept(connection, company_id, 0, now).keys() & days_seen(connection, company_id, 0, now)
    missing = {
        day_at: changes for day_at, changes in _filed(connection, company_id).items() if day_at not in known
    }
    return [_count(connection, company_id, *day) for day in sorted(missing.items(), reverse=True)[:_MOST_DAYS]]


def every_day(connection: Connection, company_id: str) -> Sequence[Counted]:
    """All days that are filed, counted anew."""
    return [_count(connection, company_id, *day) for day in _filed(connection, company_id).items()]


def wrong_days(connection: Connection, company_id: str, now: Millis) -> Sequence[Millis]:
    """Those of which something else would be told than is so."""
    told = _kept(connection, company_id, 0, now)
    seen = columns_of(connection, company_id, (POOLS,), told)

    def is_so(day_at: Millis) -> bool:
        found = _count(connection, company_id, day_at, 0)
        is_seen = day_at not in seen or are_same(seen[day_at][POOLS], found.seen)
        return is_seen and Counter(told[day_at]) == Counter(found.shown)

    return [day_at for day_at in told if not is_so(day_at)]


def days_seen(connection: Connection, company_id: str, first: Millis, end: Millis) -> Collection[Millis]:
    """The days of the time that have the column."""
    column = visit_columns.c
    query = select(column.day_at).where(
        column.company_id == company_id, column.name == POOLS, column.day_at >= first, column.day_at < end
    )
    return set(connection.execute(query).scalars())


def keep_counted(connection: Connection, company_id: str, counted: Sequence[Counted], _now: Millis) -> None:
    """Write the days down that were not changed since."""
    # Whoever gives out numbers holds it, too.
    hold_company(connection, company_id)
    filed = _filed(connection, company_id)
    days = [day for day in counted if filed.get(day.day_at) == day.changes]
    _forget(connection, company_id, [day.day_at for day in days])
    rows = [
        {"company_id": company_id, "day_at": day.day_at, "pool_id": pool_id, "shown": day.shown.get(pool_id, 0)}
        for day in days
        for pool_id in day.shown or (_NO_POOL,)
    ]
    if rows:
        connection.execute(insert(pool_days), rows)
        columns = [column_row(company_id, day.day_at, POOLS, day.seen) for day in days]
        connection.execute(insert(visit_columns), columns)


def note_leases(
    connection: Connection, company_id: str, session_ids: Iterable[str], filed_until_at: Millis
) -> None:
    """These visits have more leases; who calls this holds the company, whose visits are filed until then."""
    days = {made_at(session_id) // DAY * DAY for session_id in session_ids}
    if late := [day_at for day_at in days if day_at + DAY <= filed_until_at]:
        _forget(connection, company_id, late)
        is_late = visit_days.c.company_id == company_id, visit_days.c.day_at.in_(late)
        # Who counts such a day at this moment does not keep what it finds.
        connection.execute(update(visit_days).where(*is_late).values(changes=visit_days.c.changes + 1))


def _forget(connection: Connection, company_id: str, days: Sequence[Millis]) -> None:
    column = visit_columns.c
    connection.execute(delete(pool_days).where(pool_days.c.company_id == company_id, pool_days.c.day_at.in_(days)))
    connection.execute(
        delete(visit_columns).where(column.company_id == company_id, column.name == POOLS, column.day_at.in_(days))
    )


def _filed(connection: Connection, company_id: str) -> Mapping[Millis, int]:
    """How often the days were changed of which all visits are filed."""
    day = visit_days.c
    query = select(day.day_at, day.changes).where(day.company_id == company_id, day.until_at == day.day_at + DAY)
    return {row.day_at: row.changes for row in connection.execute(query)}


def _kept(
    connection: Connection, company_id: str, first: Millis, end: Millis
) -> Mapping[Millis, Mapping[str, int]]:
    day = pool_days.c
    query = select(day.day_at, day.pool_id, day.shown).where(
        day.company_id == company_id, day.day_at >= first, day.day_at < end
    )
    found: dict[Millis, dict[str, int]] = {}
    for day_at, pool_id, shown in connection.execute(query.order_by(day.day_at)):
        found.setdefault(day_at, {})[pool_id] = shown
    return found


def _gaps(from_at: Millis, until_at: Millis, counted: Iterable[Millis]) -> Iterator[tuple[Millis, Millis]]:
    """The times between the days that are counted."""
    for day_at in counted:
        if day_at > from_at:
            yield from_at, day_at
        from_at = day_at + DAY
    if from_at < until_at:
        yield from_at, until_at


def _count(connection: Connection, company_id: str, day_at: Millis, changes: int) -> Counted:
    time = Stretch(company_id, day_at, day_at + DAY)
    return Counted(day_at, _shown(connection, *time), _seen(connection, time), changes)


def _seen(connection: Connection, time: Stretch) -> Column:
    pools: dict[str, list[str]] = {
        session_id: []
        for session_id in connection.execute(
            select(sessions.c.session_id).where(*time.visits()).order_by(sessions.c.session_id)
        ).scalars()
    }
    leased = select(leases.c.session_id, leases.c.pool_id).where(*_leases(*time)).distinct()
    for session_id, pool_id in connection.execute(leased.order_by(leases.c.session_id, leases.c.pool_id)):
        # Of a visit that was forgotten the lease stays.
        if session_id in pools:
            pools[session_id].append(pool_id)
    return column_of(" ".join(each) for each in pools.values())


def _shown(connection: Connection, company_id: str, from_at: Millis, until_at: Millis) -> Mapping[str, int]:
    query = (
        select(leases.c.pool_id, func.count(leases.c.session_id.distinct()).label("visits"))
        .where(*_leases(company_id, from_at, until_at))
        .group_by(leases.c.pool_id)
    )
    return {row.pool_id: row.visits for row in connection.execute(query)}


def _leases(company_id: str, from_at: Millis, until_at: Millis) -> Sequence[ColumnElement[bool]]:
    """Of the visits that began in this time: their ids begin with the instant at which they began."""
    return (
        leases.c.company_id == company_id,
        leases.c.session_id >= begins_with(from_at),
        leases.c.session_id < begins_with(until_at),
    )
