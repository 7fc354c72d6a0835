"""The parameters that Twilio sends with a call's webhooks.

https://www.twilio.com/docs/voice/twiml ("Twilio's request"), /docs/voice/twiml/dial ("action"),
/docs/voice/api/call-resource ("StatusCallback")
"""

from datetime import UTC, datetime
from email.utils import format_datetime

import phonenumbers

from swapboard.carriers.sandbox.dialling import LegResult, Line
from swapboard.clock import Millis

WITHHELD = "+266696687"
"""ANONYMOUS on a keypad: how a withheld number comes."""

_SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "480", "failed": "404", "canceled": "487"}


def call_parameters(line: Line, call_ref: str, caller: str | None, status: str) -> dict[str, str]:
    """What every webhook of the caller's own side has."""
    sender = caller or WITHHELD
    return {
        "AccountSid": line.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": call_ref,
        "CallStatus": status,
        "Direction": "inbound",
        **_ends(sender, line.number),
    }


def leg_parameters(line: Line, parent_ref: str, leg: LegResult, caller: str | None) -> dict[str, str]:
    """What every webhook of a leg has."""
    return {
        "AccountSid": line.account_sid,
        "ApiVersion": "2010-04-01",
        "CallSid": leg.leg_ref,
        "ParentCallSid": parent_ref,
        "CallStatus": leg.status,
        "Direction": "outbound-dial",
        **_ends(caller or WITHHELD, leg.number),
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


def dialled(leg: LegResult) -> dict[str, str]:
    """What a Dial's action has beside: the leg that answered, or the last one tried."""
    told = {
        "DialCallStatus": leg.status,
        "DialCallSid": leg.leg_ref,
        "DialBridged": str(leg.joined).lower(),
    }
    return told | ({"DialCallDuration": str(leg.talk_seconds)} if leg.status == "completed" else {})


def recorded(account_sid: str, recording_ref: str, seconds: int) -> dict[str, str]:
    """What a Record's action, and the callback for a recording, have beside."""
    return {
        "RecordingSid": recording_ref,
        "RecordingUrl": f"https://api.example.com/2010-04-01/Accounts/{account_sid}/Recordings/{recording_ref}",
        "RecordingDuration": str(seconds),
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
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
