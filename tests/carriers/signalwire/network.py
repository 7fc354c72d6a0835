"""SignalWire's network: Twilio's webhooks without what SignalWire does not document, signed with a key of its own.

https://signalwire.com/docs/compatibility-api/cxml/reference/voice, .../voice/dial, /number, /gather, /record;
https://developer.signalwire.com/guides/webhook-security. Not documented are a moment in the status callbacks, the
caller's name and who vouched for the number: none is sent here. What follows a Record is never carried out.
"""

import secrets
from dataclasses import dataclass
from typing import ClassVar

from swapboard.carriers.sandbox.dialect import Answer, Sent, Webhook
from swapboard.carriers.sandbox.twilio_dialect import TwilioDialect
from swapboard.carriers.sandbox.verbs import Record, Verb
from swapboard.clock import Millis
from tests.carriers.stories.markup import ADDRESS, BOOLEAN, METHOD, NUMBER, Grammar, check
from tests.carriers.stories.plug import Differs, Plug

PROJECT_ID = "b3877c40-da60-4998-90ad-b792e98472ac"
LEFT_OUT = ("Timestamp", "CallerName", "StirVerstat", "DialBridged", "SequenceNumber")
CXML: Grammar = {
    "Dial": {
        "action": ADDRESS,
        "method": METHOD,
        "answerOnBridge": BOOLEAN,
        "callerId": r"\+\d+",
        "hangupOnStar": BOOLEAN,
        "timeout": NUMBER,
        "timeLimit": NUMBER,
        "record": "do-not-record|record-from-(answer|ringing)(-dual)?",
        "recordingStatusCallback": ADDRESS,
        "recordingStatusCallbackEvent": "completed",
        "recordingStatusCallbackMethod": METHOD,
    },
    "Number": {
        "statusCallback": ADDRESS,
        "statusCallbackEvent": "(initiated|ringing|answered|completed)( (initiated|ringing|answered|completed))*",
        "statusCallbackMethod": METHOD,
        "url": ADDRESS,
        "method": METHOD,
    },
    "Gather": {
        "action": ADDRESS,
        "method": METHOD,
        "actionOnEmptyResult": BOOLEAN,
        "finishOnKey": "[0-9*#]*",
        "input": "dtmf",
        "numDigits": NUMBER,
        "timeout": NUMBER,
        "language": ".+",
    },
    "Record": {
        "action": ADDRESS,
        "method": METHOD,
        "timeout": NUMBER,
        "finishOnKey": "[0-9*#]+",
        "maxLength": NUMBER,
        "playBeep": BOOLEAN,
        "trim": "trim-silence|do-not-trim",
        "recordingStatusCallback": ADDRESS,
        "recordingStatusCallbackEvent": "completed|in-progress|absent",
        "recordingStatusCallbackMethod": METHOD,
    },
    "Say": {"voice": ".+", "language": ".+", "loop": NUMBER},
    "Play": {"loop": NUMBER},
    "Pause": {"length": NUMBER},
    "Redirect": {"method": METHOD},
    "Reject": {"reason": "rejected|busy"},
    "Hangup": {},
}


@dataclass(frozen=True, slots=True)
class SignalWireDialect(TwilioDialect):
    """One project's requests."""

    signature_header: ClassVar[str] = "X-SignalWire-Signature"

    def new_ref(self, kind: str) -> str:
        return "-".join(secrets.token_hex(length) for length in (4, 2, 2, 2, 6))

    def sent(self, webhook: Webhook, now: Millis) -> Sent:
        told = {name: value for name, value in webhook.parameters.items() if name not in LEFT_OUT}
        return TwilioDialect.sent(self, Webhook(webhook.url, told, webhook.method, webhook.token), now)

    def verbs(self, answer: Answer) -> tuple[Verb, ...]:
        check(answer.body, CXML)
        verbs = TwilioDialect.verbs(self, answer)
        last = next((place for place, verb in enumerate(verbs) if isinstance(verb, Record)), len(verbs))
        return verbs[: last + 1]


SIGNALWIRE = Plug(
    kind="signalwire",
    credentials={
        "space_url": "example.signalwire.com",
        "project_id": PROJECT_ID,
        "api_token": "PT0123",
        "signing_key": "PSK_0123",
    },
    dialect=SignalWireDialect(PROJECT_ID, "PSK_0123"),
    stranger=SignalWireDialect(PROJECT_ID, "PSK_other"),
    differs={
        "vouched for, and with a name": Differs(
            "the webhooks do not tell the caller's name, nor who vouches for the number.",
            {"attestation": None, "caller_name": None},
        )
    },
)
