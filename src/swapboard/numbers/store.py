"""Leases, and which numbers are free for them, in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, insert, select, update

from swapboard.clock import Millis
from swapboard.numbers.pool import FreeNumber, WantId
from swapboard.storage.schema import companies, exhaustions, leases, numbers
from swapboard.storage.writer import Conflict

LIVE = "live"
ENDED = "ended"
ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Lease:
    """A session shows a number, from a moment on."""

    lease_id: str
    number_id: str
    number: str
    pool_id: str
    target_id: str
    session_id: str
    visitor_id: str
    from_at: Millis
    expires_at: Millis


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """A visit that found every number live, and the static number it was shown instead, if any."""

    exhaustion_id: str
    pool_id: str
    target_id: str
    session_id: str
    number_id: str | None
    happened_at: Millis


def hold_company(connection: Connection, company_id: str) -> None:
    """Let one process at a time hand out this company's numbers (SQLite does so anyway)."""
    connection.execute(
        select(companies.c.company_id).where(companies.c.company_id == company_id).with_for_update(key_share=True)
    )


def live_leases(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[WantId, Lease]:
    """The live leases of the sessions."""
    if not session_ids:
        return {}
    query = _LEASES.where(
        leases.c.company_id == company_id, leases.c.session_id.in_(session_ids), leases.c.state == LIVE
    )
    return {(lease.session_id, lease.target_id): lease for lease in map(_lease, connection.execute(query))}


def latest_leases(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[WantId, Lease]:
    """For each session and target, the lease it had last, live or ended."""
    if not session_ids:
        return {}
    query = _LEASES.where(leases.c.company_id == company_id, leases.c.session_id.in_(session_ids)).order_by(
        leases.c.from_at, leases.c.lease_id
    )
    return {(lease.session_id, lease.target_id): lease for lease in map(_lease, connection.execute(query))}


def last_numbers(
    connection: Connection, company_id: str, visitor_ids: Collection[str]
) -> dict[tuple[str, str], str]:
    """The number id each visitor had last, by (visitor, target)."""
    if not visitor_ids:
        return {}
    query = (
        select(leases.c.visitor_id, leases.c.target_id, leases.c.number_id)
        .where(leases.c.company_id == company_id, leases.c.visitor_id.in_(visitor_ids))
        .order_by(leases.c.from_at, leases.c.lease_id)
    )
    return {(row.visitor_id, row.target_id): row.number_id for row in connection.execute(query)}


def overflowed(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[WantId, str]:
    """The static number id that each overflowing session was shown, by session and target."""
    if not session_ids:
        return {}
    query = select(exhaustions.c.session_id, exhaustions.c.target_id, exhaustions.c.number_id).where(
        exhaustions.c.company_id == company_id,
        exhaustions.c.session_id.in_(session_ids),
        exhaustions.c.number_id.is_not(None),
    )
    return {(row.session_id, row.target_id): row.number_id for row in connection.execute(query)}


def free_numbers(
    connection: Connection, company_id: str, pool_id: str, wanted: Collection[str], enough: int
) -> list[FreeNumber]:
    """The `enough` longest-idle free numbers of the pool, and those of the `wanted` ids that are free."""
    free = (
        select(numbers.c.number_id, numbers.c.number, numbers.c.left_at)
        .where(
            numbers.c.company_id == company_id,
            numbers.c.pool_id == pool_id,
            numbers.c.live_lease_id.is_(None),
            numbers.c.status == ACTIVE,
        )
        .order_by(numbers.c.left_at, numbers.c.number_id)
    )
    rows = list(connection.execute(free.limit(enough)))
    if wanted:
        rows += connection.execute(free.where(numbers.c.number_id.in_(wanted)))
    return [FreeNumber(row.number_id, row.number, row.left_at) for row in rows]


def add_leases(connection: Connection, company_id: str, new: Sequence[Lease]) -> None:
    """Write leases and take their numbers; raises Conflict when another process took one first."""
    if not new:
        return
    connection.execute(insert(leases), [_lease_row(company_id, lease) for lease in new])
    taken = connection.execute(
        _TAKE, [{"of_company": company_id, "of_number": each.number_id, "by": each.lease_id} for each in new]
    )
    if taken.rowcount != len(new):
        raise Conflict("a number was leased twice")


def renew_leases(connection: Connection, company_id: str, expiries: Mapping[str, Millis]) -> None:
    """Move the expiry of live leases, by lease id."""
    if expiries:
        rows = [{"of_company": company_id, "of_lease": key, "at": at} for key, at in expiries.items()]
        connection.execute(_RENEW, rows)


def end_leases(connection: Connection, company_id: str, ended: Iterable[tuple[Lease, Millis]]) -> None:
    """Live leases begin to cool, each at its moment: the session left."""
    rows = [
        {"of_company": company_id, "of_lease": each.lease_id, "of_number": each.number_id, "at": at}
        for each, at in ended
    ]
    if rows:
        connection.execute(_END, rows)
        connection.execute(_LEAVE, rows)


def expired_leases(connection: Connection, company_id: str, now: Millis) -> list[Lease]:
    """Live leases whose session missed its beats."""
    query = _LEASES.where(leases.c.company_id == company_id, leases.c.state == LIVE, leases.c.expires_at <= now)
    return [_lease(row) for row in connection.execute(query)]


def add_exhaustions(connection: Connection, company_id: str, new: Sequence[Exhaustion]) -> None:
    if new:
        connection.execute(
            insert(exhaustions),
            [
                {
                    "company_id": company_id,
                    "exhaustion_id": each.exhaustion_id,
                    "pool_id": each.pool_id,
                    "target_id": each.target_id,
                    "session_id": each.session_id,
                    "number_id": each.number_id,
                    "happened_at": each.happened_at,
                }
                for each in new
            ],
        )


_LEASES = select(
    leases.c.lease_id,
    leases.c.number_id,
    numbers.c.number,
    leases.c.pool_id,
    leases.c.target_id,
    leases.c.session_id,
    leases.c.visitor_id,
    leases.c.from_at,
    leases.c.expires_at,
).join_from(
    leases, numbers, and_(numbers.c.company_id == leases.c.company_id, numbers.c.number_id == leases.c.number_id)
)

_TAKE = (
    update(numbers)
    .where(
        numbers.c.company_id == bindparam("of_company"),
        numbers.c.number_id == bindparam("of_number"),
        numbers.c.live_lease_id.is_(None),
    )
    .values(live_lease_id=bindparam("by"))
)

_RENEW = (
    update(leases)
    .where(leases.c.company_id == bindparam("of_company"), leases.c.lease_id == bindparam("of_lease"))
    .values(expires_at=bindparam("at"))
)

_END = (
    update(leases)
    .where(
        leases.c.company_id == bindparam("of_company"),
        leases.c.lease_id == bindparam("of_lease"),
        leases.c.state == LIVE,
    )
    .values(state=ENDED, until_at=bindparam("at"))
)

_LEAVE = (
    update(numbers)
    .where(
        numbers.c.company_id == bindparam("of_company"),
        numbers.c.number_id == bindparam("of_number"),
        numbers.c.live_lease_id == bindparam("of_lease"),
    )
    .values(live_lease_id=None, left_at=bindparam("at"))
)


def _lease(row: Row[Any]) -> Lease:
    return Lease(*row)


def _lease_row(company_id: str, lease: Lease) -> dict[str, object]:
    return {
        "company_id": company_id,
        "lease_id": lease.lease_id,
        "number_id": lease.number_id,
        "pool_id": lease.pool_id,
        "target_id": lease.target_id,
        "session_id": lease.session_id,
        "visitor_id": lease.visitor_id,
        "state": LIVE,
        "from_at": lease.from_at,
        "until_at": None,
        "expires_at": lease.expires_at,
    }
