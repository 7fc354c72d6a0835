"""What a webhook tells of a call.

| webhook                                             | event                                       |
|-----------------------------------------------------|---------------------------------------------|
| voice address of a number                           | ARRIVED                                     |
| `action` of a Dial                                  | DIAL_ENDED                                  |
| status callback of a number (the caller's own side) | CALL_ENDED, when its status is final        |
| status callback of a `<Number>` (has ParentCallSid) | LEG_STARTED, _RINGING, _ANSWERED, _ENDED    |

https://www.twilio.com/docs/voice/twiml, https://www.twilio.com/docs/voice/twiml/dial,
https://www.twilio.com/docs/voice/twiml/number. With answerOnBridge the caller's side is answered when a leg is;
a completed leg's CallDuration is its talk time, while the caller's own also counts what came before.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.carriers.base import BadCarrierRequest, CarrierRequest, Door
from swapboard.carriers.twilio.caller import Caller, caller_of, number_in, printable
from swapboard.carriers.twilio.moment import moment
from swapboard.carriers.twilio.parameters import parameters

MAX_REF_LENGTH = 64

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
    if request.door is Door.VOICE:
        return (_voice(parameters(request), request),)
    if request.door is Door.STATUS:
        return _status(parameters(request), request)
    return ()


def _voice(told: Mapping[str, str], request: CarrierRequest) -> CallEvent:
    call_ref = _ref(told, "CallSid")
    happened_at = moment(told.get("Timestamp"), request.received_at)
    if not _dial_is_over(told):
        return CallEvent(call_ref, "", EventKind.ARRIVED, 0, happened_at, own_facts(told))
    outcome = OUTCOMES.get(told.get("DialCallStatus", ""))
    talk_seconds = count(told.get("DialCallDuration")) if outcome is Outcome.ANSWERED else None
    facts = own_facts(told, outcome=outcome, talk_seconds=talk_seconds)
    return CallEvent(call_ref, "", EventKind.DIAL_ENDED, 0, happened_at, facts)


def _dial_is_over(told: Mapping[str, str]) -> bool:
    """True for a Dial's action, and for the fallback when an action failed: its address had a state."""
    if "DialCallStatus" in told:
        return True
    try:
        return "state" in parse_qs(urlsplit(told.get("ErrorUrl", "")).query)
    except ValueError:
        return False


def _status(told: Mapping[str, str], request: CarrierRequest) -> Sequence[CallEvent]:
    call_ref = _ref(told, "CallSid")
    if "CallStatus" not in told:
        raise BadCarrierRequest("CallStatus is missing.")
    status = told["CallStatus"]
    happened_at = moment(told.get("Timestamp"), request.received_at)
    sequence = count(told.get("SequenceNumber")) or 0
    if told.get("ParentCallSid"):
        parent_ref = _ref(told, "ParentCallSid")
        kind = _LEG_KINDS.get(status)
        facts = leg_facts(told, status)
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
        caller_name=printable(told.get("CallerName", "")) or caller.name,
        outcome=outcome,
        talk_seconds=talk_seconds,
    )


def leg_facts(told: Mapping[str, str], status: str) -> Facts:
    """What a webhook says of a leg; its duration is talk time once it is completed."""
    outcome = OUTCOMES[status] if status in _FINAL else None
    talk_seconds = count(told.get("CallDuration")) if outcome is Outcome.ANSWERED else None
    return Facts(leg_number=number_in(told.get("To", "")), outcome=outcome, talk_seconds=talk_seconds)


def own_outcome(status: str) -> Outcome | None:
    """What the end of the caller's own side tells: `completed` says only that we took the call."""
    outcome = OUTCOMES.get(status)
    return None if outcome is Outcome.ANSWERED else outcome


def count(text: str | None) -> int | None:
    """A count of seconds or callbacks; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None


def _ref(told: Mapping[str, str], name: str) -> str:
    ref = told.get(name, "")
    if not ref:
        raise BadCarrierRequest(f"{name} is missing.")
    if len(ref) > MAX_REF_LENGTH or not ref.isascii() or not ref.replace("_", "").replace("-", "").isalnum():
        raise BadCarrierRequest(f"{name} is not an id: {ref[:40]!r}.")
    return ref
