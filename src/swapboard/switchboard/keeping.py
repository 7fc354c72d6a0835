"""Writes down what carriers and lines tell: into the database, or else into the spool."""

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from swapboard.switchboard.ringing import RECEIVE, Told

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

log = logging.getLogger(__name__)


class Keeper:
    """Keeps what one door hears."""

    def __init__(self, exchange: "Exchange", on_spooled: Callable[[], None] = lambda: None) -> None:
        self._exchange = exchange
        self._on_spooled = on_spooled
        self._writing: set[asyncio.Task[None]] = set()

    @property
    def is_writing(self) -> bool:
        """True while something that came in is not yet written, here or in the spool."""
        return bool(self._writing)

    async def keep(self, told: Told, patience_seconds: float, *, is_patient: bool = False) -> bool:
        """Write it, but wait no longer than that, whatever the database does; False when it goes on after that.

        What is patient a busy writer may gather first (`storage/writer.py`).
        """
        task = asyncio.create_task(self._write(told, is_patient))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        if not patience_seconds:
            return False
        done, _ = await asyncio.wait({task}, timeout=patience_seconds)
        return bool(done)

    async def finish(self) -> None:
        """Wait for what is being written."""
        if self._writing:
            await asyncio.wait(self._writing)

    async def _write(self, told: Told, is_patient: bool) -> None:
        try:
            await self._exchange.writer.submit(RECEIVE, told, is_patient=is_patient)
        except Exception as error:  # whatever keeps it from the database, the spool takes it
            self._on_spooled()
            log.warning("an event goes to the spool, because the database did not take it: %r", error)
            await self._spool(told)
        self._exchange.live.ring(told.company_id)

    async def _spool(self, told: Told) -> None:
        try:
            await asyncio.to_thread(self._exchange.spool.add, told)
        except OSError as error:
            log.error("an event is in memory only, for the disk does not take it either: %r", error)
