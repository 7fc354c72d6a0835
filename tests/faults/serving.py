"""A server in a process of its own, forked from one that has everything loaded, so that it can be killed often."""

import asyncio
import multiprocessing
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import uvicorn

from swapboard.carriers import opening
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.cli.serve import server_config
from swapboard.clock import Millis, system_clock
from swapboard.conversions import deliveries, outbox
from swapboard.patience import wait_after
from swapboard.settings import read_settings
from swapboard.switchboard import exchange as exchange_module
from swapboard.switchboard import reconciling, renewing, telling
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.scribe import scribe_of
from swapboard.web.app import create_app

WAIT_SHARE, CLAIM_SHARE = 1 / 240, 1 / 30
"""Of the minutes that the outbox waits before it tries again, and that a claim or a loan is good for: trials are
short."""
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


@dataclass
class Nursery:
    """Starts one server after the other on the same port and the same files."""

    folder: Path
    database_url: str
    port: int
    list_url: str
    """Where the carrier's list of calls is."""
    writer_process: bool = False
    worker_apart: bool = False
    """A worker of its own empties the outbox: another process, which is killed by itself."""
    offset: Any = field(default_factory=lambda: _FORKS.Value("q", 0))
    """By how many milliseconds the server's clock is wrong."""
    _process: ForkServerProcess | None = None
    _worker: ForkServerProcess | None = None
    started: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The running server's process."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """The server's settings."""
        return {
            "SWAPBOARD_DATA_DIR": str(self.folder),
            "SWAPBOARD_DATABASE_URL": self.database_url,
            "SWAPBOARD_PORT": str(self.port),
            "SWAPBOARD_PUBLIC_URL": self.url,
            "SWAPBOARD_FALLBACK_DIR": str(self.fallback_dir),
            "SWAPBOARD_WRITER_PROCESS": str(int(self.writer_process)),
            "SWAPBOARD_WORKER_APART": str(int(self.worker_apart)),
        }

    @property
    def fallback_dir(self) -> Path:
        """The folder that the static host serves."""
        return self.folder / "fallback"

    def start(self) -> None:
        """Begin a server; it answers a moment later."""
        self.started += 1
        arguments = self.environment, self.port, self.list_url, self.offset
        self._process = _FORKS.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()

    def kill(self) -> None:
        """SIGKILL, at whatever instant this is."""
        _kill(self._process)
        self._process = None

    def start_worker(self) -> None:
        """Begin a worker."""
        self._worker = _FORKS.Process(target=_work, args=(self.environment, self.list_url), daemon=True)
        self._worker.start()

    def kill_worker(self) -> None:
        """SIGKILL, whatever it is telling whom."""
        _kill(self._worker)
        self._worker = None

    def fill_disk(self, most_bytes: int) -> None:
        """From now on no file of the server's grows beyond so much, as on a full disk; needs no rights."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (most_bytes, hard))

    def empty_disk(self) -> None:
        """There is room again."""
        _, hard = resource.prlimit(self.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def nursery(folder: Path, database_url: str, port: int, list_url: str, **how: Any) -> Iterator[Nursery]:
    """A nursery whose last server ends with the test, whatever became of it."""
    made = Nursery(folder, database_url, port, list_url, **how)
    try:
        yield made
    finally:
        made.kill()
        made.kill_worker()


def _kill(process: ForkServerProcess | None) -> None:
    if process:
        process.kill()
        process.join()
        process.close()


def _serve(environment: dict[str, str], port: int, list_url: str, offset: Any) -> None:
    """The server's process: as `swapboard serve`, only more impatient, and with the stand-in's list of calls."""
    _settle(environment)

    def clock() -> Millis:
        return system_clock() + int(offset.value)

    _ask_often(list_url)
    exchange_module.DRAIN_SECONDS = exchange_module.REFRESH_SECONDS = 0.3
    settings = read_settings()
    app = create_app(Exchange(settings, clock, scribe_of(settings)))
    uvicorn.Server(server_config(app, settings, "127.0.0.1", port)).run()


def _settle(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)


def _ask_often(list_url: str) -> None:
    opening.carrier_kind = lambda _kind: TwilioKind(list_url)  # type: ignore[attr-defined, assignment]
    reconciling.EVERY = 1_000
    exchange_module.RECONCILE_SECONDS = 0.5


def _impatient(failures: int, chance: float) -> int:
    return round(wait_after(failures, chance) * WAIT_SHARE)


def _work(environment: dict[str, str], list_url: str) -> None:
    """The worker's process: as `swapboard worker`, only more impatient with destinations, and with itself."""
    _settle(environment)
    _ask_often(list_url)
    # Callers under fire tell the server until it knows: reading all calls each second were most of the work.
    reconciling.EVERY = 10_000
    outbox.wait_after = _impatient  # type: ignore[attr-defined, assignment]
    deliveries.CLAIMED_FOR = round(outbox.CLAIMED_FOR * CLAIM_SHARE)  # type: ignore[attr-defined]
    telling.TOLD_WITHIN = round(outbox.TOLD_WITHIN * CLAIM_SHARE)  # type: ignore[attr-defined]
    renewing.LENT_FOR = round(renewing.LENT_FOR * CLAIM_SHARE)
    asyncio.run(_working())


async def _working() -> None:
    await Exchange(read_settings()).start_working()
    await asyncio.Event().wait()
