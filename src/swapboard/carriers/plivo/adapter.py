"""Plivo as a carrier of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

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
from swapboard.carriers.plivo import document, events, signature
from swapboard.carriers.plivo.account import API_URL, Account
from swapboard.carriers.texts import text_of
from swapboard.language import _


@dataclass(frozen=True, slots=True)
class PlivoCarrier(ByAccount):
    """One company's account at Plivo."""

    account: Account

    def verify(self, request: CarrierRequest) -> bool:
        """True when the auth token signed this very request; of a text message, its address."""
        if request.door is Door.MESSAGE and signature.is_text_signed(request, self.account.auth_token):
            return True
        return signature.is_signed(request, self.account.auth_token)

    def sign(self, request: CarrierRequest) -> Mapping[str, str]:
        """The headers by which `verify` knows the request. Raises BadCarrierRequest."""
        return signature.signed(request, self.account.auth_token)

    def state(self, request: CarrierRequest) -> FlowState:
        """The state in the address."""
        return state_in(request.url)

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """What the request tells. Raises BadCarrierRequest."""
        return events.events(request)

    def texts(self, request: CarrierRequest) -> Sequence[Text]:
        """A text message that came in. Raises BadCarrierRequest.

        https://www.plivo.com/docs/messaging/concepts/message-url
        """
        told = parameters(request)
        return text_of(told.get("From"), told.get("To"), told.get("Text"), told.get("MessageUUID"))

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The XML for a step."""
        return document.document(step, state, links)

    def delete_recording(self, recording_ref: str) -> None:
        """Delete a recording. Raises CarrierError."""
        self.account.delete_recording(recording_ref)


@dataclass(frozen=True, slots=True)
class PlivoKind:
    """The adapter before anybody's credentials."""

    api_url: str = API_URL
    name: ClassVar[str] = "Plivo"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("auth_id", "Auth ID", "Begins with MA or SA; on the first page of your console.", False),
        CredentialField("auth_token", "Auth token", "Beside it; Plivo also signs with it.", True),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """The XML for a step when nothing else works."""
        return document.last_resort(step)

    def open(self, credentials: Mapping[str, str]) -> PlivoCarrier:
        """The account with these credentials. Raises ValueError."""
        auth_id = given(credentials, "auth_id", _("the auth ID"))
        auth_token = given(credentials, "auth_token", _("the auth token"))
        if not (auth_id.startswith(("MA", "SA")) and auth_id.isascii() and auth_id.isalnum()):
            raise ValueError(_("That is not an auth ID: it begins with MA or SA, then letters and digits."))
        return PlivoCarrier(Account(auth_id, auth_token, self.api_url))
