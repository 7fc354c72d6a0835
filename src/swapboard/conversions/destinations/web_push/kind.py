"""A notification in one browser: RFC 8030 (push), 8188 and 8291 (encryption), 8292 (VAPID: who sends it).

The browser's own push service carries it and cannot read it; 404 and 410 say that the browser wants no more.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic_core import to_json

from swapboard.clock import DAY, HOUR, SECOND, Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.base import HOUSE_KEY, HttpDestination
from swapboard.conversions.destinations.fields import SettingField, required
from swapboard.conversions.destinations.reading import TELLS, chosen, disturbing
from swapboard.conversions.destinations.request import Answer, Post, Request
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message
from swapboard.conversions.notice import Notice, notice_of
from swapboard.conversions.outbox import Outcome, Result
from swapboard.language import _

FIELDS = (
    SettingField("endpoint", "Browser's address", "Filled in by the button, as are the next two.", rare=True),
    SettingField("p256dh", "Browser's key", "What messages to it are encrypted with.", rare=True),
    SettingField("auth", "Browser's secret", "Only this browser can read what is sent to it.", True, rare=True),
    SettingField("contact", "Your e-mail address", "Push services want to know whom to write to about misuse."),
    TELLS,
)
KEPT_FOR: Millis = DAY
"""How long the push service keeps it for a browser that is off: a call of last week rings nobody."""
_TOKEN_IS_GOOD_FOR: Millis = 12 * HOUR
"""RFC 8292, section 2: at most 24 hours."""
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256."""
_GONE = frozenset((404, 410))
_POINT_BYTES, _AUTH_BYTES = 65, 16
_LONGEST_TEXT = 700
"""Push services take 4,096 bytes encrypted (RFC 8030, 7.2), and a letter may be four of them."""


@dataclass(frozen=True, slots=True)
class WebPush(HttpDestination):
    """One browser, and the key that this server signs with."""

    endpoint: str
    p256dh: bytes
    auth: bytes = field(repr=False)
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    contact: str
    tells: tuple[str, ...]

    @property
    def most_at_once(self) -> int:
        return 1

    def objection(self, message: Message, now: Millis) -> str | None:
        if now - message.said_at > KEPT_FOR:
            return _("It is more than a day ago, too late for a notification.")
        return disturbing(message, now)

    def request(self, messages: Sequence[Message], now: Millis) -> Request:
        (message,) = messages
        return self._request(notice_of(message, self.tells), message.contact.contact_id, now)

    def read(self, messages: Sequence[Message], answer: Answer) -> Sequence[Result]:
        return [_read(answer)]

    def test(self, now: Millis, post: Post) -> Result:
        return _read(post(self._request(Notice(_("Swapboard can notify you here."), (), ""), "test", now)))

    def _request(self, notice: Notice, tag: str, now: Millis) -> Request:
        text = "\n".join(value for _name, value in notice.rows)[:_LONGEST_TEXT]
        content = to_json({"title": notice.heading, "body": text, "url": notice.link, "tag": tag})
        once = ec.generate_private_key(ec.SECP256R1())
        body: bytes = http_ece.encrypt(
            content, private_key=once, dh=self.p256dh, auth_secret=self.auth, version="aes128gcm"
        )
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(KEPT_FOR // SECOND),
            "Urgency": "high",
            "Authorization": f"vapid t={self._token(now)}, k={public_text(self.key)}",
        }
        return Request("POST", self.endpoint, headers, body, secrets=(urlsplit(self.endpoint).path,))

    def _token(self, now: Millis) -> str:
        parts = urlsplit(self.endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": (now + _TOKEN_IS_GOOD_FOR) // SECOND,
            "sub": f"mailto:{self.contact}",
        }
        return jwt.encode(claims, self.key, algorithm="ES256")


class WebPushKind:
    """The destination "web_push"."""

    name = _("This browser's notifications")
    is_advertising = False
    fields: Sequence[SettingField] = FIELDS
    hears: Sequence[Event] = tuple(Event)
    first_rule = Rule(calls=False, forms=True, answered=False, events=(Event.BEFORE_ANSWER, Event.MISSED))
    house_key = "web push"

    def open(self, settings: Mapping[str, str]) -> WebPush:
        endpoint = settings.get("endpoint", "").strip()
        if not endpoint:
            raise ValueError(_("Press the button, so that this browser may be notified, and then save it."))
        required(settings, FIELDS)
        parts = urlsplit(endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(
                _("The browser's address begins with https://. Press the button to have it filled in.")
            )
        p256dh = _bytes(settings["p256dh"], _POINT_BYTES, _("The browser's key"))
        auth = _bytes(settings["auth"], _AUTH_BYTES, _("The browser's secret"))
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
        except ValueError as error:
            raise ValueError(_("The browser's key is none. Press the button to have it filled in.")) from error
        key, contact = private_key(settings.get(HOUSE_KEY, "")), settings["contact"].strip()
        if "@" not in contact:
            raise ValueError(_("Write your e-mail address: push services want to know whom to write to."))
        return WebPush(endpoint, p256dh, auth, key, contact, chosen(settings))

    def public_key(self, house_key: str) -> str:
        return public_text(private_key(house_key))


def private_key(house_key: str) -> ec.EllipticCurvePrivateKey:
    """The key on P-256 that follows from the server's own."""
    number = int.from_bytes(hashlib.sha512(house_key.encode()).digest(), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """The public key as browsers and push services take it."""
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _bytes(text: str, length: int, what: str) -> bytes:
    try:
        found = base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != length:
        raise ValueError(_("%(what)s is none. Press the button to have it filled in.") % {"what": what})
    return found


def _read(answer: Answer) -> Result:
    if answer.status in _GONE:
        words = _(
            "HTTP %(status)s: this browser wants no more notifications. Remove it here, or allow it anew."
        ) % {"status": answer.status}
        return Result(Outcome.REFUSED, words)
    return by_status(answer)
