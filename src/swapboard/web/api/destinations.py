"""`/api/v1/destinations`: whom to tell of calls and forms, and what counts for each."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import from_iso, iso
from swapboard.conversions.conversion import MOST_SECONDS, Rule
from swapboard.conversions.deliveries import BADLY, HOWEVER, replay
from swapboard.conversions.destinations.base import (
    DestinationKind,
    Hearing,
    UnknownDestination,
    Unreached,
    destination_kind,
    installed,
)
from swapboard.conversions.event import Event
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
from swapboard.switchboard.destination_settings import (
    SettingFault,
    check_events,
    made_for,
    may_end,
    renewed,
    sealed,
    to_show,
)
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import (
    Change,
    Instant,
    ListQuery,
    Message,
    Moment,
    Name,
    PageDocument,
    found,
    moment,
)
from swapboard.web.api.problem import conflict, invalid
from swapboard.web.api.route import ApiRoute
from swapboard.web.feed_view import FeedView, give_password

router = APIRouter(prefix="/destinations", tags=[Resource.DESTINATIONS], route_class=ApiRoute)

Settings = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=4_000)]],
    Field(max_length=30, description="What `GET /destinations/kinds` asks for; secrets are never given back."),
]
Cents = Annotated[int, Field(ge=0, le=10**12)]
Tag = Annotated[str, Field(min_length=1, max_length=50)]


class RuleDocument(Message):
    """What counts: every condition must be met."""

    calls: bool = True
    forms: bool = True
    answered: Annotated[bool, Field(description="Only calls that were answered.")] = True
    least_talk_seconds: Annotated[int, Field(ge=0, le=MOST_SECONDS)] = 0
    first_time_only: bool = False
    qualified_only: Annotated[bool, Field(description="Only what somebody marked as a good lead.")] = False
    tags: Annotated[tuple[Tag, ...], Field(max_length=20, description="Any of them will do.")] = ()
    least_confidence: Annotated[float, Field(ge=0, le=1, description="How sure the visit must be.")] = 0.0
    value_cents: Annotated[Cents | None, Field(description="What each is worth where nothing else says so.")] = (
        None
    )
    tag_cents: dict[Tag, Cents] = Field(default_factory=dict, max_length=20, description="By tag; the highest.")
    events: Annotated[
        tuple[Event, ...],
        Field(
            max_length=len(Event), description="What else it is told of, of every call; see `hears` of its kind."
        ),
    ] = ()


class NewDestination(Message):
    """A destination to make."""

    kind: Annotated[str, Field(max_length=60, description="One of `GET /destinations/kinds`.")]
    name: Name
    settings: Settings
    rule: RuleDocument = RuleDocument()
    is_on: bool = True


class DestinationChange(Change):
    """What to change; a field that is left out stays, and so does a secret that is left out of `settings`."""

    name: Name = ""
    settings: Settings = Field(default_factory=dict)
    rule: RuleDocument = RuleDocument()
    is_on: bool = True


class DestinationDocument(BaseModel):
    """A destination, and how it has been lately."""

    id: str
    company_id: str
    kind: str
    name: str
    settings: dict[str, str]
    rule: RuleDocument
    is_on: bool
    created_at: Moment
    failures: int = Field(description="In a row.")
    left_alone_until: Moment | None = Field(description="After many failures nothing is sent for a while.")
    trouble: str | None = Field(description="The platform's own words to what failed last.")
    alerted_at: Moment | None = Field(description="Since when its owner knows that it fails.")
    made: dict[str, str] = Field(
        default_factory=dict, description="Secrets that were made just now, by their labels: shown only this once."
    )


class FieldDocument(BaseModel):
    """One thing that a destination needs to know."""

    name: str
    label: str
    hint: str
    secret: bool
    required: bool
    choices: tuple[str, ...]
    many: bool = Field(description="Any of the choices, with commas between.")
    default: str


class KindDocument(BaseModel):
    """A kind of destination."""

    kind: str
    name: str
    is_advertising: bool = Field(description="Never told of visitors who asked for privacy.")
    fields: list[FieldDocument]
    hears: tuple[Event, ...] = Field(description="What it can be told of, of every call.")


class Replay(Message):
    """What is to be sent once more: all that was said in [since, until)."""

    since: Instant
    until: Instant
    told_too: Annotated[bool, Field(description="What was told as well, and not only what failed.")] = False


class ReplayDocument(BaseModel):
    """How many messages are on their way again."""

    count: int


class FileDocument(BaseModel):
    """A file that is fetched."""

    label: str
    url: str


class FeedDocument(BaseModel):
    """What opens the files, with a password that is shown this once."""

    user: str
    password: str
    files: list[FileDocument]


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
    return PageDocument(data=[_document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.get("/kinds", summary="Which kinds there are, and what they need")
async def kinds(desk: AtDesk) -> PageDocument[KindDocument]:
    """Every kind that is installed."""
    known = [_kind_document(each, destination_kind(each)) for each in installed()]
    return PageDocument(data=known, next_cursor=None)


@router.post("", status_code=201, response_model=DestinationDocument, summary="Make a destination")
async def create(new: NewDestination, desk: ToCreate) -> Response:
    """It is told of what happens from now on. Its settings are looked at, not tried: see `/test`."""
    kind = _kind(new.kind)
    settings, credentials, made = _sealed(desk, kind, new.settings)
    record = DestinationRecord(
        destination_id=desk.new_id(),
        company_id=desk.company_id,
        kind=new.kind,
        name=new.name,
        settings=settings,
        credentials=credentials,
        rule=_rule(kind, new.rule),
        is_on=new.is_on,
        created_at=desk.now,
    )

    def write(connection: Connection) -> DestinationDocument:
        if len(list_destinations(connection, desk.company_id).rows) >= MOST_DESTINATIONS:
            raise conflict("too_many", f"There are {MOST_DESTINATIONS} destinations already; remove one first.")
        add_destination(connection, record)
        return _document(record, made)

    return await desk.create(write)


@router.get("/{destination_id}", summary="One destination")
async def get(destination_id: str, desk: AtDesk) -> DestinationDocument:
    """The destination with this id."""
    return _document(await desk.read(lambda connection: _found(connection, desk, destination_id)))


@router.patch("/{destination_id}", summary="Change a destination")
async def change(destination_id: str, message: DestinationChange, desk: AtDesk) -> DestinationDocument:
    """Change what is given. What waits in the outbox is told in the new way."""

    def write(connection: Connection) -> DestinationDocument:
        record, made = _changed(_to_change(connection, desk, destination_id), message, desk)
        change_destination(connection, record)
        return _document(record, made)

    return await desk.change(write)


@router.post("/{destination_id}/rotate", summary="Replace its signing secrets")
async def rotate(destination_id: str, desk: AtDesk) -> DestinationDocument:
    """Messages are signed with the new one and the old one side by side for seven days."""

    def write(connection: Connection) -> DestinationDocument:
        known = _to_change(connection, desk, destination_id)
        kind, vault = _kind(known.kind), desk.exchange.vault
        try:
            new = renewed(kind, known, vault, desk.now)
        except SettingFault as fault:
            raise conflict("not_ours", str(fault)) from None
        settings, credentials = sealed(kind, new, vault)
        record = replace(known, settings=settings, credentials=credentials)
        change_destination(connection, record)
        return _document(record, to_show(kind, new))

    return await desk.change(write)


async def _known(destination_id: str, desk: AtDesk) -> str:
    """Another company's destination is unknown, whatever was sent with it."""
    await desk.read(lambda connection: _found(connection, desk, destination_id))
    return destination_id


