"""`/api/v1/numbers`: tracking numbers, singly or in bulk, for a pool or standing for one placement.

Numbers are never lost: one that is deleted is released, and stays on record with the calls it brought.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Annotated, Literal, TypeAlias

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.calls.store import carrier_accounts
from swapboard.clock import iso
from swapboard.numbers.acting import release as give_up
from swapboard.numbers.inventory import (
    NewNumber,
    NumberKind,
    NumberStatus,
    add_numbers,
    change_number,
)
from swapboard.numbers.listing import (
    NumberFilter,
    NumberRecord,
    answering_among,
    list_numbers,
    number_by_id,
    numbers_by_id,
    owned_among,
    pool_by_id,
    pools_with_fallback,
    rules_in_order,
    target_by_id,
)
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.placements import free_code
from swapboard.numbers.running_days import fault_of_days
from swapboard.visits.channel import in_its_spelling
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import (
    Cents,
    Change,
    Day,
    E164Text,
    ListQuery,
    Message,
    Moment,
    PageDocument,
    PhoneText,
    RefId,
    WebAddress,
    Word,
    found,
    moment,
    one_of_two,
    phone,
)
from swapboard.web.api.problem import Fault, Problem, conflict, invalid, invalid_all
from swapboard.web.api.route import ApiRoute
from swapboard.web.short_links import short_address

router = APIRouter(prefix="/numbers", tags=[Resource.NUMBERS], route_class=ApiRoute)

Path: TypeAlias = tuple[str | int, ...]

MOST_AT_ONCE = 1_000
_STANDS_FOR = ("placement", "channel", "source", "medium", "campaign", "placement_cents", "starts_on", "ends_on")


class _Purpose(Message):
    """What new numbers are for: `pool_id` for a pool, or `target_id` for static ones and what they stand for."""

    model_config = ConfigDict(json_schema_extra=one_of_two("pool_id", "target_id"))

    pool_id: RefId | None = None
    target_id: RefId | None = Field(None, description="The swap target that a static number stands for.")
    carrier_id: RefId | None = Field(None, description="The carrier account that the number is at.")
    placement: Word | None = Field(None, description="Where a static number stands: a billboard, a flyer.")
    channel: Word | None = Field(None, description="What calls to a static number are credited to.")
    source: Word | None = None
    medium: Word | None = None
    campaign: Word | None = None
    monthly_cents: Cents | None = Field(None, description="What the carrier charges for it a month.")
    placement_cents: Cents | None = Field(None, description="What a static number's placement costs in all.")
    starts_on: Day | None = Field(None, description="A placement's first day.")
    ends_on: Day | None = None


class NewNumberMessage(_Purpose):
    """A number you own already, to add."""

    number: PhoneText


class NewNumbersMessage(_Purpose):
    """Numbers you own already, to add: all of them, or none if one cannot be."""

    numbers: list[PhoneText] = Field(
        min_length=1, max_length=MOST_AT_ONCE, json_schema_extra={"uniqueItems": True}
    )


class NumberChangeMessage(Change):
    """What to change; a field that is left out stays. All but the status are a static number's."""

    status: Literal["active", "paused"] = "active"
    target_id: RefId = ""
    placement: Word | None = None
    channel: Word | None = None
    source: Word | None = None
    medium: Word | None = None
    campaign: Word | None = None
    monthly_cents: Cents | None = None
    placement_cents: Cents | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    short_url: WebAddress | None = Field(None, description="The page that its short link opens.")


class NumberDocument(BaseModel):
    """A tracking number."""

    id: str
    company_id: str
    number: E164Text
    kind: NumberKind
    status: NumberStatus
    pool_id: str | None
    target_id: str | None
    carrier_id: str | None
    placement: str | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    session_id: str | None = Field(description="The session that shows a pool number now.")
    left_at: Moment | None = Field(description="When the last session that showed it left.")
    created_at: Moment
    released_at: Moment | None
    quarantined_at: Moment | None
    monthly_cents: int | None
    placement_cents: int | None
    starts_on: str | None
    ends_on: str | None
    short_link: str | None = Field(description="Opens `short_url` with the placement's source.")
    short_url: str | None


class NumbersDocument(BaseModel):
    """The numbers that were added."""

    data: list[NumberDocument]


class NumberQuery(ListQuery):
    """Which numbers; without a status, all but released ones."""

    status: NumberStatus | None = None
    kind: NumberKind | None = None
    pool_id: RefId | None = None
    number: PhoneText | None = None


