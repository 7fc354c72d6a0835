"""What a flow is told: what happened, when, who calls, and what is known of the visit that made the call."""

from dataclasses import dataclass

from swapboard.calls.call import EventKind, Outcome
from swapboard.clock import Millis


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of the visit that made the call."""

    channel: str | None = None
    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    keyword: str | None = None


NO_VISIT = Visit()


@dataclass(frozen=True, slots=True)
class FlowEvent:
    """What happened, and what a flow may ask about it."""

    kind: EventKind
    at: Millis
    destination: str = ""
    """Where calls to the dialled number go, E.164."""
    keys: str = ""
    outcome: Outcome | None = None
    """Of a dialling's end; None when nobody knows."""
    caller: str | None = None
    """E.164; None when withheld."""
    region: str | None = None
    """Where the caller's number is from: `US-NY`, or `GB`."""
    visit: Visit = NO_VISIT
    answered_before: str | None = None
    """Who talked to this caller last, E.164."""
    spam_score: float = 0.0
    """How probable it is that the call is spam, when it arrives."""
    turn: int = 0
    """Which call to this flow it is: a round robin goes on by it."""
    own_sounds: str = ""
    """What the addresses begin with that this very server has sounds at."""
