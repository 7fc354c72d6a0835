"""Vonage's part in the stories. https://developer.vonage.com/en/voice/voice-api/webhook-reference"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from swapboard.calls.call import Status
from swapboard.carriers.sandbox.dialect import Answer, FarSide, OwnSide, Recording, Sent, Webhook
from swapboard.carriers.sandbox.verbs import Dial, Gather, Record, Redirect, Target, Verb
from swapboard.clock import SECOND, Millis
from tests.carriers.stories.plug import Differs, Plug
from tests.carriers.stories.story import HOME, SHOP
from tests.carriers.vonage import document_reader

APPLICATION_ID = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
SECRET = "b" * 40
_STATUSES = {
    "initiated": "started",
    "ringing": "ringing",
    "in-progress": "answered",
    "completed": "completed",
    "busy": "busy",
    "no-answer": "timeout",
    "failed": "failed",
    "canceled": "cancelled",
}


@cache
def private_key() -> str:
    """An application's key, made for these tests."""
    key = generate_private_key(public_exponent=65_537, key_size=2_048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass(frozen=True, slots=True)
class VonageDialect:
    """One application's requests: JSON, with a token by the signature secret."""

    account_ref: str
    secret: str = field(repr=False)

    def new_ref(self, kind: str) -> str:
        """Conversations begin with CON-."""
        return f"{'CON-' if kind == 'call' else ''}{uuid.uuid4()}"

    def sent(self, webhook: Webhook, now: Millis) -> Sent:
        """JSON, or a query; the token has the moment at which it is sent."""
        body = json.dumps(webhook.parameters, separators=(",", ":")).encode() if webhook.method == "POST" else b""
        claims = {
            "iat": now // SECOND,
            "jti": secrets.token_hex(16),
            "iss": "Vonage",
            "payload_hash": hashlib.sha256(body).hexdigest(),
            "api_key": "abcd1234",
            "application_id": self.account_ref,
        }
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {jwt.encode(claims, self.secret, 'HS256')}",
        }
        url = webhook.url
        if webhook.method == "GET":
            url = f"{url}{'&' if '?' in url else '?'}{urlencode(webhook.parameters)}"
        return Sent(webhook.method, url, headers, body)

    def verbs(self, answer: Answer) -> tuple[Verb, ...]:
        """What the NCCO makes the network do. Raises DocumentProblem."""
        return document_reader.verbs(answer.body, answer.media_type)

    def arrival(self, own: OwnSide) -> Webhook:
        """The application's answer_url."""
        return Webhook(
            own.voice_url, self._own(own) | {"endpoint_type": "phone", "region_url": "https://x.nexmo.com"}
        )

    def redirected(self, own: OwnSide, redirect: Redirect) -> Webhook:
        """A notify: the payload of the document, and which conversation it is."""
        told = {"payload": {"told": 1}, "conversation_uuid": own.call_ref, "timestamp": _written(own.now)}
        return Webhook(redirect.url, told)

    def keyed(self, own: OwnSide, leg: FarSide | None, gather: Gather, keys: str) -> Webhook:
        """The input's eventUrl."""
        assert leg is None
        told = {"dtmf": {"digits": keys, "timed_out": not keys}, "timestamp": _written(own.now)}
        return Webhook(gather.action, self._own(own) | told)

    def message_left(self, own: OwnSide, record: Record, recording: Recording) -> Webhook | None:
        """Whoever hangs up ends the call, and no action comes after: only the record's eventUrl tells."""
        return None

    def dial_ended(self, own: OwnSide, dial: Dial, leg: FarSide) -> Webhook | None:
        """A connect that waits tells its end where it asks; after a talk nothing comes of the answer."""
        return Webhook(dial.action, self._leg(own, leg)) if dial.action else None

    def leg_asks(self, own: OwnSide, leg: FarSide, target: Target) -> Webhook | None:
        """The endpoint's onAnswer: by GET, from a conversation that the leg has for itself yet."""
        if not target.asked_url:
            return None
        told = {"from": _digits(own.dialled), "to": _digits(leg.number), "uuid": leg.leg_ref}
        return Webhook(target.asked_url, told | {"conversation_uuid": f"CON-{leg.leg_ref}"}, "GET")

    def leg_is(self, own: OwnSide, leg: FarSide, target: Target, event: str) -> Webhook | None:
        """The connect's eventUrl."""
        if target.status_url is None or event not in target.events:
            return None
        return Webhook(target.status_url, self._leg(own, leg))

    def recorded(self, own: OwnSide, url: str, recording: Recording, *, is_message: bool) -> Webhook | None:
        """The record's eventUrl."""
        del is_message
        return Webhook(url, self._recording(own, recording))

    def ended(self, own: OwnSide, seconds: int) -> Webhook | None:
        """The application's event_url, of the caller's side."""
        times = {"start_time": _written(own.began_at), "end_time": _written(own.now), "duration": str(seconds)}
        status = {"status": "completed", "direction": "inbound", "timestamp": _written(own.now)}
        return Webhook(own.status_url, self._own(own) | times | status)

    def asked_again(self, url: str, failed: Webhook, is_delivered: bool) -> Webhook:
        """The fallback gets the same, and why."""
        del is_delivered
        why = {"reason": "Connection closed.", "original_request": {"url": failed.url, "type": "answer"}}
        return Webhook(url, dict(failed.parameters) | why)

    def _own(self, own: OwnSide) -> dict[str, Any]:
        return {
            "from": _digits(own.sender) or "anonymous",
            "to": _digits(own.dialled),
            "uuid": own.call_ref.removeprefix("CON-"),
            "conversation_uuid": own.call_ref,
        }

    def _leg(self, own: OwnSide, leg: FarSide) -> dict[str, Any]:
        told: dict[str, Any] = {
            "from": _digits(own.dialled),
            "to": _digits(leg.number),
            "uuid": leg.leg_ref,
            "conversation_uuid": own.call_ref,
            "status": _STATUSES[leg.status],
            "direction": "outbound",
            "timestamp": _written(own.now),
        }
        if leg.status == "completed":
            told |= {
                "duration": str(leg.talk_seconds),
                "end_time": _written(own.now),
                "rate": "0.01",
                "price": "0.01",
            }
        return told

    def _recording(self, own: OwnSide, recording: Recording) -> Mapping[str, Any]:
        return {
            "recording_url": f"https://api-us-1.nexmo.com/v1/files/{recording.recording_ref}",
            "recording_uuid": str(uuid.uuid4()),
            "start_time": _written(own.now - recording.seconds * SECOND),
            "end_time": _written(own.now),
            "size": 12_222,
            "conversation_uuid": own.call_ref,
            "timestamp": _written(own.now),
        }


