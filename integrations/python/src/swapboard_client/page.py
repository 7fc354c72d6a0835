"""One page being made for one visitor: asks for the numbers when the first is needed, and once."""

import asyncio
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from html import escape
from threading import Lock

from swapboard_client.client import Swapboard
from swapboard_client.notation import rewrite
from swapboard_client.record import NOTHING, Answer, Arrival, Cookie

log = logging.getLogger(__name__)


class PageVisit:
    """The visit of one request. Templates ask it through `phone`, `phone_number` and `phone_tel`."""

    def __init__(self, swapboard: Swapboard, arrival: Arrival) -> None:
        self._swapboard = swapboard
        self._arrival = arrival
        self._answer: Answer | None = None
        self._is_closed = False
        self._asking = Lock()

    async def ask(self) -> None:
        """Ask now, without blocking the event loop; what is rendered after this has the numbers."""
        if self._answer is None and not self._is_closed:
            self._answer = await self._swapboard.visit_async(self._arrival)

    def number(self, target: str) -> str:
        """What to show in place of a number, both E.164."""
        swap = self._found().swaps.get(target)
        return swap.number if swap else target

    def text(self, target: str, text: str) -> str:
        """The text with the visitor's number in place of the target, in the same notation."""
        return self.dialled(target, text)[1]

    def dialled(self, target: str, text: str) -> tuple[str, str]:
        """The number to dial, E.164, and its text; both the original's if the text is another number's."""
        swap = self._found().swaps.get(target)
        shown = rewrite(text, target, swap) if swap else None
        return (swap.number, shown) if swap and shown is not None else (target, text)

    def close(self) -> tuple[bool, Cookie | None]:
        """Called when the headers go out: whether the page is this visitor's alone, and the cookie to set.

        What is rendered later shows the original, as nothing can be said of it in the headers any more.
        """
        self._is_closed = True
        answer = self._answer or NOTHING
        is_new = answer.cookie is not None and answer.cookie.session != self._arrival.session
        return bool(answer.swaps) or is_new, answer.cookie if is_new else None

    @property
    def was_asked(self) -> bool:
        """Whether the page depends on who the visitor is."""
        return self._answer is not None

    def _found(self) -> Answer:
        if self._answer is None and _is_event_loop():
            log.warning("await the visit's ask() before the template is rendered; the page shows its own number")
            return NOTHING
        with self._asking:
            if self._answer is None and not self._is_closed:
                self._answer = self._swapboard.visit(self._arrival)
        return self._answer or NOTHING


def _is_event_loop() -> bool:
    """Whether waiting here would keep everybody else waiting."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


current_visit: ContextVar[PageVisit | None] = ContextVar("swapboard_visit", default=None)
"""The visit of the request that is being answered, for templates."""


def phone_number(target: str, text: str) -> str:
    """The text of a number for the visitor of this request; the original outside of one."""
    visit = current_visit.get()
    return visit.text(target, text) if visit else text


def phone_tel(target: str) -> str:
    """The number to dial, E.164, for the visitor of this request."""
    visit = current_visit.get()
    return visit.number(target) if visit else target


def phone_link(target: str, text: str, attributes: Mapping[str, object]) -> str:
    """A link that dials the number, as HTML; everything in it is escaped."""
    visit = current_visit.get()
    number, shown = visit.dialled(target, text) if visit else (target, text)
    written = {"href": f"tel:{number}", **attributes}
    pairs = "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in written.items())
    return f"<a{pairs}>{escape(shown)}</a>"
