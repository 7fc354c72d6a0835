"""What happens to a call that whoever wants to may be told of, whether the call counts for anything or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Event(StrEnum):
    """What happened; its value is the type that a webhook bears."""

    BEFORE_ANSWER = "call.before_answer"
    """It rings, and nobody has answered yet."""
    ANSWERED = "call.answered"
    ENDED = "call.ended"
    MISSED = "call.missed"
    """It ended, and nobody had answered: busy, left alone, given up, or a message was left."""
    RECORDING_READY = "call.recording_ready"
    TRANSCRIPT_READY = "call.transcript_ready"
    ATTRIBUTION_CHANGED = "call.attribution_changed"
    """It is credited to another visit, or no visit, after it had ended."""
    CHANGED = "call.changed"
    """Somebody, or the keypad, said something of it after it had ended: tags, value, a good lead, spam."""
    FORGOTTEN = "call.forgotten"
    """Who made it, or the visitor it is credited to, is to be forgotten, by whoever was told of them, too."""


ONCE = frozenset((Event.BEFORE_ANSWER, Event.ANSWERED, Event.ENDED, Event.MISSED))
"""What happens to a call once only."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a call has come."""

    is_answered: bool
    has_ended: bool
    is_missed: bool = False


def steps(was: Stage | None, now: Stage) -> Iterator[Event]:
    """What happened between two stages, in the order in which it happens; `was` is None for a new call."""
    if was is None and not (now.is_answered or now.has_ended):
        yield Event.BEFORE_ANSWER
    if now.is_answered and not (was and was.is_answered):
        yield Event.ANSWERED
    if now.has_ended and not (was and was.has_ended):
        yield Event.ENDED
        if now.is_missed:
            yield Event.MISSED
