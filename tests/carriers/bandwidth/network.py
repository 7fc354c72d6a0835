"""Bandwidth's part in the stories. Its webhooks must be read by the official package's own models.

https://dev.bandwidth.com/docs/voice/webhooks, each on its own page.
"""

import base64
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bandwidth import models

from swapboard.carriers.sandbox.dialect import Answer, FarSide, OwnSide, Recording, Sent, Webhook
from swapboard.carriers.sandbox.verbs import Dial, Gather, Record, Redirect, Target, Verb
from swapboard.clock import Millis
from tests.carriers.bandwidth import document_reader
from tests.carriers.stories.plug import Differs, Plug

ACCOUNT_ID = "9900000"
_CAUSES = {
    "completed": "hangup",
    "busy": "busy",
    "no-answer": "timeout",
    "failed": "error",
    "canceled": "cancel",
}
_MODELS = {
    "initiate": models.InitiateCallback,
    "transferComplete": models.TransferCompleteCallback,
    "transferAnswer": models.TransferAnswerCallback,
    "transferDisconnect": models.TransferDisconnectCallback,
    "gather": models.GatherCallback,
    "recordComplete": models.RecordingCompleteCallback,
    "recordingAvailable": models.RecordingAvailableCallback,
    "disconnect": models.DisconnectCallback,
}


