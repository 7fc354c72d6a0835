"""The legs of a call, each as its own events tell it, in any order (`fold.py`)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from swapboard.calls.call import CallEvent, EventKind, Leg, LegStatus, Outcome
from swapboard.calls.said import counted_seconds, first_at, first_known, says_answered
from swapboard.clock import SECOND, Millis

_RANG = frozenset((EventKind.LEG_RINGING, EventKind.LEG_ANSWERED, EventKind.LEG_ASKS, EventKind.LEG_KEYS))
_LEG_OF_OUTCOME = {outcome: LegStatus(outcome.value) for outcome in Outcome}


def legs_of(events: Sequence[CallEvent], joined: Collection[str | None]) -> tuple[Leg, ...]:
    """In the order they began; `joined` names those that the caller was joined with."""
    by_ref: dict[str, list[CallEvent]] = defaultdict(list)
    for event in events:
        by_ref[event.leg_ref].append(event)
    made = (_leg(ref, told, is_joined=ref in joined) for ref, told in by_ref.items())
    return tuple(sorted(made, key=_leg_order))


def _leg_order(leg: Leg) -> tuple[Millis, str]:
    return leg.started_at, leg.leg_ref


def _leg(leg_ref: str, told: Sequence[CallEvent], *, is_joined: bool) -> Leg:
    ended_at = first_at(told, EventKind.LEG_ENDED)
    screened = any(event.facts.screened for event in told)
    answered_at = _accepted_at(told, ended_at, is_joined) if screened else _leg_answered_at(told, ended_at)
    return Leg(
        leg_ref=leg_ref,
        number=first_known([event.facts.leg_number for event in told]),
        status=_leg_status(told, answered_at, ended_at),
        started_at=told[0].happened_at,
        answered_at=answered_at,
        ended_at=ended_at,
    )


def _accepted_at(told: Sequence[CallEvent], ended_at: Millis | None, is_joined: bool) -> Millis | None:
    """When whoever answered a screened leg pressed the key: a mailbox answers too."""
    joins = [event for event in told if event.kind is EventKind.ROUTED and event.facts.step == "join"]
    accepted_at = min((event.happened_at for event in joins), default=None)
    if accepted_at is not None or not is_joined:
        return accepted_at
    joined_at = min((event.happened_at for event in told if event.facts.joined_leg), default=None)
    if joined_at is not None:
        return joined_at
    return first_at(told, EventKind.LEG_ANSWERED, EventKind.LEG_ASKS, EventKind.LEG_KEYS) or ended_at


def _leg_answered_at(told: Sequence[CallEvent], ended_at: Millis | None) -> Millis | None:
    """When the leg was answered; if that event was lost, its end less its talk time."""
    told_at = first_at(told, EventKind.LEG_ANSWERED)
    if told_at is not None or ended_at is None or not (says_answered(told) or counted_seconds(told)):
        return told_at
    return ended_at - counted_seconds(told) * SECOND


def _leg_status(told: Sequence[CallEvent], answered_at: Millis | None, ended_at: Millis | None) -> LegStatus:
    if answered_at is not None:
        return LegStatus.TALKING if ended_at is None else LegStatus.ANSWERED
    if ended_at is not None:
        outcome = first_known([event.facts.outcome for event in told])
        # Answered, but not by somebody who pressed the key.
        return LegStatus.NO_ANSWER if outcome in {None, Outcome.ANSWERED} else _LEG_OF_OUTCOME[outcome]
    rang = any(event.kind in _RANG for event in told)
    return LegStatus.RINGING if rang else LegStatus.STARTED


def closed(leg: Leg) -> Leg:
    """A leg whose end we never heard, of a call that is over: it rings and talks no longer."""
    if leg.ended_at is not None:
        return leg
    return replace(leg, status=LegStatus.NO_ANSWER if leg.answered_at is None else LegStatus.ANSWERED)
