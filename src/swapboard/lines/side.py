"""What both engines offer for a call: its sides, and what can be done with each. Conversations know only this."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from swapboard.calls.call import Outcome
from swapboard.calls.step import Prompt


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who calls which number of ours."""

    call_ref: str
    dialled: str | None
    """E.164."""
    caller: str | None
    """E.164; None when withheld."""
    withheld: bool
    caller_name: str | None
    attestation: str | None = None
    """`A`, `B` or `C`: how far the caller's own carrier vouches for the number."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording that is kept: of a talk, or a message of so many seconds."""

    recording_ref: str | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Talk:
    """Two sides were joined."""

    seconds: int
    recording_ref: str | None


class Side(Protocol):
    """One party to a call, on a line of ours."""

    ref: str
    gone: asyncio.Event
    """Set once the side has hung up, or was hung up on."""
    keys: "asyncio.Queue[str]"
    """The keys that were pressed and not yet taken."""
    missed_notice: bool
    """True once a notice of the recording could not be played to them."""

    async def say(self, prompts: Sequence[Prompt]) -> None:
        """Play the prompts to the end; cancel it to stop."""

    async def hang_up(self) -> None:
        """End this side, whatever state it is in."""


class CallerSide(Side, Protocol):
    """Whoever called us."""

    arrival: Arrival
    is_answered: bool

    def ring(self) -> None:
        """Let the caller hear that it rings."""

    def stop_ringing(self) -> None:
        """Let it be silent again."""

    async def answer(self) -> None:
        """Take the call."""

    async def refuse(self, *, is_busy: bool) -> None:
        """Do not take the call: it costs nothing, and the caller hears a busy tone, or that nobody is there."""

    async def take_message(self, longest_seconds: int) -> Recorded:
        """A tone, then what the caller says until silence, `#` or the longest message; 0 seconds for nothing."""


class LegSide(Side, Protocol):
    """Somebody whom we call."""

    outcome: Outcome | None
    """How the ringing ended, once it has."""
    decided: asyncio.Event
    """Set once the outcome is known."""
    on_ringing: Callable[[], None] | None
    """Told when the phone begins to ring."""


class Switch(Protocol):
    """What an engine does with sides."""

    async def call(self, number: str, arrival: Arrival) -> LegSide:
        """Begin to ring a number for a caller, whose own number is passed through. Raises OSError."""

    async def join(self, caller: CallerSide, leg: LegSide, *, records: bool) -> Talk:
        """Let both hear one another until one of them is gone."""
