"""What the sandbox's phone network is asked to do, and what it says of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from swapboard.carriers.sandbox.dialect import Dialect

LONGEST_TALK_SECONDS = 24 * 60 * 60
LONGEST_RING_SECONDS = 600
MOST_DUPLICATES = 10
LONGEST_MESSAGE_SECONDS = 600
KEYS = "0123456789*#"
MOST_KEYS = 64
LOSE_ALL = "all"
"""In place of a status callback's name: every one."""


class DialOutcome(StrEnum):
    """How the dialled side takes a call, in Twilio's words."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"
    """The caller hangs up while it rings."""


class CallState(StrEnum):
    """Where a call in the network is."""

    DIALLING = "dialling"
    RINGING = "ringing"
    TALKING = "talking"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Line:
    """A number in service, the doors that answer it, and the account whose language they speak."""

    number: str
    voice_url: str
    status_url: str
    dialect: Dialect
    fallback_url: str | None = None
    message_url: str = ""


@dataclass(frozen=True, slots=True)
class DialRequest:
    """A caller, and how the call will go. Raises ValueError for an outcome or a length that is none."""

    to: str
    caller: str | None
    """E.164; None for a withheld number."""
    talk_seconds: int = 60
    outcome: str | tuple[str, ...] = DialOutcome.ANSWERED
    """Of several, one for each dialling in turn; the last for all others."""
    ring_seconds: float = 2
    hold_seconds: float | None = None
    """How long the talk lasts by the clock, whatever is reported; None for as long as talk_seconds."""
    duplicates: int = 0
    """How many more times each webhook is sent."""
    shuffle: bool = False
    """Hold the status callbacks back and send them at the end, in no order."""
    press: str = ""
    """The keys the caller presses, as they are asked for; a dot is a question that gets none."""
    message_seconds: int = 10
    """How long a message the caller leaves where there is a mailbox; 0 for none."""
    agent_press: str = "1"
    """The key that whoever answers presses when asked for one."""
    of_number: Mapping[str, str] = field(default_factory=dict)
    """The outcome by the number that is rung, where it differs; who answers first of several, it says in order."""
    leaves_after_seconds: float | None = None
    """When the caller hangs up, whatever happens."""
    lost: frozenset[str] = frozenset()
    """Which callbacks never come: `initiated`, `ringing`, `answered`, `completed`, `ended`, `recorded`."""
    late_seconds: float = 0
    """How long after the call's end its status callbacks come."""
    shown_caller: str | None = None
    """How the carrier writes the caller's number, where not as E.164."""
    shown_dialled: str | None = None
    """How the carrier writes the dialled number, where not as E.164."""
    attestation: str = ""
    """`A`, `B` or `C`: the caller's number was vouched for."""
    caller_name: str = ""

    def outcome_of(self, dialling: int, number: str) -> DialOutcome:
        """How the n-th dialling (from 0) goes at this number."""
        if number in self.of_number:
            return DialOutcome(self.of_number[number])
        outcomes = (self.outcome,) if isinstance(self.outcome, str) else self.outcome
        return DialOutcome(outcomes[min(dialling, len(outcomes) - 1)])

    def __post_init__(self) -> None:
        for outcome in (self.outcome,) if isinstance(self.outcome, str) else self.outcome:
            DialOutcome(outcome)
        if not self.outcome:
            raise ValueError("outcome must name at least one outcome.")
        for keys in (self.press, self.agent_press):
            if not set(keys) <= set(f"{KEYS}.") or len(keys) > MOST_KEYS:
                raise ValueError(f"Keys are 0 to 9, * and #, and a dot for none; {keys[:40]!r} is not that.")
        _check("message_seconds", self.message_seconds, LONGEST_MESSAGE_SECONDS)
        _check("talk_seconds", self.talk_seconds, LONGEST_TALK_SECONDS)
        _check("ring_seconds", self.ring_seconds, LONGEST_RING_SECONDS)
        _check("hold_seconds", self.hold_seconds or 0, LONGEST_TALK_SECONDS)
        _check("late_seconds", self.late_seconds, LONGEST_TALK_SECONDS)
        for outcome in self.of_number.values():
            DialOutcome(outcome)
        _check("duplicates", self.duplicates, MOST_DUPLICATES)


@dataclass(frozen=True, slots=True)
class LegResult:
    """One number that was rung."""

    leg_ref: str
    number: str
    status: str
    talk_seconds: int
    joined: bool = False
    """Whether the caller talked to it: whoever answers may be asked first, and decline."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a call went; `completed` says that our doors carried it to its end."""

    call_ref: str
    completed: bool
    status: str
    """The caller's side at the end, in Twilio's words."""
    legs: tuple[LegResult, ...]
    problem: str | None
    """What our doors did wrong, if they did."""
    heard: tuple[str, ...] = ()
    """What the caller was told, in texts and audio files."""


class NotInService(LookupError):
    """Nobody has the number that was dialled."""

    def __init__(self, number: str) -> None:
        super().__init__(f"The number {number} is not in service: it is no tracking number of a sandbox carrier.")
        self.number = number


class UnknownCall(LookupError):
    """The network knows of no such call, or no longer."""

    def __init__(self, call_ref: str) -> None:
        super().__init__(f"The phone network knows no call {call_ref[:40]!r}.")


def _check(name: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise ValueError(f"{name} must be between 0 and {most}, not {value}.")
