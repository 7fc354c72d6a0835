"""TeXML's parameters, by the names and in the notation that Twilio uses.

https://developers.telnyx.com/api-reference/callbacks/texml-call-initiated, .../texml-call-completed: moments come
in ISO 8601, the caller's name as `CallerId`, who vouched for the number as `ShakenStirAttestation`; `HangupCause`
says what the status leaves open.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime

from swapboard.carriers.caller import caller_of

_STATUS_OF_CAUSE = {
    "user_busy": "busy",
    "timeout": "no-answer",
    "no_answer": "no-answer",
    "no_user_response": "no-answer",
    "call_rejected": "busy",
    "originator_cancel": "canceled",
    "unallocated_number": "failed",
    "invalid_number_format": "failed",
    "destination_out_of_order": "failed",
    "not_found": "failed",
    "service_unavailable": "failed",
    "normal_temporary_failure": "failed",
}
"""Of a leg that was never answered."""


def by_twilios_names(told: Mapping[str, str]) -> dict[str, str]:
    """The same, as Twilio would tell it."""
    named = dict(told) | {"StirVerstat": _verdict(told), "CallStatus": _status(told)}
    if "Timestamp" in told:
        named["Timestamp"] = _in_rfc_2822(told["Timestamp"])
    named["CallerName"] = _name(told.get("CallerName") or told.get("CallerId", ""))
    return {key: value for key, value in named.items() if value or key in told}


def _name(text: str) -> str:
    """Without a name, Telnyx has the number there, or the word for a withheld one."""
    caller = caller_of(text)
    return "" if caller.withheld or caller.number else text


def _verdict(told: Mapping[str, str]) -> str:
    was_validated = told.get("ShakenStirValidated", "").lower() == "true"
    return f"TN-Validation-Passed-{told.get('ShakenStirAttestation', '')}" if was_validated else ""


def _status(told: Mapping[str, str]) -> str:
    """A leg that was never answered ended as its cause says."""
    status, cause = told.get("CallStatus", ""), told.get("HangupCause", "")
    was_answered = bool(told.get("AnsweredTime")) or told.get("CallDuration", "0") not in {"", "0"}
    return status if status != "completed" or was_answered else _STATUS_OF_CAUSE.get(cause, status)


def _in_rfc_2822(moment: str) -> str:
    """Empty for what is no moment."""
    try:
        told = datetime.fromisoformat(moment)
    except ValueError:
        return ""
    return format_datetime(told if told.tzinfo else told.replace(tzinfo=UTC))