@router.post("/{destination_id}/replay", summary="Send a span of time once more")
async def replay_span(
    destination_id: Annotated[str, Depends(_known)], message: Replay, desk: AtDesk
) -> ReplayDocument:
    """What failed or was withheld, and with `told_too` what was told, goes out again under its old ids."""
    span = from_iso(message.since), from_iso(message.until)

    def write(connection: Connection) -> ReplayDocument:
        record = _found(connection, desk, destination_id)
        if message.told_too and may_end(record) is BADLY:
            raise conflict("told_already", f"{record.name} might count twice what it was told already.")
        ended = HOWEVER if message.told_too else BADLY
        return ReplayDocument(count=replay(connection, desk.company_id, destination_id, span, desk.now, ended))

    return await desk.change(write)


@router.delete("/{destination_id}", status_code=204, summary="Remove a destination")
async def remove(destination_id: str, desk: AtDesk) -> None:
    """It is told nothing more; what it was told is forgotten here."""

    def write(connection: Connection) -> None:
        _found(connection, desk, destination_id)
        remove_destination(connection, desk.company_id, destination_id)

    await desk.change(write)


@router.post("/{destination_id}/test", summary="Try a destination's settings")
async def test(destination_id: str, desk: AtDesk) -> TestDocument:
    """Asks the platform; no conversion is left there."""
    record = await desk.read(lambda connection: _found(connection, desk, destination_id))
    try:
        result = await desk.exchange.deliverer.test(record)
    except (Unreached, UnknownDestination, ValueError) as error:
        result = Result(Outcome.FAILED, str(error))
    return TestDocument(works=result.outcome is Outcome.TAKEN, words=result.words)


