"""What a webhook of Vonage tells of a call: a call is a conversation, each side of it has a uuid of its own.

| webhook                                      | event                                                    |
|----------------------------------------------|----------------------------------------------------------|
| answer_url of the application                | ARRIVED                                                  |
| `eventUrl` of a connect: started, ringing, answered | LEG_STARTED, LEG_RINGING, LEG_ANSWERED            |
| ... busy, timeout, unanswered, rejected, failed, cancelled | DIAL_ENDED, where it waits for it; LEG_ENDED |
| ... completed                                | the same                                                 |
| `onAnswer` of a connect                      | LEG_ASKS, without a leg: its conversation is another one |
| `eventUrl` of an input                       | KEYS                                                     |
| notify after a record                        | MESSAGE                                                  |
| `eventUrl` of a record                       | RECORDED                                                 |
| event_url of the application, side inbound   | CALL_ENDED                                               |

https://developer.vonage.com/en/voice/voice-api/webhook-reference
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.flow_state import OF_LEG, Awaits, FlowState
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door, state_in
from swapboard.carriers.caller import caller_of, number_in
from swapboard.carriers.told import known_ref, needed_ref, pressed_keys
from swapboard.clock import SECOND, Millis

OUTCOMES = {
    "busy": Outcome.BUSY,
    "rejected": Outcome.BUSY,
    "timeout": Outcome.NO_ANSWER,
    "unanswered": Outcome.NO_ANSWER,
    "machine": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "cancelled": Outcome.CANCELED,
    "completed": Outcome.ANSWERED,
}
_NEWS = {
    "started": EventKind.LEG_STARTED,
    "ringing": EventKind.LEG_RINGING,
    "answered": EventKind.LEG_ANSWERED,
}
HOSTS = (".nexmo.com", ".vonage.com")
"""Where recordings lie."""

Told = Mapping[str, Any]


def events(request: CarrierRequest) -> Sequence[CallEvent]:
    """What the request tells; nothing when it tells of no call. Raises BadCarrierRequest."""
    if request.door is Door.MESSAGE:
        return ()
    told = _read(request)
    if request.door is Door.RECORDING:
        return _recorded(told, request)
    if told.get("direction") == "outbound" and "status" in told:
        return _leg(told, request)
    return _voice(told, request) if request.door is Door.VOICE else _ended(told, request)


def _voice(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    state = state_in(request.url)
    if state.awaits is Awaits.NOTHING:
        return ()
    call_ref, at = needed_ref(_texts(told), "conversation_uuid"), _at(told.get("timestamp"), request)
    if state.awaits in OF_LEG:
        # Before a leg is joined it is in a conversation of its own.
        return (CallEvent(call_ref, "", EventKind.LEG_ASKS, state.told, at, Facts()),)
    if state.awaits is Awaits.DIAL:
        raise BadCarrierRequest("this is not what became of a connect.")
    if state.awaits is Awaits.ARRIVAL:
        return (CallEvent(call_ref, "", EventKind.ARRIVED, 0, at, _arrived(told)),)
    facts = Facts(dialled=_dialled(request))
    if state.awaits is Awaits.MESSAGE:
        return (CallEvent(call_ref, "", EventKind.MESSAGE, state.told, at, facts),)
    facts = Facts(dialled=_dialled(request), keys=_keys(told.get("dtmf")))
    return (CallEvent(call_ref, "", EventKind.KEYS, state.told, at, facts),)


def _leg(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    """News of a leg; where its connect waits for an answer, its end is the dialling's."""
    status, texts = str(told["status"]), _texts(told)
    call_ref, leg_ref = needed_ref(texts, "conversation_uuid"), needed_ref(texts, "uuid")
    at, leg_number = _at(told.get("timestamp"), request), number_in(texts.get("to", ""))
    if status in _NEWS:
        return (CallEvent(call_ref, leg_ref, _NEWS[status], 0, at, Facts(leg_number=leg_number)),)
    if status not in OUTCOMES:
        return ()
    outcome, talk_seconds = _outcome(told, status)
    facts = Facts(leg_number=leg_number, outcome=outcome, talk_seconds=talk_seconds)
    ended = CallEvent(call_ref, leg_ref, EventKind.LEG_ENDED, 0, at, facts)
    state = state_in(request.url)
    return (_dial_ended(ended, state, request), ended) if _asks(request, state) else (ended,)


