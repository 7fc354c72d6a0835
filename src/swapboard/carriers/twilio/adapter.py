"""Twilio as a carrier of ours."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from swapboard.calls.call import CallEvent
from swapboard.calls.step import Step
from swapboard.carriers.base import CarrierResponse, CredentialField, Links, OfferedNumber, given
from swapboard.carriers.twilio import twiml
from swapboard.carriers.twilio.account import API_URL, PAUSED, RESUMED, Account
from swapboard.carriers.twilio.wire import TwilioWire
from swapboard.clock import Millis

_SID_LENGTH = 34


@dataclass(frozen=True, slots=True)
class TwilioCarrier(TwilioWire):
    """One company's account at Twilio."""

    account: Account

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Local numbers for sale. Raises CarrierError."""
        return self.account.search(country, area_code, limit)

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number, pointed at our doors. Raises CarrierError."""
        return self.account.buy(number, links)

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the account's. Raises CarrierError."""
        return self.account.owned(number)

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point a number we own at our doors. Raises CarrierError."""
        self.account.configure(carrier_ref, links)

    def release(self, carrier_ref: str) -> None:
        """Give a number back. Raises CarrierError."""
        self.account.release(carrier_ref)

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What Twilio's call list says happened since. Raises CarrierError."""
        return self.account.calls(since)

    def recording(self, recording_ref: str) -> bytes:
        """A recording as WAV. Raises CarrierError."""
        return self.account.recording(recording_ref)

    def delete_recording(self, recording_ref: str) -> None:
        """Delete Twilio's copy of a recording. Raises CarrierError."""
        self.account.delete_recording(recording_ref)

    def pause_recording(self, call_ref: str) -> None:
        """Record nothing of a call for now. Raises CarrierError."""
        self.account.change_recording(call_ref, PAUSED)

    def resume_recording(self, call_ref: str) -> None:
        """Record the call again. Raises CarrierError."""
        self.account.change_recording(call_ref, RESUMED)


@dataclass(frozen=True, slots=True)
class TwilioKind:
    """The adapter before anybody's credentials."""

    api_url: str = API_URL
    name: ClassVar[str] = "Twilio"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("account_sid", "Account SID", "Begins with AC; on the first page of your console.", False),
        CredentialField("auth_token", "Auth token", "On the first page of your console, hidden at first.", True),
        CredentialField(
            "signing_secret",
            "Webhook signing secret",
            "Only if Twilio signs your webhooks with a shared key; old and new, a space between, during a change.",
            True,
            required=False,
        ),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """The TwiML for a step when nothing else works."""
        return twiml.last_resort(step)

    def open(self, credentials: Mapping[str, str]) -> TwilioCarrier:
        """The account with these credentials. Raises ValueError."""
        account_sid = given(credentials, "account_sid", "the account SID")
        auth_token = given(credentials, "auth_token", "the auth token")
        if not (account_sid.startswith("AC") and len(account_sid) == _SID_LENGTH and account_sid.isalnum()):
            raise ValueError("That is not an account SID: it begins with AC and has 34 letters and digits.")
        shared = credentials.get("signing_secret", "").split()
        return TwilioCarrier((auth_token, *shared), Account(account_sid, auth_token, self.api_url))
