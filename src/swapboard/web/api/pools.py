"""`/api/v1/pools`: numbers that are leased, one to a session, in place of one target."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.numbers.arrivals import rhythm_now
from swapboard.numbers.inventory import NumberKind, add_pool, change_pool, is_pool_name_taken, remove_pool
from swapboard.numbers.listing import PoolRecord, list_pools, number_by_id, pool_by_id, pool_has_numbers
from swapboard.numbers.rhythm import week_ahead
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.rules import Overflow, Pool
from swapboard.numbers.scaling import Limit, Limits, decide, faults
from swapboard.numbers.scaling_store import Scaling, scalings, set_scaling, situation_of
from swapboard.numbers.sizing import MOST_NUMBERS
from swapboard.numbers.target_listing import target_by_id
from swapboard.switchboard.scaling import look_soon
from swapboard.web.api.coming_days import DayDocument, coming_day
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, ListQuery, Message, Moment, Name, PageDocument, RefId, found, moment
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/pools", tags=[Resource.POOLS], route_class=ApiRoute)


class NewPool(Message):
    """An empty pool to make; numbers are added at /numbers."""

    name: Name
    target_id: RefId = Field(description="The swap target in whose place its numbers stand.")
    overflow: Overflow = Field(
        Overflow.CHANNEL_STATIC,
        description="What a visit sees when every number is in use: its channel's static number (else the "
        "fallback), the fallback number, or the original.",
    )
    fallback_number_id: RefId | None = Field(None, description="A static number of the same target.")


class PoolChange(Change):
    """What to change; a field that is left out stays."""

    name: Name = ""
    overflow: Overflow = Overflow.ORIGINAL
    fallback_number_id: RefId | None = None


class PoolNumbersDocument(BaseModel):
    """How many numbers the pool has: active ones, those that a session shows now, and paused ones."""

    active: int
    live: int
    paused: int


class PoolDocument(BaseModel):
    """A pool."""

    id: str
    company_id: str
    name: str
    target_id: str
    overflow: Overflow
    fallback_number_id: str | None
    numbers: PoolNumbersDocument
    created_at: Moment


class AutoScaleChange(Change):
    """What auto-scale may do with a pool; what is left out stays. The first time all limits are needed."""

    on: bool = False
    floor: int = Field(1, ge=1, le=MOST_NUMBERS, description="It never gives up what would leave fewer.")
    ceiling: int = Field(1, ge=1, le=MOST_NUMBERS, description="It never buys more.")
    budget_cents: int = Field(
        1, ge=1, le=2**31 - 1, description="What the pool's numbers may cost a month together."
    )
    number_cents: int = Field(1, ge=1, le=2**31 - 1, description="What a number costs a month at the carrier.")


class AutoScaleDocument(BaseModel):
    """A pool's auto-scale; the limits are null until they are set."""

    on: bool
    floor: int | None
    ceiling: int | None
    budget_cents: int | None
    number_cents: int | None
    committed_cents: int = Field(description="What is paid for the pool this month.")
    needed: int | None = Field(description="What the busiest of the next days needs; null while not known.")
    held_by: Limit | None = Field(description="What keeps the pool smaller than it should be.")
    trouble: str | None = Field(description="Why the last try failed, in the carrier's words.")
    retry_at: Moment | None
    days: list[DayDocument] = Field(description="The coming week; empty while too little is known.")


