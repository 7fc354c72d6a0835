"""Auto-scale in the database: what each pool's owner allows, how the pool stands, and what was done."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from swapboard.clock import DAY, Millis
from swapboard.numbers.inventory import NumberStatus, quarantine_days
from swapboard.numbers.lifecycle import quarantine_ends_at
from swapboard.numbers.number_log import NumberEvent
from swapboard.numbers.orders import OrderState
from swapboard.numbers.returns import not_back_yet
from swapboard.numbers.rhythm import ComingDay, Rhythm
from swapboard.numbers.scaling import AUTO_SCALE, Limits, Member, Situation
from swapboard.storage.ids import new_id
from swapboard.storage.schema import number_events, number_orders, numbers, pool_scaling, scaling_events

PAID_FOR: Millis = 30 * DAY
"""A number is paid for by the month, also when it was given back in it."""
_SETTLES = (NumberEvent.ACTIVATED.value, NumberEvent.ASSIGNED.value)
_MOVES = (*_SETTLES, NumberEvent.BOUGHT.value, NumberEvent.PAUSED.value, NumberEvent.QUARANTINED.value)


class ScalingEvent(StrEnum):
    """What the log of a pool's auto-scale tells."""

    SET = "set"
    BOUGHT = "bought"
    TAKEN_BACK = "taken_back"
    GIVEN_UP = "given_up"
    RETURNED = "returned"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Scaling:
    """A pool's auto-scale, and how its last try went: `failures` in a row, in words, and when it tries again."""

    pool_id: str
    is_on: bool
    limits: Limits
    failures: int = 0
    retry_at: Millis | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class LoggedScaling:
    """An entry of the log."""

    happened_at: Millis
    kind: ScalingEvent
    actor: str
    detail: Mapping[str, Any]


def scalings(connection: Connection, company_id: str) -> Mapping[str, Scaling]:
    """The auto-scale of each pool where it was ever set, by pool."""
    query = select(pool_scaling).where(pool_scaling.c.company_id == company_id)
    return {
        row.pool_id: Scaling(
            row.pool_id,
            row.is_on,
            Limits(row.floor, row.ceiling, row.budget_cents, row.number_cents),
            row.failures,
            row.retry_at,
            row.trouble,
        )
        for row in connection.execute(query)
    }


def set_scaling(
    connection: Connection, company_id: str, pool_id: str, is_on: bool, limits: Limits, actor: str, now: Millis
) -> None:
    """Set it; what failed before is tried again at once. Setting what is set already writes nothing."""
    before = scalings(connection, company_id).get(pool_id)
    if before and (before.is_on, before.limits) == (is_on, limits):
        return
    row = (pool_scaling.c.company_id == company_id, pool_scaling.c.pool_id == pool_id)
    connection.execute(delete(pool_scaling).where(*row))
    values = {"company_id": company_id, "pool_id": pool_id, "is_on": is_on, **asdict(limits)}
    connection.execute(insert(pool_scaling).values(values))
    detail = {"is_on": is_on, **asdict(limits)}
    if before:
        detail["before"] = {"is_on": before.is_on, **asdict(before.limits)}
    log_scaling(connection, company_id, pool_id, ScalingEvent.SET, actor, now, detail)


def went_well(connection: Connection, company_id: str, pool_id: str) -> None:
    """Forget the failures."""
    _told(connection, company_id, pool_id, failures=0, retry_at=None, trouble=None)


def went_wrong(
    connection: Connection, company_id: str, scaling: Scaling, trouble: str, retry_at: Millis, now: Millis
) -> None:
    """Remember a failure, in words, and when to try again; the log has it once as long as it is the same."""
    _told(
        connection,
        company_id,
        scaling.pool_id,
        failures=scaling.failures + 1,
        retry_at=retry_at,
        trouble=trouble,
    )
    if trouble != scaling.trouble:
        detail = {"trouble": trouble}
        log_scaling(connection, company_id, scaling.pool_id, ScalingEvent.FAILED, AUTO_SCALE, now, detail)


def log_scaling(
    connection: Connection,
    company_id: str,
    pool_id: str,
    kind: ScalingEvent,
    actor: str,
    now: Millis,
    detail: Mapping[str, Any],
) -> None:
    """Write down what was set or done."""
    connection.execute(
        insert(scaling_events).values(
            company_id=company_id,
            event_id=new_id(now),
            pool_id=pool_id,
            happened_at=now,
            kind=kind.value,
            actor=actor,
            detail=dict(detail),
        )
    )


def scaling_log(connection: Connection, company_id: str, pool_id: str, limit: int) -> list[LoggedScaling]:
    """The latest entries of a pool, latest first."""
    query = (
        select(scaling_events)
        .where(scaling_events.c.company_id == company_id, scaling_events.c.pool_id == pool_id)
        .order_by(scaling_events.c.event_id.desc())
        .limit(limit)
    )
    return [
        LoggedScaling(row.happened_at, ScalingEvent(row.kind), row.actor, row.detail)
        for row in connection.execute(query)
    ]


