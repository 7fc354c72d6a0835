"""The board: what every tracking number does at a moment, and how full each pool is."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, func, select

from swapboard.clock import SECOND, Millis
from swapboard.numbers.exhaustions import exhausted_since
from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.rules import Overflow
from swapboard.numbers.store import LIVE
from swapboard.storage.schema import leases, numbers, pools, sessions, swap_targets


class NumberState(StrEnum):
    """What a number does now."""

    LIVE = "live"
    """A session shows it."""
    COOLING = "cooling"
    """Its last session left so recently that it could come back, or call."""
    IDLE = "idle"
    """Nobody has shown it for longer than that."""
    STANDING = "standing"
    """A static number: the same for everybody."""
    PAUSED = "paused"
    """It rings, but is shown to nobody."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The session that shows a number, or showed it last, and where it came from."""

    session_id: str
    channel: str
    source: str
    medium: str
    campaign: str | None


@dataclass(frozen=True, slots=True)
class BoardNumber:
    """A tracking number (E.164) in its state; what a static number stands for is None on a pool number."""

    number_id: str
    number: str
    state: NumberState
    since_at: Millis | None
    """When the state began; None for a number that was never shown, and where it is not known."""
    holder: Holder | None
    pool_id: str | None
    target_id: str | None
    placement: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None


@dataclass(frozen=True, slots=True)
class PoolBoard:
    """A pool with its numbers, which stand in place of `target` (E.164)."""

    pool_id: str
    name: str
    target: str
    overflow: Overflow
    fallback_number_id: str | None
    numbers: tuple[BoardNumber, ...]
    exhausted: int
    """How many visits found no number since the moment asked for."""

    def count(self, state: NumberState) -> int:
        """How many of its numbers are in the state."""
        return sum(number.state is state for number in self.numbers)

    @property
    def size(self) -> int:
        """How many of its numbers can be shown: all but the paused ones."""
        return len(self.numbers) - self.count(NumberState.PAUSED)

    @property
    def by_state(self) -> Sequence[BoardNumber]:
        """Its numbers, the live ones first, then by what they do next."""
        order = list(NumberState)
        return sorted(self.numbers, key=lambda number: (order.index(number.state), number.number))

    @property
    def exhausted_now(self) -> bool:
        """True while the next visitor would find no number."""
        return self.count(NumberState.LIVE) >= self.size


@dataclass(frozen=True, slots=True)
class Board:
    """Every number the company owns: its pools, oldest first, and its static numbers."""

    pools: tuple[PoolBoard, ...]
    statics: tuple[BoardNumber, ...]

    @property
    def numbers(self) -> Mapping[str, BoardNumber]:
        """All numbers by their id."""
        every = (*self.statics, *(number for pool in self.pools for number in pool.numbers))
        return {number.number_id: number for number in every}


def board(
    connection: Connection, company_id: str, now: Millis, cooling_seconds: int, exhausted_from_at: Millis
) -> Board:
    """The board at `now`; exhaustions are counted from `exhausted_from_at` on."""
    query = select(numbers).where(numbers.c.company_id == company_id, numbers.c.released_at.is_(None))
    rows = connection.execute(query.order_by(numbers.c.created_at, numbers.c.number)).all()
    states = {row.number_id: state_of(row, now, cooling_seconds) for row in rows}
    held = _held(connection, company_id)
    left = _left(connection, company_id, [row.number_id for row in rows if row.left_at])
    shown = {row.number_id: _number(row, states[row.number_id], held, left) for row in rows}
    of_pool: dict[str, list[BoardNumber]] = defaultdict(list)
    for number in shown.values():
        of_pool[number.pool_id or ""].append(number)
    return Board(
        _pools(connection, company_id, of_pool, exhausted_from_at),
        tuple(shown[row.number_id] for row in rows if row.kind == NumberKind.STATIC),
    )


