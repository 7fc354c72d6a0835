"""What every carrier's adapter does. Adding a carrier is one new folder and an entry point.

An adapter package offers a `CarrierKind` through the entry point group `swapboard.carriers`; opening it with a
company's credentials gives a `Carrier`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable
from urllib.parse import parse_qs, urlencode, urlsplit

from swapboard.calls.call import CallEvent
from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Step
from swapboard.clock import Millis
from swapboard.language import _


class Door(StrEnum):
    """The addresses a carrier calls us at: `/carriers/{carrier_id}/{door}`."""

    VOICE = "voice"
    STATUS = "status"
    RECORDING = "recording"
    MESSAGE = "message"


PROBE = b"Test=swapboard+doctor"
"""What the doctor sends to our own door for messages: it tells nothing, and counts as no trouble."""


@dataclass(frozen=True, slots=True)
class CarrierRequest:
    """A request from a carrier: `url` is the public one, with its query, as the carrier knows and signed it."""

    door: Door
    method: str
    url: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    received_at: Millis


@dataclass(frozen=True, slots=True)
class CarrierResponse:
    """The document that tells a carrier what to do, in its own language."""

    body: str
    media_type: str = "text/xml"


@dataclass(frozen=True, slots=True)
class Links:
    """Where the carrier shall come back to."""

    public_url: str
    carrier_id: str
    fallback: str = ""
    """Of one number: the address of its static document (GET), for when our doors do not answer; empty without."""
    fallback_of_any: str = field(default="", kw_only=True)
    """The same for any number of the account: where all of them share one address."""
    dialled: str | None = field(default=None, kw_only=True)
    """The number that was called, E.164, where a document is for a call: some carriers show no other one."""

    def door(self, door: Door, state: FlowState | None = None) -> str:
        """The address of a door, with the flow's state in its query."""
        query = "?" + urlencode({"state": state.text}) if state else ""
        return f"{self.public_url}/carriers/{self.carrier_id}/{door}{query}"


def state_in(url: str) -> FlowState:
    """The flow's state in an address that `Links` made; the state of a new call where there is none to be read."""
    if "state=" not in url:
        return FlowState()
    try:
        return FlowState.parse(parse_qs(urlsplit(url).query)["state"][0])
    except (KeyError, ValueError):
        return FlowState()


@dataclass(frozen=True, slots=True)
class OfferedNumber:
    """A number that the carrier would sell or has sold us."""

    number: str
    """E.164."""
    locality: str | None
    region: str | None
    carrier_ref: str | None = None
    """The carrier's own id, once the number is ours."""
    points_at: str | None = None
    """Where the carrier sends its calls: an address, an application; empty for nowhere, None if it tells not."""
    is_awaited: bool = False
    """It is ours and does not ring yet: the carrier waits for papers that its country asks for."""


class Fault(StrEnum):
    """Whose fault it is when a carrier does not do what it was asked."""

    REQUEST = "request"
    """What was asked for cannot be had: another number, another name may do."""
    ACCOUNT = "account"
    """The account may not: wrong credentials, no money, no permission. Its owner can mend it."""
    CARRIER = "carrier"
    """The carrier itself, or the way to it: it may pass, so trying again may help."""


class CarrierError(Exception):
    """A carrier refused or did not answer; the message holds the carrier's own words."""

    def __init__(self, message: str, fault: Fault, *, is_undone: bool = False) -> None:
        super().__init__(message)
        self.fault = fault
        self.is_undone = is_undone
        """It is sure that nothing was done: also what must not be done twice may be asked again."""

    @property
    def permanent(self) -> bool:
        """True when trying the same again will not help."""
        return self.fault is not Fault.CARRIER


class TextStopped(CarrierError):
    """The carrier knows that the recipient wrote STOP, and sends them nothing."""

    def __init__(self, message: str) -> None:
        super().__init__(message, Fault.REQUEST)


class NoCallList(CarrierError):
    """The carrier keeps no list of calls: that a call is not on it says nothing."""

    def __init__(self) -> None:
        super().__init__("There is no list of calls.", Fault.REQUEST)


class NothingRecorded(CarrierError):
    """Nothing is being recorded of the call at the moment."""

    def __init__(self, carrier: str) -> None:
        super().__init__(f"{carrier} is not recording this call at the moment.", Fault.REQUEST)


