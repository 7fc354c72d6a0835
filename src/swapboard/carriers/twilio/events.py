"""What a webhook tells of a call.

| webhook                                             | event                                       |
|-----------------------------------------------------|---------------------------------------------|
| voice address of a number                           | ARRIVED                                     |
| `action` of a Dial                                  | DIAL_ENDED                                  |
| `action` of a Gather                                | KEYS; on a leg (has ParentCallSid) LEG_KEYS |
| `action` of a Record                                | MESSAGE                                     |
| `url` of a `<Number>` (has ParentCallSid)           | LEG_ASKS                                    |
| recording callback                                  | RECORDED                                    |
| status callback of a number (the caller's own side) | CALL_ENDED, when its status is final        |
| status callback of a `<Number>` (has ParentCallSid) | LEG_STARTED, _RINGING, _ANSWERED, _ENDED    |

https://www.twilio.com/docs/voice/twiml, https://www.twilio.com/docs/voice/twiml/dial,
https://www.twilio.com/docs/voice/twiml/number. With answerOnBridge the caller's side is answered when a leg is;
a completed leg's CallDuration is its talk time, while the caller's own also counts what came before. A leg whose
`url` hangs up was answered and not joined: DialCallStatus may say `completed` of it, DialBridged says `false`.
What is asked at the voice door, the state in its address tells; so each answer has a sequence of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.flow_state import OF_LEG, SCREENED, Awaits, FlowState
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door, state_in
from swapboard.carriers.caller import Caller, caller_of, number_in, printable
from swapboard.carriers.parameters import parameters
from swapboard.carriers.told import awaited_kind, count, known_ref, needed_ref, pressed_keys
from swapboard.carriers.twilio.moment import moment

_LETTERS = frozenset("ABC")

OUTCOMES = {
    "completed": Outcome.ANSWERED,
    "answered": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELED,
}
_FINAL = frozenset(("completed", "busy", "no-answer", "failed", "canceled"))
_LEG_KINDS = {
    "initiated": EventKind.LEG_STARTED,
    "ringing": EventKind.LEG_RINGING,
    "in-progress": EventKind.LEG_ANSWERED,
    "answered": EventKind.LEG_ANSWERED,
} | dict.fromkeys(_FINAL, EventKind.LEG_ENDED)


def events(request: CarrierRequest) -> Sequence[CallEvent]:
    """What the request tells; nothing when it tells of no call. Raises BadCarrierRequest."""
    return () if request.door is Door.MESSAGE else told_events(request, parameters(request))


def told_events(request: CarrierRequest, told: Mapping[str, str]) -> Sequence[CallEvent]:
    """What parameters by Twilio's names tell, whoever's they were. Raises BadCarrierRequest."""
    match request.door:
        case Door.VOICE:
            return _voice(told, request)
        case Door.STATUS:
            return _status(told, request)
        case Door.RECORDING:
            return _recorded(told, request)
    return ()


def state_of(request: CarrierRequest) -> FlowState:
    """The flow's state: of the address, or of the address that failed when this is the fallback. Never raises."""
    state = state_in(request.url)
    is_fallback = b"ErrorUrl" in request.body or "ErrorUrl" in request.url
    if state.awaits is not Awaits.ARRIVAL or not is_fallback:
        return state
    try:
        return state_in(parameters(request).get("ErrorUrl", ""))
    except BadCarrierRequest:
        return state


