"""Twilio's webhooks and TwiML: what its adapter shares with every carrier that speaks them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from twilio.request_validator import SIGNATURE_HEADER

from swapboard.calls.call import CallEvent
from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Step
from swapboard.carriers.base import CarrierRequest, CarrierResponse, Links, Text
from swapboard.carriers.parameters import parameters
from swapboard.carriers.texts import text_of
from swapboard.carriers.twilio import events, signature, twiml


@dataclass(frozen=True, slots=True)
class TwilioWire:
    """The talk with a carrier that signs with one of these secrets."""

    signature_headers: ClassVar[tuple[str, ...]] = (SIGNATURE_HEADER,)
    secrets: tuple[str, ...] = field(repr=False)

    def verify(self, request: CarrierRequest) -> bool:
        """True when one of the secrets signed this very request."""
        return signature.is_signed(request, self.secrets, self.signature_headers)

    def state(self, request: CarrierRequest) -> FlowState:
        """The state in the address; for the fallback, in the address that failed."""
        return events.state_of(request)

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """What the request tells. Raises BadCarrierRequest."""
        return events.events(request)

    def texts(self, request: CarrierRequest) -> Sequence[Text]:
        """A text message that came in. Raises BadCarrierRequest."""
        told = parameters(request)
        ref = told.get("MessageSid") or told.get("SmsSid")
        return text_of(told.get("From"), told.get("To"), told.get("Body"), ref)

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """The TwiML for a step."""
        return twiml.document(step, state, links)

    def sign(self, request: CarrierRequest) -> Mapping[str, str]:
        """The header by which `verify` knows the request. Raises BadCarrierRequest."""
        return signature.signed(request, self.secrets[0], self.signature_headers[0])
