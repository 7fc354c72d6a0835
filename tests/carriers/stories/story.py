"""What a story of a call is: what the caller and the called do, and what must be written down of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from swapboard.calls.call import Status
from swapboard.calls.nodes import Flow

CALLER = "+12125550111"
SHOP = "+12025550101"
HOME = "+12025550102"
DEFAULT = "+442079460009"
"""Where calls to a number go that the business does not know."""


class Trouble(Enum):
    """What else goes wrong, beside what the callers and the network do (DialRequest)."""

    NONE = auto()
    ANSWER_LOST = auto()
    """The answer to the first question is lost on the way: the carrier asks again."""
    DATABASE_AWAY = auto()
    """While the call lasts; it is back after."""
    FORGED = auto()
    """Somebody else signs."""
    REPLAYED = auto()
    """Ten minutes after the call, every request comes once more as it was."""
    UNKNOWN_NUMBER = auto()
    """The carrier rings us for a number that is none of the business's."""


@dataclass(frozen=True, slots=True)
class Told:
    """What must be written down of the call."""

    status: Status
    talk_seconds: int = 0
    ring_seconds: int | None = 0
    greeting_seconds: int = 0
    voicemail_seconds: int | None = None
    destination: str | None = None
    path: tuple[str, ...] = ()
    caller: str | None = CALLER
    caller_name: str | None = None
    attestation: str | None = None
    recorded: bool = False
    legs: tuple[tuple[str, str], ...] | None = None
    """Each number that was rung, and how it ended; None where the story is not about that."""


@dataclass(frozen=True, slots=True)
class Story:
    """One call, or the last of several alike."""

    name: str
    told: Told | None
    """None when nothing may be written down."""
    flow: Flow | None = None
    """None for the plain way: ring the number's destination."""
    does: Mapping[str, Any] = field(default_factory=dict)
    """What the caller, the called and the network do, in DialRequest's words."""
    calls_before: int = 0
    trouble: Trouble = Trouble.NONE
    hears: str = ""
    """Something that the caller is told, in one of the texts they hear."""
