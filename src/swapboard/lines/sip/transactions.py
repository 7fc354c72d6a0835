"""Transactions of SIP over UDP (RFC 3261, 17), where a datagram may be lost or come twice.

aiosipua 0.7.1 has none that send again: a repeated INVITE would be a second call, an INVITE that is lost would
never arrive, and a refusal would be answered to for ever. So they are here; its messages and dialogs are used.
"""

import asyncio
from collections.abc import Callable

from aiosipua import SipRequest, SipResponse

from swapboard.lines.sip.answers import Address

T1_SECONDS = 0.5
T2_SECONDS = 4.0
GIVE_UP_SECONDS = 64 * T1_SECONDS

Send = Callable[[bytes, Address], None]
Key = tuple[str, str]
"""A transaction's branch and method."""


class Repeater:
    """Sends the same again at growing intervals until it is stopped, or gives up."""

    def __init__(self, send: Callable[[], None], on_give_up: Callable[[], None], most: float = T2_SECONDS) -> None:
        self._send = send
        self._on_give_up = on_give_up
        self._most = most
        self._interval = T1_SECONDS
        self._waited = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Send now, and again."""
        self._send()
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._again)

    def stop(self) -> None:
        """Not again."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _again(self) -> None:
        self._waited += self._interval
        if self._waited >= GIVE_UP_SECONDS:
            self._timer = None
            self._on_give_up()
            return
        self._interval = min(2 * self._interval, self._most)
        self.start()


class ServerTransaction:
    """A request of the other side, and our answers; it is asked again until the answer has arrived."""

    def __init__(self, request: SipRequest, back_to: Address, send: Send, on_over: Callable[[], object]) -> None:
        self.request = request
        self.back_to = back_to
        self._send = send
        self._on_over = on_over
        self._last: bytes | None = None
        self._repeater: Repeater | None = None
        self.is_final = False

    def answer(self, response: SipResponse, on_unheard: Callable[[], None] | None = None) -> None:
        """Send an answer. A final one to an INVITE goes out until its ACK comes; without one: `on_unheard`."""
        if self.is_final:
            return
        self._last = bytes(response)
        if response.status_code < 200:
            self._send(self._last, self.back_to)
            return
        self.is_final = True
        if self.request.method == "INVITE":
            self._repeater = Repeater(self.repeat, on_unheard or (lambda: None))
            self._repeater.start()
        else:
            self.repeat()
        asyncio.get_running_loop().call_later(GIVE_UP_SECONDS, self._on_over)

    def repeat(self) -> None:
        """The request came again: so does the last answer."""
        if self._last is not None:
            self._send(self._last, self.back_to)

    def acknowledge(self) -> None:
        """The other side has our final answer."""
        if self._repeater is not None:
            self._repeater.stop()


class ClientTransaction:
    """A request of ours, sent again until it is answered; `on_answer` hears of each answer, a time-out as None."""

    def __init__(
        self,
        request: SipRequest,
        to: Address,
        send: Send,
        on_answer: Callable[[SipResponse | None], None],
        on_over: Callable[[], object],
    ) -> None:
        self.request = request
        self._on_answer = on_answer
        self._on_over = on_over
        self.is_answered = self._is_final = False
        raw = bytes(request)
        most = GIVE_UP_SECONDS if request.method == "INVITE" else T2_SECONDS
        self._repeater = Repeater(lambda: send(raw, to), self._gives_up, most)

    def start(self) -> None:
        """Send it."""
        self._repeater.start()

    def hears(self, response: SipResponse) -> None:
        """An answer came."""
        self.is_answered = True
        if response.status_code >= 200 or self.request.method == "INVITE":
            self._repeater.stop()
        if response.status_code >= 200 and not self._is_final:
            self._is_final = True
            # A final answer may come again for so long, and then wants its ACK again.
            asyncio.get_running_loop().call_later(GIVE_UP_SECONDS, self._on_over)
        self._on_answer(response)

    def stop(self) -> None:
        """Do not send it again; an answer may still come for so long, and is heard."""
        self._repeater.stop()
        if not self._is_final:
            asyncio.get_running_loop().call_later(GIVE_UP_SECONDS, self._on_over)

    def _gives_up(self) -> None:
        self._on_over()
        self._on_answer(None)