@router.get("", summary="List tracking numbers")
async def list_(query: Annotated[NumberQuery, Query()], desk: AtDesk) -> PageDocument[NumberDocument]:
    """A page of tracking numbers, oldest first."""
    number = phone(query.number, desk.company.country, "number", "query") if query.number else None
    wanted = NumberFilter(query.status, query.kind, query.pool_id, number)
    page = await desk.read(
        lambda connection: list_numbers(connection, desk.company_id, wanted, query.limit, query.cursor)
    )
    return PageDocument(data=[document(each, desk) for each in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=NumberDocument, summary="Add a tracking number")
async def create(new: NewNumberMessage, desk: ToCreate) -> Response:
    """Adds a number you own already; nothing is ordered."""
    number = phone(new.number, desk.company.country, "number")
    return await desk.create(lambda connection: _add(connection, desk, new, [number], _at_number)[0])


@router.post("/bulk", status_code=201, response_model=NumbersDocument, summary="Add many tracking numbers")
async def create_many(new: NewNumbersMessage, desk: ToCreate) -> Response:
    """Adds numbers you own already, all or none."""
    country = desk.company.country
    numbers = [phone(text, country, ("numbers", index)) for index, text in enumerate(new.numbers)]
    twice = [index for index, number in enumerate(numbers) if numbers.index(number) != index]
    if twice:
        raise invalid_all([Fault("body", _at_numbers(index), "This number stands here twice.") for index in twice])
    return await desk.create(
        lambda connection: NumbersDocument(data=_add(connection, desk, new, numbers, _at_numbers))
    )


@router.get("/{number_id}", summary="One tracking number")
async def get(number_id: str, desk: AtDesk) -> NumberDocument:
    """The number with this id, released or not."""
    return document(await desk.read(lambda connection: _found(connection, desk, number_id)), desk)


@router.patch("/{number_id}", summary="Change a tracking number")
async def change(number_id: str, message: NumberChangeMessage, desk: AtDesk) -> NumberDocument:
    """Pause it (it still rings, but nobody new sees it), or change what it stands for."""
    return await desk.change(lambda connection: _change(connection, desk, number_id, message))


@router.delete("/{number_id}", status_code=204, summary="Release a tracking number")
async def release(number_id: str, desk: AtDesk) -> None:
    """Nobody is shown it any more, and its calls go to the default destination; its past stays.

    Once its quarantine is over its carrier gets it back: see `/numbers/returns`.
    """

    def write(connection: Connection) -> None:
        number = _found(connection, desk, number_id)
        if number.released_at is not None:
            return
        _check_unused(connection, desk, number_id)
        give_up(connection, desk.company_id, number, actor_of(desk), desk.now)
        _log(connection, desk, [number_id], NumberEvent.RELEASED)

    await desk.change(write)


def _at_number(_index: int) -> Path:
    return ("number",)


def _at_numbers(index: int) -> Path:
    return ("numbers", index)


def _add(
    connection: Connection, desk: Desk, purpose: _Purpose, numbers: Sequence[str], at: Callable[[int], Path]
) -> list[NumberDocument]:
    _check_purpose(connection, desk, purpose)
    _check_free(connection, desk, numbers, at)
    new = [
        NewNumber(
            number_id=desk.new_id(),
            number=number,
            kind=NumberKind.POOL if purpose.pool_id else NumberKind.STATIC,
            created_at=desk.now,
            pool_id=purpose.pool_id,
            target_id=purpose.target_id,
            carrier_id=purpose.carrier_id,
            placement=purpose.placement,
            channel=in_its_spelling(purpose.channel),
            source=purpose.source,
            medium=purpose.medium,
            campaign=purpose.campaign,
            monthly_cents=purpose.monthly_cents,
            placement_cents=purpose.placement_cents,
            starts_on=purpose.starts_on,
            ends_on=purpose.ends_on,
        )
        for number in numbers
    ]
    add_numbers(connection, desk.company_id, new)
    _log(connection, desk, [each.number_id for each in new], NumberEvent.ADDED)
    added = numbers_by_id(connection, desk.company_id, [each.number_id for each in new])
    return [document(each, desk) for each in added]


def _check_purpose(connection: Connection, desk: Desk, purpose: _Purpose) -> None:
    """Raises Problem (422) unless it is a pool of ours, or a target of ours and what the number stands for."""
    if (purpose.pool_id is None) == (purpose.target_id is None):
        raise invalid("pool_id", "Give either pool_id (a pool number) or target_id (a static number).")
    if purpose.pool_id:
        if pool_by_id(connection, desk.company_id, purpose.pool_id) is None:
            raise invalid("pool_id", "There is no such pool.")
        _refuse_for_pool({name for name in _STANDS_FOR if getattr(purpose, name) is not None})
    elif target_by_id(connection, desk.company_id, purpose.target_id or "") is None:
        raise invalid("target_id", "There is no such swap target.")
    if purpose.carrier_id:
        accounts = {row.carrier_id for row in carrier_accounts(connection, desk.company_id)}
        if purpose.carrier_id not in accounts:
            raise invalid("carrier_id", "There is no such carrier account.")
    _check_days(purpose.starts_on, purpose.ends_on)


def _check_free(connection: Connection, desk: Desk, numbers: Sequence[str], at: Callable[[int], Path]) -> None:
    """Raises Problem: 409 when the company has one of them already, 422 for one that people answer."""
    answering = answering_among(connection, desk.company_id, numbers)
    loops = [index for index, number in enumerate(numbers) if number in answering]
    if loops:
        detail = "Your calls go to this number; it cannot be a tracking number too, or calls would go in circles."
        raise invalid_all([Fault("body", at(index), detail) for index in loops])
    owned = owned_among(connection, desk.company_id, numbers)
    taken = [
        Fault("body", at(index), f"{number} is here already.")
        for index, number in enumerate(numbers)
        if number in owned
    ]
    if taken:
        raise Problem(409, "number_taken", "Some of these numbers are here already.", taken)


def _change(connection: Connection, desk: Desk, number_id: str, message: NumberChangeMessage) -> NumberDocument:
    known = _found(connection, desk, number_id)
    if known.released_at is not None:
        raise conflict("released", "This number was released; add it again if it is yours once more.")
    given = message.model_dump(include=message.model_fields_set)
    if known.kind is NumberKind.POOL:
        _refuse_for_pool(given.keys() - {"status", "monthly_cents"})
    if "target_id" in given:
        _check_target(connection, desk, known, message.target_id)
    if "channel" in given:
        given["channel"] = in_its_spelling(message.channel)
    if "status" in given:
        given["status"] = _status(known, NumberStatus(message.status))
    if given.get("short_url") and known.short_code is None:
        given["short_code"] = free_code(connection)
    changed = replace(known, **given)
    _check_days(changed.starts_on, changed.ends_on)
    change_number(connection, desk.company_id, number_id, known.changed(**given))
    _log(connection, desk, [number_id], NumberEvent.CHANGED)
    return document(changed, desk)


def _check_days(starts_on: str | None, ends_on: str | None) -> None:
    if wrong := fault_of_days(starts_on, ends_on):
        raise invalid("ends_on", wrong)


def _status(number: NumberRecord, wanted: NumberStatus) -> NumberStatus:
    """Raises Problem (409) for a number in quarantine, which only /numbers/actions brings back."""
    if number.status is NumberStatus.QUARANTINED:
        raise conflict("quarantined", "This number is in quarantine; POST /numbers/actions can activate it.")
    return wanted


def _log(connection: Connection, desk: Desk, number_ids: Sequence[str], event: NumberEvent) -> None:
    log_numbers(connection, desk.company_id, number_ids, event, actor_of(desk), desk.now)


def actor_of(desk: Desk) -> str:
    """Who does it, for the numbers' log."""
    return f"API key “{desk.caller.key.name}”"


def _check_target(connection: Connection, desk: Desk, number: NumberRecord, target_id: str) -> None:
    if target_by_id(connection, desk.company_id, target_id) is None:
        raise invalid("target_id", "There is no such swap target.")
    if target_id != number.target_id:
        for pool in pools_with_fallback(connection, desk.company_id, number.number_id):
            raise conflict("in_use", f"The pool {pool!r} falls back on this number; change that pool first.")


def _check_unused(connection: Connection, desk: Desk, number_id: str) -> None:
    """Raises Problem (409) while a rule or a pool would show it."""
    for record in rules_in_order(connection, desk.company_id):
        if record.rule.number_id == number_id:
            raise conflict("in_use", f"The rule {record.rule.name!r} shows this number; change that rule first.")
    for pool in pools_with_fallback(connection, desk.company_id, number_id):
        raise conflict("in_use", f"The pool {pool!r} falls back on this number; change that pool first.")


def _refuse_for_pool(given: Collection[str]) -> None:
    """A pool number stands for whatever visit shows it. Raises Problem (422)."""
    detail = "A pool number takes this from the visit that shows it; leave it out."
    if given:
        raise invalid_all([Fault("body", [name], detail) for name in sorted(given)])


def _found(connection: Connection, desk: Desk, number_id: str) -> NumberRecord:
    return found(number_by_id(connection, desk.company_id, number_id), "number")


def document(number: NumberRecord, desk: Desk) -> NumberDocument:
    """The number as the API tells it."""
    public_url = desk.exchange.settings.public_url
    return NumberDocument(
        id=number.number_id,
        company_id=number.company_id,
        number=number.number,
        kind=number.kind,
        status=number.status,
        pool_id=number.pool_id,
        target_id=number.target_id,
        carrier_id=number.carrier_id,
        placement=number.placement,
        channel=number.channel,
        source=number.source,
        medium=number.medium,
        campaign=number.campaign,
        session_id=number.live_session_id,
        left_at=moment(number.left_at),
        created_at=iso(number.created_at),
        released_at=moment(number.released_at),
        quarantined_at=moment(number.quarantined_at),
        monthly_cents=number.monthly_cents,
        placement_cents=number.placement_cents,
        starts_on=number.starts_on,
        ends_on=number.ends_on,
        short_link=short_address(public_url, number.short_code) if number.short_code else None,
        short_url=number.short_url,
    )
