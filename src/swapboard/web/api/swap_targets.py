"""`/api/v1/swap-targets`: the business numbers that stand on the site and get replaced."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.numbers.inventory import add_target, change_target, remove_target
from swapboard.numbers.listing import owned_among
from swapboard.numbers.rules import SwapTarget
from swapboard.numbers.target_listing import (
    TargetRecord,
    list_targets,
    sharing_with,
    target_by_id,
    target_by_number,
    target_is_used,
)
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import (
    Change,
    E164Text,
    ListQuery,
    Message,
    Moment,
    Name,
    PageDocument,
    PhoneText,
    RefId,
    found,
    phone,
)
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/swap-targets", tags=[Resource.SWAP_TARGETS], route_class=ApiRoute)


class NewTarget(Message):
    """A business number to replace."""

    number: PhoneText
    destination: PhoneText | None = Field(None, description="Where its calls go; the number itself if left out.")
    name: Name | None = Field(None, description="What you call it; the number if left out.")
    shares_with: RefId | None = Field(
        None,
        description="Another swap target whose number it shows: one lease for both, ringing where that does.",
    )


class TargetChange(Change):
    """What to change; a field that is left out stays."""

    number: PhoneText = ""
    destination: PhoneText = ""
    name: Name = ""
    shares_with: RefId | None = None


class TargetDocument(BaseModel):
    """A business number, and where calls to the numbers shown in its place go."""

    id: str
    company_id: str
    number: E164Text
    destination: E164Text
    name: str
    shares_with: str | None
    created_at: Moment


@router.get("", summary="List swap targets")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[TargetDocument]:
    """A page of swap targets, oldest first."""
    page = await desk.read(lambda connection: list_targets(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(target) for target in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=TargetDocument, summary="Add a swap target")
async def create(new: NewTarget, desk: ToCreate) -> Response:
    """A number may be a target once."""
    number = phone(new.number, desk.company.country, "number")
    destination = phone(new.destination, desk.company.country, "destination") if new.destination else number
    name, target_id = new.name or number, desk.new_id()
    target = TargetRecord(target_id, desk.company_id, number, destination, name, desk.now, new.shares_with)

    def write(connection: Connection) -> TargetDocument:
        _check(connection, target)
        add_target(connection, desk.company_id, _target(target), target.name, desk.now)
        return _document(target)

    return await desk.create(write)


@router.get("/{target_id}", summary="One swap target")
async def get(target_id: str, desk: AtDesk) -> TargetDocument:
    """The swap target with this id."""
    return _document(await desk.read(lambda connection: _found(connection, desk, target_id)))


@router.patch("/{target_id}", summary="Change a swap target")
async def change(target_id: str, message: TargetChange, desk: AtDesk) -> TargetDocument:
    """Change what is given; the rest stays."""

    def write(connection: Connection) -> TargetDocument:
        known = _found(connection, desk, target_id)
        country, given = desk.company.country, message.model_fields_set
        number = phone(message.number, country, "number") if "number" in given else known.number
        # One that nobody gave a name is called by its number.
        name = number if known.name == known.number else known.name
        changed = TargetRecord(
            target_id=target_id,
            company_id=desk.company_id,
            number=number,
            destination=phone(message.destination, country, "destination")
            if "destination" in given
            else known.destination,
            name=message.name if "name" in given else name,
            created_at=known.created_at,
            shares_with=message.shares_with if "shares_with" in given else known.shares_with,
        )
        _check(connection, changed)
        change_target(connection, desk.company_id, _target(changed), changed.name)
        return _document(changed)

    return await desk.change(write)


@router.delete("/{target_id}", status_code=204, summary="Remove a swap target")
async def remove(target_id: str, desk: AtDesk) -> None:
    """Only when no pool and no number stands in its place any more."""

    def write(connection: Connection) -> None:
        _found(connection, desk, target_id)
        if target_is_used(connection, desk.company_id, target_id):
            raise conflict("in_use", "Pools or numbers still stand in place of this number; remove those first.")
        remove_target(connection, desk.company_id, target_id)

    await desk.change(write)


def _check(connection: Connection, target: TargetRecord) -> None:
    """The number is free, and neither it nor where its calls go is a tracking number. Raises Problem."""
    other = target_by_number(connection, target.company_id, target.number)
    if other and other.target_id != target.target_id:
        raise conflict("number_taken", f"{target.number} is a swap target already: {other.name}.")
    owned = owned_among(connection, target.company_id, [target.number, target.destination])
    for field, number in (("number", target.number), ("destination", target.destination)):
        if number in owned:
            raise invalid(field, f"{number} is one of your tracking numbers; write a number that people answer.")
    if target.shares_with is not None:
        lender = target_by_id(connection, target.company_id, target.shares_with)
        if lender is None or lender.shares_with is not None or lender.target_id == target.target_id:
            raise invalid("shares_with", "Name another swap target, one that shows a number of its own.")
        if other := sharing_with(connection, target.company_id, target.target_id):
            raise conflict("in_use", f"{other.name} shows the number of this one; change that swap target first.")


def _found(connection: Connection, desk: Desk, target_id: str) -> TargetRecord:
    return found(target_by_id(connection, desk.company_id, target_id), "swap target")


def _target(record: TargetRecord) -> SwapTarget:
    return SwapTarget(record.target_id, record.number, record.destination, record.shares_with)


def _document(target: TargetRecord) -> TargetDocument:
    return TargetDocument(
        id=target.target_id,
        company_id=target.company_id,
        number=target.number,
        destination=target.destination,
        name=target.name,
        shares_with=target.shares_with,
        created_at=iso(target.created_at),
    )
