"""Bandwidth as a carrier of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from swapboard.calls.call import CallEvent
from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Step
from swapboard.carriers.account import ByAccount
from swapboard.carriers.bandwidth import document, events, signature
from swapboard.carriers.bandwidth.account import DASHBOARD_URL, MESSAGING_URL, VOICE_URL, Account
from swapboard.carriers.bandwidth.signature import CallbackLogin
from swapboard.carriers.base import (
    CarrierRequest,
    CarrierResponse,
    CredentialField,
    Links,
    Text,
    given,
    state_in,
)
from swapboard.carriers.recording_state import RecordsByAccount
from swapboard.carriers.texts import json_of, part, text_of
from swapboard.language import _

SHORTEST_PASSWORD = 16
_IDS = {
    "account_id": _("the account ID"),
    "site_id": _("the sub-account (site) ID"),
    "peer_id": _("the location (SIP peer) ID"),
}


@dataclass(frozen=True, slots=True)
class BandwidthCarrier(RecordsByAccount, ByAccount):
    """One company's account at Bandwidth."""

    account: Account

    def verify(self, request: CarrierRequest) -> bool:
        """True when the request has the callback's name and password."""
        return signature.is_signed(request, self.account.login)

    def sign(self, request: CarrierRequest) -> Mapping[str, str]:
        """The header by which `verify` knows any request."""
        return {"Authorization": self.account.login.header}

    def state(self, request: CarrierRequest) -> FlowState:
        """The state in the address."""
        return state_in(request.url)

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """What the request tells. Raises BadCarrierRequest."""
        return events.events(request)

    def texts(self, request: CarrierRequest) -> Sequence[Text]:
        """Text messages that came in; what became of our own is not listened to. Raises BadCarrierRequest.

        https://dev.bandwidth.com/docs/messaging/webhooks
        """
        told = json_of(request)
        found: list[Text] = []
        for event in told if isinstance(told, list) else ():
            if part(event, "type") != "message-received":
                continue
            message = part(event, "message")
            ours = part(event, "to") or part(message, "owner")
            found += text_of(part(message, "from"), ours, part(message, "text"), part(message, "id"))
        return found

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The BXML for a step."""
        return document.Bxml(self.account.login).document(step, state, links)


@dataclass(frozen=True, slots=True)
class BandwidthKind:
    """The adapter before anybody's credentials."""

    dashboard_url: str = DASHBOARD_URL
    voice_url: str = VOICE_URL
    messaging_url: str = MESSAGING_URL
    name: ClassVar[str] = "Bandwidth"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("account_id", "Account ID", "Seven digits; under Account in the Bandwidth App.", False),
        CredentialField("username", "API user name", "Of a user with API access only.", False),
        CredentialField("password", "API password", "Of that user.", True),
        CredentialField("site_id", "Sub-account ID", "Where numbers are ordered into; also called site.", False),
        CredentialField("peer_id", "Location ID", "In that sub-account; also called SIP peer.", False),
        CredentialField("application_id", "Voice application ID", "The application of that location.", False),
        CredentialField(
            "callback_username", "Callback user name", "Choose one; Bandwidth logs in with it.", False
        ),
        CredentialField("callback_password", "Callback password", "Choose 16 characters or more.", True),
        CredentialField(
            "messaging_application_id",
            "Messaging application ID",
            "Only for text messages to missed callers.",
            False,
            required=False,
        ),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """The BXML for a step when nothing else works."""
        return document.last_resort(step)

    def open(self, credentials: Mapping[str, str]) -> BandwidthCarrier:
        """The account with these credentials. Raises ValueError."""
        ids = {name: given(credentials, name, _(words)) for name, words in _IDS.items()}
        for name, value in ids.items():
            if not (value.isascii() and value.isdigit()):
                raise ValueError(_("Please check %(words)s: it has digits only.") % {"words": _(_IDS[name])})
        application_id = given(credentials, "application_id", _("the voice application ID"))
        if not application_id.replace("-", "").isalnum():
            raise ValueError(_("Please check the voice application ID: it has letters, digits and hyphens."))
        callback_name = given(credentials, "callback_username", _("the callback user name"))
        callback_password = given(credentials, "callback_password", _("the callback password"))
        if ":" in callback_name:
            raise ValueError(_("The callback user name may have no colon in it."))
        if len(callback_password) < SHORTEST_PASSWORD:
            raise ValueError(
                _("The callback password must have %(shortest_password)s characters or more.")
                % {"shortest_password": SHORTEST_PASSWORD}
            )
        return BandwidthCarrier(
            Account(
                account_id=ids["account_id"],
                username=given(credentials, "username", _("the API user name")),
                password=given(credentials, "password", _("the API password")),
                site_id=ids["site_id"],
                peer_id=ids["peer_id"],
                application_id=application_id,
                login=CallbackLogin(callback_name, callback_password),
                dashboard_url=self.dashboard_url,
                voice_url=self.voice_url,
                messaging_url=self.messaging_url,
                messaging_application_id=credentials.get("messaging_application_id", "").strip(),
            )
        )
