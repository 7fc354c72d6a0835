"""One POST for each message, to an address of the company's choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic_core import to_json

from swapboard.clock import SECOND, Millis, iso
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import (
    Answer,
    HttpDestination,
    Post,
    Request,
    SettingField,
    by_status,
    required,
)
from swapboard.conversions.destinations.webhook.signature import key_of, signed
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result

FIELDS = (
    SettingField("url", "Address", "Where each message is sent to, as https://example.com/swapboard."),
    SettingField(
        "secret", "Signing secret", "Starts with whsec_. With it, your program knows that we sent it.", secret=True
    ),
    SettingField(
        "old_secret",
        "Old signing secret",
        "While you replace the secret: messages are signed with both.",
        secret=True,
        required=False,
    ),
)
_TYPES = {
    Saying.CONVERT: "conversion.made",
    Saying.RESTATE: "conversion.changed",
    Saying.RETRACT: "conversion.retracted",
}
_GONE = 410


@dataclass(frozen=True, slots=True)
class Webhook(HttpDestination):
    """One address; the newest of the keys first."""

    url: str
    keys: tuple[bytes, ...] = field(repr=False)

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        return None

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        return self._request(message.delivery_id, document(message), now)

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        return [_read(answer)]

    def test(self, now: Millis, post: Post) -> Result:
        ping = {"type": "ping", "timestamp": iso(now), "data": {}}
        return _read(post(self._request(f"ping{now}", ping, now)))

    def _request(self, message_id: str, told: Mapping[str, object], now: Millis) -> Request:
        body = to_json(told)
        headers = {"Content-Type": "application/json", **signed(self.keys, message_id, now // SECOND, body)}
        return Request("POST", self.url, headers, body)


class WebhookKind:
    """The destination "webhook"."""

    name = "Webhook"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS

    def open(self, settings: Mapping[str, str]) -> Webhook:
        required(settings, FIELDS)
        url = settings["url"].strip()
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise ValueError("The address must begin with https:// or http:// and hold no password.")
        secrets = (settings["secret"], settings.get("old_secret", ""))
        return Webhook(url, tuple(key_of(secret) for secret in secrets if secret.strip()))


def document(message: Message) -> Mapping[str, object]:
    """The message as the receiver reads it; amounts are in units of the currency, as texts that lose nothing."""
    return {
        "type": _TYPES[message.saying],
        "timestamp": iso(message.said_at),
        "data": {
            "conversion_id": message.conversion_id,
            "value": None if message.value_cents is None else f"{message.value_cents / 100:.2f}",
            "currency": message.currency,
            **_contact(message.contact),
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
        "answered": contact.answered,
        "talk_seconds": contact.talk_seconds,
        "first_time": contact.is_first,
        "qualified": contact.qualified,
        "tags": contact.tags,
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


def _read(answer: Answer) -> Result:
    """The receiver's 2xx takes it; 410 says that it wants no more (Standard Webhooks), other 4xx may be mended."""
    result = by_status(answer)
    if result.outcome is Outcome.REFUSED and answer.status != _GONE:
        return Result(Outcome.FAILED, result.words, result.retry_after_seconds)
    return result
