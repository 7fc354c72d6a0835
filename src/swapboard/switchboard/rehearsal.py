"""A rehearsal: a company's own past is played again with pools of other sizes, by a process apart.

The process is told what to do on its standard input, is polite (nice) so that it keeps no visit waiting, and
prints a line for each size as it is done: `python -m swapboard.switchboard.rehearsal`.
"""

import asyncio
import gc
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from swapboard.attribution.backtest import Score, replayed
from swapboard.attribution.kept_traffic import kept
from swapboard.attribution.own_traffic import own_traffic
from swapboard.attribution.replay import Switchboard
from swapboard.clock import DAY, Clock, Millis, system_clock
from swapboard.storage.commit import Unavailable
from swapboard.storage.engine import open_engine, reading
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.filed_rehearsals import (
    Filed,
    Rehearsed,
    Running,
    begin_running,
    end_running,
    file_rehearsal,
    rehearsals_of,
    tell_running,
)

DAYS = 90
POLITE = 15
MOST_NUMBERS = 2_000
TOLD_EVERY_SECONDS = 10

Asked = Callable[[Callable[[Connection], Any]], Awaitable[Any]]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Rehearsal:
    """One that runs, or has run."""

    asked_at: Millis
    sizes: Sequence[int]
    results: list[Rehearsed] = field(default_factory=list)
    is_running: bool = True
    failed: bool = False
    """It broke off, or a later one did."""
    is_before_failure: bool = False
    """It was played to its end, and a later one broke off."""

    @property
    def told(self) -> Running:
        """What other processes are told of it."""
        return Running(self.asked_at, list(self.sizes), list(self.results))


class Rehearsals:
    """The latest of each pool; one runs at a time in each process, and what runs and became of it is filed."""

    def __init__(self, database_url: str, read: Asked, change: Asked, clock: Clock = system_clock) -> None:
        """`read` and `change` ask the database."""
        self._database_url = database_url
        self._read = read
        self._change = change
        self._clock = clock
        self._unfiled: dict[tuple[str, str], Rehearsal] = {}
        """Those that run or wait in this process, and those that broke off."""
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def latest(self, company_id: str, pool_id: str) -> Rehearsal | None:
        """The pool's last rehearsal: one that runs anywhere, else what is filed, else one that broke off."""
        unfiled = self._unfiled.get((company_id, pool_id))
        if unfiled and unfiled.is_running:
            return unfiled
        asked = partial(rehearsals_of, company_id=company_id, pool_id=pool_id, now=self._clock())
        running, filed = await self._read(asked)
        if running:
            return Rehearsal(running.asked_at, running.sizes, list(running.results))
        if filed is None:
            return unfiled
        # Another process may have played it to its end since this one's broke off.
        failed = unfiled is not None and unfiled.failed and unfiled.asked_at >= filed.asked_at
        sizes = [each.numbers for each in filed.results]
        return Rehearsal(filed.asked_at, sizes, list(filed.results), False, failed, is_before_failure=failed)

    def begin(self, company_id: str, pool_id: str, numbers: int, now: Millis) -> None:
        """Begin one with a quarter of the numbers up to four times as many, unless one runs already."""
        last = self._unfiled.get((company_id, pool_id))
        if last and last.is_running:
            return
        rehearsal = Rehearsal(now, sizes_about(numbers))
        self._unfiled[company_id, pool_id] = rehearsal
        task = asyncio.create_task(self._run(rehearsal, company_id, pool_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End those that run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, rehearsal: Rehearsal, company_id: str, pool_id: str) -> None:
        try:
            begun = partial(
                begin_running, company_id=company_id, pool_id=pool_id, running=rehearsal.told, now=self._clock()
            )
            if await self._change(begun):
                await self._play(rehearsal, company_id, pool_id)
            # Else another process plays it.
            del self._unfiled[company_id, pool_id]
        except Exception as error:
            log.warning("a rehearsal failed: %r", error)
            rehearsal.failed = True
        finally:
            rehearsal.is_running = False

    async def _play(self, rehearsal: Rehearsal, company_id: str, pool_id: str) -> None:
        alive = asyncio.create_task(self._tell(rehearsal, company_id, pool_id))
        asked = {
            "database_url": self._database_url,
            "company_id": company_id,
            "pool_id": pool_id,
            "since": rehearsal.asked_at - DAYS * DAY,
            "now": rehearsal.asked_at,
            "sizes": list(rehearsal.sizes),
        }
        try:
            async with self._turn:
                async for result in _played_apart(asked):
                    rehearsal.results.append(result)
            filed = Filed(rehearsal.asked_at, rehearsal.results)
            await self._change(partial(file_rehearsal, company_id=company_id, pool_id=pool_id, filed=filed))
        except BaseException:
            asked_at = rehearsal.asked_at
            # If that cannot be told either, nobody hears of it any more.
            with suppress(SQLAlchemyError, Overloaded, Unavailable):
                await self._change(partial(end_running, company_id=company_id, pool_id=pool_id, asked_at=asked_at))
            raise
        finally:
            alive.cancel()

    async def _tell(self, rehearsal: Rehearsal, company_id: str, pool_id: str) -> None:
        """Tell other processes that it goes on, and how far it is."""
        while True:
            await asyncio.sleep(TOLD_EVERY_SECONDS)
            told = partial(
                tell_running, company_id=company_id, pool_id=pool_id, running=rehearsal.told, now=self._clock()
            )
            with suppress(SQLAlchemyError, Overloaded, Unavailable):
                await self._change(told)


async def _played_apart(asked: Mapping[str, object]) -> AsyncIterator[Rehearsed]:
    """What the process prints. Raises OSError when it cannot be started, or ends in any way but well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "swapboard.switchboard.rehearsal",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        async for line in process.stdout:
            yield Rehearsed(**json.loads(line))
    finally:
        if process.returncode is None and not process.stdout.at_eof():
            process.kill()
        code = await process.wait()
    if code:
        raise ChildProcessError(f"its process ended with {code}")


def sizes_about(numbers: int) -> list[int]:
    """A quarter, half, as many, twice and four times as many."""
    about = {max(1, numbers // 4), max(1, numbers // 2), max(1, numbers), 2 * numbers, 4 * numbers}
    return sorted(size for size in about if 1 <= size <= MOST_NUMBERS)


def rehearse(asked: dict[str, Any]) -> Iterator[Rehearsed]:
    """Play the past with each size."""
    engine = open_engine(asked["database_url"])
    with ExitStack() as stack:
        with reading(engine) as connection:
            lines = own_traffic(connection, asked["company_id"], asked["pool_id"], asked["since"], asked["now"])
            play = stack.enter_context(kept(lines))
        engine.dispose()
        for size in asked["sizes"]:
            board = Switchboard(size)
            total = replayed(board, play())
            yield _rehearsed(size, board, total)


def _rehearsed(size: int, board: Switchboard, total: Score) -> Rehearsed:
    tally = board.tally
    return Rehearsed(
        numbers=size,
        visits=tally.visits,
        overflow=tally.overflow,
        calls=tally.calls,
        untracked=tally.untracked,
        right=total.accuracy,
        confidence=total.answers.confidence,
    )


if __name__ == "__main__":
    os.nice(POLITE)
    gc.disable()
    for result in rehearse(json.loads(sys.stdin.readline())):
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
        sys.stdout.flush()