def _asks(request: CarrierRequest, state: FlowState) -> bool:
    return request.door is Door.VOICE and state.awaits is Awaits.DIAL


def _dial_ended(leg: CallEvent, state: FlowState, request: CarrierRequest) -> CallEvent:
    told = leg.facts
    facts = Facts(
        dialled=_dialled(request),
        outcome=told.outcome,
        talk_seconds=told.talk_seconds,
        joined_leg=leg.leg_ref if told.outcome is Outcome.ANSWERED else None,
    )
    return CallEvent(leg.call_ref, "", EventKind.DIAL_ENDED, state.told, leg.happened_at, facts)


def _outcome(told: Told, status: str) -> tuple[Outcome, int | None]:
    """How the leg ended; one that is completed without a second of talk was not answered."""
    outcome = OUTCOMES[status]
    if outcome is not Outcome.ANSWERED:
        return outcome, None
    text = str(told.get("duration") or "0")
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    return (outcome, seconds) if seconds else (Outcome.NO_ANSWER, None)


def _ended(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    status = str(told.get("status", ""))
    if status not in OUTCOMES:
        return ()
    call_ref = needed_ref(_texts(told), "conversation_uuid")
    outcome = OUTCOMES[status]
    facts = Facts(outcome=None if outcome is Outcome.ANSWERED else outcome)
    at = _at(told.get("end_time") or told.get("timestamp"), request)
    return (CallEvent(call_ref, "", EventKind.CALL_ENDED, 0, at, facts),)


def _recorded(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    recording_ref = _recording_ref(str(told.get("recording_url", "")))
    if recording_ref is None:
        return ()
    state, seconds = state_in(request.url), None
    begun, over = _parsed(told.get("start_time")), _parsed(told.get("end_time"))
    if state.awaits is Awaits.MESSAGE and begun is not None and over is not None:
        seconds = round(max(0, over - begun) / SECOND)
    call_ref = needed_ref(_texts(told), "conversation_uuid")
    at = _at(told.get("end_time") or told.get("timestamp"), request)
    facts = Facts(recording_ref=recording_ref, message_seconds=seconds)
    return (CallEvent(call_ref, "", EventKind.RECORDED, state.told, at, facts),)


def _arrived(told: Told) -> Facts:
    caller = caller_of(str(told.get("from", "")))
    return Facts(
        dialled=number_in(str(told.get("to", ""))),
        caller=caller.number,
        withheld=caller.withheld,
        caller_name=caller.name,
    )


def _dialled(request: CarrierRequest) -> str | None:
    """The number that was called, which the document's addresses have."""
    return number_in(parse_qs(urlsplit(request.url).query).get("number", [""])[0])


def _keys(dtmf: object) -> str:
    """The keys: older applications get them as a text."""
    digits = dtmf.get("digits") if isinstance(dtmf, dict) else dtmf
    return pressed_keys(digits) if isinstance(digits, str) else ""


def _recording_ref(url: str) -> str | None:
    """Host and id: recordings lie in the region of the call."""
    try:
        parts = urlsplit(url)
        host, ref = parts.hostname or "", parts.path.rpartition("/")[2]
    except ValueError:
        return None
    is_host = host.endswith(HOSTS) and host.isascii() and host.replace(".", "").replace("-", "").isalnum()
    return f"{host}/{ref}" if is_host and known_ref(ref) else None


def _at(text: object, request: CarrierRequest) -> Millis:
    """The moment that is told, never after we heard of it; else the one of receipt."""
    at = _parsed(text)
    return request.received_at if at is None or at < 0 else min(at, request.received_at)


def _parsed(text: object) -> Millis | None:
    try:
        told = datetime.fromisoformat(str(text))
        return round((told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def _texts(told: Told) -> Mapping[str, str]:
    return {name: value for name, value in told.items() if isinstance(value, str)}


def _read(request: CarrierRequest) -> Told:
    """The JSON body; of a GET, the query. Raises BadCarrierRequest."""
    if request.method == "GET":
        return dict(parse_qsl(urlsplit(request.url).query))
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadCarrierRequest(f"The body is not JSON that can be read: {error}.") from error
    if not isinstance(document, dict):
        raise BadCarrierRequest("The JSON body is not an object.")
    return document
