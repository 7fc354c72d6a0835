"""Gives the database what it could not take before, oldest first; what is told twice is told once."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.condition import Trouble
from swapboard.switchboard.ringing import RECEIVE, Told

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)


class Drain:
    """Empties one process's spool."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange

    async def look(self) -> None:
        """Empty it as far as the database takes it."""
        self._note()
        spool = self._exchange.spool
        if spool.is_empty:
            return
        try:
            await self._drain_file()
        finally:
            # These do not need the disk, which may be why they are here.
            held = spool.held_events()
            if held and await self._take(held):
                spool.let_go(len(held))
        self._note()

    async def _drain_file(self) -> None:
        reading = self._exchange.spool.read()
        while told := await asyncio.to_thread(reading.next):
            if not await self._take(told):
                return
        await asyncio.to_thread(self._exchange.spool.forget, reading)

    def _note(self) -> None:
        self._exchange.condition.note(Trouble.EVENTS_WAIT, not self._exchange.spool.is_empty)
        self._exchange.condition.note(Trouble.ONLY_IN_MEMORY, self._exchange.spool.held > 0)

    async def _take(self, waiting: Sequence[Told]) -> bool:
        """Write the events; False when the database still takes none."""
        for told in waiting:
            try:
                await self._exchange.writer.submit(RECEIVE, told)
            except (Overloaded, Unavailable):
                return False
            except Exception:
                log.exception("the database refuses this event for good: %s", told)
            self._exchange.live.ring(told.company_id)
        return True
