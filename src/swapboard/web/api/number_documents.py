"""A tracking number as the API tells it, and what is sent to add or change one."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from swapboard.clock import iso
from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.listing import NumberRecord
from swapboard.web.api.desk import Desk
from swapboard.web.api.fields import (
    Cents,
    Change,
    Day,
    E164Text,
    Message,
    Moment,
    PhoneText,
    RefId,
    WebAddress,
    Word,
    moment,
    one_of_two,
)
from swapboard.web.short_links import short_address

MOST_AT_ONCE = 1_000


class Purpose(Message):
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


class NewNumberMessage(Purpose):
    """A number you own already, to add."""

    number: PhoneText


class NewNumbersMessage(Purpose):
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
