"""The sandbox's own language: Twilio's."""

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from swapboard.carriers.sandbox import twilio_document
from swapboard.carriers.sandbox.dialect import Answer, FarSide, OwnSide, Recording, Sent, Webhook
from swapboard.carriers.sandbox.twilio_parameters import (
    call_parameters,
    dialled,
    leg_parameters,
    length,
    progress,
    recorded,
)
from swapboard.carriers.sandbox.verbs import Dial, Gather, Record, Redirect, Target, Verb
from swapboard.clock import Millis

_REFS = {"call": "CA", "leg": "CA", "recording": "RE"}


def account_ref(account_sid: str, auth_token: str) -> str:
    """The account in the networks of a process: two companies may have chosen the same word for theirs."""
    return f"{account_sid} {hashlib.sha256(auth_token.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class TwilioDialect:
    """One account's requests: forms, signed with its auth token."""

    signature_header: ClassVar[str] = "X-Twilio-Signature"
    account_sid: str
    auth_token: str = field(repr=False)

    @property
    def account_ref(self) -> str:
        """Whose calls the network knows these for."""
        return account_ref(self.account_sid, self.auth_token)

    def new_ref(self, kind: str) -> str:
        """Two letters for the kind and 32 hexadecimal digits."""
        return f"{_REFS[kind]}{secrets.token_hex(16)}"

    def sent(self, webhook: Webhook, now: Millis) -> Sent:
        """A form, or for GET a query; the signature covers the address and the form."""
        del now
        url, form = webhook.url, {name: str(value) for name, value in webhook.parameters.items()}
        if webhook.method == "GET":
            url, form = f"{url}{'&' if '?' in url else '?'}{urlencode(form)}", {}
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": webhook.token,
            self.signature_header: RequestValidator(self.auth_token).compute_signature(url, form),
        }
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Sent(webhook.method, url, headers, urlencode(form).encode())

    def verbs(self, answer: Answer) -> tuple[Verb, ...]:
        """What the TwiML makes the network do. Raises DocumentProblem."""
        return twilio_document.instructions(answer.body, answer.media_type, answer.url)

    def arrival(self, own: OwnSide) -> Webhook:
        """The voice address of a number is asked."""
        return Webhook(own.voice_url, self._own(own))

    def redirected(self, own: OwnSide, redirect: Redirect) -> Webhook:
        """The call's own parameters."""
        return Webhook(redirect.url, self._own(own), redirect.method)

    def keyed(self, own: OwnSide, leg: FarSide | None, gather: Gather, keys: str) -> Webhook:
        """The Gather's action."""
        asker = self._leg(own, leg) if leg else self._own(own)
        return Webhook(gather.action, asker | {"Digits": keys}, gather.method)

    def message_left(self, own: OwnSide, record: Record, recording: Recording) -> Webhook:
        """The Record's action."""
        told = recorded(self.account_sid, recording) | {"Digits": "hangup"}
        return Webhook(record.action, self._own(own) | told, record.method)

    def dial_ended(self, own: OwnSide, dial: Dial, leg: FarSide) -> Webhook | None:
        """The Dial's action, if it has one."""
        if dial.action is None:
            return None
        return Webhook(dial.action, self._own(own) | dialled(leg), dial.method)

    def leg_asks(self, own: OwnSide, leg: FarSide, target: Target) -> Webhook | None:
        """The Number's url, if it has one."""
        return Webhook(target.asked_url, self._leg(own, leg), target.asked_method) if target.asked_url else None

    def leg_is(self, own: OwnSide, leg: FarSide, target: Target, event: str) -> Webhook | None:
        """The Number's status callback, for the events that it names."""
        if target.status_url is None or event not in target.events:
            return None
        told = self._leg(own, leg) | progress(leg.sequence, own.now)
        if event == "completed":
            told |= length(leg.status, leg.talk_seconds)
        return Webhook(target.status_url, told, target.status_method)

    def recorded(self, own: OwnSide, url: str, recording: Recording, *, is_message: bool) -> Webhook | None:
        """The recording status callback."""
        del is_message
        told = {"AccountSid": self.account_sid, "CallSid": own.call_ref, "RecordingStatus": "completed"}
        return Webhook(url, told | recorded(self.account_sid, recording))

    def ended(self, own: OwnSide, seconds: int) -> Webhook | None:
        """The status callback of a number."""
        told = self._own(own) | progress(0, own.now) | length(own.status, seconds)
        return Webhook(own.status_url, told)

    def asked_again(self, url: str, failed: Webhook, is_delivered: bool) -> Webhook:
        """With ErrorCode and ErrorUrl (https://www.twilio.com/docs/usage/webhooks/voice-webhooks)."""
        own = {name: value for name, value in failed.parameters.items() if not name.startswith("Dial")}
        return Webhook(url, own | {"ErrorCode": "12100" if is_delivered else "11200", "ErrorUrl": failed.url})

    def _own(self, own: OwnSide) -> dict[str, str]:
        return call_parameters(self.account_sid, own)

    def _leg(self, own: OwnSide, leg: FarSide) -> dict[str, str]:
        return leg_parameters(self.account_sid, own.call_ref, leg)
