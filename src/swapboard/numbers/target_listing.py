"""Swap targets as people look at them: lists in pages, and each by its id."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from swapboard.clock import Millis
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import numbers, pools, swap_targets


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """A business number as it stands on the site; both numbers are E.164."""

    target_id: str
    company_id: str
    number: str
    destination: str
    name: str
    created_at: Millis
    shares_with: str | None = None
    """The id of the target whose number it shows, or None."""


def list_targets(
    connection: Connection, company_id: str, limit: int, cursor: str | None = None
) -> Page[TargetRecord]:
    """A page of the swap targets, oldest first. Raises BadCursor."""
    query = select(swap_targets).where(swap_targets.c.company_id == company_id)
    ordered = after(query, swap_targets.c.created_at, swap_targets.c.target_id, limit, cursor)
    found = [_target(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.target_id))


def target_by_id(connection: Connection, company_id: str, target_id: str) -> TargetRecord | None:
    """The swap target, or None."""
    query = select(swap_targets).where(
        swap_targets.c.company_id == company_id, swap_targets.c.target_id == target_id
    )
    row = connection.execute(query).one_or_none()
    return _target(row) if row else None


def target_by_number(connection: Connection, company_id: str, number: str) -> TargetRecord | None:
    """The swap target with this number (E.164), or None."""
    query = select(swap_targets).where(swap_targets.c.company_id == company_id, swap_targets.c.number == number)
    row = connection.execute(query).one_or_none()
    return _target(row) if row else None


def target_is_used(connection: Connection, company_id: str, target_id: str) -> bool:
    """True while a pool, or a number that is not released, stands in place of the target."""
    of_pools = select(pools.c.pool_id).where(pools.c.company_id == company_id, pools.c.target_id == target_id)
    of_numbers = select(numbers.c.number_id).where(
        numbers.c.company_id == company_id, numbers.c.target_id == target_id, numbers.c.released_at.is_(None)
    )
    return any(connection.execute(query.limit(1)).first() for query in (of_pools, of_numbers))


def sharing_with(connection: Connection, company_id: str, target_id: str) -> TargetRecord | None:
    """The oldest target that shows this one's number, or None."""
    query = select(swap_targets).where(
        swap_targets.c.company_id == company_id, swap_targets.c.shares_with == target_id
    )
    oldest = query.order_by(swap_targets.c.created_at, swap_targets.c.target_id).limit(1)
    row = connection.execute(oldest).one_or_none()
    return _target(row) if row else None


def _target(row: Row[*tuple[Any, ...]]) -> TargetRecord:
    return TargetRecord(
        row.target_id, row.company_id, row.number, row.destination, row.name, row.created_at, row.shares_with
    )
