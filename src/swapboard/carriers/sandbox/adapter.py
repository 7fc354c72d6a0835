"""The sandbox as a carrier of ours: Twilio's wire, invented numbers, no network, no money."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import ClassVar

from swapboard.calls.call import CallEvent
from swapboard.calls.step import Step
from swapboard.carriers.base import (
    CarrierError,
    CarrierResponse,
    CredentialField,
    Fault,
    Links,
    OfferedNumber,
    Text,
    given,
)
from swapboard.carriers.sandbox.invented import invented_numbers, is_invented
from swapboard.carriers.sandbox.network import listed_everywhere, recorded_everywhere, show_everywhere
from swapboard.carriers.sandbox.sound import sound_of
from swapboard.carriers.sandbox.twilio_dialect import account_ref
from swapboard.carriers.twilio import twiml
from swapboard.carriers.twilio.call_list import listed_events
from swapboard.carriers.twilio.wire import TwilioWire
from swapboard.clock import Millis
from swapboard.numbers.e164 import place


@dataclass(frozen=True, slots=True)
class SandboxCarrier(TwilioWire):
    """One company's account in the sandbox. It keeps nothing: who owns which number, the company knows."""

    account_ref: str = field(repr=False)

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Invented numbers, always the same ones."""
        numbers = islice(invented_numbers(country.upper(), area_code), max(0, limit))
        return [OfferedNumber(number, place(number), None) for number in numbers]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Any invented number, for nothing. Raises CarrierError."""
        if not is_invented(number):
            raise CarrierError(f"The sandbox has invented numbers only; {number} is not one.", Fault.REQUEST)
        return OfferedNumber(number, place(number), None, _ref(number))

    def owned(self, number: str) -> OfferedNumber | None:
        """Every invented number is as good as bought, since the sandbox keeps nothing."""
        return OfferedNumber(number, place(number), None, _ref(number)) if is_invented(number) else None

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Nothing to do: the sandbox's network asks where a number's doors are. Raises CarrierError."""
        _check(carrier_ref)

    def release(self, carrier_ref: str) -> None:
        """Nothing to do either. Raises CarrierError."""
        _check(carrier_ref)

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the network of this process remembers of calls that began since."""
        listed = listed_everywhere(self.account_ref)
        return listed_events(call for call in listed if call.started_at >= since)

    def send_text(self, text: Text) -> str:
        """Shown by the network of this process (`/sandbox/texts`), and to nobody."""
        ref = f"SM{secrets.token_hex(16)}"
        show_everywhere(self.account_ref, replace(text, ref=ref))
        return ref

    def recording(self, recording_ref: str) -> bytes:
        """Hums for voices, while the network of this process remembers the call. Raises CarrierError."""
        recording = recorded_everywhere(self.account_ref, recording_ref)
        if recording is None:
            raise CarrierError("The sandbox does not remember this recording.", Fault.REQUEST)
        return sound_of(recording)


@dataclass(frozen=True, slots=True)
class SandboxKind:
    """The sandbox before anybody's credentials: any two words will do, as long as both sides have the same."""

    name: ClassVar[str] = "Practice network"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("account_sid", "Account", "Any word.", False),
        CredentialField("auth_token", "Auth token", "Any secret; the practice network signs with it.", True),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """The TwiML for a step when nothing else works."""
        return twiml.last_resort(step)

    def open(self, credentials: Mapping[str, str]) -> SandboxCarrier:
        """The account with these credentials. Raises ValueError."""
        account_sid = given(credentials, "account_sid", "the account")
        auth_token = given(credentials, "auth_token", "the auth token")
        return SandboxCarrier((auth_token,), account_ref(account_sid, auth_token))


def _ref(number: str) -> str:
    return "PN" + hashlib.sha256(number.encode()).hexdigest()[:32]


def _check(carrier_ref: str) -> None:
    if not (carrier_ref.startswith("PN") and len(carrier_ref) == 34):
        raise CarrierError(f"The sandbox has no number {carrier_ref[:40]!r}.", Fault.REQUEST)
