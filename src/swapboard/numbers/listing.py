"""Pools and numbers as people look at them: lists in pages, and each by its id."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from swapboard.clock import Millis
from swapboard.numbers.inventory import NumberChange, NumberKind, NumberStatus
from swapboard.numbers.rules import Overflow
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import companies, numbers, pools, swap_targets


@dataclass(frozen=True, slots=True)
class PoolRecord:
    """A pool and how many numbers it has: active ones, those of them a session shows, and paused ones."""

    pool_id: str
    company_id: str
    target_id: str
    name: str
    overflow: Overflow
    fallback_number_id: str | None
    created_at: Millis
    active: int
    live: int
    paused: int


@dataclass(frozen=True, slots=True)
class NumberRecord:
    """A tracking number (E.164); what it stands for is None on a pool number."""

    number_id: str
    company_id: str
    number: str
    kind: NumberKind
    status: NumberStatus
    pool_id: str | None
    target_id: str | None
    carrier_id: str | None
    carrier_ref: str | None
    placement: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    live_session_id: str | None
    left_at: Millis | None
    """When its last session left; None for a number that none has left yet."""
    created_at: Millis
    released_at: Millis | None
    monthly_cents: int | None = None
    placement_cents: int | None = None
    starts_on: str | None = None
    ends_on: str | None = None
    short_code: str | None = None
    short_url: str | None = None
    quarantined_at: Millis | None = None

    def changed(self, **values: Any) -> NumberChange:
        """What is to be written when some of its facts become `values`."""
        known = {each.name: getattr(self, each.name) for each in fields(NumberChange)}
        return NumberChange(**{**known, **values})


@dataclass(frozen=True, slots=True)
class NumberFilter:
    """Which numbers to list; without a status, all that are not released."""

    status: NumberStatus | None = None
    kind: NumberKind | None = None
    pool_id: str | None = None
    number: str | None = None


EVERY_NUMBER = NumberFilter()


def list_pools(connection: Connection, company_id: str, limit: int, cursor: str | None = None) -> Page[PoolRecord]:
    """A page of the pools, oldest first. Raises BadCursor."""
    ordered = after(_counted_pools(company_id), pools.c.created_at, pools.c.pool_id, limit, cursor)
    found = [_pool(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.pool_id))


def pool_by_id(connection: Connection, company_id: str, pool_id: str) -> PoolRecord | None:
    """The pool, or None."""
    row = connection.execute(_counted_pools(company_id).where(pools.c.pool_id == pool_id)).one_or_none()
    return _pool(row) if row else None


def pool_has_numbers(connection: Connection, company_id: str, pool_id: str) -> bool:
    """True while the pool has a number that is not released."""
    query = select(numbers.c.number_id).where(
        numbers.c.company_id == company_id, numbers.c.pool_id == pool_id, numbers.c.released_at.is_(None)
    )
    return connection.execute(query.limit(1)).first() is not None


def pools_with_fallback(connection: Connection, company_id: str, number_id: str) -> list[str]:
    """The names of the pools that fall back on the number."""
    query = select(pools.c.name).where(pools.c.company_id == company_id, pools.c.fallback_number_id == number_id)
    return list(connection.execute(query).scalars())


def list_numbers(
    connection: Connection,
    company_id: str,
    wanted: NumberFilter = EVERY_NUMBER,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[NumberRecord]:
    """A page of the tracking numbers, oldest first. Raises BadCursor."""
    query = select(numbers).where(numbers.c.company_id == company_id)
    exact = {
        numbers.c.status: wanted.status,
        numbers.c.kind: wanted.kind,
        numbers.c.pool_id: wanted.pool_id,
        numbers.c.number: wanted.number,
    }
    query = query.where(*[column == value for column, value in exact.items() if value is not None])
    if wanted.status is None:
        query = query.where(numbers.c.released_at.is_(None))
    ordered = after(query, numbers.c.created_at, numbers.c.number_id, limit, cursor)
    found = [_number(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.number_id))


def numbers_by_id(connection: Connection, company_id: str, number_ids: Sequence[str]) -> list[NumberRecord]:
    """The tracking numbers among the ids, released ones too, in the order of the ids."""
    query = select(numbers).where(numbers.c.company_id == company_id, numbers.c.number_id.in_(number_ids))
    found = {row.number_id: _number(row) for row in connection.execute(query)}
    return [found[number_id] for number_id in number_ids if number_id in found]


def number_by_id(connection: Connection, company_id: str, number_id: str) -> NumberRecord | None:
    """The tracking number, or None."""
    return next(iter(numbers_by_id(connection, company_id, [number_id])), None)


def owned_among(connection: Connection, company_id: str, wanted: Sequence[str]) -> set[str]:
    """Those of the numbers (E.164) that are the company's tracking numbers now."""
    query = select(numbers.c.number).where(
        numbers.c.company_id == company_id, numbers.c.number.in_(wanted), numbers.c.released_at.is_(None)
    )
    return set(connection.execute(query).scalars())


def answering_among(connection: Connection, company_id: str, wanted: Sequence[str]) -> set[str]:
    """Those of the numbers (E.164) that people answer: targets, their destinations, the company's default."""
    query = select(swap_targets.c.number, swap_targets.c.destination).where(
        swap_targets.c.company_id == company_id,
        or_(swap_targets.c.number.in_(wanted), swap_targets.c.destination.in_(wanted)),
    )
    found = {number for row in connection.execute(query) for number in row}
    default = select(companies.c.default_destination).where(companies.c.company_id == company_id)
    return found.union(connection.execute(default).scalars()) & set(wanted)


def _counted_pools(company_id: str) -> Select[*tuple[Any, ...]]:
    of_pool = and_(
        numbers.c.company_id == pools.c.company_id,
        numbers.c.pool_id == pools.c.pool_id,
        numbers.c.released_at.is_(None),
    )
    return (
        select(
            pools,
            func.count().filter(numbers.c.status == NumberStatus.ACTIVE).label("active"),
            func.count().filter(numbers.c.live_session_id.is_not(None)).label("live"),
            func.count().filter(numbers.c.status == NumberStatus.PAUSED).label("paused"),
        )
        .select_from(pools.outerjoin(numbers, of_pool))
        .where(pools.c.company_id == company_id)
        .group_by(pools.c.company_id, pools.c.pool_id)
    )


def _pool(row: Row[*tuple[Any, ...]]) -> PoolRecord:
    return PoolRecord(
        pool_id=row.pool_id,
        company_id=row.company_id,
        target_id=row.target_id,
        name=row.name,
        overflow=Overflow(row.overflow),
        fallback_number_id=row.fallback_number_id,
        created_at=row.created_at,
        active=row.active,
        live=row.live,
        paused=row.paused,
    )


def _number(row: Row[*tuple[Any, ...]]) -> NumberRecord:
    return NumberRecord(
        number_id=row.number_id,
        company_id=row.company_id,
        number=row.number,
        kind=NumberKind(row.kind),
        status=NumberStatus(row.status),
        pool_id=row.pool_id,
        target_id=row.target_id,
        carrier_id=row.carrier_id,
        carrier_ref=row.carrier_ref,
        placement=row.placement,
        channel=row.channel,
        source=row.source,
        medium=row.medium,
        campaign=row.campaign,
        live_session_id=row.live_session_id,
        left_at=row.left_at or None,
        created_at=row.created_at,
        released_at=row.released_at,
        monthly_cents=row.monthly_cents,
        placement_cents=row.placement_cents,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        short_code=row.short_code,
        short_url=row.short_url,
        quarantined_at=row.quarantined_at,
    )
