"""A call or a form with all that a conversion says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from swapboard.clock import Millis
from swapboard.leads.lead import ContactKind

GOES_ON = frozenset(("ringing", "in_progress"))
"""The statuses of a call that is not over (`calls/call.py`): what destinations know of calls is words."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The visit that a contact is credited to, as it was when it is told."""

    session_id: str | None
    visitor_id: str | None
    started_at: Millis | None
    channel: str | None
    source: str | None
    medium: str | None
    campaign: str | None
    keyword: str | None
    landing_page: str | None
    click_ids: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What is known of a call beside whether it counts, as it was when it was told; numbers are E.164."""

    status: str
    tracking_number: str | None
    destination: str | None
    caller_name: str | None
    caller_place: str | None
    answered_at: Millis | None
    ended_at: Millis | None
    ring_seconds: int | None
    voicemail_seconds: int | None
    referrer: str | None = None

    @property
    def is_over(self) -> bool:
        """True also where nobody told us of its end."""
        return self.status not in GOES_ON


@dataclass(frozen=True, slots=True)
class Contact:
    """One call, or one form that was sent."""

    kind: ContactKind
    contact_id: str
    lead_id: str | None
    happened_at: Millis
    """When the call came in, or the form was sent."""
    phone: str | None
    """The caller's number, E.164; None when withheld."""
    email: str | None
    origin: Origin
    confidence: float | None
    """How sure it is that the visit made the contact; None where no visit did."""
    answered: bool = True
    talk_seconds: int = 0
    is_first: bool = True
    """The caller had not called before."""
    qualified: bool | None = None
    tags: tuple[str, ...] = ()
    value_cents: int | None = None
    """What somebody said that it was worth: at the keypad, or in the dashboard."""
    is_spam: bool = False
    call: CallFacts | None = None
    """None of a form."""
    name: str | None = None
    """Theirs: the caller's as the carrier tells it, or as the form says."""


def without_visit(contact: Contact) -> Contact:
    """What is said of the contact, but for whose visit it was."""
    origin = replace(contact.origin, visitor_id=None, click_ids={}, cookies={}, user_agent=None)
    origin = replace(origin, landing_page=_path(origin.landing_page))
    call = replace(contact.call, referrer=_path(contact.call.referrer)) if contact.call else None
    return replace(contact, origin=origin, call=call)


def without_person(contact: Contact) -> Contact:
    """What is said of the contact, but for who called or sent the form."""
    call = replace(contact.call, caller_name=None) if contact.call else None
    return replace(contact, phone=None, email=None, name=None, call=call)


def _path(address: str | None) -> str | None:
    return address.partition("?")[0] if address else address
