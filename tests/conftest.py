"""What all tests share: both databases, and a company in each."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from swapboard.storage.engine import open_engine
from swapboard.storage.migrate import migrate


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A throw-away PostgreSQL server on a unix socket in a temporary directory."""
    home = Path(tempfile.mkdtemp(prefix="swapboard-pg-"))
    server = _Server(home)
    server.start()
    try:
        yield f"postgresql+psycopg://swapboard@/postgres?host={home}"
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


class _Server:
    """PostgreSQL from Debian's package; it refuses to run as root, so root hands it to `nobody`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.data = home / "data"
        self.bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.as_user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []

    def start(self) -> None:
        if self.as_user:
            shutil.chown(self.home, "nobody")
        self._run("initdb", "-D", str(self.data), "-U", "swapboard", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-k {self.home} -c listen_addresses='' -c max_connections=60 -c shared_buffers=64MB"
        self._run("pg_ctl", "-D", str(self.data), "-w", "-o", options, "-l", str(self.home / "log"), "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self.as_user, str(self.bin / program), *arguments]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'swapboard.db'}"
        return
    server: str = request.getfixturevalue("postgresql_url")
    name = f"test_{os.urandom(6).hex()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres?", f"/{name}?")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated database on each engine."""
    migrate(database_url)
    engine = open_engine(database_url)
    yield engine
    engine.dispose()
