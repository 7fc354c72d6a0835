"""A trunk as a carrier of ours: its numbers are the owner's own words, its calls come by SIP and not to a door."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import phonenumbers

from swapboard.accounts.secrets import Vault
from swapboard.calls.call import CallEvent
from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Step
from swapboard.carriers.base import (
    BadCarrierRequest,
    CarrierError,
    CarrierRequest,
    CarrierResponse,
    CredentialField,
    Fault,
    Links,
    OfferedNumber,
)
from swapboard.carriers.lines.trunk import Trunk, trunk_of
from swapboard.clock import Millis
from swapboard.numbers.e164 import place
from swapboard.settings import read_settings

if TYPE_CHECKING:
    from swapboard.carriers.lines.recordings import Recordings

KIND = "lines"


@dataclass(frozen=True, slots=True)
class LinesCarrier:
    """One company's trunk."""

    trunk: Trunk

    def verify(self, request: CarrierRequest) -> bool:
        """Nobody may say by HTTP what happens on a line of ours."""
        return False

    def state(self, request: CarrierRequest) -> FlowState:
        """No request of this carrier has one."""
        return FlowState()

    def events(self, request: CarrierRequest) -> Sequence[CallEvent]:
        """Raises BadCarrierRequest."""
        raise BadCarrierRequest("Calls on own lines do not come by HTTP.")

    def render(self, step: Step, state: FlowState, links: Links) -> CarrierResponse:
        """Nobody asks by HTTP."""
        return CarrierResponse("", "text/plain")

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """The trunk's numbers in that country and area, as its owner named them."""
        return [_offered(number) for number in self.trunk.numbers if _is_in(number, country, area_code)][:limit]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """It is the owner's already, and costs nothing here. Raises CarrierError."""
        if (offered := self.owned(number)) is None:
            raise CarrierError(f"{number} is not among the numbers of this trunk; add it there.", Fault.REQUEST)
        return offered

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if the trunk has it."""
        return _offered(number) if number in self.trunk.numbers else None

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Nothing to do: the provider sends all calls of the trunk to this machine."""

    def release(self, carrier_ref: str) -> None:
        """Nothing to do: the number stays the owner's."""

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """A trunk keeps no list; what the database did not take is in the spool."""
        return iter(())

    def recording(self, recording_ref: str) -> bytes:
        """A WAV file. Raises CarrierError."""
        try:
            return _recordings().wav(recording_ref)
        except FileNotFoundError as error:
            raise CarrierError("There is no such recording on this machine.", Fault.REQUEST) from error

    def delete_recording(self, recording_ref: str) -> None:
        """Delete it; one that is not there is deleted."""
        _recordings().remove(recording_ref)


@dataclass(frozen=True, slots=True)
class LinesKind:
    """Own lines before anybody's trunk."""

    name: ClassVar[str] = "Own lines (SIP trunk)"
    credential_fields: ClassVar[Sequence[CredentialField]] = (
        CredentialField("server", "SIP server", "Your provider's: sip.example.com or 203.0.113.5:5060.", False),
        CredentialField("username", "User name", "If your provider gave you one.", False, required=False),
        CredentialField("password", "Password", "It goes with the user name.", True, required=False),
        CredentialField("register", "Register", "yes, if your provider wants it.", False, required=False),
        CredentialField(
            "also_from",
            "More addresses",
            "Where calls come from beside the server: 203.0.113.0/24, with commas between.",
            False,
            required=False,
        ),
        CredentialField("numbers", "Numbers", "Yours on this trunk: +12025550143, with commas between.", False),
    )

    def last_resort(self, step: Step) -> CarrierResponse:
        """Nobody asks by HTTP."""
        return CarrierResponse("", "text/plain")

    def open(self, credentials: Mapping[str, str]) -> LinesCarrier:
        """The trunk with these credentials. Raises ValueError."""
        return LinesCarrier(trunk_of(credentials))


def _recordings() -> "Recordings":
    # Here, because the codecs are in an extra that whoever has no lines does without.
    from swapboard.carriers.lines.recordings import Recordings  # noqa: PLC0415

    settings = read_settings()
    return Recordings(settings.lines_dir / "recordings", Vault.open(settings.secret_file))


def _offered(number: str) -> OfferedNumber:
    ref = "LN" + hashlib.sha256(number.encode()).hexdigest()[:32]
    return OfferedNumber(number, place(number), None, ref)


def _is_in(number: str, country: str, area_code: str | None) -> bool:
    parsed = phonenumbers.parse(number)
    is_there = phonenumbers.region_code_for_number(parsed) == country.upper()
    return is_there and str(parsed.national_number).startswith(area_code or "")
