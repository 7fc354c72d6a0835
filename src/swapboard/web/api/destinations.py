"""`/api/v1/destinations`: whom to tell of calls and forms, and what counts for each."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.base import DestinationKind
from swapboard.conversions.destinations.installed import UnknownDestination, destination_kind
from swapboard.conversions.destinations.request import Unreached
from swapboard.conversions.outbox import Outcome, Result
from swapboard.conversions.store import (
    MOST_DESTINATIONS,
    DestinationRecord,
    add_destination,
    change_destination,
    destination_by_id,
    destination_to_change,
    list_destinations,
    remove_destination,
)
from swapboard.switchboard.destination_access import NoAccess, chosen_grant, usable_grants
from swapboard.switchboard.destination_settings import SettingFault, check_events, made_for, sealed, to_show
from swapboard.switchboard.platform_sign_in import lent, without_access
from swapboard.switchboard.renewing import REFRESH
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.destination_documents import (
    DestinationChange,
    DestinationDocument,
    NewDestination,
    RuleDocument,
    document,
)
from swapboard.web.api.fields import ListQuery, PageDocument, found
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/destinations", tags=[Resource.DESTINATIONS], route_class=ApiRoute)


class TestDocument(BaseModel):
    """Whether the settings work."""

    works: bool
    words: str


@router.get("", summary="List destinations, oldest first")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[DestinationDocument]:
    """A page of destinations."""
    page = await desk.read(
        lambda connection: list_destinations(connection, desk.company_id, query.limit, query.cursor)
    )
    return PageDocument(data=[document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=DestinationDocument, summary="Make a destination")
async def create(new: NewDestination, desk: ToCreate) -> Response:
    """It is told of what happens from now on. Its settings are looked at, not tried: see `/test`."""
    kind = kind_of(new.kind)
    rule = _rule(kind, new.rule)

    def write(connection: Connection) -> DestinationDocument:
        given = {**new.settings, **_lent(connection, desk, kind, new.grant_id)}
        settings, credentials, made = _sealed(desk, kind, given)
        record = DestinationRecord(
            destination_id=desk.new_id(),
            company_id=desk.company_id,
            kind=new.kind,
            name=new.name,
            settings=settings,
            credentials=credentials,
            rule=rule,
            is_on=new.is_on,
            created_at=desk.now,
            grant_id=new.grant_id,
        )
        if len(list_destinations(connection, desk.company_id).rows) >= MOST_DESTINATIONS:
            raise conflict("too_many", f"There are {MOST_DESTINATIONS} destinations already; remove one first.")
        add_destination(connection, record)
        return document(record, made)

    return await desk.create(write)


@router.get("/{destination_id}", summary="One destination")
async def get(destination_id: str, desk: AtDesk) -> DestinationDocument:
    """The destination with this id."""
    return document(await desk.read(lambda connection: the_destination(connection, desk, destination_id)))


@router.patch("/{destination_id}", summary="Change a destination")
async def change(destination_id: str, message: DestinationChange, desk: AtDesk) -> DestinationDocument:
    """Change what is given. What waits in the outbox is told in the new way."""

    def write(connection: Connection) -> DestinationDocument:
        record, made = _changed(connection, to_change(connection, desk, destination_id), message, desk)
        change_destination(connection, record)
        return document(record, made)

    return await desk.change(write)


@router.delete("/{destination_id}", status_code=204, summary="Remove a destination")
async def remove(destination_id: str, desk: AtDesk) -> None:
    """It is told nothing more; what it was told is forgotten here."""

    def write(connection: Connection) -> None:
        the_destination(connection, desk, destination_id)
        remove_destination(connection, desk.company_id, destination_id)

    await desk.change(write)


@router.post("/{destination_id}/test", summary="Try a destination's settings")
async def test(destination_id: str, desk: AtDesk) -> TestDocument:
    """Asks the platform; no conversion is left there."""
    record = await desk.read(lambda connection: the_destination(connection, desk, destination_id))
    try:
        result = await desk.exchange.deliverer.test(record)
    except (Unreached, ValueError) as error:
        result = Result(Outcome.FAILED, str(error))
    return TestDocument(works=result.outcome is Outcome.TAKEN, words=result.words)


def kind_of(kind: str) -> DestinationKind:
    """The kind with this name. Raises Problem (422)."""
    try:
        return destination_kind(kind)
    except UnknownDestination as error:
        raise invalid("kind", str(error)) from None


def _lent(connection: Connection, desk: Desk, kind: DestinationKind, grant_id: str | None) -> Mapping[str, str]:
    """What the access fills in. Raises Problem (422) for one that is not the company's, or not for this."""
    if grant_id is None:
        return {}
    try:
        grant = chosen_grant(usable_grants(connection, desk.company_id, kind), kind, grant_id)
    except NoAccess as error:
        raise invalid("grant_id", str(error)) from None
    return lent(grant, kind, desk.exchange.vault)


def _sealed(
    desk: Desk, kind: DestinationKind, given: Mapping[str, str], before: DestinationRecord | None = None
) -> tuple[Mapping[str, str], str, Mapping[str, str]]:
    """What may be shown, the sealed secrets, and those that were made. Raises Problem (422)."""
    vault = desk.exchange.vault
    try:
        made = made_for(kind, given, vault, before)
        return *sealed(kind, {**given, **made}, vault, before), to_show(kind, made)
    except SettingFault as fault:
        raise invalid(["settings", fault.name] if fault.name else "settings", str(fault)) from None


def _rule(kind: DestinationKind, wanted: RuleDocument) -> Rule:
    try:
        rule = Rule(**wanted.model_dump())
        check_events(kind, rule)
    except SettingFault as fault:
        raise invalid(["rule", fault.name], str(fault)) from None
    except ValueError as error:
        raise invalid("rule", str(error)) from None
    return rule


def _changed(
    connection: Connection, record: DestinationRecord, message: DestinationChange, desk: Desk
) -> tuple[DestinationRecord, Mapping[str, str]]:
    """The record as it becomes, and the secrets that were made."""
    given = message.model_fields_set
    made: Mapping[str, str] = {}
    if "name" in given:
        record = replace(record, name=message.name)
    if "is_on" in given:
        record = replace(record, is_on=message.is_on)
    if "rule" in given:
        record = replace(record, rule=_rule(kind_of(record.kind), message.rule))
    if given & {"settings", "grant_id"}:
        typed, kind = message.settings if "settings" in given else record.settings, kind_of(record.kind)
        # Who types a token in does not want the one from signing in to come instead.
        kept = None if REFRESH in typed else record.grant_id
        grant_id = message.grant_id if "grant_id" in given else kept
        # Always as the access has it: its secret goes nowhere else, whatever was typed in.
        lent_ones = _lent(connection, desk, kind, grant_id)
        settings, credentials, made = _sealed(desk, kind, {**typed, **lent_ones}, record)
        has_left = record.grant_id is not None and grant_id is None and not typed.get(REFRESH)
        record = replace(record, settings=settings, credentials=credentials, grant_id=grant_id)
        record = without_access(record, desk.exchange.vault) if has_left else record
    return record, made


def the_destination(connection: Connection, desk: Desk, destination_id: str) -> DestinationRecord:
    """The company's destination. Raises Problem (404)."""
    return found(destination_by_id(connection, desk.company_id, destination_id), "destination")


def to_change(connection: Connection, desk: Desk, destination_id: str) -> DestinationRecord:
    """The same, which nobody else changes meanwhile."""
    return found(destination_to_change(connection, desk.company_id, destination_id), "destination")
