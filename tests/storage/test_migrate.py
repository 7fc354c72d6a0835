"""Migrations bring an empty database to the schema that the code has, and one that is there harm nothing."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError

from swapboard.storage.engine import open_engine, writing
from swapboard.storage.migrate import is_current, migrate
from swapboard.storage.schema import metadata
from tests.building import open_business, rows_of, without_database


def test_the_migrations_make_what_the_code_expects(database_url: str) -> None:
    assert not is_current(database_url)
    migrate(database_url)
    assert is_current(database_url)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    engine = open_engine(database_url)
    with writing(engine) as connection:
        open_business(connection)
    before = {name: rows_of(engine, name) for name in metadata.tables}
    migrate(database_url)
    assert {name: rows_of(engine, name) for name in metadata.tables} == before
    engine.dispose()


def test_without_a_database_it_says_so(database_url: str) -> None:
    migrate(database_url)
    with without_database(database_url), pytest.raises(OperationalError):
        migrate(database_url)


def test_a_migration_takes_the_time_that_it_needs(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = []

    def look(config: Config, _revision: str) -> None:
        connection = config.attributes["connection"]
        if connection.dialect.name == "postgresql":
            limits.append(connection.exec_driver_sql("SHOW statement_timeout").scalar_one())

    monkeypatch.setattr(command, "upgrade", look)
    migrate(database_url)
    assert set(limits) <= {"0"}
    engine = open_engine(database_url)
    assert bool(limits) == (engine.dialect.name == "postgresql")
    engine.dispose()


def test_sessions_stay_when_their_table_is_made_anew(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    migrate(url, "0008")
    engine = open_engine(url)
    columns = [column.name for column in metadata.tables["sessions"].columns]
    rows = [tuple(f"{name} {number}" for name in columns) for number in range(3)]
    places = ", ".join("?" * len(columns))
    with engine.begin() as connection:
        for row in rows:
            connection.exec_driver_sql(f"INSERT INTO sessions ({', '.join(columns)}) VALUES ({places})", row)
        assert "WITHOUT ROWID" in _made_by(connection)
        indexes = inspect(connection).get_indexes("sessions")
    migrate(url)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT * FROM sessions ORDER BY session_id").all() == rows
        assert "WITHOUT ROWID" not in _made_by(connection)
        assert inspect(connection).get_indexes("sessions") == indexes != []
    engine.dispose()


def _made_by(connection: Connection) -> str:
    told: str = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'sessions'").scalar_one()
    return told