def state_of(row: Row[*tuple[Any, ...]], now: Millis, cooling_seconds: int) -> NumberState:
    """The state of a row of `numbers`; a session may still hold a number that was paused meanwhile."""
    if row.live_session_id is not None:
        return NumberState.LIVE
    if row.status != NumberStatus.ACTIVE:
        return NumberState.PAUSED
    if row.kind == NumberKind.STATIC:
        return NumberState.STANDING
    is_cooling = row.left_at > 0 and now - row.left_at < cooling_seconds * SECOND
    return NumberState.COOLING if is_cooling else NumberState.IDLE


_HOLDER = (sessions.c.session_id, sessions.c.channel, sessions.c.source, sessions.c.medium, sessions.c.campaign)


def _same(one: Column[Any], other: Column[Any]) -> ColumnElement[bool]:
    """Joins within a company."""
    return and_(one.table.c.company_id == other.table.c.company_id, one == other)


def _held(connection: Connection, company_id: str) -> dict[str, tuple[Millis, Holder | None]]:
    """Since when and by whom each live number is held."""
    query = (
        select(leases.c.number_id, leases.c.from_at, *_HOLDER)
        .select_from(leases.outerjoin(sessions, _same(sessions.c.session_id, leases.c.session_id)))
        .where(leases.c.company_id == company_id, leases.c.state == LIVE)
    )
    return {row.number_id: (row.from_at, _holder(row)) for row in connection.execute(query)}


def _left(connection: Connection, company_id: str, number_ids: Collection[str]) -> dict[str, Holder | None]:
    """Who held each of the numbers last."""
    earlier = leases.alias("earlier")
    last = (
        select(func.max(earlier.c.from_at))
        .where(earlier.c.company_id == leases.c.company_id, earlier.c.number_id == leases.c.number_id)
        .scalar_subquery()
    )
    query = (
        select(leases.c.number_id, *_HOLDER)
        .select_from(leases.outerjoin(sessions, _same(sessions.c.session_id, leases.c.session_id)))
        .where(leases.c.company_id == company_id, leases.c.number_id.in_(number_ids), leases.c.from_at == last)
    )
    return {row.number_id: _holder(row) for row in connection.execute(query)}


def _holder(row: Row[*tuple[Any, ...]]) -> Holder | None:
    if row.session_id is None:
        return None
    return Holder(row.session_id, row.channel, row.source, row.medium, row.campaign)


def _number(
    row: Row[*tuple[Any, ...]],
    state: NumberState,
    held: Mapping[str, tuple[Millis, Holder | None]],
    left: Mapping[str, Holder | None],
) -> BoardNumber:
    since_at, holder = held.get(row.number_id, (None, None))
    if state in {NumberState.COOLING, NumberState.IDLE}:
        since_at, holder = row.left_at or None, left.get(row.number_id)
    if state is NumberState.STANDING:
        since_at = row.created_at
    return BoardNumber(
        number_id=row.number_id,
        number=row.number,
        state=state,
        since_at=since_at,
        holder=holder,
        pool_id=row.pool_id,
        target_id=row.target_id,
        placement=row.placement,
        channel=row.channel,
        source=row.source,
        medium=row.medium,
        campaign=row.campaign,
    )


def _pools(
    connection: Connection,
    company_id: str,
    of_pool: Mapping[str, Sequence[BoardNumber]],
    exhausted_from_at: Millis,
) -> tuple[PoolBoard, ...]:
    exhausted = exhausted_since(connection, company_id, exhausted_from_at)
    query = (
        select(pools, swap_targets.c.number.label("target"))
        .select_from(pools.join(swap_targets, _same(swap_targets.c.target_id, pools.c.target_id)))
        .where(pools.c.company_id == company_id)
        .order_by(pools.c.created_at, pools.c.pool_id)
    )
    return tuple(
        PoolBoard(
            pool_id=row.pool_id,
            name=row.name,
            target=row.target,
            overflow=Overflow(row.overflow),
            fallback_number_id=row.fallback_number_id,
            numbers=tuple(of_pool.get(row.pool_id, ())),
            exhausted=exhausted.get(row.pool_id, 0),
        )
        for row in connection.execute(query)
    )
