"""Writes of the hot path: many rows in few statements, without Core's work on every single value.

Measured reasons. Core's executemany takes three to four times as long to prepare a row as SQLite takes to write
it. Python's sqlite3 gives up the interpreter lock once a row, so that a batch of 64 written row by row fights the
event loop 64 times; as one statement it does so once. PostgreSQL's driver spends more on binding a value than the
server on storing it; as JSON, all rows are one value in one statement, always the same and so prepared.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any, TypeAlias

from pydantic_core import to_json
from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.schema import ColumnElementColumnDefault

Value: TypeAlias = str | int | float | bool | None
Row: TypeAlias = tuple[Value, ...]

_MOST_ROWS = 64
"""One text for each number of rows up to here, which `engine.py` gives the driver's cache room for."""
_NAMES = [f"column{index}" for index in range(1, 64)]
"""As SQLite names the columns of VALUES; more than any table of ours has."""
_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]


class Known(StrEnum):
    """What becomes of a row whose primary key the table has already."""

    REFUSED = "refused"
    LEFT = "left"
    REPLACED = "replaced"


class BulkInsert:
    """Inserts rows that give the table's columns in their order."""

    def __init__(self, table: Table, known: Known = Known.REFUSED) -> None:
        names = ", ".join(column.name for column in table.columns)
        self._start = f"INSERT INTO {table.name} ({names}) "
        self._end = _on_conflict(table, known)
        self._width = len(table.columns)
        recordset = _recordset(list(table.columns))
        self.from_json = f"{self._start} SELECT * FROM {recordset}{self._end}"  # noqa: S608 our names

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert all rows; JSON values come as `json_text`. Raises IntegrityError.

        Where a known row is replaced, each key may come once.
        """
        if connection.dialect.name == "postgresql":
            _run_json(connection, self.from_json, rows)
            return
        for chunk in _chunks(rows):
            connection.exec_driver_sql(self._from_values(len(chunk)), tuple(chain.from_iterable(chunk)))

    @cache  # noqa: B019 instances are module constants
    def _from_values(self, count: int) -> str:
        return self._start + _values(self._width, count) + self._end


class BulkUpdate:
    """Sets columns of the rows found by key columns; rows give the new values, then the keys, each key once."""

    def __init__(self, table: Table, set_: Sequence[str], where: Sequence[str], only_if: str = "TRUE") -> None:
        columns = [table.columns[name] for name in (*set_, *where)]
        given = {column.name: f"given.column{index}" for index, column in enumerate(columns, 1)}
        # As Core does for each update.
        grown = ((column.name, column.onupdate) for column in table.columns)
        own = [f"{name} = {grows.arg}" for name, grows in grown if isinstance(grows, ColumnElementColumnDefault)]
        sets = ", ".join([*(f"{name} = {given[name]}" for name in set_), *own])
        keys = " AND ".join(f"{table.name}.{name} = {given[name]}" for name in where)
        self._table = table.name
        self._start = f"UPDATE {table.name} SET {sets} FROM "  # noqa: S608 names of our own schema
        self._end = f" WHERE {keys} AND {only_if}"
        self._width = len(columns)
        self.from_json = f"{self._start}{_recordset(columns)}{self._end}"

    def run(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Update for every row; tells how many of the table's rows were changed."""
        if connection.dialect.name == "postgresql":
            return _run_json(connection, self.from_json, rows)
        return sum(
            connection.exec_driver_sql(self._from_values(len(chunk)), tuple(chain.from_iterable(chunk))).rowcount
            for chunk in _chunks(rows)
        )

    def run_returning(self, connection: Connection, column: str, rows: Sequence[Row]) -> Sequence[Any]:
        """The same; tells one column of each row that was changed."""
        end = f" RETURNING {self._table}.{column}"
        if connection.dialect.name == "postgresql":
            given = (_records(rows),)
            return connection.exec_driver_sql(self.from_json + end, given).scalars().all() if rows else []
        told = list[Any]()
        for chunk in _chunks(rows):
            text = self._from_values(len(chunk)) + end
            told += connection.exec_driver_sql(text, tuple(chain.from_iterable(chunk))).scalars()
        return told

    @cache  # noqa: B019 instances are module constants
    def _from_values(self, count: int) -> str:
        return f"{self._start}({_values(self._width, count)}) AS given{self._end}"


class BulkInsertAndUpdate:
    """An insert, and an update that belongs to it; PostgreSQL does both on one journey."""

    def __init__(self, insert: BulkInsert, update: BulkUpdate) -> None:
        self._insert = insert
        self._update = update
        self._from_json = f"WITH added AS ({insert.from_json}) {update.from_json}"

    def run(self, connection: Connection, new: Sequence[Row], changed: Sequence[Row]) -> int:
        """Do both; tells how many rows of the update's table were changed. Raises IntegrityError."""
        if connection.dialect.name == "postgresql" and new and changed:
            return connection.exec_driver_sql(self._from_json, (_records(new), _records(changed))).rowcount
        self._insert.run(connection, new)
        return self._update.run(connection, changed)


def json_text(value: object) -> str:
    """A JSON column's value, ready for a bulk write."""
    return to_json(value, inf_nan_mode="null").decode()


def _on_conflict(table: Table, known: Known) -> str:
    keys = [column.name for column in table.primary_key.columns]
    match known:
        case Known.REFUSED:
            return ""
        case Known.LEFT:
            return f" ON CONFLICT ({', '.join(keys)}) DO NOTHING"
        case Known.REPLACED:
            names = [column.name for column in table.columns if column.name not in keys]
            sets = (f"{name} = excluded.{name}" for name in names)
            return f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(sets)}"


def _run_json(connection: Connection, text: str, rows: Sequence[Row]) -> int:
    if not rows:
        return 0
    return connection.exec_driver_sql(text, (_records(rows),)).rowcount


def _records(rows: Sequence[Row]) -> str:
    return json_text([dict(zip(_NAMES, row, strict=False)) for row in rows])


def _recordset(columns: Sequence[Column[object]]) -> str:
    """The rows of the one JSON value, each column of its own type."""
    kinds = [column.type.compile(_POSTGRESQL) for column in columns]
    names = _NAMES[: len(columns)]
    told = ", ".join(f"{name} {_told(kind)}" for name, kind in zip(names, kinds, strict=True))
    cast = ", ".join(f"{name}::{kind} AS {name}" for name, kind in zip(names, kinds, strict=True))
    return f"(SELECT {cast} FROM json_to_recordset(%s::json) AS told({told})) AS given"  # noqa: S608 our names


def _told(kind: str) -> str:
    return "text" if kind == "JSONB" else kind


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + _MOST_ROWS] for start in range(0, len(rows), _MOST_ROWS))


def _values(width: int, count: int) -> str:
    return "VALUES " + ", ".join(["(" + ", ".join(["?"] * width) + ")"] * count)
