"""`/api/v1/numbers`: tracking numbers, singly or in bulk, for a pool or standing for one placement.

Numbers are never lost: one that is deleted is released, and stays on record with the calls it brought.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.numbers.acting import release as give_up
from swapboard.numbers.inventory import NumberKind, NumberStatus, change_number
from swapboard.numbers.listing import NumberFilter, NumberRecord, list_numbers, number_by_id, pools_with_fallback
from swapboard.numbers.number_log import NumberEvent
from swapboard.numbers.placements import free_code
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.target_listing import target_by_id
from swapboard.visits.channel import in_its_spelling
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import ListQuery, PageDocument, PhoneText, RefId, found, phone
from swapboard.web.api.number_adding import Path, add, check_days, note, refuse_for_pool
from swapboard.web.api.number_documents import (
    NewNumberMessage,
    NewNumbersMessage,
    NumberChangeMessage,
    NumberDocument,
    NumbersDocument,
    document,
)
from swapboard.web.api.problem import Fault, conflict, invalid, invalid_all
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/numbers", tags=[Resource.NUMBERS], route_class=ApiRoute)


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
    return await desk.create(lambda connection: add(connection, desk, new, [number], _at_number)[0])


@router.post("/bulk", status_code=201, response_model=NumbersDocument, summary="Add many tracking numbers")
async def create_many(new: NewNumbersMessage, desk: ToCreate) -> Response:
    """Adds numbers you own already, all or none."""
    country = desk.company.country
    numbers = [phone(text, country, ("numbers", index)) for index, text in enumerate(new.numbers)]
    twice = [index for index, number in enumerate(numbers) if numbers.index(number) != index]
    if twice:
        raise invalid_all([Fault("body", _at_numbers(index), "This number stands here twice.") for index in twice])
    return await desk.create(
        lambda connection: NumbersDocument(data=add(connection, desk, new, numbers, _at_numbers))
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
        give_up(connection, desk.company_id, number, desk.caller.known_as, desk.now)
        note(connection, desk, [number_id], NumberEvent.RELEASED)

    await desk.change(write)


def _at_number(_index: int) -> Path:
    return ("number",)


def _at_numbers(index: int) -> Path:
    return ("numbers", index)


def _change(connection: Connection, desk: Desk, number_id: str, message: NumberChangeMessage) -> NumberDocument:
    known = _found(connection, desk, number_id)
    if known.released_at is not None:
        raise conflict("released", "This number was released; add it again if it is yours once more.")
    given = message.model_dump(include=message.model_fields_set)
    if known.kind is NumberKind.POOL:
        refuse_for_pool(given.keys() - {"status", "monthly_cents"})
    if "target_id" in given:
        _check_target(connection, desk, known, message.target_id)
    if "channel" in given:
        given["channel"] = in_its_spelling(message.channel)
    if "status" in given:
        given["status"] = _status(known, NumberStatus(message.status))
    if given.get("short_url") and known.short_code is None:
        given["short_code"] = free_code(connection)
    changed = replace(known, **given)
    check_days(changed.starts_on, changed.ends_on)
    change_number(connection, desk.company_id, number_id, known.changed(**given))
    note(connection, desk, [number_id], NumberEvent.CHANGED)
    return document(changed, desk)


def _status(number: NumberRecord, wanted: NumberStatus) -> NumberStatus:
    """Raises Problem (409) for a number in quarantine, which only /numbers/actions brings back."""
    if number.status is NumberStatus.QUARANTINED:
        raise conflict("quarantined", "This number is in quarantine; POST /numbers/actions can activate it.")
    return wanted


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


def _found(connection: Connection, desk: Desk, number_id: str) -> NumberRecord:
    return found(number_by_id(connection, desk.company_id, number_id), "number")
