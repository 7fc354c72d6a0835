"""Databases for the tests: empty ones, and migrated ones that are used again, for making one takes a while."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import psycopg.rows
from sqlalchemy import Connection, Engine, create_engine, text

from swapboard.storage.engine import reading
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import metadata
from tests.connections import KEPT


@contextmanager
def empty_postgresql(server: str) -> Iterator[str]:
    """A database without tables; gone at the end, whoever is connected to it."""
    name = f"test_{os.urandom(6).hex()}"
    with _administration(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield server.replace("/postgres?", f"/{name}?")
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def migrated_postgresql(server: str) -> Iterator[str]:
    """A database with the present schema, to be emptied before each use."""
    with empty_postgresql(server) as url:
        migrate(url)
        yield url


class Emptied:
    """A migrated database, emptied for each test: on one connection, for most of the time went into making one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = self._connected()

    def again(self) -> str:
        """The database as migrations made it: nobody is connected, no rows, no tables of a test's own."""
        try:
            self._connection.execute("CALL pg_temp.empty()")
        except psycopg.OperationalError:
            # A test ended every connection to the database, this one too.
            self.close()
            self._connection = self._connected()
            self._connection.execute("CALL pg_temp.empty()")
        return self.url

    def close(self) -> None:
        self._connection.close()

    def _connected(self) -> psycopg.Connection[psycopg.rows.TupleRow]:
        connection = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True, application_name=KEPT)
        # Foreign keys are not looked at in this connection, so that the order does not matter.
        connection.execute("SET session_replication_role = replica")
        connection.execute(_EMPTY)
        return connection


_KNOWN = ", ".join(f"'{name}'" for name in (*metadata.tables, "alembic_version"))
_EMPTY = f"""
CREATE PROCEDURE pg_temp.empty() LANGUAGE plpgsql AS $$
DECLARE other text;
BEGIN
    PERFORM pg_terminate_backend(pid, 60000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR other IN
        SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ({_KNOWN})
    LOOP
        EXECUTE format('DROP TABLE %I', other);
    END LOOP;
    {" ".join(f"DELETE FROM {name};" for name in metadata.tables)}
END $$
"""
"""Whoever is still connected is waited for: what it commits in its last moment is emptied, too."""


@contextmanager
def _administration(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"application_name": KEPT})
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def is_waited_for(engine: Engine) -> bool:
    """Whether somebody waits for a lock in this database (PostgreSQL)."""
    with reading(engine) as connection:
        asked = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.scalar(asked))
