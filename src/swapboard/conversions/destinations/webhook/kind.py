"""One POST for each message, to an address of the company's choice."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic_core import to_json

from swapboard.clock import DAY, SECOND, Millis, from_iso, iso
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.base import HttpDestination
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.destinations.webhook import callrail
from swapboard.conversions.destinations.webhook.document import document
from swapboard.conversions.destinations.webhook.signature import (
    key_of,
    new_private_key,
    private_key_of,
    public_of,
    secret_of,
    signed,
)
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _
from swapboard.leads.lead import ContactKind

HMAC, ED25519, BOTH = "HMAC-SHA256", "Ed25519", "both"
OURS, CALLRAIL = "Swapboard", "CallRail"
OLD_IS_GOOD_FOR: Millis = 7 * DAY
FIELDS = (
    SettingField("url", "Address", "Where each message is sent to, as https://example.com/swapboard."),
    SettingField(
        "signing",
        "Signature",
        "With HMAC-SHA256 both sides know one secret; with Ed25519 yours knows only a public key.",
        required=False,
        choices=(HMAC, ED25519, BOTH),
    ),
    SettingField(
        "secret",
        "Signing secret",
        "Of HMAC-SHA256: starts with whsec_. Made when left empty, and shown once.",
        secret=True,
        shown_once=True,
        required=False,
    ),
    SettingField(
        "old_secret",
        "Old signing secret",
        "While a secret is replaced: messages are signed with both.",
        secret=True,
        required=False,
        rare=True,
    ),
    SettingField(
        "private_key",
        "Private key",
        "Of Ed25519: starts with whsk_. Made when left empty; nobody but us needs it.",
        secret=True,
        required=False,
        rare=True,
    ),
    SettingField(
        "old_private_key", "Old private key", "While it is replaced.", secret=True, required=False, rare=True
    ),
    SettingField(
        "public_key",
        "Public key",
        "Of Ed25519: starts with whpk_. Your program checks messages by it. Filled in by itself.",
        required=False,
        rare=True,
    ),
    SettingField(
        "old_until",
        "The old ones sign until",
        "As 2026-12-01T12:00:00Z; without it, until you take them out.",
        required=False,
        rare=True,
    ),
    SettingField(
        "shape",
        "Shape of the messages",
        "CallRail's is for programs that read its webhooks already; it tells of calls only.",
        required=False,
        choices=(OURS, CALLRAIL),
    ),
    SettingField(
        "callrail_key",
        "Key of CallRail's signature",
        "With CallRail's shape: what your program checks the header Signature by. Made when left empty.",
        secret=True,
        shown_once=True,
        required=False,
        rare=True,
    ),
)
_GONE = 410


@dataclass(frozen=True, slots=True)
class Webhook(HttpDestination):
    """One address, and what it signs with: the newest first."""

    url: str
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    private_keys: tuple[Ed25519PrivateKey, ...] = field(default=(), repr=False)
    old_until: Millis | None = None
    """When only the first of each signs; None for never."""
    callrail_key: str = field(default="", repr=False)
    """With it the messages have CallRail's shape."""

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        if self.callrail_key and message.contact.kind is not ContactKind.CALL:
            return _("CallRail's shape is for calls only. Make another webhook for forms.")
        return None

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        told = callrail.document(message) if self.callrail_key else document(message)
        return self._request(message.delivery_id, told, now)

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        return [_read(answer)]

    def test(self, now: Millis, post: Post) -> Result:
        ping = {"type": "ping", "timestamp": iso(now), "data": {}}
        return _read(post(self._request(f"ping{now}", ping, now)))

    def _request(self, message_id: str, told: Mapping[str, object], now: Millis) -> Request:
        body = to_json(told)
        how_many = None if self.old_until is None or now < self.old_until else 1
        keys, private_keys = self.keys[:how_many], self.private_keys[:how_many]
        headers = {"Content-Type": "application/json"}
        headers |= signed(keys, private_keys, message_id, now // SECOND, body)
        if self.callrail_key:
            headers["Signature"] = callrail.signature(self.callrail_key, body)
        return Request("POST", self.url, headers, body)


class WebhookKind:
    """The destination "webhook"."""

    name = "Webhook"
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = tuple(Event)
    first_rule = Rule()

    def open(self, settings: Mapping[str, str]) -> Webhook:
        required(settings, FIELDS)
        told = {name: value.strip() for name, value in settings.items()}
        parts = urlsplit(told["url"])
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise ValueError(_("The address must begin with https:// or http:// and hold no password."))
        keys = [key_of(told[name]) for name in ("secret", "old_secret") if told.get(name)]
        private = [private_key_of(told[name]) for name in ("private_key", "old_private_key") if told.get(name)]
        signing = told.get("signing") or HMAC
        if (signing != ED25519 and not told.get("secret")) or (signing != HMAC and not told.get("private_key")):
            raise ValueError(_("There is nothing to sign with. Have a secret made."))
        return Webhook(
            url=told["url"],
            keys=tuple(keys) if signing != ED25519 else (),
            private_keys=tuple(private) if signing != HMAC else (),
            old_until=_moment(told.get("old_until", "")),
            callrail_key=told.get("callrail_key", "") if told.get("shape") == CALLRAIL else "",
        )

    def made(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        signing = settings.get("signing") or HMAC
        new: dict[str, str] = {}
        if signing != ED25519 and not settings.get("secret"):
            new["secret"] = secret_of(secrets.token_bytes(32))
        if signing != HMAC:
            private = settings.get("private_key") or new_private_key()
            if not settings.get("private_key"):
                new["private_key"] = private
            new["public_key"] = public_of(private)
        if settings.get("shape") == CALLRAIL and not settings.get("callrail_key"):
            new["callrail_key"] = secrets.token_hex(16)
        return new

    def replaced(self, settings: Mapping[str, str], now: Millis) -> Mapping[str, str]:
        old = {f"old_{name}": settings[name] for name in ("secret", "private_key") if settings.get(name)}
        kept = {name: value for name, value in settings.items() if name not in {"secret", "private_key"}}
        new = {**kept, **old, "old_until": iso(now + OLD_IS_GOOD_FOR)}
        return {**new, **self.made(new)}


def _moment(text: str) -> Millis | None:
    if not text:
        return None
    try:
        return from_iso(text)
    except ValueError as error:
        raise ValueError(_("Write until when the old ones sign as 2026-12-01T12:00:00Z.")) from error


def _read(answer: Answer) -> Result:
    """The receiver's 2xx takes it; 410 says that it wants no more (Standard Webhooks), other 4xx may be mended."""
    result = by_status(answer)
    if result.outcome is Outcome.REFUSED and answer.status != _GONE:
        return Result(Outcome.FAILED, result.words, result.retry_after_seconds)
    return result
