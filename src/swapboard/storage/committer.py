"""Where a batch is committed: on a thread of this process, or in a process of its own.

A process of its own is for servers: with the interpreter's lock, a thread that writes takes its time from the
event loop, and on a machine with two cores a visit costs half as much when the second core does the writing
(measured by `swapboard bench`; docs/performance.md).
"""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Protocol

from sqlalchemy import Engine

from swapboard.storage.commit import Outcome, Piece, Unavailable, commit

log = logging.getLogger(__name__)


class Committer(Protocol):
    """Takes one batch after another."""

    async def commit(self, batch: Sequence[Piece]) -> list[Outcome]:
        """Do all pieces durably; the outcomes come in the order of the pieces."""

    def close(self) -> None:
        """Give up the thread or process; nothing may be under way."""


class ThreadCommitter:
    """Commits on one thread of this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer")

    async def commit(self, batch: Sequence[Piece]) -> list[Outcome]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, commit, self._engine, batch)

    def close(self) -> None:
        self._thread.shutdown()


class ProcessCommitter:
    """Commits in a process of its own, which is started again should it die.

    Jobs and works go there by pickle, so jobs must be module constants' functions and works plain records.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer's pipe")
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    async def commit(self, batch: Sequence[Piece]) -> list[Outcome]:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._hand_over, batch)

    def close(self) -> None:
        self._thread.shutdown()
        self._give_up()

    def start(self) -> None:
        """Start the process ahead of the first batch."""
        ours, far_end = Pipe()
        command = [sys.executable, "-m", "swapboard.storage.writer_process", str(far_end.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[far_end.fileno()])  # noqa: S603 our own module
        far_end.close()
        self._pipe = ours
        # By the pipe, because a command line can be read by everybody on the machine.
        ours.send(self._database_url)

    def _hand_over(self, batch: Sequence[Piece]) -> list[Outcome]:
        try:
            if self._pipe is None:
                self.start()
            assert self._pipe is not None
            self._pipe.send(batch)
            outcomes: list[Outcome] = self._pipe.recv()
        except (EOFError, OSError) as error:
            log.error("the writer's process died and is started again: %r", error)
            self._give_up()
            return [(None, Unavailable("the writer's process died")) for _ in batch]
        return outcomes

    def _give_up(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._end(self._process)
        self._pipe = self._process = None

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        """A closed pipe ends it, once it has finished what it does."""
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
