"""`/api/v1/carriers`: the company's accounts at phone carriers."""

from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.calls.carrier_accounts import (
    MOST_CARRIERS,
    CarrierRecord,
    carrier_by_id,
    change_carrier,
    is_used,
    list_carriers,
    remove_carrier,
)
from swapboard.calls.store import add_carrier
from swapboard.carriers.base import CarrierKind, Door, Links
from swapboard.carriers.installed import UnknownCarrier, rings_by_line, usable
from swapboard.clock import iso
from swapboard.switchboard.carrier_settings import CredentialFault, sealed_credentials, shown_credentials
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, Message, Moment, Name, PageDocument, found
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/carriers", tags=[Resource.CARRIERS], route_class=ApiRoute)

Credentials = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=4_000)]],
    Field(max_length=30, description="What `GET /carriers/kinds` asks for; secrets are never given back."),
]


class NewCarrier(Message):
    """An account to connect."""

    kind: Annotated[str, Field(max_length=60, description="One of `GET /carriers/kinds`.")]
    name: Name
    credentials: Credentials


class CarrierChange(Change):
    """What to change; a secret that is left out of `credentials` stays as it is."""

    name: Name = ""
    credentials: Credentials = Field(default_factory=dict)


class CarrierDocument(BaseModel):
    """An account at a carrier."""

    id: str
    company_id: str
    kind: str
    name: str
    credentials: dict[str, str] = Field(description="Without the secrets.")
    voice_url: str | None = Field(
        description="Where the carrier asks what to do with a call (POST); null where calls come over a line."
    )
    status_url: str | None = Field(
        description="Where it tells how a call goes on (POST); null where calls come over a line."
    )
    created_at: Moment


class CredentialDocument(BaseModel):
    """One thing that a carrier's account needs."""

    name: str
    label: str
    hint: str
    secret: bool
    required: bool
    choices: list[str]
    """What can be given; empty where anything can."""


class CarrierKindDocument(BaseModel):
    """A carrier that can be connected."""

    kind: str
    name: str
    credentials: list[CredentialDocument]


@router.get("", summary="List carriers, oldest first")
async def list_(desk: AtDesk) -> PageDocument[CarrierDocument]:
    """All accounts."""
    known = await desk.read(lambda connection: list_carriers(connection, desk.company_id))
    return PageDocument(data=[_document(desk, each) for each in known], next_cursor=None)


@router.get("/kinds", summary="Which carriers there are, and what they need")
async def kinds(desk: AtDesk) -> PageDocument[CarrierKindDocument]:
    """Every carrier whose adapter is installed."""
    return PageDocument(data=[_kind_document(*each) for each in usable().items()], next_cursor=None)


@router.post("", status_code=201, response_model=CarrierDocument, summary="Connect a carrier")
async def create(new: NewCarrier, desk: ToCreate) -> Response:
    """The credentials are looked at, not tried. Give the carrier the two addresses of the answer, if any."""
    credentials = _sealed(desk, new.kind, new.credentials)
    record = CarrierRecord(desk.new_id(), desk.company_id, new.kind, new.name, credentials, desk.now)

    def write(connection: Connection) -> CarrierDocument:
        if len(list_carriers(connection, desk.company_id)) >= MOST_CARRIERS:
            raise conflict("too_many", f"There are {MOST_CARRIERS} carriers already; remove one first.")
        add_carrier(
            connection, desk.company_id, record.carrier_id, new.kind, new.name, credentials, record.created_at
        )
        return _document(desk, record)

    return await desk.create(write)


@router.get("/{carrier_id}", summary="One carrier")
async def get(carrier_id: str, desk: AtDesk) -> CarrierDocument:
    """The account with this id."""
    return _document(desk, await desk.read(lambda connection: _found(connection, desk, carrier_id)))


@router.patch("/{carrier_id}", summary="Change a carrier")
async def change(carrier_id: str, message: CarrierChange, desk: AtDesk) -> CarrierDocument:
    """Its name, or its credentials. An account's kind stays what it was."""

    def write(connection: Connection) -> CarrierDocument:
        record = _found(connection, desk, carrier_id)
        if "name" in message.model_fields_set:
            record = replace(record, name=message.name)
        if "credentials" in message.model_fields_set:
            sealed = _sealed(desk, record.kind, message.credentials, record.credentials)
            record = replace(record, credentials=sealed)
        change_carrier(connection, record)
        return _document(desk, record)

    return await desk.change(write)


@router.delete("/{carrier_id}", status_code=204, summary="Remove a carrier")
async def remove(carrier_id: str, desk: AtDesk) -> None:
    """Only one that no number, order or call belongs to: what was told of calls is kept."""

    def write(connection: Connection) -> None:
        _found(connection, desk, carrier_id)
        if is_used(connection, desk.company_id, carrier_id):
            raise conflict("in_use", "Numbers or calls belong to this carrier, so it stays.")
        remove_carrier(connection, desk.company_id, carrier_id)

    await desk.change(write)


def _sealed(desk: Desk, kind: str, given: dict[str, str], kept: str = "") -> str:
    try:
        return sealed_credentials(kind, given, desk.exchange.vault, kept)
    except UnknownCarrier as error:
        raise invalid("kind", str(error)) from None
    except CredentialFault as fault:
        raise invalid(["credentials", fault.name] if fault.name else "credentials", str(fault)) from None


def _found(connection: Connection, desk: Desk, carrier_id: str) -> CarrierRecord:
    return found(carrier_by_id(connection, desk.company_id, carrier_id), "carrier")


def _document(desk: Desk, record: CarrierRecord) -> CarrierDocument:
    links = Links(desk.exchange.settings.public_url, record.carrier_id)
    has_doors = not rings_by_line(record.kind)
    return CarrierDocument(
        id=record.carrier_id,
        company_id=record.company_id,
        kind=record.kind,
        name=record.name,
        credentials=_shown(desk, record),
        voice_url=links.door(Door.VOICE) if has_doors else None,
        status_url=links.door(Door.STATUS) if has_doors else None,
        created_at=iso(record.created_at),
    )


def _shown(desk: Desk, record: CarrierRecord) -> dict[str, str]:
    """Nothing of an account whose adapter is not installed any more."""
    try:
        return dict(shown_credentials(record.kind, record.credentials, desk.exchange.vault)[0])
    except UnknownCarrier:
        return {}


def _kind_document(kind: str, known: CarrierKind) -> CarrierKindDocument:
    asked = [CredentialDocument(**asdict(field)) for field in known.credential_fields]
    return CarrierKindDocument(kind=kind, name=known.name, credentials=asked)
