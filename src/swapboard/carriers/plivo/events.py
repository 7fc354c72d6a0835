"""What a webhook of Plivo tells of a call.

| webhook                                    | event                                                     |
|--------------------------------------------|-----------------------------------------------------------|
| answer_url of the application              | ARRIVED                                                   |
| `action` of a Dial                         | DIAL_ENDED                                                |
| `action` of a GetInput, or the Redirect after it | KEYS                                                |
| `action` of a Record                       | MESSAGE                                                   |
| `confirmSound` of a Dial                   | LEG_ASKS, before any leg has a name                       |
| `callbackUrl` of a Dial                    | answer, connected: LEG_ANSWERED; hangup: LEG_ENDED        |
| `callbackUrl` of a Record                  | RECORDED                                                  |
| hangup_url of the application              | CALL_ENDED                                                |

https://www.plivo.com/docs/voice/xml/request and .../xml/dial ("Parameters sent to the action URL", "... to the
callback URL"). That a leg rings is never told, and a leg's news has no time of its own. `connected` is the moment
when both sides hear each other: of a screened leg it says that the key was pressed. The DialBLegUUID at the end of
a dialling is empty when nobody was joined, whatever the status says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.flow_state import OF_LEG, SCREENED, Awaits
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door, state_in
from swapboard.carriers.caller import Caller, caller_of, number_in, printable
from swapboard.carriers.parameters import parameters
from swapboard.carriers.plivo.moment import ended_at
from swapboard.carriers.told import awaited_kind, count, known_ref, needed_ref, pressed_keys

OUTCOMES = {
    "completed": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "timeout": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "cancel": Outcome.CANCELED,
}
CAUSES = {
    "NORMAL_CLEARING": Outcome.ANSWERED,
    "USER_BUSY": Outcome.BUSY,
    "CALL_REJECTED": Outcome.BUSY,
    "NO_ANSWER": Outcome.NO_ANSWER,
    "NO_USER_RESPONSE": Outcome.NO_ANSWER,
    "ALLOTTED_TIMEOUT": Outcome.NO_ANSWER,
    "SUBSCRIBER_ABSENT": Outcome.NO_ANSWER,
    "ORIGINATOR_CANCEL": Outcome.CANCELED,
    "LOSE_RACE": Outcome.CANCELED,
}
"""FreeSWITCH's hang-up causes, which Plivo passes on; any other means that the leg failed."""
_ATTESTATIONS = {"Verified": "A"}
"""`Not Verified` may be B or C, which Plivo does not tell (https://www.plivo.com/docs/voice/concepts/stir-shaken)."""


def events(request: CarrierRequest) -> Sequence[CallEvent]:
    """What the request tells; nothing when it tells of no call. Raises BadCarrierRequest."""
    told = parameters(request)
    if request.door is Door.VOICE:
        return _voice(told, request)
    if request.door is Door.STATUS:
        return _leg(told, request) if "DialAction" in told else _ended(told, request)
    return _recorded(told, request) if request.door is Door.RECORDING else ()


