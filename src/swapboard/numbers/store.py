"""Leases, and which numbers are free for them, in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Row, Select, and_, bindparam, select

from swapboard.clock import Millis
from swapboard.numbers.pool import ORDINARY, FreeNumber, WantId
from swapboard.storage.bulk import BulkInsert, BulkInsertAndUpdate, BulkUpdate
from swapboard.storage.commit import Conflict
from swapboard.storage.schema import exhaustions, leases, numbers, sessions

LIVE = "live"
ENDED = "ended"
ACTIVE = "active"


class Lease(NamedTuple):
    """A session shows a number in place of a target, from a moment on."""

    session_id: str
    target_id: str
    from_at: Millis
    number_id: str
    number: str
    pool_id: str
    expires_at: Millis
    until_at: Millis | None = None
    """When it ended; None while it is live."""

    @property
    def want_id(self) -> WantId:
        return self.session_id, self.target_id


class LastLease(NamedTuple):
    """A number that a visitor was shown, and since when."""

    visitor_id: str
    session_id: str
    target_id: str
    number_id: str
    from_at: Millis


@dataclass(frozen=True, slots=True)
class Exhaustion:
    """A visit that found every number live, and the static number it was shown instead, if any."""

    exhaustion_id: str
    pool_id: str
    target_id: str
    session_id: str
    number_id: str | None
    happened_at: Millis


def live_leases(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[WantId, Lease]:
    """The live leases of the sessions."""
    rows = _of_sessions(connection, _LIVE, company_id, session_ids)
    return {lease.want_id: lease for lease in map(_lease, rows)}


def latest_leases(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[WantId, Lease]:
    """For each session and target, the lease it had last; the live one if there is one, whatever clocks said."""
    rows = _of_sessions(connection, _LATEST, company_id, session_ids)
    return {lease.want_id: lease for lease in map(_lease, rows)}


def last_leases(connection: Connection, company_id: str, visitor_ids: Collection[str]) -> list[LastLease]:
    """What the visitors' sessions were shown, the latest last."""
    if not visitor_ids:
        return []
    rows = connection.execute(_LAST, {"of_company": company_id, "visitor_ids": list(visitor_ids)})
    return [LastLease(*row) for row in rows if row.number_id]