@dataclass(frozen=True, slots=True)
class BandwidthDialect:
    """One account's requests: JSON, with the callback's name and password."""

    account_ref: str
    username: str
    password: str = field(repr=False)

    def new_ref(self, kind: str) -> str:
        """A letter for the kind, eight digits, a UUID."""
        return f"{'r' if kind == 'recording' else 'c'}-2a913f94-{uuid.uuid4()}"

    def sent(self, webhook: Webhook, now: Millis) -> Sent:
        """JSON that the official package's model of this event takes, with nothing that it does not know."""
        del now
        told = {name: value for name, value in webhook.parameters.items() if value is not None}
        read = _MODELS[str(told["eventType"])].from_dict(told)
        assert read is not None
        # The package leaves out what Bandwidth's own page on transferAnswer has.
        assert set(read.additional_properties) <= {"parentCallId"}
        pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Basic {pair}"}
        return Sent("POST", webhook.url, headers, json.dumps(told).encode())

    def verbs(self, answer: Answer) -> tuple[Verb, ...]:
        """What the BXML makes the network do. Raises DocumentProblem."""
        login = self.username, self.password
        return document_reader.verbs(answer.body, answer.media_type, answer.url, login)

    def arrival(self, own: OwnSide) -> Webhook:
        """The application's callInitiatedCallbackUrl."""
        shaken = {"verstat": "TN-Validation-Passed", "attestationIndicator": own.attestation, "originatingId": "x"}
        told = {"stirShaken": shaken} if own.attestation else {}
        return Webhook(own.voice_url, self._own(own, "initiate") | told)

    def redirected(self, own: OwnSide, redirect: Redirect) -> Webhook:
        """None of our documents redirects."""
        raise AssertionError(redirect)

    def keyed(self, own: OwnSide, leg: FarSide | None, gather: Gather, keys: str) -> Webhook:
        """The Gather's gatherUrl."""
        asker = self._leg(own, leg, "gather") if leg else self._own(own, "gather")
        return Webhook(gather.action, asker | {"digits": keys, "terminatingDigit": ""})

    def message_left(self, own: OwnSide, record: Record, recording: Recording) -> Webhook:
        """The Record's recordCompleteUrl."""
        return Webhook(record.action, self._recording(own, "recordComplete", recording, 1))

    def dial_ended(self, own: OwnSide, dial: Dial, leg: FarSide) -> Webhook | None:
        """The Transfer's transferCompleteUrl: of the caller's own call, without the leg's id."""
        if dial.action is None:
            return None
        told = {"cause": _CAUSES[leg.status], "transferTo": leg.number, "transferCallerId": own.sender or None}
        return Webhook(dial.action, self._own(own, "transferComplete") | told)

    def leg_asks(self, own: OwnSide, leg: FarSide, target: Target) -> Webhook | None:
        """The PhoneNumber's transferAnswerUrl."""
        if not target.asked_url:
            return None
        return Webhook(target.asked_url, self._leg(own, leg, "transferAnswer"))

    def leg_is(self, own: OwnSide, leg: FarSide, target: Target, event: str) -> Webhook | None:
        """The PhoneNumber's transferDisconnectUrl: a leg's end, and no other news."""
        if target.status_url is None or event not in target.events:
            return None
        told = {"cause": _CAUSES[leg.status], "endTime": _written(own.now)}
        return Webhook(target.status_url, self._leg(own, leg, "transferDisconnect") | told)

    def recorded(self, own: OwnSide, url: str, recording: Recording, *, is_message: bool) -> Webhook | None:
        """The recordingAvailableUrl."""
        told = self._recording(own, "recordingAvailable", recording, 1 if is_message else 2)
        return Webhook(url, told | {"status": "complete", "answerTime": None})

    def ended(self, own: OwnSide, seconds: int) -> Webhook | None:
        """The application's callStatusCallbackUrl."""
        del seconds
        told = {"endTime": _written(own.now), "cause": "cancel" if own.status == "no-answer" else "hangup"}
        return Webhook(own.status_url, self._own(own, "disconnect") | told)

    def asked_again(self, url: str, failed: Webhook, is_delivered: bool) -> Webhook:
        """The application's fallback is asked what the other was."""
        del is_delivered
        return Webhook(url, failed.parameters)

    def _own(self, own: OwnSide, event: str) -> dict[str, Any]:
        return {
            "eventType": event,
            "eventTime": _written(own.now),
            "accountId": self.account_ref,
            "applicationId": "7fc9698a-b04a-468b-9e8f-91238c0d0086",
            "from": own.sender or "Anonymous",
            "to": own.dialled,
            "direction": "inbound",
            "callId": own.call_ref,
            "callUrl": f"https://voice.bandwidth.com/api/v2/accounts/{self.account_ref}/calls/{own.call_ref}",
            "startTime": _written(own.began_at),
            "answerTime": None if own.taken_at is None or event == "initiate" else _written(own.taken_at),
        }

    def _leg(self, own: OwnSide, leg: FarSide, event: str) -> dict[str, Any]:
        return self._own(own, event) | {
            "direction": "outbound",
            "callId": leg.leg_ref,
            "parentCallId": own.call_ref,
            "startTime": _written(leg.began_at),
            "answerTime": None if leg.answered_at is None else _written(leg.answered_at),
            "transferTo": leg.number,
            "transferCallerId": leg.sender or None,
        }

    def _recording(self, own: OwnSide, event: str, recording: Recording, channels: int) -> dict[str, Any]:
        minutes, seconds = divmod(recording.seconds, 60)
        return self._own(own, event) | {
            "recordingId": recording.recording_ref,
            "mediaUrl": f"https://voice.bandwidth.com/…/{recording.recording_ref}/media",
            "endTime": _written(own.now),
            "duration": f"PT{f'{minutes}M' if minutes else ''}{seconds}.4S",
            "fileFormat": "wav",
            "channels": channels,
        }


def _written(moment: Millis) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


CREDENTIALS = {
    "account_id": ACCOUNT_ID,
    "username": "api",
    "password": "p" * 20,
    "site_id": "2297",
    "peer_id": "500709",
    "application_id": "7fc9698a-b04a-468b-9e8f-91238c0d0086",
    "callback_username": "swapboard",
    "callback_password": "b" * 20,
}

BANDWIDTH = Plug(
    kind="bandwidth",
    credentials=CREDENTIALS,
    dialect=BandwidthDialect(ACCOUNT_ID, "swapboard", "b" * 20),
    stranger=BandwidthDialect(ACCOUNT_ID, "swapboard", "c" * 20),
    differs={
        "all status webhooks are lost": Differs(
            "the end of a dialling has neither the moment of the answer nor the length of the talk; the list of "
            "calls tells them a few minutes later.",
            {"talk_seconds": 0, "ring_seconds": 67},
        ),
        "vouched for, and with a name": Differs("it tells no name.", {"caller_name": None}),
    },
)
