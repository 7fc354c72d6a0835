"""What migrations make of an empty SQLite file is made once a process; it takes half a second."""

import sqlite3

from alembic import command
from alembic.config import Config

really_upgrade = command.upgrade
_MADE: list[str] = []


def remember() -> None:
    """From now on an empty SQLite database is given at once what migrations made of the first."""
    command.upgrade = _upgrade  # type: ignore[assignment]  # nobody asks for the statements alone


def _upgrade(config: Config, revision: str) -> None:
    database = config.attributes["connection"].connection.driver_connection
    if revision != "head" or not isinstance(database, sqlite3.Connection) or _has_tables(database):
        really_upgrade(config, revision)
    elif _MADE:
        for statement in _MADE:
            database.execute(statement)
    else:
        really_upgrade(config, revision)
        # Our transaction begins and ends elsewhere.
        _MADE[:] = [*database.iterdump()][1:-1]


def _has_tables(database: sqlite3.Connection) -> bool:
    return bool(database.execute("SELECT count(*) FROM sqlite_master").fetchone() != (0,))
