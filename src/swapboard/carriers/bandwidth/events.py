"""What a webhook of Bandwidth tells of a call.

| eventType                                | event                                                     |
|------------------------------------------|-----------------------------------------------------------|
| initiate                                 | ARRIVED                                                   |
| transferComplete                         | DIAL_ENDED                                                |
| gather                                   | KEYS; on a leg (has parentCallId) LEG_KEYS                |
| recordComplete                           | MESSAGE                                                   |
| transferAnswer                           | LEG_ASKS, and LEG_ANSWERED                                |
| transferDisconnect                       | LEG_STARTED, LEG_ANSWERED if it was, LEG_ENDED: all at once |
| recordingAvailable                       | RECORDED                                                  |
| disconnect                               | CALL_ENDED                                                |

https://dev.bandwidth.com/docs/voice/webhooks, each on its own page. That a leg rings is never told. The end of a
dialling does not name the leg, and its cause is `hangup` after a talk as well as after a leg that was declined
(`switchboard/screening.py` knows better).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.flow_state import SCREENED, Awaits
from swapboard.carriers.bandwidth.moment import moment, seconds
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door, state_in
from swapboard.carriers.caller import Caller, caller_of, number_in, printable
from swapboard.carriers.told import known_ref, needed_ref, pressed_keys
from swapboard.clock import SECOND

CAUSES = {
    "hangup": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "rejected": Outcome.BUSY,
    "timeout": Outcome.NO_ANSWER,
    "cancel": Outcome.CANCELED,
}
"""Any other means that it failed."""
_ASKED = {
    "initiate": EventKind.ARRIVED,
    "transferComplete": EventKind.DIAL_ENDED,
    "gather": EventKind.KEYS,
    "recordComplete": EventKind.MESSAGE,
    "transferAnswer": EventKind.LEG_ASKS,
}
_ATTESTATIONS = frozenset("ABC")
REF_SIGN = "."
"""Between a call's id and its recording's, which Bandwidth wants both."""

Told = Mapping[str, str]


def events(request: CarrierRequest) -> Sequence[CallEvent]:
    """What the request tells; nothing when it tells of no call. Raises BadCarrierRequest."""
    if request.door is Door.MESSAGE:
        return ()
    told = _read(request.body)
    if request.door is Door.VOICE:
        return _voice(told, request)
    kind = told.get("eventType", "")
    if request.door is Door.RECORDING:
        return _recorded(told, request) if kind == "recordingAvailable" else ()
    if kind == "transferDisconnect":
        return _leg_ended(told, request)
    return _ended(told, request) if kind == "disconnect" else ()


def _voice(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    kind = _ASKED.get(told.get("eventType", ""))
    if kind is None:
        raise BadCarrierRequest(f"eventType is {told.get('eventType', '')[:40]!r}.")
    state = state_in(request.url)
    happened_at = moment(told.get("eventTime"), request.received_at) or request.received_at
    if kind is EventKind.LEG_ASKS or (kind is EventKind.KEYS and state.awaits is Awaits.PRESS):
        return _of_leg(told, request, kind)
    if state.awaits is Awaits.NOTHING:
        return ()
    facts = own_facts(told)
    if kind is EventKind.DIAL_ENDED:
        facts = replace(facts, outcome=_dialled(told))
    elif kind is EventKind.KEYS:
        facts = replace(facts, keys=pressed_keys(told.get("digits", "")))
    elif kind is EventKind.MESSAGE:
        facts = replace(facts, message_seconds=seconds(told.get("duration")), recording_ref=_recording_ref(told))
    return (CallEvent(needed_ref(told, "callId"), "", kind, state.told, happened_at, facts),)


def _of_leg(told: Told, request: CarrierRequest, kind: EventKind) -> Sequence[CallEvent]:
    screened = state_in(request.url).awaits in SCREENED
    parent_ref, leg_ref = needed_ref(told, "parentCallId"), needed_ref(told, "callId")
    now = moment(told.get("eventTime"), request.received_at) or request.received_at
    facts = Facts(leg_number=number_in(told.get("transferTo", "")), screened=screened)
    if kind is EventKind.KEYS:
        keyed = replace(facts, keys=pressed_keys(told.get("digits", "")))
        return (CallEvent(parent_ref, leg_ref, EventKind.LEG_KEYS, 1, now, keyed),)
    answered_at = moment(told.get("answerTime"), request.received_at) or now
    return (
        CallEvent(parent_ref, leg_ref, EventKind.LEG_ASKS, 0, now, facts),
        CallEvent(parent_ref, leg_ref, EventKind.LEG_ANSWERED, 0, answered_at, facts),
    )


def _dialled(told: Told) -> Outcome | None:
    cause = told.get("cause", "")
    return CAUSES.get(cause, Outcome.FAILED) if cause else None


def _leg_ended(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    parent_ref, leg_ref = needed_ref(told, "parentCallId"), needed_ref(told, "callId")
    started_at, answered_at, ended_at = (
        moment(told.get(name), request.received_at) for name in ("startTime", "answerTime", "endTime")
    )
    ended_at = request.received_at if ended_at is None else ended_at
    screened = state_in(request.url).awaits in SCREENED
    facts = Facts(leg_number=number_in(told.get("transferTo", "")), screened=screened)
    outcome = CAUSES.get(told.get("cause", ""), Outcome.FAILED)
    talk_seconds = None
    if answered_at is not None:
        outcome, talk_seconds = Outcome.ANSWERED, round(max(0, ended_at - answered_at) / SECOND)
    elif outcome is Outcome.ANSWERED:
        outcome = Outcome.NO_ANSWER
    news = [(EventKind.LEG_STARTED, started_at, facts), (EventKind.LEG_ANSWERED, answered_at, facts)]
    news.append((EventKind.LEG_ENDED, ended_at, replace(facts, outcome=outcome, talk_seconds=talk_seconds)))
    return [CallEvent(parent_ref, leg_ref, kind, 0, at, each) for kind, at, each in news if at is not None]


def _recorded(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    recording_ref = _recording_ref(told)
    if recording_ref is None:
        return ()
    state = state_in(request.url)
    is_message = state.awaits is Awaits.MESSAGE
    length = seconds(told.get("duration")) if is_message else None
    happened_at = moment(told.get("eventTime"), request.received_at) or request.received_at
    facts = Facts(recording_ref=recording_ref, message_seconds=length)
    call_ref = needed_ref(told, "callId")
    return (CallEvent(call_ref, "", EventKind.RECORDED, state.told, happened_at, facts),)


def _ended(told: Told, request: CarrierRequest) -> Sequence[CallEvent]:
    outcome = _dialled(told)
    facts = replace(own_facts(told), outcome=None if outcome is Outcome.ANSWERED else outcome)
    ended_at = moment(told.get("endTime"), request.received_at) or request.received_at
    return (CallEvent(needed_ref(told, "callId"), "", EventKind.CALL_ENDED, 0, ended_at, facts),)


def own_facts(told: Told) -> Facts:
    """What a webhook says of the caller's own side."""
    caller = caller_of(told["from"]) if "from" in told else Caller(None, withheld=False)
    attestation = told.get("stirShaken.attestationIndicator", "")
    return Facts(
        dialled=number_in(told.get("to", "")),
        caller=caller.number,
        withheld=caller.withheld,
        caller_name=printable(told.get("displayName", "")) or caller.name if not caller.withheld else None,
        attestation=attestation if attestation in _ATTESTATIONS else None,
    )


def _recording_ref(told: Told) -> str | None:
    call_ref, ref = known_ref(told.get("callId", "")), known_ref(told.get("recordingId", ""))
    return f"{call_ref}{REF_SIGN}{ref}" if call_ref and ref else None


def _read(body: bytes) -> Told:
    """The body's texts by name; those of an object in it by both names. Raises BadCarrierRequest."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadCarrierRequest(f"The body is not JSON that can be read: {error}.") from error
    if not isinstance(document, dict):
        raise BadCarrierRequest("The JSON body is not an object.")
    inner = {
        f"{name}.{key}": value
        for name, each in document.items()
        if isinstance(each, dict)
        for key, value in each.items()
    }
    return {name: value for name, value in (document | inner).items() if isinstance(value, str)}
