"""What a carrier's account is asked for: numbers, its own list of calls, recordings.

An adapter is two things: how the carrier's requests are read and answered, which is its own, and this, which it
passes on to the account.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from swapboard.calls.call import CallEvent
from swapboard.carriers.base import Links, OfferedNumber, Text
from swapboard.clock import Millis


class CarrierAccount(Protocol):
    """One company's account, by the carrier's REST API; what each does is told at `Carrier`."""

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]: ...

    def buy(self, number: str, links: Links) -> OfferedNumber: ...

    def owned(self, number: str) -> OfferedNumber | None: ...

    def configure(self, carrier_ref: str, links: Links) -> None: ...

    def release(self, carrier_ref: str) -> None: ...

    def calls(self, since: Millis) -> Iterator[CallEvent]: ...

    def recording(self, recording_ref: str) -> bytes: ...

    def send_text(self, text: Text) -> str: ...


class ByAccount:
    """The part of a `Carrier` that its account does."""

    __slots__ = ()

    account: CarrierAccount

    def search(self, country: str, area_code: str | None, limit: int) -> Sequence[OfferedNumber]:
        """Numbers for sale. Raises CarrierError."""
        return self.account.search(country, area_code, limit)

    def buy(self, number: str, links: Links) -> OfferedNumber:
        """Order a number, pointed at our doors: this costs money. Raises CarrierError."""
        return self.account.buy(number, links)

    def owned(self, number: str) -> OfferedNumber | None:
        """The number, if it is the account's. Raises CarrierError."""
        return self.account.owned(number)

    def configure(self, carrier_ref: str, links: Links) -> None:
        """Point a number we own at our doors. Raises CarrierError."""
        self.account.configure(carrier_ref, links)

    def release(self, carrier_ref: str) -> None:
        """Give a number back. Raises CarrierError."""
        self.account.release(carrier_ref)

    def calls(self, since: Millis) -> Iterator[CallEvent]:
        """What the carrier's own call list says happened since. Raises CarrierError."""
        return self.account.calls(since)

    def recording(self, recording_ref: str) -> bytes:
        """A recording's audio. Raises CarrierError."""
        return self.account.recording(recording_ref)

    def send_text(self, text: Text) -> str:
        """Send a text message, once; the carrier's id of it. Raises CarrierError."""
        return self.account.send_text(text)
