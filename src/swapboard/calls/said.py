"""What several events say together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from swapboard.calls.call import CallEvent, EventKind, Outcome
from swapboard.clock import Millis

T = TypeVar("T")


def first_at(events: Iterable[CallEvent], *kinds: EventKind) -> Millis | None:
    """When the first of these kinds happened; None when none did."""
    return min((event.happened_at for event in events if event.kind in kinds), default=None)


def first_known(values: Sequence[T | None]) -> T | None:
    """The first value that was told."""
    return next((value for value in values if value is not None), None)


def says_answered(told: Sequence[CallEvent]) -> bool:
    """True when a leg, or the dialling of all, ended as answered."""
    return any(event.facts.outcome is Outcome.ANSWERED for event in told)


def counted_seconds(told: Sequence[CallEvent]) -> int:
    """The talk seconds that the carrier counted, by the legs or by the diallings; 0 when it told of none."""
    of_talk: dict[tuple[str, int], int] = defaultdict(int)
    for event in told:
        talk = event.leg_ref, 0 if event.leg_ref else event.sequence
        of_talk[talk] = max(of_talk[talk], event.facts.talk_seconds or 0)
    by_legs = sum(seconds for (leg_ref, _), seconds in of_talk.items() if leg_ref)
    return max(by_legs, sum(seconds for (leg_ref, _), seconds in of_talk.items() if not leg_ref))
