"""How many visits saw a number of each pool, day by day, so that no report tells a million leases apart.

A lease stays for ever with its visit and its pool. So what was counted of a day is right for as long as its visits
have as many leases as they had then; a page that wakes up later may add one. Reports compare, and count such days,
and what is not counted yet, where they stand.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from swapboard.clock import DAY, HOUR, Millis
from swapboard.reports.visit_day_store import first_visit_at
from swapboard.storage.ids import begins_with
from swapboard.storage.schema import leases, pool_days

EVERY: Millis = HOUR
_RECENT: Millis = 3 * DAY
"""Days of which it is looked whether pages woke up since they were counted."""
_MOST_DAYS = 40
_NO_POOL = ""
"""What a day without a lease is noted by."""


class Counted(NamedTuple):
    """The visits of a day (UTC) that saw a number, and all leases they have, by pool."""

    day_at: Millis
    shown: Mapping[str, int]
    leases: Mapping[str, int]


def shown_by_pool(connection: Connection, company_id: str, from_at: Millis, until_at: Millis) -> Mapping[str, int]:
    """How many visits that began in this time saw a number of each pool."""
    first, end = -(-from_at // DAY) * DAY, until_at // DAY * DAY
    counted = _counted(connection, company_id, first, end) if first < end else {}
    found: Counter[str] = Counter()
    for gap in _gaps(from_at, until_at, counted):
        found.update(_count(connection, company_id, *gap).shown)
    for day in counted.values():
        found.update(day.shown)
    return found


def days_to_count(connection: Connection, company_id: str, now: Millis) -> Sequence[Counted]:
    """Days that are over and not counted, the latest of them, and recent ones that have more leases by now."""
    known = _kept(connection, company_id, 0, now)
    missing = [
        day_at
        for day_at in _days_over(connection, company_id, now)
        if day_at not in known
        or (day_at >= now - _RECENT and not _is_right(connection, company_id, known[day_at]))
    ]
    return [_count(connection, company_id, day_at, day_at + DAY) for day_at in missing[:_MOST_DAYS]]


def every_day(connection: Connection, company_id: str, now: Millis) -> Sequence[Counted]:
    """All days that are over, counted anew."""
    days = _days_over(connection, company_id, now)
    return [_count(connection, company_id, day_at, day_at + DAY) for day_at in days]


def wrong_days(connection: Connection, company_id: str, now: Millis) -> Sequence[Millis]:
    """Those of which something else would be told than is so."""
    told = _counted(connection, company_id, 0, now // DAY * DAY)
    so = {day.day_at: day.shown for day in every_day(connection, company_id, now)}
    return [day_at for day_at, day in told.items() if Counter(day.shown) != Counter(so.get(day_at, {}))]


def _days_over(connection: Connection, company_id: str, now: Millis) -> Sequence[Millis]:
    first_at = first_visit_at(connection, company_id)
    return () if first_at is None else range(now // DAY * DAY - DAY, first_at - DAY, -DAY)


def keep_counted(connection: Connection, company_id: str, counted: Sequence[Counted], _now: Millis) -> None:
    """Write the days down."""
    days = [day.day_at for day in counted]
    connection.execute(delete(pool_days).where(pool_days.c.company_id == company_id, pool_days.c.day_at.in_(days)))
    rows = [
        {
            "company_id": company_id,
            "day_at": day.day_at,
            "pool_id": pool_id,
            "shown": day.shown.get(pool_id, 0),
            "leases": day.leases.get(pool_id, 0),
        }
        for day in counted
        for pool_id in day.leases or (_NO_POOL,)
    ]
    if rows:
        connection.execute(insert(pool_days), rows)


def _counted(connection: Connection, company_id: str, first: Millis, end: Millis) -> Mapping[Millis, Counted]:
    """The days that were counted and are right."""
    known = _kept(connection, company_id, first, end)
    # All of them at once, for nearly always they are.
    if all(_is_right(connection, company_id, *run) for run in _runs(known.values())):
        return known
    return {day_at: day for day_at, day in known.items() if _is_right(connection, company_id, day)}


def _runs(days: Collection[Counted]) -> Iterator[Sequence[Counted]]:
    """Days without a gap between them, in their order."""
    run: list[Counted] = []
    for day in days:
        if run and day.day_at != run[-1].day_at + DAY:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _is_right(connection: Connection, company_id: str, *days: Counted) -> bool:
    """Whether these days, between which there is no gap, have no lease that was not counted."""
    query = select(func.count()).where(*_leases(company_id, days[0].day_at, days[-1].day_at + DAY))
    return connection.execute(query).scalar_one() == sum(sum(day.leases.values()) for day in days)


def _kept(connection: Connection, company_id: str, first: Millis, end: Millis) -> Mapping[Millis, Counted]:
    day = pool_days.c
    query = select(day.day_at, day.pool_id, day.shown, day.leases).where(
        day.company_id == company_id, day.day_at >= first, day.day_at < end
    )
    found: dict[Millis, tuple[dict[str, int], dict[str, int]]] = {}
    for day_at, pool_id, shown, had in connection.execute(query.order_by(day.day_at)):
        of_day = found.setdefault(day_at, ({}, {}))
        of_day[0][pool_id], of_day[1][pool_id] = shown, had
    return {day_at: Counted(day_at, *of_day) for day_at, of_day in found.items()}


def _gaps(from_at: Millis, until_at: Millis, counted: Mapping[Millis, Counted]) -> Iterator[tuple[Millis, Millis]]:
    """The times between the days that are counted."""
    for day_at in counted:
        if day_at > from_at:
            yield from_at, day_at
        from_at = day_at + DAY
    if from_at < until_at:
        yield from_at, until_at


def _count(connection: Connection, company_id: str, from_at: Millis, until_at: Millis) -> Counted:
    query = (
        select(leases.c.pool_id, func.count(leases.c.session_id.distinct()), func.count())
        .where(*_leases(company_id, from_at, until_at))
        .group_by(leases.c.pool_id)
    )
    rows = connection.execute(query).all()
    return Counted(from_at, {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def _leases(company_id: str, from_at: Millis, until_at: Millis) -> Sequence[ColumnElement[bool]]:
    """Of the visits that began in this time: their ids begin with the instant at which they began."""
    return (
        leases.c.company_id == company_id,
        leases.c.session_id >= begins_with(from_at),
        leases.c.session_id < begins_with(until_at),
    )
