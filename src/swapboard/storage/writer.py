"""The batch writer: everything that waits to be written becomes one transaction (group commit).

Work waits in a bounded queue; whoever submitted it gets the answer only once the transaction that holds it is
on disk.
"""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from swapboard.storage.commit import Answer, Job, Outcome, Piece, Work, commit


@dataclass(frozen=True, slots=True)
class Pace:
    """How an engine likes its batches (measured)."""

    max_batch: int
    stand_aside_seconds: float
    """So long the event loop leaves Python's interpreter lock to the writer's thread."""


_SQLITE = Pace(24, 0.02)
"""It works in our own process: while loop and thread fight for the lock, a batch takes twice as long. 20 ms is
more than a batch needs, and little for a call that comes while a disk is stuck. Larger batches double p99."""
_SERVER = Pace(64, 0.0)
"""Each statement is a journey, so many rows should share it, and meanwhile the loop has the lock to itself."""


class Overloaded(Exception):
    """Too much work is waiting; the caller should come back in `retry_after_seconds`."""

    retry_after_seconds = 1


@dataclass(slots=True)
class _Waiting:
    job: Job[Any, Any]
    work: Any
    future: asyncio.Future[Any]


class BatchWriter:
    """Submit work from the event loop; a thread does it in batches, each in one transaction."""

    def __init__(self, engine: Engine, max_waiting: int = 2_000, pace: Pace | None = None) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._max_waiting = max_waiting
        self._pace = pace or (_SQLITE if engine.dialect.name == "sqlite" else _SERVER)
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.batches = 0

    def start(self) -> None:
        """Begin to work on the running event loop."""
        self._task = asyncio.create_task(self._work_on(), name="batch writer")

    async def stop(self) -> None:
        """Finish what waits, then stop."""
        if self._task is None:
            return
        while self._waiting:
            await asyncio.gather(*(waiting.future for waiting in self._waiting), return_exceptions=True)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()

    async def submit(self, job: Job[Work, Answer], work: Work) -> Answer:
        """Do the work durably; raises Overloaded at once when too much waits, else what the job raised."""
        if len(self._waiting) >= self._max_waiting:
            raise Overloaded
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(job, work, future))
        self._wake.set()
        return await future

    async def _work_on(self) -> None:
        while True:
            await self._wake.wait()
            batch = self._waiting[: self._pace.max_batch]
            self.batches += 1
            outcomes = await self._commit([(waiting.job, waiting.work) for waiting in batch])
            del self._waiting[: len(batch)]
            if not self._waiting:
                self._wake.clear()
            for waiting, (answer, error) in zip(batch, outcomes, strict=True):
                if waiting.future.done():
                    continue
                if error is None:
                    waiting.future.set_result(answer)
                else:
                    waiting.future.set_exception(error)

    async def _commit(self, batch: Sequence[Piece]) -> list[Outcome]:
        loop, worked = asyncio.get_running_loop(), threading.Event()
        outcomes = loop.run_in_executor(self._thread, commit, self._engine, batch, worked.set)
        worked.wait(self._pace.stand_aside_seconds)
        return await outcomes