def _digits(number: str) -> str:
    return number.removeprefix("+")


def _written(moment: Millis) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


CREDENTIALS = {
    "api_key": "abcd1234",
    "api_secret": "s" * 16,
    "application_id": APPLICATION_ID,
    "private_key": private_key(),
    "signature_secret": SECRET,
}
_OVER = "a call is over when whoever was called hangs up: no step comes after a talk."
VONAGE = Plug(
    kind="vonage",
    credentials=CREDENTIALS,
    dialect=VonageDialect(APPLICATION_ID, SECRET),
    stranger=VonageDialect(APPLICATION_ID, "c" * 40),
    replay_status=403,
    differs={
        "after the talk, on to another number": Differs(
            _OVER, {"talk_seconds": 30, "legs": ((SHOP, "answered"),)}
        ),
        "a survey by keys after the talk": Differs(_OVER, {}),
        "all ring at once, one answers": Differs(
            "it rings one number after the other.",
            {"ring_seconds": 8, "legs": ((SHOP, "no_answer"), (HOME, "answered"))},
        ),
        "asked for a key, and declined": Differs(
            "it cannot wait for a key: who answers hears the whisper and is joined, but not an answering machine.",
            {
                "status": Status.ANSWERED,
                "talk_seconds": 63,
                "ring_seconds": 4,
                "voicemail_seconds": None,
                "recorded": False,
                "path": ("ring",),
                "legs": ((SHOP, "answered"),),
            },
        ),
        "vouched for, and with a name": Differs(
            "it tells neither a name nor an attestation.", {"caller_name": None, "attestation": None}
        ),
    },
)
