"""Twilio's webhooks and TwiML: what its adapter shares with every carrier that speaks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from swapboard.calls.call import CallEvent
from swapboard.calls.flow import FlowState, Step
from swapboard.carriers.base import CarrierRequest, CarrierResponse, Links
from swapboard.carriers.twilio import events, signature, twiml


@dataclass(frozen=True, slots=True)
class TwilioWire:
    """The talk with a carrier that signs with one of these secrets."""

    secrets: tuple[str, ...] = field(repr=False)

    def verify(self, request: CarrierRequest) -> bool:
        """True when one of the secrets signed this very request."""
        return signature.is_signed(request, self.secrets)

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """What the request tells. Raises BadCarrierRequest."""
        return events.events(request)

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The TwiML for a step."""
        return twiml.document(step, state, links)

    def sign(self, url: str, form: Mapping[str, str]) -> Mapping[str, str]:
        """The header by which `verify` knows the form."""
        return signature.signed(url, form, self.secrets[0])
