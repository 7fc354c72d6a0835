"""Opens the database: SQLite (WAL, synchronous=FULL) or PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from swapboard.storage.before_commit import begin_gathering, write_gathered

TIMEOUT_SECONDS = 10
SILENT_SECONDS = 15
"""After so long without a sign of PostgreSQL's machine a connection is given up."""
SMALL_LETTERS = "small_letters"
"""What SQLite knows `str.lower` by."""


def open_engine(database_url: str) -> Engine:
    """An engine for the database; it connects when it is used, so a dead database is no error yet."""
    sqlite = database_url.startswith("sqlite")
    engine = create_engine(
        database_url,
        json_serializer=_dump,
        json_deserializer=from_json,
        **(_SQLITE_OPTIONS if sqlite else _POSTGRESQL_OPTIONS),
    )
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


_SQLITE_PAGES_KIB = 4_096
"""Of each connection. Whatever was written meanwhile empties them, more would gain a reader next to nothing."""

_SQLITE_OPTIONS: dict[str, object] = {
    # One reader after the other fills the pages of one connection, not of each.
    "pool_use_lifo": True,
    # The bulk writes have a text for each number of rows; parsing one takes longer than running it.
    "connect_args": {"cached_statements": 1024},
}

_POSTGRESQL_OPTIONS: dict[str, object] = {
    "pool_pre_ping": True,
    "connect_args": {
        "connect_timeout": 3,
        "options": f"-c statement_timeout={TIMEOUT_SECONDS}s -c lock_timeout={TIMEOUT_SECONDS}s",
        # Those are the server's own clocks. Of one whose machine or network is gone without a word Linux would
        # wait a quarter of an hour for a sign, and with it whoever writes, though another had taken its place.
        "tcp_user_timeout": SILENT_SECONDS * 1_000,
        "keepalives_idle": SILENT_SECONDS // 3,
        "keepalives_interval": SILENT_SECONDS // 3,
        "keepalives_count": 2,
    },
}


def _dump(value: object) -> str:
    return to_json(value, inf_nan_mode="null").decode()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN is deferred and comes late; ours is explicit (see _begin_sqlite).
    connection.isolation_level = None
    # Not in place of its own `lower`: beside a busy thread, Python's takes ten times as long for each row.
    connection.create_function(SMALL_LETTERS, 1, _small, deterministic=True)
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        f"cache_size=-{_SQLITE_PAGES_KIB}",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _small(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns writer half-way can fail at once with "database is locked"; a writer
    # that says so from the start waits its turn.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine, worked: Callable[[], None] | None = None) -> Iterator[Connection]:
    """A transaction that writes; committed at the end, rolled back on any exception.

    `worked` is called when only the disk is still waited for.
    """
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        begin_gathering(connection)
        yield connection
        write_gathered(connection)
        if worked:
            worked()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: it sees one state of the database and never blocks a writer."""
    # SQLite's readers always see one state; PostgreSQL's only when they ask for it.
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(reads=True, **options) as connection, connection.begin():
        yield connection


def only_reads(connection: Connection) -> bool:
    """True in such a transaction: what it finds is committed, and all of one state."""
    return connection.get_execution_options().get("reads", False) is True
