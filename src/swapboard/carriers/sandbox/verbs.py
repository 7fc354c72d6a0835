"""What a carrier's document makes its phone network do, in no carrier's own words: each dialect reads its own."""

from dataclasses import dataclass
from typing import TypeAlias

WORDS_A_SECOND = 2.5
FILE_SECONDS = 5.0
"""How long an audio file lasts, of which the sandbox knows only the address."""


class DocumentProblem(ValueError):
    """The document is none that the carrier would carry out; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A number to ring, and who wants to hear of it."""

    number: str
    status_url: str | None
    status_method: str
    events: frozenset[str]
    asked_url: str | None = None
    """Where to ask, once somebody answers, what they are to hear before they are joined."""
    asked_method: str = "POST"
    key: str = ""
    """The key that whoever answers must press after what they heard, where the carrier itself waits for it."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring the targets, join the first that answers."""

    targets: tuple[Target, ...]
    timeout_seconds: int
    answer_on_bridge: bool
    """The caller hears the ringing itself, and is not taken before somebody answers."""
    action: str | None
    method: str
    caller_id: str | None
    recorded_url: str | None = None
    """Who wants to hear of the talk's recording; None when it is not recorded."""
    ends_call: bool = False
    """The call is over with the talk: whoever was called hangs up for both."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The caller listens, for so long."""

    seconds: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Gather:
    """Wait for keys while the caller listens, and for so long after."""

    words: tuple[Wait, ...]
    most_keys: int
    end_key: str
    timeout_seconds: int
    even_without: bool
    """Ask the action even if no key is pressed; else the next verb is carried out."""
    action: str
    method: str


@dataclass(frozen=True, slots=True)
class Record:
    """Record what the caller says; with nothing said, the next verb is carried out."""

    longest_seconds: int
    action: str
    method: str
    recorded_url: str | None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Ask there what to do next."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not take the call."""

    status: str


Verb: TypeAlias = Dial | Wait | Gather | Record | Redirect | Hangup | Reject


def spoken(text: str) -> Wait:
    """The time that it takes to say this."""
    return Wait(len(text.split()) / WORDS_A_SECOND, text)
