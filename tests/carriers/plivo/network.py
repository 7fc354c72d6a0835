"""Plivo's part in the stories: it signs with the official package, and reads its own XML (document_reader.py).

The parameters are those of https://www.plivo.com/docs/voice/xml/request, .../dial, .../record and .../getinput.
"""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from plivo.utils.signature_v3 import construct_post_url, get_signature_v3

from swapboard.carriers.sandbox.dialect import Answer, FarSide, OwnSide, Recording, Sent, Webhook
from swapboard.carriers.sandbox.verbs import Dial, Gather, Record, Redirect, Target, Verb
from swapboard.clock import SECOND, Millis
from tests.carriers.plivo import document_reader
from tests.carriers.stories.plug import Differs, Plug

AUTH_ID = "MAAAAAAAAAAAAAAAAAAA"
ZONE = timedelta(hours=5, minutes=30)
"""The console's time zone, which is nobody's business but the account's owner's."""
_CAUSES = {
    "busy": "USER_BUSY",
    "no-answer": "NO_ANSWER",
    "failed": "UNALLOCATED_NUMBER",
    "canceled": "ORIGINATOR_CANCEL",
    "completed": "NORMAL_CLEARING",
}
_ACTIONS = {"answered": "answer", "connected": "connected", "completed": "hangup"}
_EVENTS = {"answer": "DialAnswer", "connected": "DialConnected", "hangup": "DialHangup"}
_DIAL_STATUSES = {"canceled": "cancel"}


