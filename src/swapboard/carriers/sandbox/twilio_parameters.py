"""The parameters that Twilio sends with a call's webhooks.

https://www.twilio.com/docs/voice/twiml ("Twilio's request"), /docs/voice/twiml/dial ("action"),
/docs/voice/api/call-resource ("StatusCallback")
"""

from datetime import UTC, datetime
from email.utils import format_datetime

import phonenumbers

from swapboard.carriers.sandbox.dialect import FarSide, OwnSide, Recording
from swapboard.clock import Millis

WITHHELD = "+266696687"
"""ANONYMOUS on a keypad: how a withheld number comes."""

_SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "480", "failed": "404", "canceled": "487"}


def call_parameters(account_sid: str, own: OwnSide) -> dict[str, str]:
    """What every webhook of the caller's own side has; who vouched for the number, where somebody did.

    StirVerstat: https://www.twilio.com/docs/voice/trusted-calling-with-shakenstir
    """
    told = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": own.call_ref,
        "CallStatus": own.status,
        "Direction": "inbound",
        **_ends(own.sender or WITHHELD, own.dialled),
    }
    if own.attestation:
        told["StirVerstat"] = f"TN-Validation-Passed-{own.attestation}"
    return told | ({"CallerName": own.caller_name} if own.caller_name else {})


def leg_parameters(account_sid: str, parent_ref: str, leg: FarSide) -> dict[str, str]:
    """What every webhook of a leg has."""
    return {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.leg_ref,
        "ParentCallSid": parent_ref,
        "CallStatus": leg.status,
        "Direction": "outbound-dial",
        **_ends(leg.sender or WITHHELD, leg.number),
    }


def progress(sequence: int, now: Millis) -> dict[str, str]:
    """What a status callback has beside."""
    return {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
        "Timestamp": format_datetime(datetime.fromtimestamp(now // 1000, UTC)),
    }


def length(status: str, seconds: int) -> dict[str, str]:
    """What the last status callback has beside; `Duration` is in minutes begun."""
    return {
        "CallDuration": str(seconds),
        "Duration": str(-(-seconds // 60)),
        "SipResponseCode": _SIP_CODES[status],
    }


def dialled(leg: FarSide) -> dict[str, str]:
    """What a Dial's action has beside: the leg that answered, or the last one tried."""
    told = {
        "DialCallStatus": leg.status,
        "DialCallSid": leg.leg_ref,
        "DialBridged": str(leg.joined).lower(),
    }
    return told | ({"DialCallDuration": str(leg.talk_seconds)} if leg.status == "completed" else {})


def recorded(account_sid: str, recording: Recording) -> dict[str, str]:
    """What a Record's action, and the callback for a recording, have beside."""
    ref = recording.recording_ref
    return {
        "RecordingSid": ref,
        "RecordingUrl": f"https://api.example.com/2010-04-01/Accounts/{account_sid}/Recordings/{ref}",
        "RecordingDuration": str(recording.seconds),
    }


def _ends(sender: str, receiver: str) -> dict[str, str]:
    """Both ends under all the names they have."""
    told: dict[str, str] = {}
    for names, number in ((("From", "Caller"), sender), (("To", "Called"), receiver)):
        for name in names:
            told |= {
                name: number,
                f"{name}City": "",
                f"{name}State": "",
                f"{name}Zip": "",
                f"{name}Country": _country(number),
            }
    return told


def _country(number: str) -> str:
    """Where the number is from; nowhere for what is none, such as `Anonymous`."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(f"+{number.lstrip('+')}")) or ""
    except phonenumbers.NumberParseException:
        return ""
