"""What a carrier is to do next with a call: words to say, then one act. Adapters render these, nothing else."""

from dataclasses import dataclass
from typing import TypeAlias

from swapboard.calls.spoken import ENGLISH

MOST_NUMBERS_AT_ONCE = 10
"""Twilio rings at most ten numbers in one Dial; the other carriers take as many or more."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something to be heard: a text to be spoken, or an audio file by its public address."""

    text: str = ""
    file: str = ""
    language: str = ENGLISH
    is_notice: bool = False
    """It tells of being recorded: whoever cannot be told is not recorded."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring the numbers (all at once), join the first that answers, pass the caller's own number through."""

    numbers: tuple[str, ...]
    ring_timeout_seconds: int
    asks_leg: bool = False
    """Whoever answers hears something first: come back, on that leg, and ask."""
    screened: bool = False
    """They must also press a key."""
    records: bool = False
    """Record both sides, from the answer on."""
    keeps_leg: bool = False
    """Once the caller hangs up, come back on the leg that talked to them, where the network can keep it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Wait for keys while the words are said and for so long after; come back with them, or with none."""

    most_keys: int
    wait_seconds: int
    end_key: str = ""
    """A key that ends the input before its length is reached."""


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """A tone, then record the caller until silence, `#`, or the longest message; come back with it."""

    longest_seconds: int


@dataclass(frozen=True, slots=True)
class Join:
    """Of a leg: join it with the caller."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, or of a leg: end the leg."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not take the call: it costs nothing, and the caller hears a busy tone or that nobody is there."""

    is_busy: bool = False


Act: TypeAlias = Dial | Ask | TakeMessage | Join | HangUp | Reject

KIND_OF_ACT = {
    Dial: "dial",
    Ask: "ask",
    TakeMessage: "message",
    Join: "join",
    HangUp: "hang_up",
    Reject: "reject",
}


@dataclass(frozen=True, slots=True)
class Step:
    """An act, what is heard before it (of an Ask: during it), and what the flow notes of the call by the way."""

    act: Act
    prompts: tuple[Prompt, ...] = ()
    path: tuple[str, ...] = ()
    """The names of the flow's steps that led here."""
    tags: tuple[str, ...] = ()
    qualified: bool | None = None
    value_cents: int | None = None

    @property
    def kind(self) -> str:
        """The act's name, as events keep it."""
        return KIND_OF_ACT[type(self.act)]

    @property
    def is_heard(self) -> bool:
        """True when the caller hears something of ours."""
        return bool(self.prompts) or isinstance(self.act, Ask | TakeMessage)
