"""Telnyx as a carrier of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from swapboard.calls.call import CallEvent
from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Step
from swapboard.carriers.account import ByAccount
from swapboard.carriers.base import (
    CarrierRequest,
    CarrierResponse,
    CredentialField,
    Door,
    Links,
    Text,
    given,
    state_in,
)
from swapboard.carriers.parameters import parameters
from swapboard.carriers.recording_state import RecordsByAccount
from swapboard.carriers.telnyx import signature
from swapboard.carriers.telnyx.account import API_URL, Account
from swapboard.carriers.telnyx.parameters import by_twilios_names
from swapboard.carriers.telnyx.texml import TEXML
from swapboard.carriers.texts import json_of, part, text_of
from swapboard.carriers.twilio import events, twiml
from swapboard.language import _


@dataclass(frozen=True, slots=True)
class TelnyxCarrier(RecordsByAccount, ByAccount):
    """One company's account at Telnyx."""

    public_key: Ed25519PublicKey = field(repr=False)
    account: Account

    def verify(self, request: CarrierRequest) -> bool:
        """True when Telnyx signed this body within five minutes."""
        return signature.is_signed(request, self.public_key)

    def state(self, request: CarrierRequest) -> FlowState:
        """The state in the address."""
        return state_in(request.url)

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """What the request tells. Raises BadCarrierRequest."""
        if request.door is Door.MESSAGE:
            return ()
        return events.told_events(request, by_twilios_names(parameters(request)))

    def texts(self, request: CarrierRequest) -> Sequence[Text]:
        """A text message that came in. Raises BadCarrierRequest.

        https://developers.telnyx.com/api-reference/callbacks/inbound-message
        """
        event = part(json_of(request), "data")
        if part(event, "event_type") != "message.received":
            return ()
        told, to = part(event, "payload"), part(part(event, "payload"), "to")
        ours = part(to[0], "phone_number") if isinstance(to, list) and to else None
        return text_of(part(part(told, "from"), "phone_number"), ours, part(told, "text"), part(told, "id"))

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The TeXML for a step."""
        return twiml.document(step, state, links, TEXML)


@dataclass(frozen=True, slots=True)
class TelnyxKind:
    """The adapter before anybody's credentials."""

    api_url: str = API_URL
    name: ClassVar[str] = "Telnyx"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("api_key", "API key (v2)", "Begins with KEY; in the portal under API keys.", True),
        CredentialField("public_key", "Public key", "In the portal under Keys & credentials, Public key.", False),
        CredentialField(
            "application_id",
            "TeXML application",
            "The id of a TeXML application that your numbers belong to.",
            False,
        ),
        CredentialField("account_sid", "Account id", "Your user id: AccountSid in TeXML requests.", False),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """The TeXML for a step when nothing else works."""
        return twiml.last_resort(step, TEXML)

    def open(self, credentials: Mapping[str, str]) -> TelnyxCarrier:
        """The account with these credentials. Raises ValueError."""
        api_key = given(credentials, "api_key", _("the API key"))
        application_id = given(credentials, "application_id", _("the id of the TeXML application"))
        account_sid = given(credentials, "account_sid", _("the account id"))
        try:
            key = signature.public_key(given(credentials, "public_key", _("the public key")))
        except ValueError as error:
            if not credentials.get("public_key", "").strip():
                raise
            raise ValueError(
                _("That is not a public key: it has 44 letters, digits and signs, and ends in =.")
            ) from error
        return TelnyxCarrier(key, Account(account_sid, application_id, api_key, self.api_url))