@dataclass(frozen=True, slots=True)
class PlivoDialect:
    """One account's requests: forms, signed in version 3 with its auth token."""

    account_ref: str
    auth_token: str = field(repr=False)

    def new_ref(self, kind: str) -> str:
        """Calls, legs and recordings are all UUIDs."""
        del kind
        return str(uuid.uuid4())

    def sent(self, webhook: Webhook, now: Millis) -> Sent:
        """A form; the nonce is new each time it is sent."""
        del now
        form = {name: str(value) for name, value in webhook.parameters.items()}
        nonce = secrets.token_hex(10)
        content = construct_post_url(webhook.url, dict(form)).decode()
        signature = get_signature_v3(self.auth_token.encode(), content, nonce.encode()).decode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Plivo-Signature-V3": signature,
            "X-Plivo-Signature-V3-Nonce": nonce,
            "X-Plivo-Signature-Ma-V3": signature,
        }
        return Sent("POST", webhook.url, headers, urlencode(form).encode())

    def verbs(self, answer: Answer) -> tuple[Verb, ...]:
        """What the XML makes the network do. Raises DocumentProblem."""
        return document_reader.verbs(answer.body, answer.media_type, answer.url)

    def arrival(self, own: OwnSide) -> Webhook:
        """The answer_url of the number's application."""
        return Webhook(own.voice_url, self._own(own, "StartApp") | {"CallStatus": "ringing"})

    def redirected(self, own: OwnSide, redirect: Redirect) -> Webhook:
        """A Redirect's address."""
        return Webhook(redirect.url, self._own(own, "Redirect"))

    def keyed(self, own: OwnSide, leg: FarSide | None, gather: Gather, keys: str) -> Webhook:
        """The GetInput's action; legs are asked for no keys."""
        assert leg is None
        told = {"InputType": "dtmf", "Digits": keys, "Speech": "", "SpeechConfidenceScore": "0.0"}
        return Webhook(gather.action, self._own(own, "GetInput") | told)

    def message_left(self, own: OwnSide, record: Record, recording: Recording) -> Webhook:
        """The Record's action."""
        return Webhook(record.action, self._own(own, "Record") | self._recording(recording) | {"Digits": ""})

    def dial_ended(self, own: OwnSide, dial: Dial, leg: FarSide) -> Webhook | None:
        """The Dial's action. A leg that was answered and not joined has no id here."""
        if dial.action is None:
            return None
        told = {
            "DialStatus": _DIAL_STATUSES.get(leg.status, leg.status),
            "DialRingStatus": "true",
            "DialHangupCause": _CAUSES[leg.status],
            "DialALegUUID": own.call_ref,
            "DialBLegUUID": leg.leg_ref if leg.joined else "",
        }
        return Webhook(dial.action, self._own(own, "Redirect") | told)

    def leg_asks(self, own: OwnSide, leg: FarSide, target: Target) -> Webhook | None:
        """The Dial's confirmSound, which does not name the leg."""
        del leg
        return Webhook(target.asked_url, self._own(own, "DialRemoteSounds")) if target.asked_url else None

    def leg_is(self, own: OwnSide, leg: FarSide, target: Target, event: str) -> Webhook | None:
        """The Dial's callbackUrl."""
        if target.status_url is None or event not in target.events:
            return None
        action = _ACTIONS[event]
        told = self._own(own, _EVENTS[action]) | {
            "DialAction": action,
            "DialBLegStatus": action,
            "DialALegUUID": own.call_ref,
            "DialBLegUUID": leg.leg_ref,
            "DialBLegFrom": leg.sender.removeprefix("+"),
            "DialBLegTo": leg.number.removeprefix("+"),
            "DialBLegPosition": "1",
        }
        return Webhook(target.status_url, told | (self._end(own, leg, target) if action == "hangup" else {}))

    def recorded(self, own: OwnSide, url: str, recording: Recording, *, is_message: bool) -> Webhook | None:
        """The Record's callbackUrl."""
        del is_message
        return Webhook(url, self._own(own, "RecordStop") | self._recording(recording))

    def ended(self, own: OwnSide, seconds: int) -> Webhook | None:
        """The hangup_url; an inbound call is `completed`, whatever became of it."""
        told = {
            "CallStatus": "completed",
            "HangupCause": _CAUSES[own.status],
            "Duration": str(seconds),
            "BillDuration": str(seconds),
            "SessionStart": _written(own.began_at, timedelta()) + ".250000",
            "StartTime": _written(own.began_at, ZONE),
            "EndTime": _written(own.now, ZONE),
        }
        return Webhook(own.status_url, self._own(own, "Hangup") | told)

    def asked_again(self, url: str, failed: Webhook, is_delivered: bool) -> Webhook:
        """The application's fallback_answer_url gets what the answer_url got."""
        del is_delivered
        return Webhook(url, failed.parameters)

    def _own(self, own: OwnSide, event: str) -> dict[str, str]:
        sender = own.sender.removeprefix("+") or "anonymous"
        return {
            "CallUUID": own.call_ref,
            "ParentAuthID": self.account_ref,
            "From": sender,
            "To": own.dialled.removeprefix("+"),
            "CallerName": own.caller_name or f"+{sender}",
            "Direction": "inbound",
            "CallStatus": "in-progress",
            "Event": event,
            "STIRVerification": {"A": "Verified", "": "Not Applicable"}.get(own.attestation, "Not Verified"),
        }

    def _recording(self, recording: Recording) -> dict[str, str]:
        ref = recording.recording_ref
        return {
            "RecordingID": ref,
            "RecordUrl": f"https://media.plivo.com/v1/Account/{self.account_ref}/Recording/{ref}.mp3",
            "RecordingDuration": str(recording.seconds),
            "RecordingDurationMs": str(recording.seconds * SECOND),
        }

    def _end(self, own: OwnSide, leg: FarSide, target: Target) -> dict[str, str]:
        is_beaten = leg.status == "completed" and not leg.joined and not target.key
        since = own.now if leg.answered_at is None else leg.answered_at
        seconds = leg.talk_seconds or round((own.now - since) / SECOND)
        return {
            "DialBLegHangupCause": "LOSE_RACE" if is_beaten else _CAUSES[leg.status],
            "DialBLegDuration": str(seconds if leg.status == "completed" else 0),
            "DialBLegBillDuration": "60",
        }


def _written(moment: Millis, zone: timedelta) -> str:
    return (datetime.fromtimestamp(moment // SECOND, UTC) + zone).strftime("%Y-%m-%d %H:%M:%S")


def _differs(because: str, **told: Any) -> Differs:
    return Differs(because, told)


_WHISPER = (
    "whoever answers is answered once they pressed the key, so that what they hear before counts as ringing."
)
PLIVO = Plug(
    kind="plivo",
    credentials={"auth_id": AUTH_ID, "auth_token": "b" * 32},
    dialect=PlivoDialect(AUTH_ID, "b" * 32),
    stranger=PlivoDialect(AUTH_ID, "c" * 32),
    differs={
        "asked for a key, and the call is taken": _differs(_WHISPER, ring_seconds=7),
        "asked for a key, and declined": _differs(_WHISPER, ring_seconds=14),
        "all status webhooks are lost": _differs(
            "the end of a dialling has neither the moment of the answer nor the length of the talk; the list of "
            "calls tells them a few minutes later.",
            talk_seconds=0,
            ring_seconds=67,
        ),
        "a text that is longer than the carrier says at once": _differs(
            "it does not tell when a phone begins to ring: ringing right after a greeting counts as greeting.",
            ring_seconds=0,
            greeting_seconds=204,
        ),
    },
)