@router.get("", summary="List pools")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[PoolDocument]:
    """A page of pools, oldest first."""
    page = await desk.read(lambda connection: list_pools(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(pool) for pool in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=PoolDocument, summary="Make a pool")
async def create(new: NewPool, desk: ToCreate) -> Response:
    """The pool is empty: add numbers to it next. No two pools of a company have one name."""
    pool = PoolRecord(
        pool_id=desk.new_id(),
        company_id=desk.company_id,
        target_id=new.target_id,
        name=new.name,
        overflow=new.overflow,
        fallback_number_id=new.fallback_number_id,
        created_at=desk.now,
        active=0,
        live=0,
        paused=0,
    )

    def write(connection: Connection) -> PoolDocument:
        if target_by_id(connection, desk.company_id, pool.target_id) is None:
            raise invalid("target_id", "There is no such swap target.")
        _check_name(connection, pool)
        _check_fallback(connection, pool)
        add_pool(connection, desk.company_id, _pool(pool), pool.name, desk.now)
        return _document(pool)

    return await desk.create(write)


@router.get("/{pool_id}", summary="One pool")
async def get(pool_id: str, desk: AtDesk) -> PoolDocument:
    """The pool with this id."""
    return _document(await desk.read(lambda connection: _found(connection, desk, pool_id)))


@router.patch("/{pool_id}", summary="Change a pool")
async def change(pool_id: str, message: PoolChange, desk: AtDesk) -> PoolDocument:
    """Change what is given; the rest stays."""

    def write(connection: Connection) -> PoolDocument:
        given = message.model_dump(include=message.model_fields_set)
        known = _found(connection, desk, pool_id)
        changed = replace(known, **given)
        if changed.name != known.name:
            _check_name(connection, changed)
        _check_fallback(connection, changed)
        change_pool(connection, desk.company_id, _pool(changed), changed.name)
        return _document(changed)

    return await desk.change(write)


@router.delete("/{pool_id}", status_code=204, summary="Remove a pool")
async def remove(pool_id: str, desk: AtDesk) -> None:
    """Only when it has no numbers and no rule gives it any more."""

    def write(connection: Connection) -> None:
        _found(connection, desk, pool_id)
        if pool_has_numbers(connection, desk.company_id, pool_id):
            raise conflict("in_use", "This pool still has numbers; release those first.")
        for record in rules_in_order(connection, desk.company_id):
            if record.rule.pool_id == pool_id:
                raise conflict("in_use", f"The rule {record.rule.name!r} gives this pool; change that rule first.")
        remove_pool(connection, desk.company_id, pool_id)

    await desk.change(write)


@router.get("/{pool_id}/auto-scale", summary="A pool's auto-scale")
async def get_auto_scale(pool_id: str, desk: AtDesk) -> AutoScaleDocument:
    """How it is set, and what it thinks that the coming week needs."""
    return await desk.read(lambda connection: _auto_scale(connection, desk, pool_id))


@router.patch("/{pool_id}/auto-scale", summary="Set a pool's auto-scale")
async def set_auto_scale(pool_id: str, message: AutoScaleChange, desk: AtDesk) -> AutoScaleDocument:
    """On, it buys numbers, which costs money, and gives up surplus ones. It looks within a minute."""
    given = message.model_dump(include=message.model_fields_set)

    def write(connection: Connection) -> AutoScaleDocument:
        _found(connection, desk, pool_id)
        if given:
            known = scalings(connection, desk.company_id).get(pool_id)
            is_on, limits = _changed_limits(known, given)
            set_scaling(connection, desk.company_id, pool_id, is_on, limits, desk.caller.known_as, desk.now)
            look_soon(connection, desk.company_id, desk.now)
        return _auto_scale(connection, desk, pool_id)

    return await desk.change(write)


def _check_name(connection: Connection, pool: PoolRecord) -> None:
    """Raises Problem (409)."""
    if is_pool_name_taken(connection, pool.company_id, pool.name):
        said = f"There is a pool {pool.name!r} already; reports tell pools apart by their names."
        raise conflict("name_taken", said)


def _changed_limits(known: Scaling | None, given: Mapping[str, Any]) -> tuple[bool, Limits]:
    """Raises Problem (422)."""
    wanted: dict[str, Any] = {"on": known.is_on, **asdict(known.limits)} if known else {"on": False}
    wanted |= given
    for name in ("floor", "ceiling", "budget_cents"):
        if name not in wanted:
            raise invalid(name, "This is needed, as auto-scale was never set for this pool.")
    is_on = wanted.pop("on")
    limits = Limits(**wanted)
    if wrong := faults(limits):
        raise invalid("ceiling", wrong[0])
    return is_on, limits


def _auto_scale(connection: Connection, desk: Desk, pool_id: str) -> AutoScaleDocument:
    pool = _found(connection, desk, pool_id)
    found = rhythm_now(connection, desk.company_id, pool_id, desk.now)
    ahead = week_ahead(found, desk.now, desk.company.time_zone) if found else []
    known = scalings(connection, desk.company_id).get(pool_id)
    scaling = known or Scaling(pool_id, False, Limits(1, max(1, pool.active), 1))
    situation = situation_of(connection, desk.company_id, scaling, found, ahead, desk.now)
    decision = decide(scaling.limits, situation)
    return AutoScaleDocument(
        on=scaling.is_on,
        floor=scaling.limits.floor if known else None,
        ceiling=scaling.limits.ceiling if known else None,
        budget_cents=scaling.limits.budget_cents if known else None,
        number_cents=scaling.limits.number_cents if known else None,
        committed_cents=situation.committed_cents,
        needed=decision.needed or None,
        held_by=decision.held_by if known else None,
        trouble=scaling.trouble,
        retry_at=moment(scaling.retry_at),
        days=[coming_day(day) for day in ahead],
    )


def _check_fallback(connection: Connection, pool: PoolRecord) -> None:
    """Raises Problem (422) when the fallback is missing or could not be shown."""
    if pool.fallback_number_id is None:
        if pool.overflow is Overflow.FALLBACK:
            raise invalid("fallback_number_id", "Name the static number that visits see when the pool is empty.")
        return
    number = number_by_id(connection, pool.company_id, pool.fallback_number_id)
    if number is None or number.kind is not NumberKind.STATIC or number.released_at is not None:
        raise invalid("fallback_number_id", "Name one of your static numbers.")
    if number.target_id != pool.target_id:
        raise invalid("fallback_number_id", "Name a static number that stands for the same swap target.")


def _found(connection: Connection, desk: Desk, pool_id: str) -> PoolRecord:
    return found(pool_by_id(connection, desk.company_id, pool_id), "pool")


def _pool(record: PoolRecord) -> Pool:
    return Pool(record.pool_id, record.target_id, record.overflow, record.fallback_number_id)


def _document(pool: PoolRecord) -> PoolDocument:
    return PoolDocument(
        id=pool.pool_id,
        company_id=pool.company_id,
        name=pool.name,
        target_id=pool.target_id,
        overflow=pool.overflow,
        fallback_number_id=pool.fallback_number_id,
        numbers=PoolNumbersDocument(active=pool.active, live=pool.live, paused=pool.paused),
        created_at=iso(pool.created_at),
    )
