"""Folds a call's events, in any order and repeated at will, to the same call.

Nothing here depends on which event came first: an event counts once (at its earliest telling), times are
minima and maxima, and what is true of a call once any event says so stays true. So a late "ringing" cannot
undo an "answered", and a lost event leaves a gap, not a wrong call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from swapboard.calls.call import Call, CallEvent, EventKind, Leg, LegStatus, Outcome, Status
from swapboard.calls.legs import closed, legs_of
from swapboard.calls.said import counted_seconds, first_at, first_known, says_answered
from swapboard.clock import SECOND, Millis

_STATUS_OF_OUTCOME = {
    Outcome.ANSWERED: Status.ANSWERED,
    Outcome.BUSY: Status.BUSY,
    Outcome.NO_ANSWER: Status.MISSED,
    Outcome.FAILED: Status.FAILED,
    Outcome.CANCELED: Status.MISSED,
}

_END_STEPS = frozenset(("hang_up", "reject"))


def fold(events: Iterable[CallEvent]) -> Call:
    """The call that the events of one call_ref tell. Raises ValueError without an event."""
    told = _once_each(events)
    if not told:
        raise ValueError("a call needs at least one event")
    own = [event for event in told if not event.leg_ref]
    facts = [event.facts for event in own]
    legs = legs_of([event for event in told if event.leg_ref], {event.facts.joined_leg for event in told})
    proof = _without_screened(told)
    withheld = any(each.withheld for each in facts)
    answered = _is_answered(proof, legs)
    started_at = _started_at(told, own)
    ended_at = _ended_at(own)
    is_over = ended_at is not None or first_at(own, EventKind.GIVEN_UP) is not None
    answered_at = _answered_at(proof, own, legs, started_at, ended_at) if answered else None
    heard_until = _heard_until(own, legs, ended_at)
    message_seconds = max((each.message_seconds or 0 for each in facts), default=0)
    return Call(
        call_ref=told[0].call_ref,
        status=_status(answered, is_over, own, legs),
        tracking_number=first_known([each.dialled for each in facts]),
        caller=None if withheld else first_known([each.caller for each in facts]),
        withheld=withheld,
        caller_name=first_known([each.caller_name for each in facts]),
        attestation=first_known([each.attestation for each in facts]),
        destination=_destination(legs),
        started_at=started_at,
        answered_at=answered_at,
        ended_at=ended_at,
        greeting_seconds=_seconds_between(started_at, heard_until) if _is_heard(own) else 0,
        ring_seconds=_ring_seconds(own, legs, started_at, heard_until, answered_at, ended_at),
        talk_seconds=_talk_seconds(proof, own, answered_at, ended_at) if ended_at is not None else None,
        voicemail_seconds=message_seconds or None,
        recording_ref=first_known([each.recording_ref for each in facts]),
        legs=tuple(map(closed, legs)) if is_over else legs,
        path=tuple(name for event in _in_sequence(own, EventKind.ROUTED) for name in event.facts.path),
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


def _without_screened(told: Sequence[CallEvent]) -> list[CallEvent]:
    """The events that may prove a talk: a screened leg's own do not."""
    screened = {event.leg_ref for event in told if event.facts.screened}
    return [event for event in told if event.leg_ref not in screened]


def _started_at(told: Sequence[CallEvent], own: Sequence[CallEvent]) -> Millis:
    arrived_at = first_at(own, EventKind.ARRIVED)
    return arrived_at if arrived_at is not None else min(event.happened_at for event in told)


def _ended_at(own: Sequence[CallEvent]) -> Millis | None:
    """When the call ended: by the carrier's word, by ours, or when a dialling ended after which nothing came."""
    ends = [event.happened_at for event in own if event.kind is EventKind.CALL_ENDED or _is_our_end(event)]
    return min(ends, default=None)


def _is_our_end(event: CallEvent) -> bool:
    if event.kind is EventKind.DIAL_ENDED:
        return not event.facts.goes_on
    return event.kind is EventKind.ROUTED and event.facts.step in _END_STEPS


def _is_heard(own: Sequence[CallEvent]) -> bool:
    """True when the caller heard a greeting or a menu of ours before a phone rang."""
    return any(event.facts.is_heard for event in own)


def _heard_until(own: Sequence[CallEvent], legs: Sequence[Leg], ended_at: Millis | None) -> Millis | None:
    """When a phone began to ring, or the caller's message began; else the end.

    Some carriers do not tell that a phone rings: it does once they were told to dial, unless words come first.
    """
    rang_at = [leg.started_at for leg in legs]
    dialled_at = [event.happened_at for event in own if event.facts.step == "dial" and not event.facts.is_heard]
    spoke_at = [
        event.happened_at - (event.facts.message_seconds or 0) * SECOND
        for event in own
        if event.kind is EventKind.MESSAGE or (event.kind is EventKind.RECORDED and event.facts.message_seconds)
    ]
    return min([*rang_at, *dialled_at, *spoke_at], default=ended_at)


