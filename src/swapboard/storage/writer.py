"""The batch writer: everything that waits to be written becomes one transaction (group commit).

Work waits in a bounded queue; whoever submitted it gets the answer only once the transaction that holds it is
on disk.
"""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from swapboard.storage.commit import Answer, Job, Outcome, Piece, Work, commit

MAX_BATCH = 24
"""Small enough that the event loop works on the next batch while one is written, and p99 stays low (measured)."""


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

    def __init__(self, engine: Engine, max_waiting: int = 2_000, max_batch: int = MAX_BATCH) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._max_waiting = max_waiting
        self._max_batch = max_batch
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
            batch = self._waiting[: self._max_batch]
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
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, commit, self._engine, batch)
