"""Folds a call's events, in any order and repeated at will, to the same call.

Nothing here depends on which event came first: an event counts once (at its earliest telling), times are
minima and maxima, and what is true of a call once any event says so stays true. So a late "ringing" cannot
undo an "answered", and a lost event leaves a gap, not a wrong call.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from swapboard.calls.call import Call, CallEvent, EventKind, Leg, LegStatus, Outcome, Status
from swapboard.clock import SECOND, Millis

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
    withheld = any(each.withheld for each in facts)
    answered = _is_answered(told, legs)
    started_at = _started_at(told, own)
    ended_at = _first_at(own, EventKind.DIAL_ENDED, EventKind.CALL_ENDED)
    is_over = ended_at is not None or _first_at(own, EventKind.GIVEN_UP) is not None
    answered_at = _answered_at(told, legs, started_at, ended_at) if answered else None
    return Call(
        call_ref=told[0].call_ref,
        status=_status(answered, is_over, own, legs),
        tracking_number=_known([each.dialled for each in facts]),
        caller=None if withheld else _known([each.caller for each in facts]),
        withheld=withheld,
        caller_name=_known([each.caller_name for each in facts]),
        destination=_destination(legs),
        started_at=started_at,
        answered_at=answered_at,
        ended_at=ended_at,
        ring_seconds=_seconds_between(started_at, answered_at if answered else ended_at),
        talk_seconds=_talk_seconds(told, answered_at, ended_at) if ended_at is not None else None,
        legs=tuple(map(_closed, legs)) if is_over else legs,
    )


def _once_each(events: Iterable[CallEvent]) -> list[CallEvent]:
    """Each telling once, at the moment its event was first told of, in an order that only the set decides."""
    events = list(events)
    first_at: dict[tuple[str, str, EventKind, int], Millis] = {}
    for event in events:
        first_at[event.identity] = min(event.happened_at, first_at.get(event.identity, event.happened_at))
    told = {replace(event, happened_at=first_at[event.identity]) for event in events}
    return sorted(told, key=_event_order)


def _event_order(event: CallEvent) -> tuple[Millis, int, str, str, str]:
    return event.happened_at, event.sequence, event.kind, event.leg_ref, repr(event.facts)


def _legs(events: Sequence[CallEvent]) -> tuple[Leg, ...]:
    by_ref: dict[str, list[CallEvent]] = defaultdict(list)
    for event in events:
        by_ref[event.leg_ref].append(event)
    return tuple(sorted((_leg(ref, told) for ref, told in by_ref.items()), key=_leg_order))


def _leg_order(leg: Leg) -> tuple[Millis, str]:
    return leg.started_at, leg.leg_ref


def _leg(leg_ref: str, told: Sequence[CallEvent]) -> Leg:
    ended_at = _first_at(told, EventKind.LEG_ENDED)
    answered_at = _leg_answered_at(told, ended_at)
    return Leg(
        leg_ref=leg_ref,
        number=_known([event.facts.leg_number for event in told]),
        status=_leg_status(told, answered_at, ended_at),
        started_at=told[0].happened_at,
        answered_at=answered_at,
        ended_at=ended_at,
    )


def _leg_answered_at(told: Sequence[CallEvent], ended_at: Millis | None) -> Millis | None:
    """When the leg was answered; if that event was lost, its end less its talk time."""
    told_at = _first_at(told, EventKind.LEG_ANSWERED)
    if told_at is not None or ended_at is None or not (_says_answered(told) or _counted(told)):
        return told_at
    return ended_at - _counted(told) * SECOND


def _leg_status(told: Sequence[CallEvent], answered_at: Millis | None, ended_at: Millis | None) -> LegStatus:
    if answered_at is not None:
        return LegStatus.TALKING if ended_at is None else LegStatus.ANSWERED
    if ended_at is not None:
        outcome = _known([event.facts.outcome for event in told])
        return _LEG_OF_OUTCOME[outcome] if outcome else LegStatus.NO_ANSWER
    rang = any(event.kind is EventKind.LEG_RINGING for event in told)
    return LegStatus.RINGING if rang else LegStatus.STARTED


def _closed(leg: Leg) -> Leg:
    """A leg whose end we never heard, of a call that is over: it rings and talks no longer."""
    if leg.ended_at is not None:
        return leg
    return replace(leg, status=LegStatus.NO_ANSWER if leg.answered_at is None else LegStatus.ANSWERED)


def _started_at(told: Sequence[CallEvent], own: Sequence[CallEvent]) -> Millis:
    arrived_at = _first_at(own, EventKind.ARRIVED)
    return arrived_at if arrived_at is not None else min(event.happened_at for event in told)


def _is_answered(told: Sequence[CallEvent], legs: Sequence[Leg]) -> bool:
    """True when anything says that somebody talked to the caller."""
    return any(leg.answered_at is not None for leg in legs) or _says_answered(told) or _counted(told) > 0


def _says_answered(told: Sequence[CallEvent]) -> bool:
    return any(event.facts.outcome is Outcome.ANSWERED for event in told)


def _counted(told: Sequence[CallEvent]) -> int:
    """The talk seconds that the carrier counted, 0 when it told of none."""
    return max((event.facts.talk_seconds or 0 for event in told), default=0)


def _answered_at(
    told: Sequence[CallEvent], legs: Sequence[Leg], started_at: Millis, ended_at: Millis | None
) -> Millis | None:
    """When the first leg was answered; if no leg tells, the end less the talk time. Never before the start."""
    by_legs = min((leg.answered_at for leg in legs if leg.answered_at is not None), default=None)
    if by_legs is not None:
        return max(started_at, by_legs)
    return None if ended_at is None else max(started_at, ended_at - _counted(told) * SECOND)


def _status(answered: bool, is_over: bool, own: Sequence[CallEvent], legs: Sequence[Leg]) -> Status:
    if not is_over:
        return Status.IN_PROGRESS if answered else Status.RINGING
    if answered:
        return Status.ANSWERED
    outcome = _outcome(own, EventKind.DIAL_ENDED) or _outcome_of_legs(legs) or _outcome(own, EventKind.CALL_ENDED)
    return _STATUS_OF_OUTCOME[outcome] if outcome else Status.MISSED


def _outcome(own: Sequence[CallEvent], kind: EventKind) -> Outcome | None:
    """How the last of such events says that it ended."""
    return _known([event.facts.outcome for event in reversed(own) if event.kind is kind])


def _outcome_of_legs(legs: Sequence[Leg]) -> Outcome | None:
    """What the legs agree on; nobody picked up if each ended in its own way."""
    statuses = {leg.status for leg in legs}
    if statuses == {LegStatus.BUSY}:
        return Outcome.BUSY
    if statuses == {LegStatus.FAILED}:
        return Outcome.FAILED
    return Outcome.NO_ANSWER if statuses else None


def _talk_seconds(told: Sequence[CallEvent], answered_at: Millis | None, ended_at: Millis) -> int:
    """What the carrier counted; without that, from the answer to the end."""
    counted = _counted(told)
    if counted or answered_at is None:
        return counted
    return _seconds_between(answered_at, ended_at) or 0


def _seconds_between(start: Millis, end: Millis | None) -> int | None:
    return None if end is None else max(0, round((end - start) / SECOND))


def _destination(legs: Sequence[Leg]) -> str | None:
    answered = [leg.number for leg in legs if leg.answered_at is not None]
    return _known([*answered, *(leg.number for leg in legs)])


def _first_at(events: Iterable[CallEvent], *kinds: EventKind) -> Millis | None:
    return min((event.happened_at for event in events if event.kind in kinds), default=None)


def _known(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)
