"""The company of a SQLite file in an empty PostgreSQL database, so that both are asked the same."""

import sqlite3
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from swapboard.storage.migrate import migrate
from swapboard.storage.schema import metadata

_ROWS_AT_ONCE = 10_000


def copy_to(url: str, file: Path) -> None:
    """Make the tables, fill them from the file, and let PostgreSQL look at them as it does by itself in time."""
    migrate(url)
    told = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        for table in metadata.sorted_tables:
            _copy(told, connection, table.name, [column.name for column in table.columns])
        connection.execute("VACUUM ANALYZE")
    told.close()


def _copy(told: sqlite3.Connection, connection: psycopg.Connection, table: str, columns: list[str]) -> None:
    rows = told.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 names of our own schema
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        while some := rows.fetchmany(_ROWS_AT_ONCE):
            for row in some:
                copy.write_row(row)
