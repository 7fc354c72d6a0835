"""A database that was used is as migrations made it for the next test, whoever still holds on to it."""

from threading import Timer

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, func, select, text
from sqlalchemy.exc import OperationalError

from swapboard.storage.schema import metadata
from tests import connections
from tests.building import open_business
from tests.databases import Emptied


def rows_in(connection: Connection) -> int:
    counts = (connection.scalar(select(func.count()).select_from(each)) for each in metadata.tables.values())
    return sum(count or 0 for count in counts)


def test_rows_tables_and_connections_are_gone(shared_postgresql: Emptied) -> None:
    engine = create_engine(shared_postgresql.again())
    with engine.begin() as connection:
        open_business(connection)
        connection.execute(text("CREATE TABLE strange (x int)"))
        assert rows_in(connection) > 0
    with engine.connect() as connection:
        connection.execute(text("LOCK TABLE companies"))
        shared_postgresql.again()
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    with engine.connect() as connection:
        assert rows_in(connection) == 0
        assert connection.scalar(text("SELECT to_regclass('strange')")) is None
    engine.dispose()


def test_a_test_may_end_every_connection(shared_postgresql: Emptied) -> None:
    url = shared_postgresql.again()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert shared_postgresql.again() == url


def test_a_connection_that_a_test_leaves_open_is_found_once(
    shared_postgresql: Emptied, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_CLOSES_WITHIN_SECONDS", 0.0)
    left = psycopg.connect(shared_postgresql.again().replace("+psycopg", ""))
    name = left.info.dbname
    assert connections.left_open() == [name]
    assert left.closed
    assert connections.left_open() == []


def test_a_connection_that_a_thread_still_closes_is_none_that_is_left(shared_postgresql: Emptied) -> None:
    closing = psycopg.connect(shared_postgresql.again().replace("+psycopg", ""))
    Timer(0.1, closing.close).start()
    assert connections.left_open() == []
