"""What all tests share: both databases, and a company in each."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from swapboard.bench.postgresql import throwaway_server
from swapboard.storage.engine import open_engine
from swapboard.storage.migrate import migrate
from tests.storage.tenant_guard import guarding


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
