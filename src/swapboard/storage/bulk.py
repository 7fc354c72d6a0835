"""Writes of the hot path: many rows in few statements, without Core's work on every single value.

Two measured reasons. Core's executemany takes three to four times as long to prepare a row as SQLite takes to
write it. And Python's sqlite3 gives up the interpreter lock once a row, so that a batch of 64 written row by
row fights the event loop 64 times; as one statement it does so once. PostgreSQL's driver sends its
executemany as one pipeline, so there rows stay rows.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TypeAlias

from pydantic_core import to_json
from sqlalchemy import Connection, Table

Value: TypeAlias = str | int | float | bool | None
Row: TypeAlias = tuple[Value, ...]
_Text: TypeAlias = Callable[[str, int], str]

_CHUNKS = (64, 16, 4, 1)
"""Few sizes, so that few statements are parsed and all stay in the driver's cache."""


class BulkInsert:
    """Inserts rows that give the table's columns in their order."""

    def __init__(self, table: Table) -> None:
        names = ", ".join(column.name for column in table.columns)
        self._start = f"INSERT INTO {table.name} ({names}) VALUES "  # noqa: S608 names of our own schema
        self._width = len(table.columns)

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert all rows; JSON values come as `json_text`. Raises IntegrityError."""
        _run(connection, self._text, rows)

    @cache  # noqa: B019 instances are module constants
    def _text(self, mark: str, count: int) -> str:
        return self._start + _values(mark, self._width, count)


class BulkUpdate:
    """Sets columns of the rows found by key columns; rows give the new values, then the keys."""

    def __init__(self, table: Table, set_: Sequence[str], where: Sequence[str], only_if: str = "TRUE") -> None:
        self._names = (*set_, *where)
        for name in self._names:
            table.columns[name]
        self._table, self._set, self._where, self._only_if = table.name, set_, where, only_if

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Update for every row; tells how many of the table's rows were changed."""
        return _run(connection, self._text, rows)

    @cache  # noqa: B019 instances are module constants
    def _text(self, mark: str, count: int) -> str:
        if mark == "%s":
            sets = ", ".join(f"{name} = %s" for name in self._set)
            keys = " AND ".join(f"{name} = %s" for name in self._where)
            return f"UPDATE {self._table} SET {sets} WHERE {keys} AND {self._only_if}"  # noqa: S608
        given = {name: f"given.column{index}" for index, name in enumerate(self._names, 1)}
        sets = ", ".join(f"{name} = {given[name]}" for name in self._set)
        keys = " AND ".join(f"{self._table}.{name} = {given[name]}" for name in self._where)
        values = _values(mark, len(self._names), count)
        return f"UPDATE {self._table} SET {sets} FROM (VALUES {values}) AS given WHERE {keys} AND {self._only_if}"  # noqa: S608


def json_text(value: object) -> str:
    """A JSON column's value, ready for a bulk write."""
    return to_json(value).decode()


def _run(connection: Connection, text: _Text, rows: Sequence[Row]) -> int:
    if not rows:
        return 0
    if connection.dialect.name != "sqlite":
        return connection.exec_driver_sql(text("%s", 1), list(rows)).rowcount
    return sum(
        connection.exec_driver_sql(text("?", len(chunk)), tuple(chain.from_iterable(chunk))).rowcount
        for chunk in _chunks(rows)
    )


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    start = 0
    for size in _CHUNKS:
        while len(rows) - start >= size:
            yield rows[start : start + size]
            start += size


def _values(mark: str, width: int, count: int) -> str:
    return ", ".join(["(" + ", ".join([mark] * width) + ")"] * count)
