"""The batch writer: everything that waits to be written becomes one transaction (group commit).

Work waits in a bounded queue; whoever submitted it gets the answer only once the transaction that holds it is
on disk.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from sqlalchemy import Engine

from swapboard.storage.commit import Answer, Job, Work
from swapboard.storage.hand import Hand, Pace, ThreadHand
from swapboard.storage.scribe import Scribe


class Overloaded(Exception):
    """Too much work is waiting; the caller should come back in `retry_after_seconds`."""

    retry_after_seconds = 1


@dataclass(slots=True)
class _Waiting:
    job: Job[Any, Any]
    work: Any
    future: asyncio.Future[Any]


class BatchWriter:
    """Submit work from the event loop; the scribe or a thread does it in batches, each in one transaction."""

    def __init__(
        self,
        engine: Engine,
        max_waiting: int = 2_000,
        pace: Pace | None = None,
        scribe: Scribe | None = None,
    ) -> None:
        self._thread = ThreadHand(engine, pace)
        self._scribe = scribe
        self._max_waiting = max_waiting
        self._waiting: list[_Waiting] = []
        self._under_way: deque[tuple[Hand, asyncio.Task[None]]] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.unanswered = 0
        """How much was submitted and is not done yet."""
        self.batches = 0

    def start(self) -> None:
        """Begin to work on the running event loop."""
        if self._scribe:
            self._scribe.start()
        self._task = asyncio.create_task(self._work_on(), name="batch writer")

    async def stop(self) -> None:
        """Finish what waits, then stop."""
        if self._task is None:
            return
        while self.unanswered:
            open_futures = [waiting.future for waiting in self._waiting]
            await asyncio.gather(*open_futures, *(task for _, task in self._under_way), return_exceptions=True)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._thread.stop()
        if self._scribe:
            await self._scribe.stop()

    async def submit(self, job: Job[Work, Answer], work: Work) -> Answer:
        """Do the work durably; raises Overloaded at once when too much waits, else what the job raised."""
        if self.unanswered >= self._max_waiting:
            raise Overloaded
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(job, work, future))
        self.unanswered += 1
        self._wake.set()
        return await future

    async def _work_on(self) -> None:
        while True:
            await self._wake.wait()
            hand = self._hand_for(self._waiting[0])
            await self._make_room(hand)
            together = takewhile(lambda each: self._hand_for(each) is hand, self._waiting)  # noqa: B023 used at once
            batch = list(islice(together, hand.max_batch))
            del self._waiting[: len(batch)]
            if not self._waiting:
                self._wake.clear()
            if batch:
                self._under_way.append((hand, asyncio.create_task(self._do(hand, batch))))

    def _hand_for(self, waiting: _Waiting) -> Hand:
        return self._scribe if waiting.job.apart and self._scribe and self._scribe.is_ready else self._thread

    async def _make_room(self, hand: Hand) -> None:
        """Wait until the hand can take a batch; until the other is done, for SQLite has one writer at a time."""
        while self._under_way:
            busy, first = self._under_way[0]
            if busy is hand and len(self._under_way) < hand.batches_ahead:
                return
            await asyncio.wait({first})
            self._under_way.popleft()

    async def _do(self, hand: Hand, batch: Sequence[_Waiting]) -> None:
        self.batches += 1
        outcomes = await hand.commit([(waiting.job, waiting.work) for waiting in batch])
        self.unanswered -= len(batch)
        for waiting, (answer, error) in zip(batch, outcomes, strict=True):
            if waiting.future.done():
                continue
            if error is None:
                waiting.future.set_result(answer)
            else:
                waiting.future.set_exception(error)
