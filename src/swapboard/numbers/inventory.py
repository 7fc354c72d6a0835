"""The company's targets, pools and numbers, in the database."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from swapboard.clock import Millis
from swapboard.numbers.returns import keep_those
from swapboard.numbers.rules import Pool, SwapTarget
from swapboard.numbers.store import ENDED, LIVE
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import (
    companies,
    leases,
    numbers,
    pool_rehearsals,
    pool_rhythms,
    pool_scaling,
    pools,
    swap_targets,
)


class NumberKind(StrEnum):
    """Leased to one session at a time, or the same for everybody."""

    POOL = "pool"
    STATIC = "static"


class NumberStatus(StrEnum):
    """What is done with a number: shown, only ringing, or no longer ours."""

    ACTIVE = "active"
    PAUSED = "paused"
    QUARANTINED = "quarantined"
    RELEASED = "released"


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A tracking number to be written. A pool number names its pool; a static one its target and its source."""

    number_id: str
    number: str
    kind: NumberKind
    created_at: Millis
    pool_id: str | None = None
    target_id: str | None = None
    carrier_id: str | None = None
    carrier_ref: str | None = None
    placement: str | None = None
    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    status: NumberStatus = NumberStatus.ACTIVE
    monthly_cents: int | None = None
    """What the carrier charges for it a month."""
    placement_cents: int | None = None
    """What the placement costs while it runs: the print, the billboard."""
    starts_on: str | None = None
    """The placement's first day, ISO 8601 (`2026-11-24`)."""
    ends_on: str | None = None
    short_code: str | None = None
    """`/go/CODE` leads to `short_url` with the placement's source."""
    short_url: str | None = None
    quarantined_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class NumberChange:
    """What of a tracking number can change."""

    kind: NumberKind
    status: NumberStatus
    pool_id: str | None
    target_id: str | None
    placement: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    monthly_cents: int | None
    placement_cents: int | None
    starts_on: str | None
    ends_on: str | None
    short_code: str | None
    short_url: str | None
    quarantined_at: Millis | None


def add_target(connection: Connection, company_id: str, target: SwapTarget, name: str, now: Millis) -> None:
    """Write a business number that stands on the site."""
    connection.execute(
        insert(swap_targets).values(
            company_id=company_id,
            target_id=target.target_id,
            number=target.number,
            destination=target.destination,
            name=name,
            created_at=now,
            shares_with=target.shares_with,
        )
    )


def is_pool_name_taken(connection: Connection, company_id: str, name: str) -> bool:
    """Whether a pool of the company is called so: reports and files tell pools apart by their names."""
    # Of two that take it at once, the second waits and finds the first.
    hold_company(connection, company_id)
    named = select(pools.c.pool_id).where(pools.c.company_id == company_id, pools.c.name == name)
    return connection.execute(named.limit(1)).first() is not None


def add_pool(connection: Connection, company_id: str, pool: Pool, name: str, now: Millis) -> None:
    """Write an empty pool."""
    connection.execute(
        insert(pools).values(
            company_id=company_id,
            pool_id=pool.pool_id,
            target_id=pool.target_id,
            name=name,
            overflow=pool.overflow,
            fallback_number_id=pool.fallback_number_id,
            created_at=now,
        )
    )


def add_numbers(connection: Connection, company_id: str, new: Iterable[NewNumber]) -> None:
    """Write tracking numbers. Raises IntegrityError when the company has one of them already.

    One that was released and is still at its carrier stays there.
    """
    many = list(new)
    rows = [
        {
            "company_id": company_id,
            "number_id": each.number_id,
            "number": each.number,
            "kind": each.kind.value,
            "status": each.status.value,
            "pool_id": each.pool_id,
            "target_id": each.target_id,
            "carrier_id": each.carrier_id,
            "carrier_ref": each.carrier_ref,
            "placement": each.placement,
            "channel": each.channel,
            "source": each.source,
            "medium": each.medium,
            "campaign": each.campaign,
            "monthly_cents": each.monthly_cents,
            "placement_cents": each.placement_cents,
            "starts_on": each.starts_on,
            "ends_on": each.ends_on,
            "short_code": each.short_code,
            "short_url": each.short_url,
            "quarantined_at": each.quarantined_at,
            "left_at": 0,
            "created_at": each.created_at,
        }
        for each in many
    ]
    if rows:
        connection.execute(insert(numbers), rows)
        keep_those(connection, company_id, [each.number for each in many], many[0].created_at)


