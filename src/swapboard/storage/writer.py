"""The batch writer: everything that waits to be written becomes one transaction (group commit).

Work waits in a bounded queue; whoever submitted it gets the answer only once the transaction that holds it is
on disk.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from swapboard.storage.commit import Answer, Job, Outcome, Work
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
        self._waiting: deque[_Waiting] = deque()
        self._busy: Hand = self._thread
        """Who does what is under way: one at a time, for SQLite has one writer."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._is_running = False
        self._will_look = False
        self.unanswered = 0
        """How much was submitted and is not done yet."""
        self.batches = 0

    def start(self) -> None:
        """Begin to work on the running event loop."""
        if self._scribe:
            self._scribe.start()
        self._is_running = True
        self._hand_over()

    async def stop(self) -> None:
        """Finish what waits, then stop."""
        if not self._is_running:
            return
        while self.unanswered:
            open_futures = [waiting.future for waiting in self._waiting]
            await asyncio.gather(*open_futures, *self._under_way, return_exceptions=True)
        self._is_running = False
        self._thread.stop()
        if self._scribe:
            await self._scribe.stop()

    async def submit(self, job: Job[Work, Answer], work: Work) -> Answer:
        """Do the work durably; raises Overloaded at once when too much waits, else what the job raised."""
        if self.unanswered >= self._max_waiting:
            raise Overloaded
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append(_Waiting(job, work, future))
        self.unanswered += 1
        if len(self._waiting) >= self._busy.max_batch:
            self._hand_over()
        elif not self._will_look:
            # Those that come in the same turn of the loop share a batch.
            self._will_look = True
            loop.call_soon(self._hand_over)
        return await future

    def _hand_over(self) -> None:
        """Let batches begin, as far as the hand has room."""
        self._will_look = False
        while self._waiting and self._is_running and self._has_room(hand := self._hand_for(self._waiting[0])):
            batch = [self._waiting.popleft()]
            while self._waiting and len(batch) < hand.max_batch and self._hand_for(self._waiting[0]) is hand:
                batch.append(self._waiting.popleft())
            self._busy = hand
            self.batches += 1
            outcomes = hand.commit([(waiting.job, waiting.work) for waiting in batch])
            task = asyncio.create_task(self._answer(batch, outcomes))
            self._under_way.add(task)
            task.add_done_callback(self._done)

    def _hand_for(self, waiting: _Waiting) -> Hand:
        return self._scribe if waiting.job.apart and self._scribe and self._scribe.is_ready else self._thread

    def _has_room(self, hand: Hand) -> bool:
        """A hand that has enough to do is given full batches only, for a small one costs nearly as much."""
        count = len(self._under_way)
        if not count:
            return True
        if hand is not self._busy:
            return False
        is_full = len(self._waiting) >= hand.max_batch
        return count < (hand.full_batches_ahead if is_full else hand.batches_ahead)

    async def _answer(self, batch: Sequence[_Waiting], outcomes: Awaitable[list[Outcome]]) -> None:
        for waiting, (answer, error) in zip(batch, await outcomes, strict=True):
            self.unanswered -= 1
            if waiting.future.done():
                continue
            if error is None:
                waiting.future.set_result(answer)
            else:
                waiting.future.set_exception(error)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._hand_over()
