"""Twilio as a carrier of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from swapboard.calls.step import Step
from swapboard.carriers.account import ByAccount
from swapboard.carriers.base import CarrierResponse, CredentialField, given
from swapboard.carriers.recording_state import RecordsByAccount
from swapboard.carriers.twilio import twiml
from swapboard.carriers.twilio.account import API_URL, Account
from swapboard.carriers.twilio.wire import TwilioWire
from swapboard.language import _

_SID_LENGTH = 34


@dataclass(frozen=True, slots=True)
class TwilioCarrier(TwilioWire, RecordsByAccount, ByAccount):
    """One company's account at Twilio."""

    account: Account


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
        account_sid = given(credentials, "account_sid", _("the account SID"))
        auth_token = given(credentials, "auth_token", _("the auth token"))
        if not (account_sid.startswith("AC") and len(account_sid) == _SID_LENGTH and account_sid.isalnum()):
            raise ValueError(_("That is not an account SID: it begins with AC and has 34 letters and digits."))
        shared = credentials.get("signing_secret", "").split()
        return TwilioCarrier((auth_token, *shared), Account(account_sid, auth_token, self.api_url))
