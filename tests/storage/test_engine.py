"""The engine: durable, many readers beside a writer, nothing half-written."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.exc import OperationalError

from swapboard.storage.engine import SILENT_SECONDS, open_engine, reading, writing
from swapboard.storage.schema import metadata
from tests.building import ON_SQLITE, without_database

ACCOUNT = metadata.tables["companies"]


def company(company_id: str) -> dict[str, object]:
    return {
        "company_id": company_id,
        "account_id": "a",
        "name": "n",
        "time_zone": "UTC",
        "country": "GB",
        "session_seconds": 1,
        "ring_timeout_seconds": 1,
        "config_version": 1,
        "created_at": 1,
    }


def ids(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return list(connection.execute(select(ACCOUNT.c.company_id).order_by(ACCOUNT.c.company_id)).scalars())


def test_a_commit_is_on_disk_when_it_returns(engine: Engine) -> None:
    """https://www.sqlite.org/pragma.html#pragma_synchronous; on PostgreSQL the server's word stands."""
    with reading(engine) as connection:
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
            assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        else:
            ours = text("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
            assert connection.execute(ours).scalar_one() not in {"client", "session", "user", "database"}


def test_a_machine_that_is_gone_without_a_word_is_given_up_soon(engine: Engine) -> None:
    """By itself the system waits a quarter of an hour (https://www.postgresql.org/docs/current/libpq-connect.html)."""
    if engine.dialect.name == "sqlite":
        return
    connection = engine.raw_connection()
    try:
        told = connection.driver_connection
        assert told is not None
        asked = told.info.get_parameters()
    finally:
        connection.close()
    silent = int(asked["keepalives_idle"]) + int(asked["keepalives_interval"]) * int(asked["keepalives_count"])
    assert (silent, int(asked["tcp_user_timeout"])) == (SILENT_SECONDS, SILENT_SECONDS * 1_000)


def test_an_exception_leaves_nothing(engine: Engine) -> None:
    def write_and_fail() -> None:
        with writing(engine) as connection:
            connection.execute(insert(ACCOUNT), company("one"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert ids(engine) == []


def test_readers_see_one_state_and_keep_no_writer_waiting(engine: Engine) -> None:
    with reading(engine) as connection:
        assert connection.execute(select(ACCOUNT)).all() == []
        with writing(engine) as other:
            other.execute(insert(ACCOUNT), company("one"))
        assert connection.execute(select(ACCOUNT)).all() == []
    assert ids(engine) == ["one"]


def test_writers_wait_for_one_another(engine: Engine) -> None:
    def write(company_id: str) -> None:
        with writing(engine) as connection:
            connection.execute(select(ACCOUNT)).all()
            connection.execute(insert(ACCOUNT), company(company_id))

    names = [f"c{index:02}" for index in range(20)]
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(write, name) for name in names]:
            done.result()
    assert ids(engine) == names


@pytest.mark.parametrize("url", ["postgresql+psycopg://nobody@127.0.0.1:1/none", "sqlite:////nowhere/at/all.db"])
def test_opening_asks_nothing_of_the_database(url: str) -> None:
    open_engine(url).dispose()


@ON_SQLITE
def test_taking_the_database_away_breaks_nothing(engine: Engine, database_url: str) -> None:
    """Of the tests' own means: whoever writes meanwhile is refused, or has written."""
    done: list[str] = []
    stops = Event()

    def write() -> None:
        while not stops.is_set():
            name = f"{len(done):05}"
            try:
                with writing(engine) as connection:
                    connection.execute(insert(ACCOUNT), company(name))
            except OperationalError as error:
                assert "unable to open" in str(error)  # noqa: PT017 whatever else it were, the thread would say
            else:
                done.append(name)

    with ThreadPoolExecutor() as threads:
        writer = threads.submit(write)
        for _ in range(20):
            written = len(done)
            while len(done) == written and not writer.done():
                sleep(0.001)
            with without_database(database_url, engine), pytest.raises(OperationalError):
                ids(engine)
        stops.set()
        writer.result()
    assert ids(engine) == done
    with reading(engine) as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
