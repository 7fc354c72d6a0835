"""A throw-away PostgreSQL server: a unix socket in a temporary directory, gone when it is closed."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PROGRAMS = "/usr/lib/postgresql"
"""Where Debian's packages put each version's programs."""


def is_installed() -> bool:
    """True when Debian's package is there."""
    return any(Path(_PROGRAMS).glob("*/bin/initdb"))


@contextmanager
def throwaway_server(durable: bool = True) -> Iterator[str]:
    """The address of an empty server's own database. Raises RuntimeError with the program's words."""
    home = Path(tempfile.mkdtemp(prefix="swapboard-pg-"))
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
    data = str(home / "data")
    options = f"-k {home} -c listen_addresses='' -c max_connections=60 -c shared_buffers=128MB"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off"
    try:
        _run(home, "initdb", "-D", data, "-U", "swapboard", "-A", "trust", "--no-sync", "-E", "UTF8")
        _run(home, "pg_ctl", "-D", data, "-w", "-o", options, "-l", str(home / "log"), "start")
        try:
            yield f"postgresql+psycopg://swapboard@/postgres?host={home}"
        finally:
            _run(home, "pg_ctl", "-D", data, "-m", "immediate", "stop")
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
