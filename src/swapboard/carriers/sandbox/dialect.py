"""A carrier's language, as its phone network speaks it to our doors: who rings whom, the network knows itself."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from swapboard.carriers.sandbox.verbs import Dial, Gather, Record, Redirect, Target, Verb
from swapboard.clock import Millis


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request to one of our doors, before it is written and signed."""

    url: str
    parameters: Mapping[str, object]
    method: str = "POST"
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    """The same whenever the request is sent again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes on the wire."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the door said."""

    url: str
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class OwnSide:
    """The caller's side of a call, as it is now."""

    call_ref: str
    sender: str
    """The caller's number as the carrier shows it; empty for the carrier's way to show a withheld one."""
    dialled: str
    """The number that was called, as the carrier shows it."""
    status: str
    """`ringing`, `in-progress`, or how it ended: `completed`, `busy`, `no-answer`, `failed`, `canceled`."""
    voice_url: str
    status_url: str
    began_at: Millis
    now: Millis
    taken_at: Millis | None = None
    attestation: str = ""
    """`A`, `B` or `C` of a call whose number was vouched for (STIR/SHAKEN); empty when nobody did."""
    caller_name: str = ""
    """The name to the number (CNAM), where the account pays for it."""


@dataclass(frozen=True, slots=True)
class FarSide:
    """One number that is rung for the caller, as it is now."""

    leg_ref: str
    number: str
    sender: str
    """The number that is shown to whoever is rung; empty when withheld."""
    status: str
    """`queued`, `initiated`, `ringing`, `in-progress`, or how it ended."""
    talk_seconds: int
    joined: bool
    """The caller talks, or talked, to it."""
    began_at: Millis
    answered_at: Millis | None
    sequence: int
    """How many callbacks told of this leg before."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Something that was recorded."""

    recording_ref: str
    seconds: int
    is_message: bool = False


class Dialect(Protocol):
    """How one account's carrier writes, signs and reads.

    A telling that the carrier does not know is None: then nothing is sent.
    """

    @property
    def account_ref(self) -> str:
        """The account, for the network."""

    def new_ref(self, kind: str) -> str:
        """A fresh id of a `call`, a `leg` or a `recording`."""

    def sent(self, webhook: Webhook, now: Millis) -> Sent:
        """The request as the carrier writes and signs it."""

    def verbs(self, answer: Answer) -> tuple[Verb, ...]:
        """What the document makes the network do. Raises DocumentProblem for what is not documented."""

    def arrival(self, own: OwnSide) -> Webhook:
        """The question what to do with a new call."""

    def redirected(self, own: OwnSide, redirect: Redirect) -> Webhook:
        """The question that a document sends the call on to."""

    def keyed(self, own: OwnSide, leg: FarSide | None, gather: Gather, keys: str) -> Webhook:
        """The keys that were pressed, by the caller or on a leg; maybe none."""

    def message_left(self, own: OwnSide, record: Record, recording: Recording) -> Webhook | None:
        """The end of the message that the caller left; they hung up after it."""

    def dial_ended(self, own: OwnSide, dial: Dial, leg: FarSide) -> Webhook | None:
        """The end of the dialling: the leg that was answered, else the first."""

    def leg_asks(self, own: OwnSide, leg: FarSide, target: Target) -> Webhook | None:
        """The question what whoever answered is to hear before they are joined."""

    def leg_is(self, own: OwnSide, leg: FarSide, target: Target, event: str) -> Webhook | None:
        """The news of a leg: `initiated`, `ringing`, `answered`, `connected` or `completed`."""

    def recorded(self, own: OwnSide, url: str, recording: Recording, *, is_message: bool) -> Webhook | None:
        """The news that a recording is ready."""

    def ended(self, own: OwnSide, seconds: int) -> Webhook | None:
        """The news that the caller's side is over; it was connected for so long."""

    def asked_again(self, url: str, failed: Webhook, is_delivered: bool) -> Webhook:
        """The fallback's question, after this one had no document that could be carried out."""
