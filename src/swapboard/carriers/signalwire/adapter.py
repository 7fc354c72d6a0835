"""SignalWire as a carrier of ours: Twilio's wire, signed with the project's signing key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from swapboard.calls.step import Step
from swapboard.carriers.account import ByAccount
from swapboard.carriers.base import CarrierResponse, CredentialField, given
from swapboard.carriers.recording_state import RecordsByAccount
from swapboard.carriers.signalwire.account import Account
from swapboard.carriers.twilio import twiml
from swapboard.carriers.twilio.wire import TwilioWire
from swapboard.language import _


@dataclass(frozen=True, slots=True)
class SignalWireCarrier(TwilioWire, RecordsByAccount, ByAccount):
    """One company's project at SignalWire."""

    # https://developer.signalwire.com/guides/webhook-security; cXML's webhooks may have Twilio's header instead.
    signature_headers: ClassVar[tuple[str, ...]] = ("X-SignalWire-Signature", "X-Twilio-Signature")
    account: Account


_HOME = ".signalwire.com"
_SPACE = re.compile(rf"([a-z0-9-]+\.)*[a-z0-9-]+{re.escape(_HOME)}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignalWireKind:
    """The adapter before anybody's credentials."""

    name: ClassVar[str] = "SignalWire"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("space_url", "Space", "As in example.signalwire.com.", False),
        CredentialField("project_id", "Project ID", "In your space under API.", False),
        CredentialField("api_token", "API token", "With the scopes Voice and Numbers.", True),
        CredentialField("signing_key", "Signing key", "Begins with PSK; in your space under API.", True),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """The cXML for a step when nothing else works."""
        return twiml.last_resort(step)

    def open(self, credentials: Mapping[str, str]) -> SignalWireCarrier:
        """The project with these credentials. Raises ValueError."""
        space_url = _space_url(given(credentials, "space_url", _("the space")))
        project_id = given(credentials, "project_id", _("the project ID"))
        api_token = given(credentials, "api_token", _("the API token"))
        signing_key = given(credentials, "signing_key", _("the signing key"))
        return SignalWireCarrier((signing_key,), Account(project_id, api_token, space_url))


def _space_url(text: str) -> str:
    """The space's address; a name alone is one at signalwire.com. Raises ValueError."""
    address = urlsplit(text if "://" in text else f"https://{text}")
    host = address.netloc if "." in address.netloc else f"{address.netloc}{_HOME}"
    # Nowhere else: whoever types one in would else look through this server into the network that it stands in.
    if address.scheme != "https" or address.path.strip("/") or not _SPACE.fullmatch(host):
        raise ValueError(_("That is not a space: it looks like example.signalwire.com."))
    return f"https://{host}"