def _voice(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    state = state_of(request)
    if state.awaits in OF_LEG:
        return (_leg_asks(told, request, state),)
    if state.awaits is Awaits.NOTHING:
        return ()
    # A call that was dialled before its addresses had a state comes back without one.
    kind = EventKind.DIAL_ENDED if "DialCallStatus" in told else awaited_kind(state.awaits)
    facts = _ANSWERS.get(kind, own_facts)(told)
    happened_at = moment(told.get("Timestamp"), request.received_at)
    return (CallEvent(needed_ref(told, "CallSid"), "", kind, state.told, happened_at, facts),)


def _dialled(told: Mapping[str, str]) -> Facts:
    outcome = OUTCOMES.get(told.get("DialCallStatus", ""))
    if outcome is Outcome.ANSWERED and told.get("DialBridged") == "false":
        outcome = Outcome.NO_ANSWER
    is_answered = outcome is Outcome.ANSWERED
    talk_seconds = count(told.get("DialCallDuration")) if is_answered else None
    joined_leg = known_ref(told.get("DialCallSid", "")) if is_answered else None
    return replace(own_facts(told, outcome=outcome, talk_seconds=talk_seconds), joined_leg=joined_leg)


def _keyed(told: Mapping[str, str]) -> Facts:
    return replace(own_facts(told), keys=pressed_keys(told.get("Digits", "")))


def _left_message(told: Mapping[str, str]) -> Facts:
    recording_ref = known_ref(told.get("RecordingSid", ""))
    seconds = count(told.get("RecordingDuration"))
    return replace(own_facts(told), message_seconds=seconds, recording_ref=recording_ref)


_ANSWERS: Mapping[EventKind, Callable[[Mapping[str, str]], Facts]] = {
    EventKind.DIAL_ENDED: _dialled,
    EventKind.KEYS: _keyed,
    EventKind.MESSAGE: _left_message,
}


def _leg_asks(told: Mapping[str, str], request: CarrierRequest, state: FlowState) -> CallEvent:
    pressed = state.awaits is Awaits.PRESS
    facts = Facts(
        leg_number=number_in(told.get("To", "")),
        screened=state.awaits in SCREENED,
        keys=pressed_keys(told.get("Digits", "")) if pressed else None,
    )
    kind = EventKind.LEG_KEYS if pressed else EventKind.LEG_ASKS
    happened_at = moment(told.get("Timestamp"), request.received_at)
    return CallEvent(
        needed_ref(told, "ParentCallSid"),
        needed_ref(told, "CallSid"),
        kind,
        int(pressed),
        happened_at,
        facts,
    )


def _recorded(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    """A recording is ready: of a message when the flow waited for one, else of a talk."""
    recording_ref = known_ref(told.get("RecordingSid", ""))
    if recording_ref is None:
        return ()
    state = state_in(request.url)
    is_message = state.awaits is Awaits.MESSAGE
    facts = Facts(
        recording_ref=recording_ref,
        message_seconds=count(told.get("RecordingDuration")) if is_message else None,
    )
    happened_at = moment(told.get("Timestamp"), request.received_at)
    return (CallEvent(needed_ref(told, "CallSid"), "", EventKind.RECORDED, state.told, happened_at, facts),)


def _status(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    call_ref = needed_ref(told, "CallSid")
    if "CallStatus" not in told:
        raise BadCarrierRequest("CallStatus is missing.")
    status = told["CallStatus"]
    happened_at = moment(told.get("Timestamp"), request.received_at)
    sequence = count(told.get("SequenceNumber")) or 0
    if told.get("ParentCallSid"):
        parent_ref = needed_ref(told, "ParentCallSid")
        kind = _LEG_KINDS.get(status)
        facts = replace(leg_facts(told, status), screened=state_in(request.url).awaits in SCREENED)
        return (CallEvent(parent_ref, call_ref, kind, sequence, happened_at, facts),) if kind else ()
    if status not in _FINAL:
        return ()
    facts = own_facts(told, outcome=own_outcome(status))
    return (CallEvent(call_ref, "", EventKind.CALL_ENDED, sequence, happened_at, facts),)


def own_facts(
    told: Mapping[str, str], *, outcome: Outcome | None = None, talk_seconds: int | None = None
) -> Facts:
    """What a webhook says of the caller's own side."""
    caller = caller_of(told["From"]) if "From" in told else Caller(None, withheld=False)
    return Facts(
        dialled=number_in(told.get("To") or told.get("Called", "")),
        caller=caller.number,
        withheld=caller.withheld,
        caller_name=None if caller.withheld else printable(told.get("CallerName", "")) or caller.name,
        attestation=attestation(told.get("StirVerstat", "")),
        outcome=outcome,
        talk_seconds=talk_seconds,
    )


def attestation(verdict: str) -> str | None:
    """The letter of a number that was vouched for; None of one that was not, or whose voucher did not hold.

    StirVerstat: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir
    """
    letter = verdict.removeprefix("TN-Validation-Passed-")
    return letter if letter in _LETTERS else None


def leg_facts(told: Mapping[str, str], status: str) -> Facts:
    """What a webhook says of a leg; its duration is talk time once it is completed."""
    outcome = OUTCOMES[status] if status in _FINAL else None
    talk_seconds = count(told.get("CallDuration")) if outcome is Outcome.ANSWERED else None
    return Facts(leg_number=number_in(told.get("To", "")), outcome=outcome, talk_seconds=talk_seconds)


def own_outcome(status: str) -> Outcome | None:
    """What the end of the caller's own side tells: `completed` says only that we took the call."""
    outcome = OUTCOMES.get(status)
    return None if outcome is Outcome.ANSWERED else outcome
