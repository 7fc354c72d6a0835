"""What all lines of one's own have in common as carriers: no webhooks, and numbers that their owner names."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    Fault,
    Links,
    NoCallList,
    NothingRecorded,
    OfferedNumber,
)
from swapboard.clock import Millis
from swapboard.numbers.e164 import place
from swapboard.numbers.matching import country_of, in_e164
from swapboard.settings import read_settings

if TYPE_CHECKING:
    from swapboard.carriers.lines.recordings import Recordings


@dataclass(frozen=True, slots=True)
class OwnLines:
    """One company's account."""

    numbers: tuple[str, ...]
    """E.164."""
    host: str
    """The other end of the line: a name or an address."""

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
        """The numbers in that country and area, as its owner named them."""
        return [_offered(number) for number in self.numbers if _is_in(number, country, area_code)][:limit]

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """It is the owner's already, and costs nothing here. Raises CarrierError."""
        if (offered := self.owned(number)) is None:
            raise CarrierError(f"{number} is not among this carrier's numbers; add it there.", Fault.REQUEST)
        return offered

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is there."""
        return _offered(number) if number in self.numbers else None

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Nothing to do: all calls come to this machine."""

    def release(self, carrier_ref: str) -> None:
        """Nothing to do: the number stays the owner's."""

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the database did not take is in the spool. Raises NoCallList."""
        raise NoCallList

    def recording(self, recording_ref: str) -> bytes:
        """A WAV file. Raises CarrierError."""
        try:
            return _recordings().wav(recording_ref)
        except FileNotFoundError as error:
            raise CarrierError("There is no such recording on this machine.", Fault.REQUEST) from error

    def delete_recording(self, recording_ref: str) -> None:
        """Delete it; one that is not there is deleted."""
        _recordings().remove(recording_ref)

    def pause_recording(self, call_ref: str) -> None:
        """Whoever records a talk of ours is asked first: this one is not recorded. Raises NothingRecorded."""
        raise NothingRecorded("This server")

    def resume_recording(self, call_ref: str) -> None:
        """As above. Raises NothingRecorded."""
        raise NothingRecorded("This server")


def _recordings() -> "Recordings":
    # Here, because the codecs are in an extra that whoever has no lines does without.
    from swapboard.carriers.lines.recordings import Recordings  # noqa: PLC0415

    settings = read_settings()
    return Recordings(settings.lines_dir / "recordings", Vault.open(settings.secret_file))


def _offered(number: str) -> OfferedNumber:
    ref = "LN" + hashlib.sha256(number.encode()).hexdigest()[:32]
    return OfferedNumber(number, place(number), None, ref)


def _is_in(number: str, country: str, area_code: str | None) -> bool:
    digits = phonenumbers.national_significant_number(phonenumbers.parse(number))
    return country_of(number) == country.upper() and digits.startswith(in_e164(country.upper(), area_code) or "")
