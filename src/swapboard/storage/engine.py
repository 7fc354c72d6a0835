"""Opens the database: SQLite (WAL, synchronous=FULL) or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

TIMEOUT_SECONDS = 10


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


_SQLITE_OPTIONS: dict[str, object] = {
    # The bulk writes have a text for each number of rows; parsing one takes longer than running it.
    "connect_args": {"cached_statements": 1024},
}

_POSTGRESQL_OPTIONS: dict[str, object] = {
    "pool_pre_ping": True,
    "connect_args": {
        "connect_timeout": 3,
        "options": f"-c statement_timeout={TIMEOUT_SECONDS}s -c lock_timeout={TIMEOUT_SECONDS}s",
    },
}


def _dump(value: object) -> str:
    return to_json(value, inf_nan_mode="null").decode()


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN is deferred and comes late; ours is explicit (see _begin_sqlite).
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "cache_size=-32768",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # Its own knows the letters of English only, so that a search for "Özlem" would not find her.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns writer half-way can fail at once with "database is locked"; a writer
    # that says so from the start waits its turn.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; committed at the end, rolled back on any exception."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


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
