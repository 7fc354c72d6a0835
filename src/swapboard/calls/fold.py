"""Folds a call's events, in any order and repeated at will, to the same call.

Nothing here depends on which event came first: an event counts once (the earliest telling of it), times are
minima and maxima, and what is true of a call once any event says so stays true. So a late "ringing" cannot
undo an "answered", and a lost event leaves a gap, not a wrong call.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

from swapboard.calls.call import Call, CallEvent, EventKind, Leg, LegStatus, Outcome, Status
from swapboard.clock import Millis

_STATUS_OF_OUTCOME = {
    Outcome.ANSWERED: Status.ANSWERED,
    Outcome.BUSY: Status.BUSY,
    Outcome.NO_ANSWER: Status.MISSED,
    Outcome.FAILED: Status.FAILED,
    Outcome.CANCELED: Status.MISSED,
}

_LEG_OF_OUTCOME = {outcome: LegStatus(outcome.value) for outcome in Outcome}

T = TypeVar("T")


def fold(events: Iterable[CallEvent]) -> Call:
    """The call that the events of one call_ref tell. Raises ValueError without an event."""
    told = _once_each(events)
    if not told:
        raise ValueError("a call needs at least one event")
    own = [event for event in told if not event.leg_ref]
    legs = _legs([event for event in told if event.leg_ref])
    facts = [event.facts for event in own]
    started_at = _first_at(own, EventKind.ARRIVED) or min(event.happened_at for event in told)
    answered_at = min((leg.answered_at for leg in legs if leg.answered_at is not None), default=None)
    ended_at = _first_at(own, EventKind.DIAL_ENDED, EventKind.CALL_ENDED)
    talk_seconds = _talk_seconds(told, answered_at, ended_at)
    answered = answered_at is not None or bool(talk_seconds)
    return Call(
        call_ref=told[0].call_ref,
        status=_status(answered, ended_at, told, legs),
        tracking_number=_known([each.dialled for each in facts]),
        caller=_known([each.caller for each in facts]),
        withheld=any(each.withheld for each in facts),
        caller_name=_known([each.caller_name for each in facts]),
        destination=_destination(legs),
        started_at=started_at,
        answered_at=answered_at,
        ended_at=ended_at,
        ring_seconds=_ring_seconds(started_at, answered_at, ended_at, talk_seconds),
        talk_seconds=talk_seconds if ended_at is not None else None,
        legs=legs,
    )


def _once_each(events: Iterable[CallEvent]) -> list[CallEvent]:
    """Each event once, the earliest telling of it, in an order that only the set decides."""
    earliest: dict[tuple[str, str, EventKind, int], CallEvent] = {}
    for event in sorted(events, key=lambda each: (each.happened_at, repr(each.facts))):
        earliest.setdefault(event.identity, event)
    return sorted(earliest.values(), key=lambda each: (each.happened_at, each.sequence, each.kind, each.leg_ref))


def _legs(events: Sequence[CallEvent]) -> tuple[Leg, ...]:
    by_ref: dict[str, list[CallEvent]] = defaultdict(list)
    for event in events:
        by_ref[event.leg_ref].append(event)
    return tuple(sorted((_leg(ref, told) for ref, told in by_ref.items()), key=_leg_order))


def _leg_order(leg: Leg) -> tuple[Millis, str]:
    return leg.started_at, leg.leg_ref


def _leg(leg_ref: str, told: Sequence[CallEvent]) -> Leg:
    ended_at = _first_at(told, EventKind.LEG_ENDED)
    return Leg(
        leg_ref=leg_ref,
        number=_known([event.facts.leg_number for event in told]),
        status=_leg_status({event.kind for event in told}, _known([event.facts.outcome for event in told])),
        started_at=told[0].happened_at,
        answered_at=_leg_answered_at(told, ended_at),
        ended_at=ended_at,
    )


def _leg_answered_at(told: Sequence[CallEvent], ended_at: Millis | None) -> Millis | None:
    """When the leg was answered; if that event was lost, the end less the talk time tells."""
    told_at = _first_at(told, EventKind.LEG_ANSWERED)
    talk_seconds = _known([event.facts.talk_seconds for event in told])
    if told_at is None and ended_at is not None and talk_seconds:
        return ended_at - talk_seconds * 1000
    return told_at


def _leg_status(kinds: set[EventKind], outcome: Outcome | None) -> LegStatus:
    if EventKind.LEG_ENDED in kinds:
        return _LEG_OF_OUTCOME[outcome] if outcome else LegStatus.ANSWERED
    if EventKind.LEG_ANSWERED in kinds:
        return LegStatus.TALKING
    return LegStatus.RINGING if EventKind.LEG_RINGING in kinds else LegStatus.STARTED


def _status(answered: bool, ended_at: Millis | None, told: Sequence[CallEvent], legs: Sequence[Leg]) -> Status:
    if ended_at is None:
        return Status.IN_PROGRESS if answered else Status.RINGING
    if answered:
        return Status.ANSWERED
    dialling = _known([event.facts.outcome for event in told if event.kind is EventKind.DIAL_ENDED])
    if dialling and dialling is not Outcome.ANSWERED:
        return _STATUS_OF_OUTCOME[dialling]
    ended = {leg.status for leg in legs}
    if ended == {LegStatus.BUSY}:
        return Status.BUSY
    return Status.FAILED if ended == {LegStatus.FAILED} else Status.MISSED


def _talk_seconds(told: Sequence[CallEvent], answered_at: Millis | None, ended_at: Millis | None) -> int:
    """What the carrier counted; without that, from the answer to the end."""
    counted = [event.facts.talk_seconds for event in told if event.facts.talk_seconds is not None]
    if counted:
        return max(counted)
    if answered_at is None or ended_at is None:
        return 0
    return max(0, round((ended_at - answered_at) / 1000))


def _ring_seconds(
    started_at: Millis, answered_at: Millis | None, ended_at: Millis | None, talk_seconds: int
) -> int | None:
    rang_until = answered_at if answered_at is not None else ended_at
    if rang_until is None:
        return None
    if answered_at is None:
        rang_until -= talk_seconds * 1000
    return max(0, round((rang_until - started_at) / 1000))


def _destination(legs: Sequence[Leg]) -> str | None:
    answered = [leg.number for leg in legs if leg.answered_at is not None]
    return _known([*answered, *(leg.number for leg in legs)])


def _first_at(events: Iterable[CallEvent], *kinds: EventKind) -> Millis | None:
    return min((event.happened_at for event in events if event.kind in kinds), default=None)


def _known(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
