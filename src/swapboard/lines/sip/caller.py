"""A caller's side: an INVITE from the trunk."""

import asyncio
import hashlib
from collections.abc import Collection

from aiosipua import SipRequest
from aiosipua.dialog import create_dialog_from_request

from swapboard.carriers.caller import Caller, caller_of, printable
from swapboard.carriers.lines.recordings import Recordings
from swapboard.lines.at_home import caller_at_home, digits_in, number_called
from swapboard.lines.media.message import take_message
from swapboard.lines.media.playing import forever
from swapboard.lines.media.port import AudioPort
from swapboard.lines.media.terms import Terms
from swapboard.lines.media.tones import ringing
from swapboard.lines.side import Arrival, Recorded
from swapboard.lines.sip.answers import Address
from swapboard.lines.sip.line import Means, SipLine
from swapboard.lines.sip.transactions import ServerTransaction

BUSY, NOBODY_THERE, TERMINATED = 486, 480, 487


class SipCaller(SipLine):
    """Whoever called us, from the INVITE on."""

    def __init__(
        self,
        invite: ServerTransaction,
        arrival: Arrival,
        source: Address,
        means: Means,
        port: AudioPort,
        terms: Terms | None,
        recordings: Recordings,
    ) -> None:
        """`terms` are None where the trunk leaves the offer to us (RFC 3261, 13.2.1): it answers in its ACK."""
        dialog = create_dialog_from_request(invite.request)
        self.arrival = arrival
        super().__init__(self.arrival.call_ref, means, port, dialog, source)
        self.is_answered = False
        self._invite = invite
        self._recordings = recordings
        self._ringing: asyncio.Task[None] | None = None
        if terms is not None:
            self._agree(terms)
        invite.answer(self._answer(invite.request, 100))

    def ring(self) -> None:
        """By a word to the trunk while the call is not taken; after that by a tone of ours."""
        if not self.is_answered:
            self._invite.answer(self._answer(self._invite.request, 180))
        elif self._ringing is None:
            self._ringing = asyncio.ensure_future(self.play(forever(ringing(self.arrival.dialled))))

    def stop_ringing(self) -> None:
        """Be silent again."""
        if self._ringing is not None:
            self._ringing.cancel()
            self._ringing = None

    async def answer(self) -> None:
        """Take the call."""
        if self.is_answered or self.gone.is_set():
            return
        self.is_answered = True
        self._dialog.confirm()
        response = self._answer(self._invite.request, 200)
        response.text = self._description(self._terms)
        response.headers.set_single("Content-Type", "application/sdp")
        self._invite.answer(response, self._say_goodbye)

    async def refuse(self, *, is_busy: bool) -> None:
        """Do not take the call."""
        if self.is_answered:
            await self.hang_up()
            return
        self._invite.answer(self._answer(self._invite.request, BUSY if is_busy else NOBODY_THERE))
        self._leave()

    async def hang_up(self) -> None:
        """End the call: with a BYE, or if it was never taken, as if nobody were there."""
        if self.gone.is_set():
            return
        if self.is_answered:
            self._say_goodbye()
        else:
            await self.refuse(is_busy=False)

    async def take_message(self, longest_seconds: int) -> Recorded:
        """A tone, then what the caller says."""
        return await take_message(self, self._recordings, longest_seconds)

    def hears(self, transaction: ServerTransaction) -> None:
        """A request within the call; CANCEL before it is taken is the caller hanging up."""
        if transaction.request.method != "CANCEL":
            super().hears(transaction)
            return
        transaction.answer(self._answer(transaction.request, 200))
        if not self.is_answered and not self.gone.is_set():
            self._invite.answer(self._answer(self._invite.request, TERMINATED))
            self._leave()

    def acknowledged(self, ack: SipRequest) -> None:
        """Our 200 has arrived: of the call, or of a change to it."""
        self._invite.acknowledge()
        super().acknowledged(ack)
        if self._terms is None and not self.gone.is_set():
            # Our offer found no answer that we understand: nobody would hear anything.
            self._say_goodbye()

    def _leave(self) -> None:
        self.stop_ringing()
        super()._leave()


def arrival_of(invite: SipRequest, ours: Collection[str] = ()) -> Arrival:
    """Who calls whom. The network's word (P-Asserted-Identity, RFC 3325) counts more than the caller's own.

    `ours` are the numbers that may be called this way, E.164.
    """
    tag = invite.from_addr.tag if invite.from_addr else ""
    call_ref = hashlib.sha256(f"{invite.call_id}\n{tag}".encode()).hexdigest()[:32]
    told = invite.get_header("P-Asserted-Identity") or invite.get_header("From") or ""
    private = (invite.get_header("Privacy") or "").lower()
    said = caller_of(_address(invite.get_header("From") or ""))
    called = invite.uri, _address(invite.get_header("To") or "")
    numbers = [number for each in called if (number := number_called(each, ours))]
    # Digits in the address itself may be our account's name at the provider.
    dialled = next((each for each in numbers if each in ours), next(iter(numbers), None))
    caller, name = _caller(told)
    if dialled:
        caller = caller_at_home(caller, digits_in(_address(told)), dialled, map(digits_in, called))
    withheld = said.withheld or bool({"id", "user"} & {each.strip() for each in private.split(";")})
    return Arrival(
        call_ref=call_ref,
        dialled=dialled,
        caller=None if withheld else caller.number,
        withheld=withheld,
        caller_name=None if withheld else name or caller.name,
        attestation=_attestation(invite),
    )


def _attestation(invite: SipRequest) -> str | None:
    """What the trunk found in the call's passport (3GPP TS 24.229, 7.2.18), in either header that is in use."""
    told = invite.get_header("Attestation-Info") or invite.get_header("P-Attestation-Indicator") or ""
    level = told.strip()[:1].upper()
    return level if level in {"A", "B", "C"} else None


def _caller(header: str) -> tuple[Caller, str | None]:
    name = header.partition("<")[0].strip().strip('"').strip() if "<" in header else ""
    return caller_of(_address(header)), printable(name)


def _address(header: str) -> str:
    """The URI in a header, with or without `<>` and parameters."""
    inner = header.partition("<")[2].partition(">")[0] if "<" in header else header.partition(";")[0]
    return inner.strip()
