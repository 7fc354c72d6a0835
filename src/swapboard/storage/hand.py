"""Who commits the writer's batches: a thread of the server, or the scribe, which is a process of its own."""

import asyncio
import threading
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from swapboard.storage.commit import Outcome, Piece, commit


class Hand(Protocol):
    """Commits batches in the order in which it is given them."""

    max_batch: int
    batches_ahead: int
    """How many it takes before it has done the first."""
    full_batches_ahead: int
    """The same where each is as large as it may be."""

    def commit(self, batch: Sequence[Piece]) -> Awaitable[list[Outcome]]:
        """Begin at once; the outcomes come in the order of the pieces. Does not raise."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How an engine likes its batches when a thread commits them (measured)."""

    max_batch: int
    stand_aside_seconds: float
    """So long the event loop leaves Python's interpreter lock to the thread."""


_SQLITE = Pace(24, 0.02)
"""It works in our own process: while loop and thread fight for the lock, a batch takes twice as long. 20 ms is
more than a batch needs, and little for a call that comes while a disk is stuck. Larger batches double p99."""
_SERVER = Pace(64, 0.0)
"""Each statement is a journey, so many rows should share it, and meanwhile the loop has the lock to itself."""


class ThreadHand:
    """A thread of this process."""

    batches_ahead = full_batches_ahead = 1

    def __init__(self, engine: Engine, pace: Pace | None = None) -> None:
        self._engine = engine
        self._pace = pace or (_SQLITE if engine.dialect.name == "sqlite" else _SERVER)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self.max_batch = self._pace.max_batch

    def commit(self, batch: Sequence[Piece]) -> Awaitable[list[Outcome]]:
        """As `storage.commit.commit`."""
        loop, worked = asyncio.get_running_loop(), threading.Event()
        outcomes = loop.run_in_executor(self._thread, commit, self._engine, batch, worked.set)
        worked.wait(self._pace.stand_aside_seconds)
        return outcomes

    def stop(self) -> None:
        """Let the thread finish and end."""
        self._thread.shutdown()
