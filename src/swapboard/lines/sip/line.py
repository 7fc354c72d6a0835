"""What the two kinds of SIP side share: a dialog (RFC 3261, 12), a port for the sound, and keys."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from aiosipua import Dialog, SipRequest, SipResponse
from aiosipua.headers import stringify_uri
from aiosipua.utils import format_addr

from swapboard.calls.step import Prompt
from swapboard.lines.media.playing import frames, play
from swapboard.lines.media.port import KEYS, AudioPort
from swapboard.lines.media.speech import Voice
from swapboard.lines.media.terms import Terms, describe, read_terms
from swapboard.lines.media.tones import no_voice
from swapboard.lines.sip.answers import Address, answer_to
from swapboard.lines.sip.endpoint import Endpoint
from swapboard.lines.sip.transactions import ServerTransaction

MOST_KEYS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Means:
    """What a side of a call works with."""

    endpoint: Endpoint
    own_host: str
    """Our address as this trunk sees it."""
    voice: Voice

    @property
    def contact(self) -> str:
        """Where the other side finds us."""
        return f"<sip:{format_addr(self.own_host, self.endpoint.address[1])}>"


class SipLine:
    """One party to a call, by SIP and RTP."""

    def __init__(self, ref: str, means: Means, port: AudioPort, dialog: Dialog, peer: Address) -> None:
        self.ref = ref
        self.gone = asyncio.Event()
        self.keys: asyncio.Queue[str] = asyncio.Queue(MOST_KEYS_KEPT)
        self.missed_notice = False
        self.port = port
        self.on_key_told: Callable[[str], None] | None = None
        """Told of each key that comes by SIP INFO, apart from the sound."""
        self._means = means
        self._dialog = dialog
        self._peer = peer
        self._version = 1
        self._terms: Terms | None = None
        means.endpoint.enter(dialog.call_id, dialog.local_tag, self)

    async def say(self, prompts: Sequence[Prompt]) -> None:
        """Play the prompts to the end."""
        for prompt in prompts:
            sound = await self._means.voice.sound(prompt)
            self.missed_notice |= sound is None and prompt.is_notice
            await self.play(frames(no_voice() if sound is None else sound))

    async def play(self, sound: Iterable[bytes]) -> None:
        """Frames of µ-law, until their end or until the side is gone."""
        playing = asyncio.ensure_future(play(self.port, sound))
        leaving = asyncio.ensure_future(self.gone.wait())
        try:
            await asyncio.wait({playing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            playing.cancel()
            leaving.cancel()
            await asyncio.gather(playing, leaving, return_exceptions=True)

    def press(self, key: str) -> None:
        """The side pressed a key."""
        if not self.keys.full():
            self.keys.put_nowait(key)

    def hears(self, transaction: ServerTransaction) -> None:
        """A request within the call."""
        request = transaction.request
        match request.method:
            case "BYE":
                transaction.answer(self._answer(request, 200))
                self._leave()
            case "INFO":
                self._hear_info(request)
                transaction.answer(self._answer(request, 200))
            case "INVITE" | "UPDATE":
                self._renegotiate(transaction)
            case "OPTIONS":
                transaction.answer(self._answer(request, 200))
            case _:
                transaction.answer(self._answer(request, 405))

    def acknowledged(self, ack: SipRequest) -> None:
        """A change of the call has arrived; where its offer was ours, the answer comes now (RFC 3261, 13.2.1)."""
        if self._renegotiated is not None:
            self._renegotiated.acknowledge()
        if ack.body:
            with suppress(ValueError):  # the sound stays as it was
                self._agree(read_terms(ack.text))

    def _hear_info(self, request: SipRequest) -> None:
        """A key by INFO: `Signal=5` in a dtmf-relay, or the key alone (application/dtmf)."""
        for line in request.text.splitlines():
            name, equals, value = line.partition("=")
            key = value if equals and name.strip().lower() == "signal" else "" if equals else name
            if key.strip() in set(KEYS):
                self.press(key.strip())
                if self.on_key_told is not None:
                    self.on_key_told(key.strip())
                return

    def _renegotiate(self, transaction: ServerTransaction) -> None:
        """The other side moves its sound, puts us on hold, or only asks whether we are still there."""
        request = transaction.request
        try:
            if request.body:
                self._agree(read_terms(request.text))
        except ValueError:
            # Also what cannot be read at all: without an answer the other side would give the whole call up.
            transaction.answer(self._answer(request, 488))
            return
        self._version += 1
        response = self._answer(request, 200)
        if request.body or request.method == "INVITE":
            response.text = self._description(self._terms if request.body else None)
            response.headers.set_single("Content-Type", "application/sdp")
        transaction.answer(response)
        self._renegotiated = transaction

    _renegotiated: ServerTransaction | None = None

    def _agree(self, terms: Terms) -> None:
        self._terms = terms
        self.port.agree(terms)

    def _description(self, answers: Terms | None) -> str:
        """Our answer to these terms, or an offer."""
        return describe(self._means.own_host, self.port.number, self._version, answers)

    def _answer(self, request: SipRequest, status: int) -> SipResponse:
        response = answer_to(request, status, self._dialog.local_tag)
        response.headers.set_single("Contact", self._means.contact)
        return response

    def _request(self, method: str) -> SipRequest:
        """A request of ours within the dialog."""
        host, port = self._means.own_host, self._means.endpoint.address[1]
        request = self._dialog.create_request(method, via_host=host, via_port=port)
        request.headers.set_single("Contact", self._means.contact)
        return request

    def _say_goodbye(self) -> None:
        self._means.endpoint.ask(self._request("BYE"), self._peer, lambda _response: None)
        self._leave()

    def _leave(self) -> None:
        if self.gone.is_set():
            return
        self.gone.set()
        self.port.close()
        self._means.endpoint.leave(self._dialog.call_id, self._dialog.local_tag)


def remote_target(response: SipResponse) -> str:
    """The address in Contact, where requests within the dialog go."""
    contacts = response.contact
    return stringify_uri(contacts[0].uri) if contacts else ""
