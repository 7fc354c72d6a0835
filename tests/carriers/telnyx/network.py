"""Telnyx's network: TeXML's webhooks, signed with an Ed25519 key.

Parameters: https://developers.telnyx.com/api-reference/callbacks/texml-call-initiated, .../texml-call-completed,
.../texml-recording-completed. Verbs: https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/dial,
/gather, /record, /say, /pause, /redirect, /reject. What is not documented, and is taken as the worst case: that a
leg which was answered and declined ends a Dial as `completed`, and that a withheld number comes as `anonymous`.
"""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from swapboard.carriers.sandbox import twilio_document
from swapboard.carriers.sandbox.dialect import Answer, FarSide, OwnSide, Recording, Sent, Webhook
from swapboard.carriers.sandbox.verbs import Dial, DocumentProblem, Gather, Record, Redirect, Target, Verb
from swapboard.clock import Millis
from tests.carriers.stories.markup import ADDRESS, BOOLEAN, METHOD, NUMBER, Grammar, check, whole
from tests.carriers.stories.plug import Plug

ACCOUNT_SID = "cb6cfbbc-eb00-41af-a3f3-0d7b32009e4b"
APPLICATION_ID = "1234567890"
WITHHELD = "anonymous"
MAX_SAID = 3_000
EVENTS = "(initiated|ringing|answered|amd|dtmf|completed)( (initiated|ringing|answered|amd|dtmf|completed))*"
RECORDED = {
    "recordingStatusCallback": ADDRESS,
    "recordingStatusCallbackMethod": METHOD,
    "recordingStatusCallbackEvent": "(in-progress|completed|absent)( (in-progress|completed|absent))*",
}
TEXML: Grammar = {
    "Dial": {
        "action": ADDRESS,
        "method": METHOD,
        "callerId": r"\+\d+",
        "timeout": whole(5, 120),
        "timeLimit": whole(60, 14_400),
        "hangupOnStar": BOOLEAN,
        "answerOnBridge": BOOLEAN,
        "sequential": BOOLEAN,
        "record": "do-not-record|record-from-(answer|ringing)(-dual)?",
        "recordingChannels": "single|dual",
        **RECORDED,
    },
    "Number": {
        "statusCallback": ADDRESS,
        "statusCallbackEvent": EVENTS,
        "statusCallbackMethod": METHOD,
        "url": ADDRESS,
        "method": METHOD,
    },
    "Gather": {
        "action": ADDRESS,
        "timeout": whole(1, 120),
        "input": "dtmf|speech|dtmf speech",
        "finishOnKey": "[0-9*#]",
        "numDigits": whole(1, 128),
        "validDigits": "[0-9*#]+",
        "language": ".+",
    },
    "Record": {
        "action": ADDRESS,
        "method": METHOD,
        "finishOnKey": "[0-9*#]+",
        "timeout": NUMBER,
        "maxLength": whole(0, 14_400),
        "playBeep": BOOLEAN,
        "trim": "trim-silence",
        "channels": "single|dual",
        "recordingStatusCallback": ADDRESS,
        "recordingStatusCallbackMethod": METHOD,
    },
    "Say": {"voice": "man|woman|alice", "language": ".+", "loop": NUMBER},
    "Play": {"loop": NUMBER},
    "Pause": {"length": whole(1, 180)},
    "Redirect": {"method": METHOD},
    "Reject": {"reason": "rejected|busy"},
    "Hangup": {},
}
CAUSES = {
    "completed": "normal_clearing",
    "busy": "user_busy",
    "no-answer": "timeout",
    "failed": "unallocated_number",
    "canceled": "originator_cancel",
}


