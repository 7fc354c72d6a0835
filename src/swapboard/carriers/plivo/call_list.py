"""One entry of Plivo's list of calls (https://www.plivo.com/docs/voice/api/call/the-call-object)."""

from collections.abc import Mapping

from swapboard.carriers.plivo.moment import listed_at
from swapboard.carriers.told import known_ref
from swapboard.carriers.twilio.call_list import ListedCall

_STATUSES = {
    "busy line": "busy",
    "busy": "busy",
    "rejected": "busy",
    "no answer": "no-answer",
    "ring timeout reached": "no-answer",
    "canceled": "canceled",
    "lost race": "canceled",
    **dict.fromkeys(
        (
            "canceled (out of credits)",
            "canceled (simultaneous dial limit reached)",
            "invalid destination address",
            "destination out of service",
            "endpoint not registered",
            "destination country barred",
            "destination number barred",
            "loop detected",
        ),
        "failed",
    ),
}
"""How a call that nobody answered ended, by `hangup_cause_name`, which has been written with `ll`, too.

https://docs.plivo.com/docs/voice/troubleshooting/hangup-causes
"""


def listed_call(told: Mapping[str, object]) -> ListedCall | None:
    """The entry; None when it has no id or no time."""
    text = {name: "" if value is None else str(value) for name, value in told.items()}
    call_ref = known_ref(text.get("call_uuid", ""))
    ended_at = listed_at(text.get("end_time"))
    started_at = listed_at(text.get("initiation_time")) or listed_at(text.get("answer_time")) or ended_at
    if call_ref is None or started_at is None:
        return None
    is_answered = bool(text.get("answer_time"))
    cause = text.get("hangup_cause_name", "").lower().replace("_", " ").replace("cancelled", "canceled")
    return ListedCall(
        call_ref=call_ref,
        parent_ref=known_ref(text.get("parent_call_uuid", "")),
        direction=text.get("call_direction", ""),
        status="completed" if is_answered else _STATUSES.get(cause, "no-answer"),
        caller=text.get("from_number", ""),
        dialled=text.get("to_number", ""),
        caller_name="",
        started_at=started_at,
        ended_at=ended_at,
        duration=text.get("bill_duration", "") if is_answered else "0",
    )


def live_call(told: Mapping[str, object]) -> ListedCall | None:
    """A call that goes on (https://www.plivo.com/docs/voice/api/call/retrieve-a-live-call); None as above."""
    text = {name: "" if value is None else str(value) for name, value in told.items()}
    call_ref, started_at = known_ref(text.get("call_uuid", "")), listed_at(text.get("session_start"))
    if call_ref is None or started_at is None:
        return None
    return ListedCall(
        call_ref=call_ref,
        parent_ref=None,
        direction=text.get("direction", ""),
        status="in-progress",
        caller=text.get("from", ""),
        dialled=text.get("to", ""),
        caller_name="",
        started_at=started_at,
        ended_at=None,
        duration="",
    )
