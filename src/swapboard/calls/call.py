"""A call, its legs, and the events that carriers tell of them."""

from dataclasses import dataclass, field
from enum import StrEnum

from swapboard.clock import Millis


class Status(StrEnum):
    """Where a call is, or how it ended."""

    RINGING = "ringing"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    MISSED = "missed"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    FAILED = "failed"
    BLOCKED = "blocked"
    ABANDONED = "abandoned"
    """The caller left before anybody's phone rang: in the greeting, or in a menu."""


GOES_ON = frozenset((Status.RINGING, Status.IN_PROGRESS))


class EventKind(StrEnum):
    """What a carrier can tell of a call, and what we told the carrier to do."""

    ARRIVED = "arrived"
    LEG_STARTED = "leg_started"
    LEG_RINGING = "leg_ringing"
    LEG_ANSWERED = "leg_answered"
    LEG_ASKS = "leg_asks"
    """Somebody answered a leg; the carrier asks what they are to hear before they are joined."""
    LEG_KEYS = "leg_keys"
    """They pressed a key, or let the time for it pass."""
    LEG_LEFT = "leg_left"
    """The caller has hung up; whoever talked to them is still on the line."""
    LEG_ENDED = "leg_ended"
    DIAL_ENDED = "dial_ended"
    KEYS = "keys"
    """The caller pressed keys, or let the time for them pass."""
    MESSAGE = "message"
    """The caller left a message, or none."""
    RECORDED = "recorded"
    """A recording of a talk or a message is ready."""
    ROUTED = "routed"
    """Our own doing: the step of the flow that the carrier was given."""
    CALL_ENDED = "call_ended"
    GIVEN_UP = "given_up"
    """No carrier tells this: we never heard the call's end, and do not wait for it any more (`silence.py`)."""
    FORGOTTEN = "forgotten"
    """Our own doing: the caller wanted to be forgotten, also by what is told of the call later (`nameless.py`)."""


QUESTIONS = frozenset(
    (
        EventKind.ARRIVED,
        EventKind.DIAL_ENDED,
        EventKind.KEYS,
        EventKind.MESSAGE,
        EventKind.LEG_ASKS,
        EventKind.LEG_KEYS,
        EventKind.LEG_LEFT,
    )
)
"""What a carrier waits for an answer to."""


class Outcome(StrEnum):
    """How a leg, or the dialling of all legs, ended."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Facts:
    """What an event says beside that it happened; whatever the carrier left out is None."""

    dialled: str | None = None
    """The tracking number, E.164."""
    caller: str | None = None
    """E.164; None when withheld."""
    withheld: bool = False
    caller_name: str | None = None
    attestation: str | None = None
    """`A`, `B` or `C`: how far the caller's own carrier vouches for the number; None if it does not."""
    leg_number: str | None = None
    """The number this leg rings, E.164."""
    outcome: Outcome | None = None
    talk_seconds: int | None = None
    """How long the caller and the answering side were joined."""
    screened: bool = False
    """Whoever answers this leg must press a key first: that it was answered says nothing yet."""
    joined_leg: str | None = None
    """The leg that the caller was joined with: of a dialling's end, or of the leg's own news."""
    goes_on: bool = False
    """Of a dialling's end: the flow has more for the caller."""
    keys: str | None = None
    message_seconds: int | None = None
    """How long a message the caller left."""
    recording_ref: str | None = None
    """The carrier's own name for the recording."""
    step: str | None = None
    """Of what we told the carrier: the kind of step (`calls/step.py`)."""
    path: tuple[str, ...] = ()
    """The flow's steps that led there."""
    is_heard: bool = False
    """The caller hears something of ours in it: a greeting, a menu."""
    tags: tuple[str, ...] = ()
    qualified: bool | None = None
    value_cents: int | None = None


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One thing that happened to a call, in no carrier's own words.

    `leg_ref` is empty for the caller's own side. (call_ref, leg_ref, kind, sequence) is the event's identity:
    a repeated webhook gives an equal one, whatever its moment.
    """

    call_ref: str
    leg_ref: str
    kind: EventKind
    sequence: int
    happened_at: Millis
    facts: Facts = field(default_factory=Facts)

    @property
    def identity(self) -> tuple[str, str, EventKind, int]:
        return self.call_ref, self.leg_ref, self.kind, self.sequence


class LegStatus(StrEnum):
    """Where a leg is, or how it ended."""

    STARTED = "started"
    RINGING = "ringing"
    TALKING = "talking"
    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Leg:
    """One attempt to reach somebody for the caller."""

    leg_ref: str
    number: str | None
    status: LegStatus
    started_at: Millis
    answered_at: Millis | None
    ended_at: Millis | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call as its events tell it."""

    call_ref: str
    status: Status
    tracking_number: str | None
    caller: str | None
    withheld: bool
    caller_name: str | None
    destination: str | None
    """The number that was rung for the caller: the leg that answered, else the first."""
    started_at: Millis
    answered_at: Millis | None
    ended_at: Millis | None
    """None while it goes on, and of a call that is over though we never heard its end."""
    ring_seconds: int | None
    talk_seconds: int | None
    legs: tuple[Leg, ...]
    greeting_seconds: int | None = 0
    """How long the caller listened to us, to greetings and menus, before a phone rang."""
    voicemail_seconds: int | None = None
    """How long a message the caller left; None without one."""
    recording_ref: str | None = None
    """The carrier's own name for the recording of the talk, or of the message."""
    path: tuple[str, ...] = ()
    """The steps of the flow that the call went through."""
    attestation: str | None = None
    """`A`, `B` or `C`: how far the caller's own carrier vouches for the number; None if it does not."""

    @property
    def is_over(self) -> bool:
        """True also where nobody told us of its end."""
        return self.status not in GOES_ON