@router.post("/{destination_id}/password", summary="Make a new password for the files of a destination")
async def password(destination_id: str, desk: AtDesk) -> FeedDocument:
    """Of a destination that comes and fetches files. The old password opens nothing any more."""

    def write(connection: Connection) -> FeedView:
        record = _to_change(connection, desk, destination_id)
        feed = give_password(connection, desk.exchange, _kind(record.kind), record, desk.now)
        if feed is None:
            raise conflict("no_files", "This destination fetches no files.")
        return feed

    feed = await desk.change(write)
    files = [FileDocument(label=file.label, url=file.address) for file in feed.files]
    return FeedDocument(user=feed.user, password=feed.password or "", files=files)


def _kind(kind: str) -> DestinationKind:
    try:
        return destination_kind(kind)
    except UnknownDestination as error:
        raise invalid("kind", str(error)) from None


def _sealed(
    desk: Desk, kind: DestinationKind, given: Mapping[str, str], kept: str = ""
) -> tuple[Mapping[str, str], str, Mapping[str, str]]:
    """What may be shown, the sealed secrets, and those that were made. Raises Problem (422)."""
    vault = desk.exchange.vault
    try:
        made = made_for(kind, given, vault, kept)
        return *sealed(kind, {**given, **made}, vault, kept), to_show(kind, made)
    except SettingFault as fault:
        raise invalid(["settings", fault.name] if fault.name else "settings", str(fault)) from None


def _rule(kind: DestinationKind, document: RuleDocument) -> Rule:
    try:
        rule = Rule(**document.model_dump())
        check_events(kind, rule)
    except SettingFault as fault:
        raise invalid(["rule", fault.name], str(fault)) from None
    except ValueError as error:
        raise invalid("rule", str(error)) from None
    return rule


def _changed(
    record: DestinationRecord, message: DestinationChange, desk: Desk
) -> tuple[DestinationRecord, Mapping[str, str]]:
    """The record as it becomes, and the secrets that were made."""
    given = message.model_fields_set
    made: Mapping[str, str] = {}
    if "name" in given:
        record = replace(record, name=message.name)
    if "is_on" in given:
        record = replace(record, is_on=message.is_on)
    if "rule" in given:
        record = replace(record, rule=_rule(_kind(record.kind), message.rule))
    if "settings" in given:
        settings, credentials, made = _sealed(desk, _kind(record.kind), message.settings, record.credentials)
        # Who types a token in does not want the one from signing in to come instead.
        grant_id = None if "refresh_token" in message.settings else record.grant_id
        record = replace(record, settings=settings, credentials=credentials, grant_id=grant_id)
    return record, made


def _found(connection: Connection, desk: Desk, destination_id: str) -> DestinationRecord:
    return found(destination_by_id(connection, desk.company_id, destination_id), "destination")


def _to_change(connection: Connection, desk: Desk, destination_id: str) -> DestinationRecord:
    return found(destination_to_change(connection, desk.company_id, destination_id), "destination")


def _document(record: DestinationRecord, made: Mapping[str, str] = MappingProxyType({})) -> DestinationDocument:
    return DestinationDocument(
        id=record.destination_id,
        company_id=record.company_id,
        kind=record.kind,
        name=record.name,
        settings=dict(record.settings),
        rule=RuleDocument(**asdict(record.rule)),
        is_on=record.is_on,
        created_at=iso(record.created_at),
        failures=record.circuit.failures,
        left_alone_until=moment(record.circuit.closed_until or None),
        trouble=record.trouble,
        alerted_at=moment(record.alerted_at),
        made=dict(made),
    )


def _kind_document(kind: str, known: DestinationKind) -> KindDocument:
    fields = [FieldDocument.model_validate(field, from_attributes=True) for field in known.fields]
    hears = tuple(known.hears) if isinstance(known, Hearing) else ()
    return KindDocument(
        kind=kind, name=known.name, is_advertising=known.is_advertising, fields=fields, hears=hears
    )
