"""Vonage as a carrier of ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from swapboard.calls.call import CallEvent
from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Step
from swapboard.carriers.account import ByAccount
from swapboard.carriers.base import (
    CarrierRequest,
    CarrierResponse,
    CredentialField,
    Links,
    Text,
    given,
    state_in,
)
from swapboard.carriers.texts import json_of, part, text_of
from swapboard.carriers.vonage import document, events, signature
from swapboard.carriers.vonage.account import API_URL, REST_URL, Account
from swapboard.language import _


@dataclass(frozen=True, slots=True)
class VonageCarrier(ByAccount):
    """One company's application at Vonage."""

    account: Account
    signature_secret: str = field(repr=False)

    def verify(self, request: CarrierRequest) -> bool:
        """True when the signature secret signed a token for this very body, lately."""
        return signature.is_signed(request, self.signature_secret, self.account.application_id)

    def sign(self, request: CarrierRequest) -> Mapping[str, str]:
        """The header by which `verify` knows the request."""
        return signature.signed(request, self.signature_secret, self.account.application_id)

    def state(self, request: CarrierRequest) -> FlowState:
        """The state in the address."""
        return state_in(request.url)

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """What the request tells. Raises BadCarrierRequest."""
        return events.events(request)

    def texts(self, request: CarrierRequest) -> Sequence[Text]:
        """A text message that came in, by the Messages API. Raises BadCarrierRequest."""
        told = json_of(request)
        if part(told, "channel") != "sms" or part(told, "message_type") != "text":
            return ()
        return text_of(part(told, "from"), part(told, "to"), part(told, "text"), part(told, "message_uuid"))

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The NCCO for a step."""
        return document.document(step, state, links)


@dataclass(frozen=True, slots=True)
class VonageKind:
    """The adapter before anybody's credentials."""

    rest_url: str = REST_URL
    api_url: str = API_URL
    name: ClassVar[str] = "Vonage"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("api_key", "API key", "On the first page of your dashboard.", False),
        CredentialField("api_secret", "API secret", "Under API settings.", True),
        CredentialField("application_id", "Application ID", "Of a Voice application made for Swapboard.", False),
        CredentialField("private_key", "Private key", "The whole file that the application gave you.", True),
        CredentialField("signature_secret", "Signature secret", "Under API settings; SHA-256 HMAC.", True),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """The NCCO for a step when nothing else works."""
        return document.last_resort(step)

    def open(self, credentials: Mapping[str, str]) -> VonageCarrier:
        """The application with these credentials. Raises ValueError."""
        application_id = given(credentials, "application_id", _("the application ID"))
        if not (application_id.isascii() and application_id.replace("-", "").isalnum()):
            raise ValueError(_("Please check the application ID: it has letters, digits and hyphens."))
        account = Account(
            api_key=given(credentials, "api_key", _("the API key")),
            api_secret=given(credentials, "api_secret", _("the API secret")),
            application_id=application_id,
            private_key=_private_key(given(credentials, "private_key", _("the application's private key"))),
            rest_url=self.rest_url,
            api_url=self.api_url,
        )
        return VonageCarrier(account, given(credentials, "signature_secret", _("the signature secret")))


def _private_key(text: str) -> str:
    """The key, as it was in its file; a form may have put `\\n` for its lines. Raises ValueError."""
    pem = text.replace("\\n", "\n")
    try:
        is_rsa = isinstance(load_pem_private_key(pem.encode(), None), RSAPrivateKey)
    except (ValueError, TypeError):
        is_rsa = False
    if not is_rsa:
        raise ValueError(
            _("That is not a private key: paste the whole file, from -----BEGIN to END PRIVATE KEY-----.")
        )
    return pem
