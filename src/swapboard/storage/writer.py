"""The batch writer: everything that waits to be written becomes one transaction (group commit).

One writer a process. Work waits in a bounded queue; whoever submitted it gets the answer only once the
transaction that holds it is on disk. A batch that fails is done again piece by piece, so that one bad piece
of work cannot spoil its neighbours.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from swapboard.storage.engine import writing

log = logging.getLogger(__name__)

Work = TypeVar("Work")
Answer = TypeVar("Answer")

MAX_BATCH = 64
_AGAIN = {"40001", "40P01"}
"""PostgreSQL's serialization_failure and deadlock_detected (its manual, appendix A)."""
ATTEMPTS = 5


class Overloaded(Exception):
    """Too much work is waiting; the caller should come back in `retry_after_seconds`."""

    retry_after_seconds = 1


class Unavailable(Exception):
    """The database does not answer; nothing was written."""

    retry_after_seconds = 5


class Conflict(Exception):
    """Another process took what this transaction had chosen; do it again."""


@dataclass(frozen=True, slots=True)
class Job(Generic[Work, Answer]):
    """One kind of work: `run(connection, works)` answers in the same order, and neither commits nor rolls back."""

    name: str
    run: Callable[[Connection, Sequence[Work]], Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class _Waiting:
    job: Job[Any, Any]
    work: Any
    future: asyncio.Future[Any]


_Outcome = tuple[_Waiting, Any, Exception | None]


class BatchWriter:
    """Submit work from the event loop; it is done on one thread, in batches, each in one transaction."""

    def __init__(self, engine: Engine, max_waiting: int = 2_000, max_batch: int = MAX_BATCH) -> None:
        self._engine = engine
        self._max_waiting = max_waiting
        self._max_batch = max_batch
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
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
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            batch = self._waiting[: self._max_batch]
            for waiting, answer, error in await loop.run_in_executor(self._thread, self._commit, batch):
                if waiting.future.done():
                    continue
                if error is None:
                    waiting.future.set_result(answer)
                else:
                    waiting.future.set_exception(error)
            del self._waiting[: len(batch)]
            if not self._waiting:
                self._wake.clear()

    def _commit(self, batch: list[_Waiting]) -> list[_Outcome]:
        self.batches += 1
        try:
            return self._in_one_transaction(batch)
        except Exception as error:
            if _is_unavailable(error):
                return [(waiting, None, _unavailable(error)) for waiting in batch]
            if len(batch) > 1:
                log.warning("a batch of %d is done again piece by piece: %s", len(batch), error)
            return [self._alone(waiting) for waiting in batch]

    def _alone(self, waiting: _Waiting) -> _Outcome:
        error: Exception | None = None
        for _attempt in range(ATTEMPTS):
            try:
                return self._in_one_transaction([waiting])[0]
            except Exception as raised:
                error = _unavailable(raised) if _is_unavailable(raised) else raised
                if not _is_worth_another_try(raised):
                    break
        return waiting, None, error

    def _in_one_transaction(self, batch: list[_Waiting]) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        with writing(self._engine) as connection:
            for job, waitings in _by_job(batch):
                answers = job.run(connection, [waiting.work for waiting in waitings])
                outcomes.extend(zip(waitings, answers, [None] * len(waitings), strict=True))
        return outcomes


def _by_job(batch: list[_Waiting]) -> list[tuple[Job[Any, Any], list[_Waiting]]]:
    groups: dict[int, tuple[Job[Any, Any], list[_Waiting]]] = {}
    for waiting in batch:
        groups.setdefault(id(waiting.job), (waiting.job, []))[1].append(waiting)
    return list(groups.values())


def _is_worth_another_try(error: Exception) -> bool:
    return isinstance(error, (Conflict, IntegrityError)) or _sqlstate(error) in _AGAIN


def _is_unavailable(error: Exception) -> bool:
    """No connection, a time-out, a full disk: the next piece of work would fare no better."""
    return isinstance(error, (OperationalError, InterfaceError)) and _sqlstate(error) not in _AGAIN


def _unavailable(error: Exception) -> Unavailable:
    log.error("the database did not take what was to be written: %s", error)
    return Unavailable(str(error))


def _sqlstate(error: Exception) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)
