"""CallRail's answers (API v3), as far as we take them; fields that we do not know are left alone.

Ids are texts with a prefix (`TRK…`, `COM…`) or, in older exports, numbers: both are kept as text.
Source: https://apidocs.callrail.com.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Id = Annotated[str, BeforeValidator(str)]


def _listed(value: object) -> object:
    return [] if value is None else value


def _source(value: object) -> object:
    """Session trackers say `"all"` where others have an object."""
    return {"type": value} if isinstance(value, str) else value


Texts = Annotated[Sequence[str], BeforeValidator(_listed)]


class Shape(BaseModel):
    """A JSON object of theirs."""

    model_config = ConfigDict(extra="allow", frozen=True)


class Owner(Shape):
    """The company as a tracker or a call names it."""

    id: Id
    name: str = ""


class Company(Shape):
    """An entry of `companies`."""

    id: Id
    name: str = ""
    status: str = "active"
    time_zone: str | None = None


class CallFlow(Shape):
    """What a tracker does with a call; only where it rings is taken."""

    type: str = "basic"
    destination_number: str | None = None
    recording_enabled: bool = False
    greeting_text: str | None = None


class Source(Shape):
    """When a tracker's number is shown; `type` decides what else is there."""

    type: str = "all"

    def words(self, *names: str) -> str:
        """The first of the fields that has a text."""
        told: dict[str, Any] = self.model_extra or {}
        return next((str(told[name]) for name in names if told.get(name)), "")


class PoolNumbers(Shape):
    """What kind of numbers a session tracker's pool was made of."""

    area_code: str | None = None
    local: str | None = None
    toll_free: bool | None = None


class Tracker(Shape):
    """An entry of `trackers`: one number for a source, or a pool for sessions."""

    id: Id
    name: str = ""
    type: str = "source"
    status: str = "active"
    company: Owner | None = None
    company_id: Id | None = None
    source: Annotated[
        Source, BeforeValidator(lambda value: {"type": value} if isinstance(value, str) else value)
    ] = Field(default_factory=Source)
    destination_number: str | None = None
    tracking_numbers: Texts = ()
    tracking_number: str | None = None
    swap_targets: Texts = ()
    call_flow: CallFlow | None = None
    whisper_message: str | None = None
    sms_enabled: bool = False
    campaign_name: str | None = None
    pool_size: int | None = None
    pool_numbers: PoolNumbers | None = None
    disabled_at: str | None = None

    @property
    def owner(self) -> str | None:
        """The id of its company."""
        return self.company.id if self.company else self.company_id

    @property
    def numbers(self) -> Sequence[str]:
        """Its numbers, whichever way they are told."""
        return self.tracking_numbers or ([self.tracking_number] if self.tracking_number else [])

    @property
    def destination(self) -> str | None:
        """Where its calls ring."""
        return (self.call_flow.destination_number if self.call_flow else None) or self.destination_number

    @property
    def is_active(self) -> bool:
        return self.status == "active" and self.disabled_at is None