@dataclass(frozen=True, slots=True)
class TelnyxDialect:
    """One account's requests."""

    private_key: Ed25519PrivateKey = field(repr=False)
    account_ref: str = ACCOUNT_SID

    @property
    def public_key(self) -> str:
        raw = self.private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def new_ref(self, kind: str) -> str:
        if kind == "recording":
            return "-".join(secrets.token_hex(length) for length in (4, 2, 2, 2, 6))
        return f"v3:{secrets.token_urlsafe(40)}"

    def sent(self, webhook: Webhook, now: Millis) -> Sent:
        body = urlencode({name: str(value) for name, value in webhook.parameters.items()}).encode()
        timestamp = str(now // 1000)
        signature = self.private_key.sign(f"{timestamp}|".encode() + body)
        headers = {
            "telnyx-timestamp": timestamp,
            "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "telnyx-webhooks",
        }
        return Sent("POST", webhook.url, headers, body)

    def verbs(self, answer: Answer) -> tuple[Verb, ...]:
        check(answer.body, TEXML)
        if len(answer.body) > 64_000 or _longest_said(answer.body) > MAX_SAID:
            raise DocumentProblem("a text is too long to be said")
        return twilio_document.instructions(answer.body, answer.media_type, answer.url)

    def arrival(self, own: OwnSide) -> Webhook:
        return Webhook(own.voice_url, _own(own))

    def redirected(self, own: OwnSide, redirect: Redirect) -> Webhook:
        return Webhook(redirect.url, _own(own))

    def keyed(self, own: OwnSide, leg: FarSide | None, gather: Gather, keys: str) -> Webhook:
        return Webhook(gather.action, (_leg(own, leg) if leg else _own(own)) | {"Digits": keys})

    def message_left(self, own: OwnSide, record: Record, recording: Recording) -> Webhook:
        return Webhook(record.action, _own(own) | _recording(recording))

    def dial_ended(self, own: OwnSide, dial: Dial, leg: FarSide) -> Webhook | None:
        if dial.action is None:
            return None
        told = {"DialCallStatus": leg.status, "DialCallSid": leg.leg_ref, "DialCallSidLegacy": leg.leg_ref}
        seconds = {"DialCallDuration": str(leg.talk_seconds)} if leg.status == "completed" else {}
        return Webhook(dial.action, _own(own) | told | seconds)

    def leg_asks(self, own: OwnSide, leg: FarSide, target: Target) -> Webhook | None:
        return Webhook(target.asked_url, _leg(own, leg)) if target.asked_url else None

    def leg_is(self, own: OwnSide, leg: FarSide, target: Target, event: str) -> Webhook | None:
        if target.status_url is None or event not in target.events:
            return None
        told = _leg(own, leg) | _progress(own, leg.sequence)
        if event == "completed":
            told |= {"HangupCause": CAUSES[leg.status], "HangupSource": "callee"}
            told |= {"CallDuration": str(leg.talk_seconds)} if leg.status == "completed" else {}
            told |= {"AnsweredTime": _iso(leg.answered_at)} if leg.answered_at else {}
        return Webhook(target.status_url, told)

    def recorded(self, own: OwnSide, url: str, recording: Recording, *, is_message: bool) -> Webhook | None:
        told = {
            "AccountSid": ACCOUNT_SID,
            "CallSid": own.call_ref,
            "CallSidLegacy": own.call_ref,
            "ConnectionId": APPLICATION_ID,
            "RecordingChannels": "1" if is_message else "2",
            "RecordingSource": "RecordVerb" if is_message else "DialVerb",
            "RecordingStatus": "completed",
        }
        return Webhook(url, told | _recording(recording))

    def ended(self, own: OwnSide, seconds: int) -> Webhook | None:
        told = _own(own) | _progress(own, 3) | {"HangupCause": CAUSES[own.status], "HangupSource": "caller"}
        return Webhook(own.status_url, told | {"CallDuration": str(seconds)})

    def asked_again(self, url: str, failed: Webhook, is_delivered: bool) -> Webhook:
        del is_delivered
        return Webhook(url, failed.parameters)


def _longest_said(body: bytes) -> int:
    from xml.etree import ElementTree

    return max((len(each.text or "") for each in ElementTree.fromstring(body).iter("Say")), default=0)


def _own(own: OwnSide) -> dict[str, str]:
    told = {
        "AccountSid": ACCOUNT_SID,
        "CallSid": own.call_ref,
        "CallSidLegacy": own.call_ref,
        "CallStatus": own.status,
        "ConnectionId": APPLICATION_ID,
        "Direction": "inbound",
        "From": own.sender or WITHHELD,
        "To": own.dialled,
        "CallerId": own.caller_name or own.sender or WITHHELD,
    }
    if own.attestation:
        told |= {"ShakenStirAttestation": own.attestation, "ShakenStirValidated": "true"}
    return told


def _leg(own: OwnSide, leg: FarSide) -> dict[str, str]:
    return {
        "AccountSid": ACCOUNT_SID,
        "CallSid": leg.leg_ref,
        "CallSidLegacy": leg.leg_ref,
        "CallStatus": leg.status,
        "ConnectionId": APPLICATION_ID,
        "Direction": "outbound",
        "From": leg.sender or WITHHELD,
        "To": leg.number,
        "ParentCallSid": own.call_ref,
        "ParentCallSidLegacy": own.call_ref,
    }


def _progress(own: OwnSide, sequence: int) -> dict[str, str]:
    return {
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(sequence),
        "Timestamp": _iso(own.now),
        "CallInitiatedAt": _iso(own.began_at),
    }


def _recording(recording: Recording) -> dict[str, str]:
    return {
        "RecordingSid": recording.recording_ref,
        "RecordingDuration": str(recording.seconds),
        "RecordingUrl": f"https://recordings.example.com/{recording.recording_ref}.mp3",
    }


def _iso(moment: Millis) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


_DIALECT = TelnyxDialect(Ed25519PrivateKey.generate())

TELNYX = Plug(
    kind="telnyx",
    credentials={
        "api_key": "KEY0123",
        "public_key": _DIALECT.public_key,
        "application_id": APPLICATION_ID,
        "account_sid": ACCOUNT_SID,
    },
    dialect=_DIALECT,
    stranger=TelnyxDialect(Ed25519PrivateKey.generate()),
    replay_status=403,
)
