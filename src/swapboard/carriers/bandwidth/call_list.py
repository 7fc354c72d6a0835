"""One entry of Bandwidth's list of calls (https://dev.bandwidth.com/apis/voice, "Get calls")."""

from collections.abc import Mapping

from swapboard.carriers.bandwidth.moment import moment
from swapboard.carriers.told import known_ref
from swapboard.carriers.twilio.call_list import ListedCall
from swapboard.clock import SECOND, Millis

_STATUSES = {
    "busy": "busy",
    "rejected": "busy",
    "timeout": "no-answer",
    "cancel": "canceled",
    "hangup": "no-answer",
}
_NEVER: Millis = 2**50


def listed_call(told: Mapping[str, object]) -> ListedCall | None:
    """The entry; None when it has no id or no time."""
    text = {name: value for name, value in told.items() if isinstance(value, str)}
    call_ref = known_ref(text.get("callId", ""))
    started_at, answered_at, ended_at = (
        moment(text.get(name), _NEVER) for name in ("startTime", "answerTime", "endTime")
    )
    if call_ref is None or started_at is None:
        return None
    parent_ref = known_ref(text.get("parentCallId", ""))
    status = "in-progress"
    if ended_at is not None:
        missed = _STATUSES.get(text.get("disconnectCause", ""), "failed")
        status = "completed" if answered_at is not None else missed
    since = ended_at if answered_at is None else answered_at
    return ListedCall(
        call_ref=call_ref,
        parent_ref=parent_ref,
        direction=text.get("direction", ""),
        status=status,
        caller=text.get("from", ""),
        dialled=text.get("to", ""),
        caller_name="",
        started_at=started_at,
        ended_at=ended_at,
        duration="" if ended_at is None or since is None else str(max(0, (ended_at - since) // SECOND)),
    )
