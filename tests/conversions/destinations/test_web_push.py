"""A browser's push service and the browser: who sends it is proven, and only the browser can read it."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from swapboard.clock import DAY, SECOND
from swapboard.conversions.destinations.base import HOUSE_KEY
from swapboard.conversions.destinations.request import Answer, Request
from swapboard.conversions.destinations.web_push.kind import WebPush, WebPushKind, private_key
from swapboard.conversions.event import Event
from swapboard.conversions.notice import FACTS
from swapboard.conversions.outbox import Outcome
from tests.conversions.people import CALL, NOW, ORIGIN, a_message

MISSED = a_message(saying=Event.MISSED)
MOST_BYTES = 4096
"""What every push service takes (RFC 8030, section 7.2)."""


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def content(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


class Browser:
    """Reads as RFC 8291 says, with nothing of ours: key agreement, HKDF by hand, AES-GCM."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"a" * 16

    @property
    def point(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def settings(self) -> dict[str, str]:
        return {
            "endpoint": "https://push.example.com/send/abc",
            "p256dh": text(self.point),
            "auth": text(self.auth),
            "contact": "ann@example.com",
            HOUSE_KEY: "ours",
        }

    def read(self, body: bytes) -> dict[str, str]:
        salt, length = body[:16], body[20]
        theirs = body[21 : 21 + length]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        keys = _hkdf(self.auth, shared, b"WebPush: info\0" + self.point + theirs, 32)
        secret = _hkdf(salt, keys, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, keys, b"Content-Encoding: nonce\0", 12)
        opened = AESGCM(secret).decrypt(nonce, body[21 + length :], None)
        told: dict[str, str] = json.loads(opened.rstrip(b"\0").removesuffix(b"\x02"))
        return told


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return hmac.digest(hmac.digest(salt, secret, hashlib.sha256), info + b"\x01", hashlib.sha256)[:length]


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture
def push(browser: Browser) -> WebPush:
    return WebPushKind().open(browser.settings())


def test_only_the_browser_reads_it(browser: Browser, push: WebPush) -> None:
    (request,) = push.preview([MISSED], NOW)
    told = browser.read(request.body)
    assert told["title"] == "Missed call: Ann Lee"
    assert "Paid Search, google, spring" in told["body"]
    assert (told["url"], told["tag"]) == (MISSED.link, MISSED.contact.contact_id)
    assert b"Ann" not in request.body
    assert push.preview([MISSED], NOW)[0].body != request.body, "no key is used twice"
    assert (request.headers["TTL"], request.headers["Content-Encoding"]) == ("86400", "aes128gcm")
    assert len(request.body) <= MOST_BYTES


def test_the_longest_words_are_not_too_long(browser: Browser) -> None:
    wide = "\N{GRINNING FACE}" * 2_000
    wordy = replace(CALL, name=wide, tags=(wide,), origin=replace(ORIGIN, campaign=wide))
    push = WebPushKind().open({**browser.settings(), "tells": ", ".join(FACTS)})
    (request,) = push.preview([a_message(wordy, Event.MISSED)], NOW)
    assert len(request.body) <= MOST_BYTES
    assert browser.read(request.body)["body"]


def test_the_push_service_knows_who_sent_it(push: WebPush) -> None:
    (request,) = push.preview([MISSED], NOW)
    scheme, token, key = request.headers["Authorization"].split(" ")
    assert scheme == "vapid"
    point = content(key.removeprefix("k="))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(
        token.removeprefix("t=").removesuffix(","),
        public,
        algorithms=["ES256"],
        audience="https://push.example.com",
        options={"verify_exp": False},
    )
    assert claims["sub"] == "mailto:ann@example.com"
    assert 0 < claims["exp"] - NOW // SECOND <= DAY // SECOND
    assert text(point) == WebPushKind().public_key("ours"), "the browser allowed this very key"


def test_each_server_has_a_key_of_its_own_that_stays() -> None:
    assert private_key("ours").private_numbers() == private_key("ours").private_numbers()
    assert private_key("ours").private_numbers() != private_key("theirs").private_numbers()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (201, Outcome.TAKEN),
        (404, Outcome.REFUSED),
        (410, Outcome.REFUSED),
        (429, Outcome.FAILED),
        (413, Outcome.REFUSED),
    ],
)
def test_a_browser_that_is_gone_wants_no_more(push: WebPush, status: int, outcome: Outcome) -> None:
    def post(_request: Request) -> Answer:
        return Answer(status, {}, b"")

    (result,) = push.send([MISSED], NOW, post)
    assert result.outcome is outcome
    assert push.test(NOW, post).outcome is outcome


def test_old_news_rings_nobody(push: WebPush) -> None:
    assert push.objection(MISSED, NOW) is None
    assert "too late" in str(push.objection(MISSED, NOW + DAY + 1))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"endpoint": ""}, "Press the button, so that this browser may be notified"),
        ({"endpoint": "push"}, "begins with https://"),
        ({"p256dh": "AAAA"}, "The browser's key is none"),
        ({"p256dh": text(b"\x04" + b"1" * 64)}, "The browser's key is none"),
        ({"auth": "AAAA"}, "The browser's secret is none"),
        ({"contact": "ann"}, "Write your e-mail address"),
    ],
)
def test_settings_that_cannot_be(browser: Browser, wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        WebPushKind().open(browser.settings() | wrong)