def overflowed(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[WantId, str | None]:
    """The static number id that each overflowing session was shown, by session and target; None for no number."""
    rows = _of_sessions(connection, _OVERFLOWED, company_id, session_ids)
    return {(row.session_id, row.target_id): row.number_id for row in rows}


def last_overflows(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[WantId, Millis]:
    """When each session last found no number, by session and target."""
    rows = _of_sessions(connection, _OVERFLOWED, company_id, session_ids)
    return {(row.session_id, row.target_id): row.happened_at for row in rows}


def free_numbers(
    connection: Connection, company_id: str, pool_id: str, wanted: Collection[str], enough: int
) -> list[FreeNumber]:
    """The `enough` longest-idle free numbers of the pool, and those of the `wanted` ids that are free."""
    pool = {"of_company": company_id, "of_pool": pool_id}
    rows = list(connection.execute(_LONGEST_IDLE, {**pool, "enough": enough}))
    if wanted:
        rows += connection.execute(_WANTED, {**pool, "number_ids": list(wanted)})
    return [FreeNumber(*row) for row in rows]


def add_leases(connection: Connection, company_id: str, new: Sequence[Lease]) -> None:
    """Write leases and take their numbers; raises Conflict when another process took one first."""
    rows = [
        (company_id, e.session_id, e.target_id, e.from_at, e.number_id, e.pool_id, LIVE, None, e.expires_at)
        for e in new
    ]
    taken = [(e.session_id, company_id, e.number_id) for e in new]
    if _ADD_AND_TAKE.run(connection, rows, taken) != len(new):
        raise Conflict("a number was leased twice")


def renew_leases(connection: Connection, company_id: str, renewed: Mapping[Lease, Millis]) -> None:
    """Move the expiry of live leases."""
    _RENEW.run(connection, [(at, company_id, e.session_id, e.target_id, e.from_at) for e, at in renewed.items()])


class Ended(NamedTuple):
    """A lease that ends: the session left at this moment, and its number so hot."""

    lease: Lease
    at: Millis
    heat: float = ORDINARY


def end_leases(connection: Connection, company_id: str, ended: Sequence[Ended]) -> None:
    """Live leases begin to cool."""
    _END.run(connection, [(ENDED, at, company_id, e.session_id, e.target_id, e.from_at) for e, at, _heat in ended])
    _LEAVE.run(connection, [(None, at, heat, company_id, e.number_id) for e, at, heat in ended])


def before_leases(connection: Connection, company_id: str, number_ids: Collection[str]) -> dict[str, FreeNumber]:
    """Numbers that are leased, by id, as they were when they were free last."""
    rows = connection.execute(_BEFORE, {"of_company": company_id, "number_ids": list(number_ids)})
    return {row.number_id: FreeNumber(*row) for row in rows}


def expired_leases(connection: Connection, company_id: str, now: Millis) -> list[Lease]:
    """Live leases whose session missed its beats."""
    return [_lease(row) for row in connection.execute(_EXPIRED, {"of_company": company_id, "by": now})]


def add_exhaustions(connection: Connection, company_id: str, new: Sequence[Exhaustion]) -> None:
    """Write down the visits that found no number."""
    _EXHAUST.run(
        connection,
        [
            (company_id, e.exhaustion_id, e.pool_id, e.target_id, e.session_id, e.number_id, e.happened_at)
            for e in new
        ],
    )


def _of_sessions(
    connection: Connection, query: Select[*tuple[Any, ...]], company_id: str, session_ids: Collection[str]
) -> Iterable[Row[*tuple[Any, ...]]]:
    if not session_ids:
        return ()
    return connection.execute(query, {"of_company": company_id, "session_ids": list(session_ids)})


# The queries are made once: making one takes Core longer than SQLite takes to answer it.
_LEASES = (
    select(
        leases.c.session_id,
        leases.c.target_id,
        leases.c.from_at,
        leases.c.number_id,
        numbers.c.number,
        leases.c.pool_id,
        leases.c.expires_at,
        leases.c.until_at,
    )
    .join_from(
        leases,
        numbers,
        and_(numbers.c.company_id == leases.c.company_id, numbers.c.number_id == leases.c.number_id),
    )
    .where(leases.c.company_id == bindparam("of_company"))
)
_OF_SESSIONS = _LEASES.where(leases.c.session_id.in_(bindparam("session_ids", expanding=True)))
_LIVE = _OF_SESSIONS.where(leases.c.state == LIVE)
_LATEST = _OF_SESSIONS.order_by(leases.c.state == LIVE, leases.c.from_at)
_EXPIRED = _LEASES.where(leases.c.state == LIVE, leases.c.expires_at <= bindparam("by"))

_LAST = (
    select(
        sessions.c.visitor_id,
        sessions.c.session_id,
        leases.c.target_id,
        leases.c.number_id,
        leases.c.from_at,
    )
    .join_from(
        sessions,
        leases,
        and_(leases.c.company_id == sessions.c.company_id, leases.c.session_id == sessions.c.session_id),
        # Not an inner join: for one, SQLite without statistics begins with all of the company's leases.
        isouter=True,
    )
    .where(
        sessions.c.company_id == bindparam("of_company"),
        sessions.c.visitor_id.in_(bindparam("visitor_ids", expanding=True)),
    )
    .order_by(leases.c.from_at)
)

_OVERFLOWED = (
    select(
        exhaustions.c.session_id,
        exhaustions.c.target_id,
        exhaustions.c.number_id,
        exhaustions.c.happened_at,
    )
    .where(
        exhaustions.c.company_id == bindparam("of_company"),
        exhaustions.c.session_id.in_(bindparam("session_ids", expanding=True)),
    )
    .order_by(exhaustions.c.happened_at, exhaustions.c.exhaustion_id)
)

_AS_OFFERED = select(numbers.c.number_id, numbers.c.number, numbers.c.left_at, numbers.c.heat).where(
    numbers.c.company_id == bindparam("of_company")
)
_BEFORE = _AS_OFFERED.where(numbers.c.number_id.in_(bindparam("number_ids", expanding=True)))
_FREE = _AS_OFFERED.where(
    numbers.c.pool_id == bindparam("of_pool"),
    numbers.c.live_session_id.is_(None),
    numbers.c.status == ACTIVE,
).order_by(numbers.c.left_at, numbers.c.number_id)
_LONGEST_IDLE = _FREE.limit(bindparam("enough", type_=Integer))
_WANTED = _FREE.where(numbers.c.number_id.in_(bindparam("number_ids", expanding=True)))

_EXHAUST = BulkInsert(exhaustions)
_LEASE_KEY = ("company_id", "session_id", "target_id", "from_at")
_RENEW = BulkUpdate(leases, ["expires_at"], _LEASE_KEY)
_END = BulkUpdate(leases, ["state", "until_at"], _LEASE_KEY)
_ADD_AND_TAKE = BulkInsertAndUpdate(
    BulkInsert(leases),
    BulkUpdate(numbers, ["live_session_id"], ["company_id", "number_id"], "numbers.live_session_id IS NULL"),
)
_LEAVE = BulkUpdate(
    numbers,
    ["live_session_id", "left_at", "heat"],
    ["company_id", "number_id"],
    "numbers.live_session_id IS NOT NULL",
)


def _lease(row: Row[*tuple[Any, ...]]) -> Lease:
    return Lease(*row)
