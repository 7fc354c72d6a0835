"""What all tests share: both databases, and a company in each."""

import gc
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import fastapi.applications
import httpx
import pytest
import starlette.routing
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from swapboard.accounts import secrets
from swapboard.bench.postgresql import throwaway_server
from swapboard.memory import unswept
from swapboard.storage import engine as engine_module
from swapboard.storage.engine import open_engine
from swapboard.storage.migrate import migrate
from tests import chance, connections, migrated
from tests.databases import Emptied, empty_postgresql, migrated_postgresql
from tests.descriptions import openapi_once
from tests.statements import engine_that_shares
from tests.storage.tenant_guard import guarding

# Each commit waits for the disk, and tests commit tens of thousands of times. What a killed process wrote is still
# there in memory, too. Where that takes nothing of ours, no programs (some containers), or little: the disk.
MEMORY = Path("/dev/shm")
if (
    os.access(MEMORY, os.W_OK)
    and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    and shutil.disk_usage(MEMORY).free > 4 << 30
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# The same examples on each run: a seed asks for others, and for more of them. Property tests are an eighth of the
# processor's time. No asserted times: on a busy machine an example takes as long as it takes.
settings.register_profile(
    "steady",
    derandomize=not chance.SEED,
    max_examples=200 if chance.SEED else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

# Nor does a client of a test's own lose its patience after httpx's five seconds, which a busy machine can take.
for phase in ("connect", "read", "write", "pool"):
    setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, phase, 60.0)

# Nobody attacks a test's passwords, and at full strength each log-in costs 40 ms of a core. Before any test module
# makes a password of its own.
secrets._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
secrets._NOBODY = secrets.hash_of_nobody(secrets._HASHER)

# Each test has a server of its own, which would compile every statement and every route's pattern, and describe
# the whole API, anew.
engine_module.create_engine = engine_that_shares  # type: ignore[attr-defined, assignment]
fastapi.applications.get_openapi = openapi_once  # type: ignore[attr-defined, assignment]
starlette.routing.compile_path = cache(starlette.routing.compile_path)

chance.fix()
connections.watch()
migrated.remember()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays: a million objects, in which Python would look for garbage again.

    That took a third of the collection, and a seventh of the tests.
    """
    with unswept():
        collected = yield
    gc.collect()
    gc.freeze()
    # Each test throws a server away, so oftener than a server itself would (`settle_memory`).
    gc.set_threshold(10_000, 10, 10)
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, which mostly wait: in the end, one would keep the other workers waiting for it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """What a module's or all tests share has chance of its own: whoever is first to ask for it is so by chance."""
    if fixturedef.scope == "function":
        return (yield)
    with chance.of_its_own(f"{request.node.nodeid} {fixturedef.argname} {getattr(request, 'param_index', 0)}"):
        return (yield)


@pytest.fixture(autouse=True)
def same_chance_each_time(request: pytest.FixtureRequest) -> None:
    """Of two rows of one instant, the id says which is first: a test that hangs on it fails always, or never."""
    chance.begin(request.node.nodeid)


@pytest.fixture(autouse=True)
def tenant_breaches() -> Iterator[list[str]]:
    """Invariant 7 in every test: a statement of Swapboard's own that is held to no company fails it."""
    with guarding() as breaches:
        yield breaches
    assert not breaches


@pytest.fixture(autouse=True)
def no_connection_is_left() -> Iterator[None]:
    """Python would tell of it when it throws it away one day, and fail whatever test it then runs."""
    yield
    assert connections.left_open() == []


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A throw-away PostgreSQL server; what it writes need not outlive the tests."""
    with throwaway_server(durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def shared_postgresql(postgresql_url: str) -> Iterator[Emptied]:
    """A migrated database that one test after the other uses, each of them from empty."""
    with migrated_postgresql(postgresql_url) as url, closing(Emptied(url)) as shared:
        yield shared


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
        yield request.getfixturevalue("shared_postgresql").again()
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
