"""A process of its own for what the writer writes, so that it and the doors do not share one interpreter's lock.

It reads batches from its standard input and writes their outcomes to its standard output, each as four bytes of
length and a pickle; nobody else holds the other ends. It ends when its input does, and so with the server.
"""

import asyncio
import logging
import pickle
import sys
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from sqlalchemy import Engine

from swapboard.storage.commit import Job, Outcome, Piece, Unavailable, commit
from swapboard.storage.engine import open_engine

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
_LENGTH_BYTES = 4
_SQLITE = (24, 2, 3)
"""Pieces in a batch; batches ahead of any size, and where full: so that it finds the next when it has done one,
for the busy server takes a millisecond or two to notice.

With batches of up to 64 all that waited was often one batch, and server and scribe stood idle in turns
(docs/performance.md).
"""
_SERVER = (36, 1, 2)
"""PostgreSQL's: each statement is a journey, which more rows should share."""


class Scribe:
    """The server's end. Until the process is ready, and when it has ended, the writer works without it."""

    def __init__(self, module: str, database_url: str) -> None:
        """`module` is run as the process; it calls `write_down`."""
        self._command = (sys.executable, "-m", module)
        self._database_url = database_url
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._listening = asyncio.Lock()
        appetite = _SQLITE if database_url.startswith("sqlite") else _SERVER
        self.max_batch, self.batches_ahead, self.full_batches_ahead = appetite
        self.is_ready = False

    @property
    def pid(self) -> int | None:
        """The process's id, once it was begun."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Begin the process, and begin it again whenever it ends."""
        self._keeper = asyncio.create_task(self._keep(), name="scribe")

    async def stop(self) -> None:
        """Let it finish and end."""
        if self._keeper is None:
            return
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)
        self.is_ready = False
        if self._process and self._process.returncode is None:
            _input(self._process).close()
            await self._process.wait()

    def commit(self, batch: Sequence[Piece]) -> Awaitable[list[Outcome]]:
        """As `storage.commit.commit`; Unavailable for all when the process ends before it answers."""
        process = self._process
        assert process is not None
        with suppress(OSError):
            told = [(job.name, job.fields_of(work) if job.work_of else work) for job, work in batch]
            _input(process).write(_framed(told))
        return self._outcomes(process, [job for job, _work in batch])

    async def _outcomes(self, process: asyncio.subprocess.Process, jobs: Sequence[Job[Any, Any]]) -> list[Outcome]:
        try:
            # Answers come in the order of the batches, and so do those who wait for this lock.
            async with self._listening:
                outcomes: list[Outcome] = await self._hear(process)
        except (OSError, asyncio.IncompleteReadError):
            self.is_ready = False
            return [(None, Unavailable("the process that writes has ended")) for _ in jobs]
        return [
            (job.answer_of(answer) if job.answer_of and error is None else answer, error)
            for job, (answer, error) in zip(jobs, outcomes, strict=True)
        ]

    async def _keep(self) -> None:
        while True:
            try:
                process = self._process = await self._begun()
            except OSError as error:
                # No memory, or too many processes: that passes.
                log.error("the process that writes cannot be started, and is tried again: %s", error)
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            try:
                # The address may hold a password, which is no argument for others to see.
                _input(process).write(_framed(self._database_url))
                self.is_ready = await self._hear(process)
            except (OSError, asyncio.IncompleteReadError):
                self.is_ready = False
            code = await process.wait()
            self.is_ready = False
            log.error("the process that writes ended with code %d; it is started again", code)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _begun(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # Ctrl-C is for the server, which lets its scribe finish.
            start_new_session=True,
        )

    async def _hear(self, process: asyncio.subprocess.Process) -> Any:
        assert process.stdout is not None
        length = await process.stdout.readexactly(_LENGTH_BYTES)
        return pickle.loads(await process.stdout.readexactly(int.from_bytes(length)))  # noqa: S301 our own process


def write_down(jobs: Mapping[str, Job[Any, Any]]) -> None:
    """The process: work on batches from standard input until it ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    engine = open_engine(_read(source))
    _say(sink, True)
    while (told := _read(source)) is not None:
        _say(sink, _done(engine, [_piece(jobs[name], work) for name, work in told]))
    engine.dispose()


def _piece(job: Job[Any, Any], told: Any) -> Piece:
    return job, job.work_of(told) if job.work_of else told


def _done(engine: Engine, batch: Sequence[Piece]) -> list[Outcome]:
    return [
        (None, _portable(error)) if error else (tuple(answer) if job.answer_of else answer, None)
        for (job, _work), (answer, error) in zip(batch, commit(engine, batch), strict=True)
    ]


def _portable(error: Exception) -> Exception:
    """The error itself if it survives the journey, else its words."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 our own
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _read(source: BinaryIO) -> Any:
    length = source.read(_LENGTH_BYTES)
    return pickle.loads(source.read(int.from_bytes(length))) if length else None  # noqa: S301 our own server


def _say(sink: BinaryIO, value: object) -> None:
    sink.write(_framed(value))
    sink.flush()


def _framed(value: object) -> bytes:
    told = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(told).to_bytes(_LENGTH_BYTES) + told


def _input(process: asyncio.subprocess.Process) -> asyncio.StreamWriter:
    assert process.stdin is not None
    return process.stdin