def change_target(connection: Connection, company_id: str, target: SwapTarget, name: str) -> None:
    """Write what of a swap target can change. Raises IntegrityError when another one has the number."""
    row = (swap_targets.c.company_id == company_id, swap_targets.c.target_id == target.target_id)
    connection.execute(
        update(swap_targets)
        .where(*row)
        .values(number=target.number, destination=target.destination, name=name, shares_with=target.shares_with)
    )


def remove_target(connection: Connection, company_id: str, target_id: str) -> None:
    """Forget a swap target; numbers released before no longer name it. Raises IntegrityError while it is used."""
    released = (numbers.c.company_id == company_id, numbers.c.released_at.is_not(None))
    connection.execute(update(numbers).where(*released, numbers.c.target_id == target_id).values(target_id=None))
    row = (swap_targets.c.company_id == company_id, swap_targets.c.target_id == target_id)
    sharing = (swap_targets.c.company_id == company_id, swap_targets.c.shares_with == target_id)
    connection.execute(update(swap_targets).where(*sharing).values(shares_with=None))
    connection.execute(delete(swap_targets).where(*row))


def change_pool(connection: Connection, company_id: str, pool: Pool, name: str) -> None:
    """Write what of a pool can change."""
    connection.execute(
        update(pools)
        .where(pools.c.company_id == company_id, pools.c.pool_id == pool.pool_id)
        .values(name=name, overflow=pool.overflow, fallback_number_id=pool.fallback_number_id)
    )


def remove_pool(connection: Connection, company_id: str, pool_id: str) -> None:
    """Forget a pool; numbers released before no longer name it. Raises IntegrityError while it is used."""
    released = (numbers.c.company_id == company_id, numbers.c.released_at.is_not(None))
    connection.execute(update(numbers).where(*released, numbers.c.pool_id == pool_id).values(pool_id=None))
    for about in (pool_scaling, pool_rhythms, pool_rehearsals):
        connection.execute(delete(about).where(about.c.company_id == company_id, about.c.pool_id == pool_id))
    connection.execute(delete(pools).where(pools.c.company_id == company_id, pools.c.pool_id == pool_id))


def change_number(connection: Connection, company_id: str, number_id: str, changed: NumberChange) -> None:
    """Write what of a tracking number can change."""
    row = (numbers.c.company_id == company_id, numbers.c.number_id == number_id)
    values = {**asdict(changed), "kind": changed.kind.value, "status": changed.status.value}
    connection.execute(update(numbers).where(*row).values(values))


def take_off(connection: Connection, company_id: str, number_id: str, now: Millis) -> None:
    """Nobody shows the number any more: the session that does gets another at its next beat."""
    hold_company(connection, company_id)
    connection.execute(
        update(leases)
        .where(leases.c.company_id == company_id, leases.c.number_id == number_id, leases.c.state == LIVE)
        .values(state=ENDED, until_at=now)
    )
    row = (numbers.c.company_id == company_id, numbers.c.number_id == number_id)
    left = update(numbers).where(*row, numbers.c.live_session_id.is_not(None))
    connection.execute(left.values(live_session_id=None, left_at=now))


def release_number(connection: Connection, company_id: str, number_id: str, now: Millis) -> None:
    """Give a number up: the session that shows it gets another at its next beat; what it was stays on record."""
    take_off(connection, company_id, number_id, now)
    row = (numbers.c.company_id == company_id, numbers.c.number_id == number_id)
    released = update(numbers).where(*row, numbers.c.released_at.is_(None))
    connection.execute(released.values(status=NumberStatus.RELEASED.value, released_at=now))


def quarantine_days(connection: Connection, company_id: str) -> int:
    """For how many days a number rings on after it was taken off."""
    query = select(companies.c.quarantine_days).where(companies.c.company_id == company_id)
    return int(connection.execute(query).scalar_one())
