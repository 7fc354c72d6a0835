"""A call in the shape in which CallRail tells of calls, for programs that read that already.

Its keys and its `Signature` header are those of https://apidocs.callrail.com and of its help; texts are
empty where there is nothing to say, and the duration is a text, as in its samples.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import phonenumbers

from swapboard.clock import Millis
from swapboard.conversions.contact import CallFacts, Contact
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message

_NOTHING_KNOWN = CallFacts("", None, None, None, None, None, None, None, None)
_UTM = ("utm_source", "utm_medium", "utm_term", "utm_content", "utm_campaign")
_CHANGES = {
    Event.CHANGED: ["tags", "value", "lead_status"],
    Event.ATTRIBUTION_CHANGED: ["source"],
    Event.RECORDING_READY: ["recording_duration"],
    Event.TRANSCRIPT_READY: ["transcription_text"],
    Event.FORGOTTEN: ["customer_name", "customer_phone_number"],
}


def signature(key: str, body: bytes) -> str:
    """The `Signature` header: HMAC-SHA1 over the body, in base64."""
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha1)).decode()


def document(message: Message) -> Mapping[str, object]:
    """The call; what tells only of a change names what changed."""
    contact, call = message.contact, message.contact.call or _NOTHING_KNOWN
    told = {**_call(message, contact, call), **_source(contact, call), **_old_names(message, contact, call)}
    if isinstance(message.saying, Event) and message.saying in _CHANGES:
        told["changes"] = _CHANGES[message.saying]
    return told


def _call(message: Message, contact: Contact, call: CallFacts) -> dict[str, object]:
    zone = message.company.time_zone
    city, _comma, state = (call.caller_place or "").partition(", ")
    caller, called = contact.phone or "", call.tracking_number or ""
    value = "" if message.value_cents is None else f"{message.value_cents / 100:.2f}"
    return {
        "id": contact.contact_id,
        "resource_id": contact.contact_id,
        "answered": contact.answered,
        "voicemail": call.voicemail_seconds is not None,
        "call_type": _type(contact, call),
        "direction": "inbound",
        "duration": str(contact.talk_seconds),
        "formatted_duration": f"{contact.talk_seconds // 60}m {contact.talk_seconds % 60}s",
        "start_time": _local(contact.happened_at, zone),
        "created_at": _local(contact.happened_at, zone),
        "company_id": message.company.company_id,
        "company_name": message.company.name,
        "company_time_zone": zone,
        "customer_name": contact.name or "",
        "formatted_customer_name": contact.name or "",
        "customer_phone_number": caller,
        "formatted_customer_phone_number": _national(caller),
        "formatted_customer_name_or_phone_number": contact.name or _national(caller),
        "customer_city": city,
        "customer_state": state,
        "customer_country": _country(caller),
        "formatted_customer_location": call.caller_place or "",
        "business_phone_number": call.destination or "",
        "formatted_business_phone_number": _national(call.destination or ""),
        "tracking_phone_number": called,
        "formatted_tracking_phone_number": _national(called),
        "first_call": contact.is_first,
        "lead_status": {True: "good_lead", False: "not_a_lead", None: ""}[contact.qualified],
        "tags": list(contact.tags),
        "value": value,
        "formatted_value": f"{value} {message.currency}".strip() if value else "",
        "note": "",
        "recording": message.link if "recording_id" in message.details else "",
        "recording_duration": str(message.details.get("seconds") or ""),
        "recording_player": message.link,
        "person_resource_id": contact.lead_id or "",
    }


def _source(contact: Contact, call: CallFacts) -> dict[str, object]:
    origin = contact.origin
    page = dict(parse_qsl(urlsplit(origin.landing_page or "").query))
    return {
        "source_name": origin.source or origin.channel or "",
        "formatted_tracking_source": origin.channel or "",
        "medium": origin.medium or "",
        "campaign": origin.campaign or "",
        "keywords": origin.keyword or "",
        "landing_page_url": origin.landing_page or "",
        "referring_url": call.referrer or "",
        "referrer_domain": urlsplit(call.referrer or "").hostname or "",
        **{name: page.get(name, "") for name in _UTM},
        "gclid": origin.click_ids.get("gclid", ""),
        "ga": origin.cookies.get("_ga", ""),
    }


def _old_names(message: Message, contact: Contact, call: CallFacts) -> dict[str, object]:
    """What CallRail's webhooks called the same before, which they still send."""
    city, _comma, state = (call.caller_place or "").partition(", ")
    return {
        "callernum": contact.phone or "",
        "callername": contact.name or "",
        "callercity": city,
        "callerstate": state,
        "callercountry": _country(contact.phone or ""),
        "trackingnum": call.tracking_number or "",
        "destinationnum": call.destination or "",
        "callsource": contact.origin.source or contact.origin.channel or "",
        "datetime": _local(contact.happened_at, message.company.time_zone),
        "landingpage": contact.origin.landing_page or "",
        "referrer": call.referrer or "",
        "timestamp": _local(message.said_at, "UTC"),
    }


def _type(contact: Contact, call: CallFacts) -> str:
    if call.voicemail_seconds is not None:
        return "voicemail"
    return "answered" if contact.answered else "missed"


def _local(at: Millis, zone: str) -> str:
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).isoformat(timespec="milliseconds")


def _national(number: str) -> str:
    """As 212-555-0111; a number of another kind as it is."""
    digits = number.removeprefix("+1")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if number.startswith("+1") and len(digits) == 10 else number


def _country(number: str) -> str:
    if not number:
        return ""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""
