"""A recording, and what becomes of it in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.language import _
from swapboard.recordings.speech import Turn


class Kind(StrEnum):
    """What was recorded."""

    TALK = "talk"
    MESSAGE = "message"


class State(StrEnum):
    """Where a recording is."""

    DUE = "due"
    """At the carrier; it is to be fetched."""
    KEPT = "kept"
    FAILED = "failed"
    """It could not be had."""
    GONE = "gone"


class Because(StrEnum):
    """Why a recording is gone."""

    RETENTION = "retention"
    FORGOTTEN = "forgotten"
    """Its caller wanted to be forgotten."""
    DELETED = "deleted"
    """Somebody deleted it."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What a carrier recorded; what stands only in a kept one is None before and after."""

    company_id: str
    recording_id: str
    call_id: str
    carrier_id: str
    recording_ref: str
    kind: Kind
    state: State
    told_at: Millis
    due_at: Millis
    attempts: int
    trouble: str | None
    """The carrier's own words, or ours, when it could not be fetched."""
    kept_at: Millis | None
    file_key: str | None
    """Sealed."""
    media_type: str | None
    size_bytes: int | None
    seconds: float | None
    waveform: Sequence[Sequence[int]]
    turns: Sequence[Turn]
    silenced: Sequence[tuple[float, float]]
    at_carrier: bool
    gone_at: Millis | None
    gone_because: Because | None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many days recordings of talks, messages, and transcripts are kept, and whether the carrier's goes."""

    talk_days: int = 90
    message_days: int = 180
    transcript_days: int = 365
    deletes_at_carrier: bool = True


LONGEST_DAYS = 3_650
MOST_ATTEMPTS = 12
_LONGEST_PAUSE: Millis = 6 * HOUR


def keeping_faults(keeping: Keeping) -> list[str]:
    """What is wrong with how long things are to be kept; nothing for what can be done."""
    days = keeping.talk_days, keeping.message_days, keeping.transcript_days
    return [] if all(1 <= each <= LONGEST_DAYS for each in days) else [_("Write days from 1 to 3650.")]


def next_try(attempts: int, now: Millis) -> Millis:
    """When to try again after so many failures: one minute, two, four, … six hours at most."""
    return now + min(_LONGEST_PAUSE, MINUTE << max(0, attempts - 1))


def leaves_at(kind: Kind, told_at: Millis, keeping: Keeping) -> Millis:
    """When a kept recording is to be deleted."""
    days = keeping.message_days if kind is Kind.MESSAGE else keeping.talk_days
    return told_at + days * DAY