def _voice(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    state = state_in(request.url)
    if state.awaits is Awaits.NOTHING:
        return ()
    call_ref = needed_ref(told, "CallUUID")
    if state.awaits in OF_LEG:
        facts = Facts(screened=state.awaits in SCREENED)
        return (CallEvent(call_ref, "", EventKind.LEG_ASKS, state.told, request.received_at, facts),)
    kind = awaited_kind(state.awaits)
    facts = _ANSWERS.get(kind, own_facts)(told)
    return (CallEvent(call_ref, "", kind, state.told, request.received_at, facts),)


def _dialled(told: Mapping[str, str]) -> Facts:
    outcome = OUTCOMES.get(told.get("DialStatus", ""))
    joined_leg = known_ref(told.get("DialBLegUUID", ""))
    if outcome is Outcome.ANSWERED and joined_leg is None:
        outcome = Outcome.NO_ANSWER
    is_answered = outcome is Outcome.ANSWERED
    return replace(own_facts(told), outcome=outcome, joined_leg=joined_leg if is_answered else None)


def _keyed(told: Mapping[str, str]) -> Facts:
    return replace(own_facts(told), keys=pressed_keys(told.get("Digits", "")))


def _left_message(told: Mapping[str, str]) -> Facts:
    recording_ref = known_ref(told.get("RecordingID", ""))
    return replace(own_facts(told), message_seconds=_seconds(told), recording_ref=recording_ref)


_ANSWERS: Mapping[EventKind, Callable[[Mapping[str, str]], Facts]] = {
    EventKind.DIAL_ENDED: _dialled,
    EventKind.KEYS: _keyed,
    EventKind.MESSAGE: _left_message,
}


def _leg(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    """News of a leg; the digits that somebody pressed while talking are none."""
    action = told["DialAction"]
    if action not in _LEG_KINDS:
        return ()
    kind, sequence = _LEG_KINDS[action]
    leg_ref = needed_ref(told, "DialBLegUUID")
    facts = Facts(
        leg_number=number_in(told.get("DialBLegTo", "")),
        screened=state_in(request.url).awaits in SCREENED,
        joined_leg=leg_ref if action == "connected" else None,
    )
    if kind is EventKind.LEG_ENDED:
        facts = _leg_end(told, facts)
    return (CallEvent(needed_ref(told, "CallUUID"), leg_ref, kind, sequence, request.received_at, facts),)


_LEG_KINDS = {
    "answer": (EventKind.LEG_ANSWERED, 0),
    "connected": (EventKind.LEG_ANSWERED, 1),
    "hangup": (EventKind.LEG_ENDED, 0),
}


def _leg_end(told: Mapping[str, str], facts: Facts) -> Facts:
    """A leg that was cleared normally without a second of talk was never answered."""
    outcome = CAUSES.get(told.get("DialBLegHangupCause", ""), Outcome.FAILED)
    seconds = count(told.get("DialBLegDuration"))
    if outcome is Outcome.ANSWERED:
        return replace(facts, outcome=outcome if seconds else Outcome.NO_ANSWER, talk_seconds=seconds)
    return replace(facts, outcome=outcome)


def _recorded(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    """A recording is ready: of a message when the flow waited for one, else of a talk."""
    recording_ref = known_ref(told.get("RecordingID", ""))
    if recording_ref is None:
        return ()
    state = state_in(request.url)
    is_message = state.awaits is Awaits.MESSAGE
    facts = Facts(recording_ref=recording_ref, message_seconds=_seconds(told) if is_message else None)
    call_ref = needed_ref(told, "CallUUID")
    return (CallEvent(call_ref, "", EventKind.RECORDED, state.told, request.received_at, facts),)


def _ended(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    call_ref = needed_ref(told, "CallUUID")
    if "CallStatus" not in told:
        raise BadCarrierRequest("CallStatus is missing.")
    status = told["CallStatus"]
    if status not in OUTCOMES:
        return ()
    outcome = OUTCOMES[status]
    facts = replace(own_facts(told), outcome=None if outcome is Outcome.ANSWERED else outcome)
    happened_at = ended_at(told, request.received_at)
    return (CallEvent(call_ref, "", EventKind.CALL_ENDED, 0, happened_at, facts),)


def own_facts(told: Mapping[str, str]) -> Facts:
    """What a webhook says of the caller's own side."""
    caller = caller_of(told["From"]) if "From" in told else Caller(None, withheld=False)
    name = printable(told.get("CallerName", ""))
    # Without a name Plivo repeats the number.
    is_name = name is not None and number_in(name) is None
    return Facts(
        dialled=number_in(told.get("To", "")),
        caller=caller.number,
        withheld=caller.withheld,
        caller_name=name if is_name and not caller.withheld else caller.name,
        attestation=_ATTESTATIONS.get(told.get("STIRVerification", "")),
    )


def _seconds(told: Mapping[str, str]) -> int | None:
    """How long a recording is; -1 while Plivo does not know yet."""
    return count(told.get("RecordingDuration"))
