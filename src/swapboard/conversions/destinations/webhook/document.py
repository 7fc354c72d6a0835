"""A message as its receiver reads it; amounts are in units of the currency, as texts that lose nothing."""

from collections.abc import Mapping

from swapboard.clock import Millis, iso
from swapboard.conversions.contact import CallFacts, Contact
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message, Saying

_TYPES = {
    Saying.CONVERT: "conversion.made",
    Saying.RESTATE: "conversion.changed",
    Saying.RETRACT: "conversion.retracted",
}


def document(message: Message) -> Mapping[str, object]:
    """The whole of it."""
    saying = message.saying
    conversion = {} if isinstance(saying, Event) else {"conversion_id": message.conversion_id}
    return {
        "type": saying if isinstance(saying, Event) else _TYPES[saying],
        "timestamp": iso(message.said_at),
        "data": {
            **conversion,
            "value": None if message.value_cents is None else f"{message.value_cents / 100:.2f}",
            "currency": message.currency,
            **_contact(message.contact),
            **message.details,
            "link": message.link or None,
        },
    }


def _contact(contact: Contact) -> Mapping[str, object]:
    origin = contact.origin
    return {
        "kind": contact.kind,
        "id": contact.contact_id,
        "lead_id": contact.lead_id,
        "happened_at": iso(contact.happened_at),
        "phone": contact.phone,
        "email": contact.email,
        "name": contact.name,
        "answered": contact.answered,
        "talk_seconds": contact.talk_seconds,
        "first_time": contact.is_first,
        "qualified": contact.qualified,
        "tags": contact.tags,
        "is_spam": contact.is_spam,
        "call": _call(contact.call) if contact.call else None,
        "attribution": {
            "confidence": contact.confidence,
            "session_id": origin.session_id,
            "visitor_id": origin.visitor_id,
            "channel": origin.channel,
            "source": origin.source,
            "medium": origin.medium,
            "campaign": origin.campaign,
            "keyword": origin.keyword,
            "landing_page": origin.landing_page,
            "click_ids": dict(origin.click_ids),
        },
    }


def _call(call: CallFacts) -> Mapping[str, object]:
    return {
        "status": call.status,
        "tracking_number": call.tracking_number,
        "destination": call.destination,
        "place": call.caller_place,
        "answered_at": _moment(call.answered_at),
        "ended_at": _moment(call.ended_at),
        "ring_seconds": call.ring_seconds,
        "voicemail_seconds": call.voicemail_seconds,
    }


def _moment(at: Millis | None) -> str | None:
    return None if at is None else iso(at)
