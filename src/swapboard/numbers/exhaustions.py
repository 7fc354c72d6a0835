"""When a pool ran out: the visits that found every number live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, func, select

from swapboard.clock import Millis
from swapboard.storage.schema import exhaustions, numbers, pools, sessions


@dataclass(frozen=True, slots=True)
class Exhausted:
    """A visit that found every number of a pool live, and the number it was shown instead, if any."""

    exhaustion_id: str
    happened_at: Millis
    pool: str
    """The pool's name."""
    instead: str | None
    """E.164; None when the page kept its own number."""
    session_id: str
    channel: str | None
    source: str | None


def exhausted_since(connection: Connection, company_id: str, from_at: Millis) -> Mapping[str, int]:
    """How many visits found no number since the moment, by pool."""
    query = (
        select(exhaustions.c.pool_id, func.count().label("visits"))
        .where(exhaustions.c.company_id == company_id, exhaustions.c.happened_at >= from_at)
        .group_by(exhaustions.c.pool_id)
    )
    return {row.pool_id: row.visits for row in connection.execute(query)}


def latest_exhaustions(connection: Connection, company_id: str, limit: int) -> Sequence[Exhausted]:
    """The visits that found no number, latest first."""
    query = (
        select(
            exhaustions.c.exhaustion_id,
            exhaustions.c.happened_at,
            pools.c.name,
            numbers.c.number,
            exhaustions.c.session_id,
            sessions.c.channel,
            sessions.c.source,
        )
        .select_from(
            exhaustions.join(pools, _same(pools.c.pool_id, exhaustions.c.pool_id))
            .outerjoin(numbers, _same(numbers.c.number_id, exhaustions.c.number_id))
            .outerjoin(sessions, _same(sessions.c.session_id, exhaustions.c.session_id))
        )
        .where(exhaustions.c.company_id == company_id)
        .order_by(exhaustions.c.exhaustion_id.desc())
        .limit(limit)
    )
    return [Exhausted(*row) for row in connection.execute(query)]


def _same(one: Column[Any], other: Column[Any]) -> ColumnElement[bool]:
    """Joins within a company."""
    return and_(one.table.c.company_id == other.table.c.company_id, one == other)
