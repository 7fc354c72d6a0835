"""When visits came to a pool, hour by hour, in the database: what its weekly rhythm is made of."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy import Connection, Select, case, delete, func, insert, select

from swapboard.clock import HOUR, MINUTE, Millis
from swapboard.numbers.rhythm import HOURS_OF_WEEK, WEEKS, Rhythm, rhythm
from swapboard.storage.schema import companies, exhaustions, leases, numbers, pool_rhythms

REACH: Millis = WEEKS * HOURS_OF_WEEK * HOUR


def rhythm_now(connection: Connection, company_id: str, pool_id: str, now: Millis) -> Rhythm | None:
    """The pool's rhythm by its last weeks, visits that found no number included; None while there are too few."""
    counts, minutes = _leased(connection, company_id, pool_id, now)
    counts.update(_missed(connection, company_id, pool_id, now))
    zone = select(companies.c.time_zone).where(companies.c.company_id == company_id)
    return rhythm(counts, now, connection.execute(zone).scalar_one(), minutes)


def keep_rhythm(connection: Connection, company_id: str, pool_id: str, found: Rhythm | None, now: Millis) -> None:
    """Write the pool's rhythm in place of the last one."""
    row = (pool_rhythms.c.company_id == company_id, pool_rhythms.c.pool_id == pool_id)
    connection.execute(delete(pool_rhythms).where(*row))
    if found is not None:
        values = {"company_id": company_id, "pool_id": pool_id, "made_at": now, "rhythm": asdict(found)}
        connection.execute(insert(pool_rhythms).values(values))


def kept_rhythms(connection: Connection, company_id: str) -> Mapping[str, Rhythm]:
    """The rhythm of each pool that has one, as it was made last."""
    query = select(pool_rhythms.c.pool_id, pool_rhythms.c.rhythm).where(pool_rhythms.c.company_id == company_id)
    return {
        row.pool_id: Rhythm(**{**row.rhythm, "visits": tuple(row.rhythm["visits"])})
        for row in connection.execute(query)
    }


def visits_since(connection: Connection, company_id: str, pool_id: str, from_at: Millis) -> int:
    """How many visits were shown a number of the pool since the moment."""
    query = _leases_of(company_id, pool_id, from_at).with_only_columns(func.count())
    return connection.execute(query).scalar_one()


def _leased(connection: Connection, company_id: str, pool_id: str, now: Millis) -> tuple[Counter[Millis], float]:
    """Visits by hour, and how many minutes they kept their number on average."""
    hour = (leases.c.from_at - leases.c.from_at % HOUR).label("hour")
    ends_at = case(
        (leases.c.until_at.is_not(None), leases.c.until_at),
        (leases.c.expires_at < now, leases.c.expires_at),
        else_=now,
    )
    stayed = func.sum(ends_at - leases.c.from_at).label("stayed")
    query = _leases_of(company_id, pool_id, _begins_at(now)).with_only_columns(
        hour, func.count().label("visits"), stayed
    )
    rows = connection.execute(query.group_by(hour)).all()
    visits = sum(row.visits for row in rows)
    minutes = float(sum(row.stayed for row in rows)) / visits / MINUTE if visits else 0.0
    return Counter({row.hour: row.visits for row in rows}), minutes


def _missed(connection: Connection, company_id: str, pool_id: str, now: Millis) -> dict[Millis, int]:
    hour = (exhaustions.c.happened_at - exhaustions.c.happened_at % HOUR).label("hour")
    query = select(hour, func.count().label("visits")).where(
        exhaustions.c.company_id == company_id,
        exhaustions.c.pool_id == pool_id,
        exhaustions.c.happened_at >= _begins_at(now),
    )
    return {row.hour: row.visits for row in connection.execute(query.group_by(hour))}


def _begins_at(now: Millis) -> Millis:
    """With a whole hour: half of one would look like an hour with half the visits."""
    return now - now % HOUR - REACH


def _leases_of(company_id: str, pool_id: str, from_at: Millis) -> Select[tuple[str]]:
    # By number, for which there is an index.
    of_pool = select(numbers.c.number_id).where(numbers.c.company_id == company_id, numbers.c.pool_id == pool_id)
    return (
        select(leases.c.number_id)
        .where(leases.c.company_id == company_id, leases.c.number_id.in_(of_pool))
        .where(leases.c.pool_id == pool_id, leases.c.from_at >= from_at)
    )
