"""What all tests share: both databases, and a company in each."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher
from hypothesis import settings
from sqlalchemy import Engine

from swapboard.accounts import secrets
from swapboard.bench.postgresql import throwaway_server
from swapboard.storage.engine import open_engine
from swapboard.storage.migrate import migrate
from tests.databases import emptied, empty_postgresql, migrated_postgresql
from tests.storage.tenant_guard import guarding

# No asserted times: on a busy machine an example takes as long as it takes.
settings.register_profile("unhurried", settings(), deadline=None)
settings.load_profile("unhurried")

# Nor does a client of a test's own lose its patience after httpx's five seconds, which a busy machine can take.
for phase in ("connect", "read", "write", "pool"):
    setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, phase, 60.0)

# Nobody attacks a test's passwords, and at full strength each log-in costs 40 ms of a core. Before any test module
# makes a password of its own.
secrets._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
secrets._NOBODY = secrets._HASHER.hash("nobody's password")


@pytest.fixture(autouse=True)
def tenant_breaches() -> Iterator[list[str]]:
    """Invariant 7 in every test: a statement of Swapboard's own that is held to no company fails it."""
    with guarding() as breaches:
        yield breaches
    assert not breaches


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A throw-away PostgreSQL server; what it writes need not outlive the tests."""
    with throwaway_server(durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def shared_postgresql_url(postgresql_url: str) -> Iterator[str]:
    """A migrated database that one test after the other uses, each of them from empty."""
    with migrated_postgresql(postgresql_url) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "swapboard.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database on each engine: without tables, or migrated for a test that uses `migrated_url` or `engine`."""
    is_migrated = "migrated_url" in request.fixturenames
    if request.param == "sqlite":
        file = tmp_path / "swapboard.db"
        if is_migrated:
            shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield f"sqlite:///{file}"
    elif is_migrated:
        yield emptied(request.getfixturevalue("shared_postgresql_url"))
    else:
        with empty_postgresql(request.getfixturevalue("postgresql_url")) as url:
            yield url


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated database, for tests that are about something else: the other engine has tests enough."""
    file = tmp_path / "swapboard.db"
    shutil.copy(migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
def migrated_url(database_url: str) -> str:
    """A migrated database on each engine, without rows."""
    return database_url


@pytest.fixture
def engine(migrated_url: str) -> Iterator[Engine]:
    """A migrated database on each engine."""
    engine = open_engine(migrated_url)
    yield engine
    engine.dispose()
