"""What Twilio's own call list says happened, for what webhooks lost.

https://www.twilio.com/docs/voice/api/call-resource: a call to us has the direction `inbound`, a leg that our
Dial made has `outbound-dial` and its parent. The account's other calls are none of ours.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from swapboard.calls.call import CallEvent, EventKind
from swapboard.carriers.told import count
from swapboard.carriers.twilio.events import OUTCOMES, leg_facts, own_facts, own_outcome
from swapboard.clock import SECOND, Millis

LISTED = 1_000
"""The sequence of a leg's events from the list: no callback gets so far, and the list itself counts none."""


@dataclass(frozen=True, slots=True)
class ListedCall:
    """One entry of the call list; Twilio's moments have whole seconds."""

    call_ref: str
    parent_ref: str | None
    direction: str
    status: str
    caller: str
    dialled: str
    caller_name: str
    started_at: Millis
    ended_at: Millis | None
    duration: str


def listed_events(calls: Iterable[ListedCall]) -> Iterator[CallEvent]:
    """The events of inbound calls and of their legs, whichever the list has first."""
    known: set[str] = set()
    waiting: dict[str, list[ListedCall]] = defaultdict(list)
    for call in calls:
        if call.parent_ref is None and call.direction == "inbound":
            known.add(call.call_ref)
            yield from _own_events(call)
            for leg in waiting.pop(call.call_ref, ()):
                yield from _leg_events(leg, call.call_ref)
        elif call.parent_ref in known:
            yield from _leg_events(call, call.parent_ref)
        elif call.parent_ref is not None:
            waiting[call.parent_ref].append(call)


def _own_events(call: ListedCall) -> Iterator[CallEvent]:
    told = {"From": call.caller, "To": call.dialled, "CallerName": call.caller_name}
    yield CallEvent(call.call_ref, "", EventKind.ARRIVED, 0, call.started_at, own_facts(told))
    if call.status in OUTCOMES:
        facts = own_facts(told, outcome=own_outcome(call.status))
        yield CallEvent(call.call_ref, "", EventKind.CALL_ENDED, 0, _ended_at(call), facts)


def _leg_events(leg: ListedCall, parent_ref: str) -> Iterator[CallEvent]:
    told = {"To": leg.dialled, "CallDuration": leg.duration}
    facts = leg_facts(told, "")
    yield CallEvent(parent_ref, leg.call_ref, EventKind.LEG_STARTED, LISTED, leg.started_at, facts)
    if leg.status in OUTCOMES:
        facts = leg_facts(told, leg.status)
        yield CallEvent(parent_ref, leg.call_ref, EventKind.LEG_ENDED, LISTED, _ended_at(leg), facts)


def _ended_at(call: ListedCall) -> Millis:
    return call.ended_at if call.ended_at is not None else call.started_at + (count(call.duration) or 0) * SECOND
