"""A destination as the API says and takes it."""

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Annotated

from pydantic import BaseModel, Field

from swapboard.clock import iso
from swapboard.conversions.conversion import MOST_SECONDS
from swapboard.conversions.event import Event
from swapboard.conversions.store import DestinationRecord
from swapboard.web.api.fields import Change, Message, Moment, Name, RefId, moment

Settings = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=4_000)]],
    Field(max_length=30, description="What `GET /destinations/kinds` asks for; secrets are never given back."),
]
Cents = Annotated[int, Field(ge=0, le=10**12)]
Granted = Annotated[
    RefId | None,
    Field(
        description="The access (`/grants`) that fills in the settings of signing in, where the kind has them; "
        "with null, its token goes, and the app's ID and secret stay."
    ),
]
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
    is_dry_run: Annotated[
        bool, Field(description="Nothing is sent: what would be stands at `/conversions`, with the exact request.")
    ] = False


class NewDestination(Message):
    """A destination to make."""

    kind: Annotated[str, Field(max_length=60, description="One of `GET /destinations/kinds`.")]
    name: Name
    settings: Settings
    rule: RuleDocument = RuleDocument()
    is_on: bool = True
    grant_id: Granted = None


class DestinationChange(Change):
    """What to change; a field that is left out stays, and so does a secret that is left out of `settings`."""

    name: Name = ""
    settings: Settings = Field(default_factory=dict)
    rule: RuleDocument = RuleDocument()
    is_on: bool = True
    grant_id: Granted = None


class DestinationDocument(BaseModel):
    """A destination, and how it has been lately."""

    id: str
    company_id: str
    kind: str
    name: str
    settings: dict[str, str]
    rule: RuleDocument
    is_on: bool
    grant_id: str | None
    created_at: Moment
    failures: int = Field(description="In a row.")
    left_alone_until: Moment | None = Field(description="After many failures nothing is sent for a while.")
    trouble: str | None = Field(description="The platform's own words to what failed last.")
    alerted_at: Moment | None = Field(description="Since when its owner knows that it fails.")
    made: dict[str, str] = Field(
        default_factory=dict, description="Secrets that were made just now, by their labels: shown only this once."
    )


def document(record: DestinationRecord, made: Mapping[str, str] = MappingProxyType({})) -> DestinationDocument:
    return DestinationDocument(
        id=record.destination_id,
        company_id=record.company_id,
        kind=record.kind,
        name=record.name,
        settings=dict(record.settings),
        rule=RuleDocument(**asdict(record.rule)),
        is_on=record.is_on,
        grant_id=record.grant_id,
        created_at=iso(record.created_at),
        failures=record.circuit.failures,
        left_alone_until=moment(record.circuit.closed_until or None),
        trouble=record.trouble,
        alerted_at=moment(record.alerted_at),
        made=dict(made),
    )
