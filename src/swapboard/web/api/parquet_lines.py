"""Documents of the API as Parquet: a column for each thing, whatever it stands in. Needs `swapboard[parquet]`."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

_AT_ONCE = 10_000


class _Column(NamedTuple):
    """`attribution.channel`, where it stands in a document, and what it is there."""

    name: str
    path: tuple[str, ...]
    kind: type


def write_parquet_lines(path: Path, line: type[BaseModel], documents: Iterable[BaseModel]) -> None:
    """Write the file, a few thousand lines at a time. Lists, and what has keys of its own, are JSON in a text."""
    import pyarrow  # noqa: PLC0415  # an extra
    from pyarrow import parquet  # noqa: PLC0415

    types = {bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64(), str: pyarrow.string()}
    columns = list(_columns(line))
    schema = pyarrow.schema([(column.name, types[column.kind]) for column in columns])
    with parquet.ParquetWriter(path, schema) as writer:
        lines = (each.model_dump(mode="json", by_alias=True) for each in documents)
        while rows := list(islice(lines, _AT_ONCE)):
            cells = {column.name: [_cell(row, column) for row in rows] for column in columns}
            writer.write_table(pyarrow.table(cells, schema))


def _columns(line: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[_Column]:
    for name, field in line.model_fields.items():
        path = (*above, field.alias or name)
        kind = _kind(field.annotation)
        if issubclass(kind, BaseModel):
            yield from _columns(kind, path)
        else:
            yield _Column(".".join(path), path, kind if kind in {bool, int, float} else str)


def _kind(annotation: object) -> type:
    """What a field is where it is not null; a text where that may be several things, or a list."""
    either = get_args(annotation) if get_origin(annotation) in {Union, UnionType} else (annotation,)
    kinds = [each for each in either if each is not NoneType]
    return kinds[0] if len(kinds) == 1 and isinstance(kinds[0], type) and get_origin(kinds[0]) is None else str


def _cell(row: Any, column: _Column) -> object:
    for name in column.path:
        row = None if row is None else row[name]
    if column.kind is str and not isinstance(row, str | None):
        return json.dumps(row, ensure_ascii=False)
    return row