def situation_of(
    connection: Connection,
    company_id: str,
    scaling: Scaling,
    found: Rhythm | None,
    days: Sequence[ComingDay],
    now: Millis,
) -> Situation:
    """How the pool stands.

    Committed are its numbers, those in quarantine too, and whatever else is paid for this month: what it had and
    gave up in it, what it gave up before and the carrier still has, what auto-scale bought for it in it and is
    elsewhere now, and orders without a clear answer.
    A number without a price counts as what the owner says that one costs.
    """
    rows = _numbers_of(connection, company_id, scaling.pool_id, now)
    usual = scaling.limits.number_cents
    ours = [row for row in rows if row.pool_id == scaling.pool_id and row.released_at is None]
    settled = _events_at(connection, company_id, [row.number_id for row in ours])
    resting = sorted(
        (settled.given_up[row.number_id], row.number_id)
        for row in ours
        if row.status == NumberStatus.QUARANTINED and row.number_id in settled.given_up
    )
    paused = [row.number_id for row in ours if row.status == NumberStatus.PAUSED]
    coming = _coming(connection, company_id, scaling.pool_id)
    days_apart = quarantine_days(connection, company_id)
    return Situation(
        now=now,
        shown=[
            Member(
                row.number_id,
                max(row.created_at, settled.settled.get(row.number_id, 0)),
                row.left_at,
                row.live_session_id is not None,
            )
            for row in ours
            if row.status == NumberStatus.ACTIVE
        ],
        paused=len(paused),
        awaited=len(settled.untouched & set(paused)),
        coming=coming,
        given_up=[number_id for at, number_id in reversed(resting) if now < quarantine_ends_at(at, days_apart)],
        rested=[number_id for at, number_id in resting if now >= quarantine_ends_at(at, days_apart)],
        given_up_at=max(settled.given_up.values(), default=0),
        committed_cents=sum(usual if row.monthly_cents is None else row.monthly_cents for row in rows)
        + coming * usual,
        needed=[day.needed for day in days],
        days_seen=found.days if found else 0.0,
    )


@dataclass(frozen=True, slots=True)
class _Moments:
    """When numbers were last activated or assigned; when auto-scale gave them up, if nothing came after; and which
    are as they were bought."""

    settled: Mapping[str, Millis]
    given_up: Mapping[str, Millis]
    untouched: Set[str]


def _numbers_of(connection: Connection, company_id: str, pool_id: str, now: Millis) -> Sequence[Any]:
    """The pool's numbers, those it lost this month, and those bought for it this month that are elsewhere."""
    bought = select(number_orders.c.number_id).where(
        number_orders.c.company_id == company_id,
        number_orders.c.actor == AUTO_SCALE,
        number_orders.c.state == OrderState.BOUGHT.value,
        number_orders.c.created_at > now - PAID_FOR,
        number_orders.c.order_key.startswith(order_prefix(pool_id)),
    )
    query = select(
        numbers.c.number_id,
        numbers.c.pool_id,
        numbers.c.status,
        numbers.c.live_session_id,
        numbers.c.left_at,
        numbers.c.created_at,
        numbers.c.released_at,
        numbers.c.monthly_cents,
    ).where(
        numbers.c.company_id == company_id,
        or_(numbers.c.pool_id == pool_id, numbers.c.number_id.in_(bought)),
        or_(
            numbers.c.released_at.is_(None),
            numbers.c.released_at > now - PAID_FOR,
            numbers.c.number_id.in_(not_back_yet(company_id)),
        ),
    )
    return connection.execute(query).all()


def _events_at(connection: Connection, company_id: str, number_ids: Sequence[str]) -> _Moments:
    query = (
        select(number_events.c.number_id, number_events.c.kind, number_events.c.actor, number_events.c.happened_at)
        .where(
            number_events.c.company_id == company_id,
            number_events.c.number_id.in_(number_ids),
            number_events.c.kind.in_(_MOVES),
        )
        .order_by(number_events.c.event_id)
    )
    settled: dict[str, Millis] = {}
    given_up: dict[str, Millis] = {}
    latest: dict[str, str] = {}
    for row in connection.execute(query):
        latest[row.number_id] = row.kind
        given_up.pop(row.number_id, None)
        if row.kind in _SETTLES:
            settled[row.number_id] = row.happened_at
        elif row.kind == NumberEvent.QUARANTINED and row.actor == AUTO_SCALE:
            given_up[row.number_id] = row.happened_at
    untouched = {number_id for number_id, kind in latest.items() if kind == NumberEvent.BOUGHT}
    return _Moments(settled, given_up, untouched)


def _coming(connection: Connection, company_id: str, pool_id: str) -> int:
    query = select(func.count()).where(
        number_orders.c.company_id == company_id,
        number_orders.c.state == OrderState.ORDERING.value,
        number_orders.c.purpose["pool_id"].as_string() == pool_id,
    )
    return connection.execute(query).scalar_one()


def order_prefix(pool_id: str) -> str:
    """How the keys of auto-scale's orders for the pool begin."""
    return f"{AUTO_SCALE}/{pool_id}/"


def _told(connection: Connection, company_id: str, pool_id: str, **values: object) -> None:
    row = (pool_scaling.c.company_id == company_id, pool_scaling.c.pool_id == pool_id)
    connection.execute(update(pool_scaling).where(*row).values(**values))