class BadCarrierRequest(ValueError):
    """A signed request that makes no sense; the message says what is missing."""


class Carrier(Protocol):
    """One company's account at a carrier."""

    def verify(self, request: CarrierRequest) -> bool:
        """True when the request's signature is the carrier's own, made for this very request."""

    def state(self, request: CarrierRequest) -> FlowState:
        """The flow's state that the carrier comes back with: `state_in` of the address, for most. Never raises."""

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """What the request tells; at the voice door, what it asks about comes first. Raises BadCarrierRequest.

        Where the first asks nothing, as the news of a leg, the door only thanks for it.

        The sequence of what answers a document of ours is its state's `told`, so that each has its own identity.
        """

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The document for a step; `state` is what the flow will be in when the carrier comes back."""

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale. Raises CarrierError."""

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number, pointed at our doors: this costs money. Raises CarrierError."""

    def owned(self, number: str) -> OfferedNumber | None:
        """The number as this account has it; None when it is not the account's. Raises CarrierError."""

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point a number we own at our doors. Raises CarrierError."""

    def release(self, carrier_ref: str) -> None:
        """Give a number back, so that it costs no more. Raises CarrierError."""

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the carrier's own call list says happened since, for what webhooks lost.

        It has those that go on, too: what is not on it is held to be over. Raises CarrierError, NoCallList.
        """

    def recording(self, recording_ref: str) -> bytes:
        """A recording's audio. Raises CarrierError."""


@runtime_checkable
class Signer(Protocol):
    """An account that can sign a request as its carrier would, so that our own doors can be tried."""

    def sign(self, request: CarrierRequest) -> Mapping[str, str]:
        """The headers that make this request, with its very body, the carrier's own for `verify`."""


@runtime_checkable
class RecordingDeleter(Protocol):
    """An account that can delete its own copy of a recording."""

    def delete_recording(self, recording_ref: str) -> None:
        """Delete it; one that is not there is deleted. Raises CarrierError."""


@runtime_checkable
class RecordingPauser(Protocol):
    """An account whose recordings can pause while a card's number is said."""

    def pause_recording(self, call_ref: str) -> None:
        """Record nothing of the call that goes on, until `resume_recording`. Raises CarrierError, NothingRecorded.

        Some carriers record the leg that was rung, and are asked for that when the call has nothing.
        """

    def resume_recording(self, call_ref: str) -> None:
        """Record again. Raises CarrierError, NothingRecorded."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text message; the numbers are E.164. Of one that came in, `ref` is the carrier's own id."""

    sender: str
    recipient: str
    body: str
    ref: str = ""


@runtime_checkable
class TextCarrier(Protocol):
    """An account that sends text messages, and tells of those that come to its numbers."""

    def send_text(self, text: Text) -> str:
        """Send it, asked once only: the carrier's id of it. Raises CarrierError, TextStopped if they want none."""

    def texts(self, request: CarrierRequest) -> Sequence[Text]:
        """What a request at the message door brings. Raises BadCarrierRequest."""


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing to ask the user for."""

    name: str
    label: str
    hint: str
    secret: bool
    required: bool = True
    choices: tuple[str, ...] = ()
    """What can be given; empty where anything can."""


def given(credentials: Mapping[str, str], name: str, words: str) -> str:
    """A credential without the blanks around it. Raises ValueError when it is missing."""
    value = credentials.get(name, "").strip()
    if not value:
        raise ValueError(_("Please give %(words)s.") % {"words": words})
    return value


class CarrierKind(Protocol):
    """A carrier's adapter, before anybody's credentials."""

    @property
    def name(self) -> str:
        """What people call the carrier."""

    @property
    def credential_fields(self) -> Sequence[CredentialField]:
        """What `open` needs."""

    def last_resort(self, step: Step) -> CarrierResponse:
        """The document for a step when nothing else works: no credentials, no link to come back to."""

    def open(self, credentials: Mapping[str, str]) -> Carrier:
        """The account with these credentials. Raises ValueError that says which one is missing or wrong."""


@runtime_checkable
class LineKind(Protocol):
    """An adapter that says whether its calls come over a line of its own; one that does not say has doors."""

    @property
    def rings_by_line(self) -> bool:
        """True when no webhook tells of its calls, so that the carrier is given no address of ours."""
