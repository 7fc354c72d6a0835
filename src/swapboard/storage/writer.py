"""The batch writer: everything that waits to be written becomes one transaction (group commit).

Work waits in a bounded queue; whoever submitted it gets the answer only once the transaction that holds it is
on disk. Of patient work, which nobody looks at meanwhile, a busy writer gathers a batch before it begins with it.
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

MANY = 24
MANY_WITHIN_SECONDS = 0.1
"""So much patient work in so short a time is gathered: a small batch costs nearly what a large one does."""
GATHERING_SECONDS = 0.05


class Overloaded(Exception):
    """Too much work is waiting; the caller should come back in `retry_after_seconds`."""

    retry_after_seconds = 1


@dataclass(slots=True)
class _Waiting:
    job: Job[Any, Any]
    work: Any
    future: asyncio.Future[Any]
    is_patient: bool


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
        self._gathered: deque[_Waiting] = deque()
        self._gathering: asyncio.TimerHandle | None = None
        self._came_at: deque[float] = deque(maxlen=MANY)
        """When the last patient work came."""
        self._busy: Hand = self._thread
        """Who does what is under way: one at a time, for SQLite has one writer."""
        self._under_way: set[asyncio.Task[None]] = set()
        self._committing = 0
        """How many batches the hand has; of those that it has done, some may still be told."""
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
            self._let_begin()
            open_futures = [waiting.future for waiting in self._waiting]
            await asyncio.gather(*open_futures, *self._under_way, return_exceptions=True)
        self._is_running = False
        self._thread.stop()
        if self._scribe:
            await self._scribe.stop()

    @property
    def is_gathering(self) -> bool:
        """True when patient work is not begun with at once."""
        came_at = self._came_at
        return len(came_at) == MANY and came_at[0] > asyncio.get_running_loop().time() - MANY_WITHIN_SECONDS

    async def submit(self, job: Job[Work, Answer], work: Work, *, is_patient: bool = False) -> Answer:
        """Do the work durably; raises Overloaded at once when too much waits, else what the job raised.

        Patient work may be overtaken.
        """
        if self.unanswered >= self._max_waiting:
            raise Overloaded
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self.unanswered += 1
        waiting = _Waiting(job, work, future, is_patient)
        if is_patient:
            self._gather(loop, waiting)
        else:
            self._begin_soon(loop, waiting)
        return await future

    def _gather(self, loop: asyncio.AbstractEventLoop, waiting: _Waiting) -> None:
        self._came_at.append(loop.time())
        if not self.is_gathering:
            self._begin_soon(loop, waiting)
            return
        self._gathered.append(waiting)
        if len(self._gathered) >= self._busy.max_batch:
            self._let_begin()
        elif self._gathering is None:
            self._gathering = loop.call_later(GATHERING_SECONDS, self._let_begin)

    def _let_begin(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
        self._waiting.extend(self._gathered)
        self._gathered.clear()
        self._hand_over()

    def _begin_soon(self, loop: asyncio.AbstractEventLoop, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        if len(self._waiting) >= self._busy.max_batch:
            self._hand_over()
        elif not self._will_look:
            # Those that come in the same turn of the loop share a batch.
            self._will_look = True
            loop.call_soon(self._hand_over)

    def _hand_over(self) -> None:
        """Let batches begin, as far as the hand has room."""
        self._will_look = False
        while self._waiting and self._is_running and self._has_room(hand := self._hand_for(self._waiting[0])):
            batch = [self._waiting.popleft()]
            while self._waiting and len(batch) < hand.max_batch and self._hand_for(self._waiting[0]) is hand:
                batch.append(self._waiting.popleft())
            self._busy = hand
            self._committing += 1
            self.batches += 1
            outcomes = hand.commit([(waiting.job, waiting.work) for waiting in batch])
            task = asyncio.create_task(self._answer(batch, outcomes))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    def _hand_for(self, waiting: _Waiting) -> Hand:
        return self._scribe if waiting.job.apart and self._scribe and self._scribe.is_ready else self._thread

    def _has_room(self, hand: Hand) -> bool:
        """A hand that has enough to do is given full batches only, for a small one costs nearly as much."""
        count = self._committing
        if not count:
            return True
        if hand is not self._busy:
            return False
        is_full = len(self._waiting) >= hand.max_batch
        return count < (hand.full_batches_ahead if is_full else hand.batches_ahead)

    async def _answer(self, batch: Sequence[_Waiting], outcomes: Awaitable[list[Outcome]]) -> None:
        answered = list(zip(batch, await outcomes, strict=True))
        self._committing -= 1
        for waiting, outcome in answered:
            if not waiting.is_patient:
                self._tell(waiting, outcome)
        # The hand need not wait until the last of the patient is told, which may take a turn of the loop for each.
        asyncio.get_running_loop().call_soon(self._hand_over)
        for waiting, outcome in answered:
            if waiting.is_patient:
                self._tell(waiting, outcome)
                # What follows comes in slices, so that a caller who rings meanwhile waits for one only.
                await asyncio.sleep(0)

    def _tell(self, waiting: _Waiting, outcome: Outcome) -> None:
        self.unanswered -= 1
        if waiting.future.done():
            return
        answer, error = outcome
        if error is None:
            waiting.future.set_result(answer)
        else:
            waiting.future.set_exception(error)