def _ring_seconds(
    own: Sequence[CallEvent],
    legs: Sequence[Leg],
    started_at: Millis,
    heard_until: Millis | None,
    answered_at: Millis | None,
    ended_at: Millis | None,
) -> int | None:
    """From the first ringing, or the arrival when nothing was heard before, until it was answered or given up."""
    rang_at = heard_until if _is_heard(own) else started_at
    if _is_heard(own) and not legs and answered_at is None:
        return None if ended_at is None else 0
    gave_up = max((event.happened_at for event in own if event.kind is EventKind.DIAL_ENDED), default=ended_at)
    until = answered_at if answered_at is not None else gave_up
    if rang_at is None or until is None:
        return None
    return _seconds_between(rang_at, until if ended_at is None else min(until, ended_at))


def _in_sequence(own: Sequence[CallEvent], kind: EventKind) -> list[CallEvent]:
    return sorted((event for event in own if event.kind is kind), key=lambda event: event.sequence)


def _is_answered(told: Sequence[CallEvent], legs: Sequence[Leg]) -> bool:
    """True when anything says that somebody talked to the caller."""
    return any(leg.answered_at is not None for leg in legs) or says_answered(told) or counted_seconds(told) > 0


def _answered_at(
    told: Sequence[CallEvent],
    own: Sequence[CallEvent],
    legs: Sequence[Leg],
    started_at: Millis,
    ended_at: Millis | None,
) -> Millis | None:
    """When the first leg was answered, at the latest an end less the talk before it. Never before the start.

    News of a leg without a moment of its own may come long after: the end of the dialling knows better then.
    """
    by_legs = min((leg.answered_at for leg in legs if leg.answered_at is not None), default=None)
    ends = [
        event.happened_at - (event.facts.talk_seconds or 0) * SECOND
        for event in own
        if event.kind is EventKind.DIAL_ENDED and event.facts.talk_seconds
    ]
    if ended_at is not None:
        ends.append(ended_at - counted_seconds(told) * SECOND)
    latest = min(ends, default=None)
    # Carriers count whole seconds.
    if by_legs is not None and (latest is None or by_legs <= latest + SECOND):
        return max(started_at, by_legs)
    return None if latest is None else max(started_at, latest)


def _status(answered: bool, is_over: bool, own: Sequence[CallEvent], legs: Sequence[Leg]) -> Status:
    if not is_over:
        return Status.IN_PROGRESS if answered else Status.RINGING
    if answered:
        return Status.ANSWERED
    if any(event.facts.message_seconds for event in own):
        return Status.VOICEMAIL
    steps = {event.facts.step for event in own if event.kind is EventKind.ROUTED}
    if "reject" in steps:
        return Status.BLOCKED
    if _was_left(own, legs, steps):
        return Status.ABANDONED
    outcome = _outcome(own, EventKind.DIAL_ENDED) or _outcome_of_legs(legs) or _outcome(own, EventKind.CALL_ENDED)
    return _STATUS_OF_OUTCOME[outcome] if outcome else Status.MISSED


def _was_left(own: Sequence[CallEvent], legs: Sequence[Leg], steps: set[str | None]) -> bool:
    """True when the caller left while listening: no phone rang, no mailbox was reached, we did not hang up."""
    rang = bool(legs) or any(event.kind is EventKind.DIAL_ENDED for event in own)
    return _is_heard(own) and not rang and not steps & {"hang_up", "message"}


def _outcome(own: Sequence[CallEvent], kind: EventKind) -> Outcome | None:
    """How the last of such events says that it ended."""
    return first_known([event.facts.outcome for event in reversed(own) if event.kind is kind])


def _outcome_of_legs(legs: Sequence[Leg]) -> Outcome | None:
    """What the legs agree on; nobody picked up if each ended in its own way."""
    statuses = {leg.status for leg in legs}
    if statuses == {LegStatus.BUSY}:
        return Outcome.BUSY
    if statuses == {LegStatus.FAILED}:
        return Outcome.FAILED
    return Outcome.NO_ANSWER if statuses else None


def _talk_seconds(
    told: Sequence[CallEvent], own: Sequence[CallEvent], answered_at: Millis | None, ended_at: Millis
) -> int:
    """What the carrier counted; without that, from the answer to the end of the dialling, or of the call."""
    counted = counted_seconds(told)
    if counted or answered_at is None:
        return counted
    ends = [event.happened_at for event in own if event.kind is EventKind.DIAL_ENDED]
    until = min((end for end in ends if end >= answered_at), default=ended_at)
    return _seconds_between(answered_at, min(until, ended_at)) or 0


def _seconds_between(start: Millis, end: Millis | None) -> int | None:
    return None if end is None else max(0, round((end - start) / SECOND))


def _destination(legs: Sequence[Leg]) -> str | None:
    answered = [leg.number for leg in legs if leg.answered_at is not None]
    return first_known([*answered, *(leg.number for leg in legs)])
