"""Our end of SIP: one UDP port, which hears only those who may speak to it, and knows what belongs together."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import Protocol, cast

from aiosipua import SipMessage, SipRequest, SipResponse, parse_via
from aiosipua.message import missing_required_headers
from aiosipua.utils import generate_tag

from swapboard.lines.sip.answers import Address, answer_to, note_source
from swapboard.lines.sip.transactions import ClientTransaction, Key, ServerTransaction

log = logging.getLogger(__name__)

LONGEST_DATAGRAM = 16 * 1024
MOST_TRANSACTIONS = 2_000


class Ignored(StrEnum):
    """Why a datagram was not listened to, counted."""

    STRANGER = "stranger"
    """Not from a trunk's address: scanners and the like get no answer, so that they learn nothing."""
    SENSELESS = "senseless"
    TOO_MUCH = "too_much"


class Dialog(Protocol):
    """Whoever is to be told of requests within a call."""

    def hears(self, transaction: ServerTransaction) -> None:
        """A request within the call, which must be answered."""

    def acknowledged(self, ack: SipRequest) -> None:
        """The other side has our 200 to its INVITE; the ACK holds its description where the 200 had the offer."""


class Endpoint(asyncio.DatagramProtocol):
    """Sends and receives for all calls."""

    def __init__(
        self, may_speak: Callable[[str], bool], on_invite: Callable[[ServerTransaction, Address], None]
    ) -> None:
        self._may_speak = may_speak
        self._on_invite = on_invite
        self._transport: asyncio.DatagramTransport | None = None
        self._served: dict[Key, ServerTransaction] = {}
        self._asked: dict[Key, ClientTransaction] = {}
        self._dialogs: dict[tuple[str, str], Dialog] = {}
        self.ignored: Counter[Ignored] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    @property
    def address(self) -> Address:
        """Where we listen."""
        assert self._transport is not None
        host, port = self._transport.get_extra_info("sockname")[:2]
        return host, port

    def close(self) -> None:
        """Listen no more, and send nothing again."""
        for asked in self._asked.values():
            asked.stop()
        for served in self._served.values():
            served.acknowledge()
        if self._transport is not None:
            self._transport.close()

    def send(self, data: bytes, to: Address) -> None:
        """One datagram."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data, to)

    def error_received(self, exc: Exception) -> None:
        """Nobody listens there: the transaction sends again, and gives up in its time."""

    def ask(
        self, request: SipRequest, to: Address, on_answer: Callable[[SipResponse | None], None]
    ) -> ClientTransaction:
        """Send a request until it is answered."""
        key = _key(request)
        asked = ClientTransaction(request, to, self.send, on_answer, partial(self._asked.pop, key, None))
        self._asked[key] = asked
        asked.start()
        return asked

    def enter(self, call_id: str, tag: str, dialog: Dialog) -> None:
        """Requests with this Call-ID for our end with this tag are for this dialog."""
        self._dialogs[call_id, tag] = dialog

    def leave(self, call_id: str, tag: str) -> None:
        """The dialog is over."""
        self._dialogs.pop((call_id, tag), None)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        source = addr[0], addr[1]
        if not self._may_speak(source[0]):
            self.ignored[Ignored.STRANGER] += 1
            return
        try:
            self._read(data, source)
        except Exception as error:
            # Of a datagram that makes no sense nothing is worth more than a line; the next may be a call.
            self.ignored[Ignored.SENSELESS] += 1
            log.debug("a datagram from %s makes no sense: %r", source[0], error)

    def _read(self, data: bytes, source: Address) -> None:
        if len(data) > LONGEST_DATAGRAM:
            raise ValueError("too long")
        if not data.strip(b"\r\n\0"):
            return  # keeps a translator's door open (RFC 5626, 4.4.1)
        message = SipMessage.parse(data)
        if isinstance(message, SipResponse):
            self._hear_answer(message)
        elif not missing_required_headers(message):
            self._hear_request(message, source)
        else:
            raise ValueError("a header is missing")

    def _hear_answer(self, response: SipResponse) -> None:
        asked = self._asked.get(_key(response))
        if asked is not None:
            asked.hears(response)

    def _hear_request(self, request: SipRequest, source: Address) -> None:
        key = _key(request)
        known = self._served.get(key)
        if request.method == "ACK":
            self._hear_acknowledgement(request, known)
        elif known is not None:
            known.repeat()
        elif len(self._served) >= MOST_TRANSACTIONS:
            self.ignored[Ignored.TOO_MUCH] += 1
        else:
            back_to = note_source(request, source)
            served = ServerTransaction(request, back_to, self.send, partial(self._served.pop, key, None))
            self._served[key] = served
            self._serve(served, source)

    def _hear_acknowledgement(self, request: SipRequest, known: ServerTransaction | None) -> None:
        """Of a refusal by its branch (17.1.1.3); of a 200 by its dialog, for it has its own (13.2.2.4)."""
        dialog = self._dialog_of(request)
        if known is not None:
            known.acknowledge()
        if dialog is not None:
            dialog.acknowledged(request)

    def _serve(self, served: ServerTransaction, source: Address) -> None:
        request, method = served.request, served.request.method
        dialog = self._dialog_of(request)
        if dialog is not None and method != "CANCEL":
            dialog.hears(served)
        elif method == "CANCEL":
            self._cancel(served)
        elif method == "INVITE" and _our_tag(request) is None:
            self._on_invite(served, source)
        elif method == "OPTIONS":
            served.answer(answer_to(request, 200, generate_tag()))
        else:
            known = {"INVITE", "BYE", "INFO", "UPDATE"}
            served.answer(answer_to(request, 481 if method in known else 405, generate_tag()))

    def _cancel(self, served: ServerTransaction) -> None:
        """A CANCEL is matched with its INVITE by the branch (9.2)."""
        invite = self._served.get((_key(served.request)[0], "INVITE"))
        if invite is None or (dialog := self._dialogs_of(invite.request)) is None:
            served.answer(answer_to(served.request, 481, generate_tag()))
            return
        dialog.hears(served)

    def _dialog_of(self, request: SipRequest) -> Dialog | None:
        tag = _our_tag(request)
        return self._dialogs.get((request.call_id or "", tag)) if tag else None

    def _dialogs_of(self, invite: SipRequest) -> Dialog | None:
        call_id = invite.call_id or ""
        return next((each for (known, _), each in self._dialogs.items() if known == call_id), None)


def _our_tag(request: SipRequest) -> str | None:
    to = request.to_addr
    return to.tag if to else None


def _key(message: SipMessage) -> Key:
    """The branch with whoever made it, and the method; an ACK of a refusal belongs to its INVITE."""
    via = parse_via(message.headers.get("Via")[0])
    cseq = message.cseq
    if not via.branch or cseq is None:
        raise ValueError("no branch or no CSeq")
    method = "INVITE" if cseq.method == "ACK" else cseq.method
    return f"{via.branch} {via.host}:{via.port}", method
