"""Whose turn it is in round robins: counted in memory at once, in the database a moment later.

A call never waits for the count to be written. What another process or the server before this one counted is read
with what else the flow asks about; when the database does not answer, memory alone goes on.
"""

import asyncio
import logging
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from swapboard.calls.flow_store import count_turn

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)


class Turns:
    """The turns of one process's flows."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._known: Counter[str] = Counter()
        self._writing: set[asyncio.Task[None]] = set()

    def of(self, flow_id: str, kept: int = 0) -> int:
        """Which call to this flow comes next; `kept` is what the database says."""
        return max(self._known[flow_id], kept)

    def take(self, company_id: str, flow_id: str, turn: int) -> None:
        """A call has had this turn."""
        self._known[flow_id] = max(self._known[flow_id], turn) + 1
        writing = asyncio.create_task(self._write(company_id, flow_id, self._known[flow_id]))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    async def finish(self) -> None:
        """Wait for what is being written."""
        if self._writing:
            await asyncio.wait(self._writing)

    async def _write(self, company_id: str, flow_id: str, at_least: int) -> None:
        count = partial(count_turn, company_id=company_id, flow_id=flow_id, at_least=at_least)
        try:
            await self._exchange.change(count)
        except Exception as error:  # the next call's write makes up for it
            log.warning("whose turn it is could not be written down: %s", error)
