"""Plain records of facts to export: a column for each field."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, get_type_hints

from swapboard.reports.grid import Column, Grid, Kind

_KINDS: Mapping[object, Kind] = {
    str: Kind.TEXT,
    str | None: Kind.TEXT,
    int: Kind.WHOLE,
    int | None: Kind.WHOLE,
    float | None: Kind.SHARE,
}


def rows_grid(kind: type[Any], rows: Sequence[Any]) -> Grid:
    """The records of this (data)class, whose fields are texts, whole numbers and shares."""
    hints = get_type_hints(kind)
    columns = [Column(each.name, _KINDS[hints[each.name]]) for each in fields(kind)]
    return Grid(columns, [[getattr(row, column.name) for column in columns] for row in rows])
