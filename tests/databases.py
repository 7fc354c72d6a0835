"""Databases for the tests: empty ones, and migrated ones that are used again, for making one takes a while."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, make_url, text

from swapboard.storage.migrate import migrate
from swapboard.storage.schema import metadata


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
    """A database with the present schema, to be emptied by `emptied` before each use."""
    with empty_postgresql(server) as url:
        migrate(url)
        yield url


def emptied(url: str) -> str:
    """The same database as migrations made it: nobody is connected, no rows, no tables of a test's own."""
    others = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(:known)"
    away = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
    )
    deletes = "; ".join(f"DELETE FROM {name}" for name in metadata.tables)
    with _administration(url) as connection:
        connection.execute(text(away), {"name": make_url(url).database})
        for name in connection.scalars(text(others), {"known": [*metadata.tables, "alembic_version"]}).all():
            connection.execute(text(f"DROP TABLE {name}"))
        # Foreign keys are not looked at in this connection, so that the order does not matter.
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(f"DO $$ BEGIN {deletes}; END $$"))
    return url


@contextmanager
def _administration(url: str) -> Iterator[Connection]:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
