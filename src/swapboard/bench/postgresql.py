"""A throw-away PostgreSQL server: a unix socket in a temporary directory, gone when it is closed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PROGRAMS = "/usr/lib/postgresql"
"""Where Debian's packages put each version's programs."""


def is_installed() -> bool:
    """True when Debian's package is there."""
    return any(Path(_PROGRAMS).glob("*/bin/initdb"))


@dataclass(frozen=True, slots=True)
class ThrowawayServer:
    """An empty server of one's own, which can be stopped and started again."""

    home: Path
    options: str

    @property
    def url(self) -> str:
        """The address of its own database."""
        return f"postgresql+psycopg://swapboard@/postgres?host={self.home}"

    def start(self) -> None:
        """Start it, and wait until it answers. Raises RuntimeError with the program's words."""
        log = str(self.home / "log")
        _run(self.home, "pg_ctl", "-D", self._data, "-w", "-o", self.options, "-l", log, "start")

    def stop(self) -> None:
        """Stop it at once, as a power cut would. Raises RuntimeError with the program's words."""
        _run(self.home, "pg_ctl", "-D", self._data, "-m", "immediate", "stop")

    @property
    def _data(self) -> str:
        return str(self.home / "data")


@contextmanager
def throwaway_server(durable: bool = True) -> Iterator[str]:
    """The address of an empty server's own database. Raises RuntimeError with the program's words."""
    with throwaway(durable) as server:
        yield server.url


@contextmanager
def throwaway(durable: bool = True) -> Iterator[ThrowawayServer]:
    """A server that runs. Raises RuntimeError with the program's words."""
    home = Path(tempfile.mkdtemp(prefix="swapboard-pg-"))
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
    options = f"-k {home} -c listen_addresses='' -c max_connections=60 -c shared_buffers=128MB"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off"
    server = ThrowawayServer(home, options)
    try:
        data = str(home / "data")
        _run(home, "initdb", "-D", data, "-U", "swapboard", "-A", "trust", "--no-sync", "-E", "UTF8")
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _run(home: Path, program: str, *arguments: str) -> None:
    # PostgreSQL refuses to run as root, so root hands it to `nobody`.
    as_user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
    found = sorted(Path(_PROGRAMS).glob(f"*/bin/{program}"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed; install Debian's package postgresql.")
    command = [*as_user, str(found[-1]), *arguments]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)  # noqa: S603 our own words
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")
