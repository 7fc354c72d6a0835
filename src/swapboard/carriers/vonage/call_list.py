"""Vonage's list of calls (https://developer.vonage.com/en/api/voice, "Get details of your calls").

Each entry is one side; those of one conversation are one call. The caller's side is inbound.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.carriers.caller import caller_of, number_in
from swapboard.carriers.told import count, known_ref
from swapboard.carriers.vonage.events import OUTCOMES
from swapboard.clock import Millis


def listed_events(sides: Iterable[Mapping[str, object]]) -> Iterator[CallEvent]:
    """The events of inbound calls and of their legs, whichever the list has first."""
    listed = list(sides)
    inbound = {side.get("conversation_uuid") for side in listed if side.get("direction") == "inbound"}
    for side in listed:
        call_ref = known_ref(str(side.get("conversation_uuid", "")))
        started_at = _parsed(side.get("start_time"))
        if call_ref is None or started_at is None or side.get("conversation_uuid") not in inbound:
            continue
        yield from (_own if side.get("direction") == "inbound" else _leg)(side, call_ref, started_at)


def as_asked(at: Millis) -> str:
    """A moment as the list is asked for it."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _own(side: Mapping[str, object], call_ref: str, started_at: Millis) -> Iterator[CallEvent]:
    caller = caller_of(_number(side.get("from")))
    facts = Facts(dialled=number_in(_number(side.get("to"))), caller=caller.number, withheld=caller.withheld)
    yield CallEvent(call_ref, "", EventKind.ARRIVED, 0, started_at, facts)
    outcome, ended_at = OUTCOMES.get(str(side.get("status"))), _parsed(side.get("end_time"))
    if outcome is not None and ended_at is not None:
        facts = Facts(outcome=None if outcome is Outcome.ANSWERED else outcome)
        yield CallEvent(call_ref, "", EventKind.CALL_ENDED, 0, ended_at, facts)


def _leg(side: Mapping[str, object], call_ref: str, started_at: Millis) -> Iterator[CallEvent]:
    leg_ref, number = known_ref(str(side.get("uuid", ""))), number_in(_number(side.get("to")))
    if leg_ref is None:
        return
    outcome, ended_at = OUTCOMES.get(str(side.get("status"))), _parsed(side.get("end_time"))
    if outcome is None:
        yield CallEvent(call_ref, leg_ref, EventKind.LEG_STARTED, 0, started_at, Facts(leg_number=number))
        return
    seconds = count(str(side.get("duration", ""))) if outcome is Outcome.ANSWERED else None
    outcome = Outcome.NO_ANSWER if outcome is Outcome.ANSWERED and not seconds else outcome
    facts = Facts(leg_number=number, outcome=outcome, talk_seconds=seconds)
    yield CallEvent(call_ref, leg_ref, EventKind.LEG_ENDED, 0, ended_at or started_at, facts)


def _number(end: object) -> str:
    return str(end.get("number", "")) if isinstance(end, dict) else ""


def _parsed(text: object) -> Millis | None:
    try:
        told = datetime.fromisoformat(str(text))
        at = round((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return at if at >= 0 else None
