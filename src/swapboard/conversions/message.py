"""What a destination is to be told next of a contact, given what it was told before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from swapboard.amount import typed_amount
from swapboard.clock import Millis
from swapboard.conversions.contact import Contact
from swapboard.conversions.conversion import Finding
from swapboard.conversions.event import Event


class Saying(StrEnum):
    """What is said of a contact."""

    CONVERT = "convert"
    """It is a conversion."""
    RESTATE = "restate"
    """It is one that is worth something else than was said."""
    RETRACT = "retract"
    """It is none after all."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was last put in the outbox for a destination about a contact."""

    conversion_id: str
    counts: bool
    value_cents: int | None


@dataclass(frozen=True, slots=True)
class Teller:
    """The company whose call or form it is."""

    company_id: str = ""
    name: str = ""
    time_zone: str = "UTC"
    language: str | None = None
    """Of what people are to read; None for English."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell one destination; the same message has the same id however often it is sent."""

    saying: Saying | Event
    conversion_id: str
    """The conversion's own name there, for every message about it: transaction id, order id, event id.
    Of an event the call's."""
    value_cents: int | None
    currency: str
    """ISO 4217."""
    contact: Contact
    said_at: Millis
    """When it was put in the outbox."""
    delivery_id: str = ""
    """The message's own name; the outbox gives it."""
    company: Teller = field(default_factory=Teller)
    details: Mapping[str, str | int | float | None] = field(default_factory=dict)
    """What else there is to say of an event: which recording, what the call was credited to before."""
    link: str = ""
    """Where people look at it; whoever sends it knows."""

    @property
    def worth(self) -> str:
        """For people to read: `1250.50 EUR`, or `1250 JPY`; empty where it is worth nothing known."""
        if self.value_cents is None:
            return ""
        return f"{typed_amount(self.value_cents, self.currency)} {self.currency}"


def next_saying(said: Said | None, finding: Finding) -> Saying | None:
    """What must be said now; None when the destination knows it all."""
    if said is None or not said.counts:
        return Saying.CONVERT if finding.counts else None
    if not finding.counts:
        return Saying.RETRACT
    return Saying.RESTATE if finding.value_cents != said.value_cents else None
