"""A report's lines as Parquet, for programs that analyse. Needs `swapboard[parquet]`."""

import io
from decimal import Decimal
from functools import cache
from importlib.util import find_spec

from swapboard.reports.grid import Cell, Column, Grid, Kind

_DIGITS, _PLACES = 38, 6


@cache
def can_write_parquet() -> bool:
    """Whether the library is there; looked for once, because every report asks."""
    return find_spec("pyarrow") is not None


def write_parquet(grid: Grid) -> bytes:
    """The file. Counts by probability are decimals where counts by best match are whole numbers."""
    import pyarrow  # noqa: PLC0415  # an extra
    from pyarrow import parquet  # noqa: PLC0415

    decimal = pyarrow.decimal128(_DIGITS, _PLACES)
    types = {
        Kind.TEXT: pyarrow.string(),
        Kind.WHOLE: pyarrow.int64(),
        Kind.DECIMAL: decimal,
        Kind.SHARE: pyarrow.float64(),
        Kind.FLAG: pyarrow.bool_(),
    }
    arrays = {}
    for place, column in enumerate(grid.columns):
        cells = [row[place] for row in grid.rows]
        kind = _kind_of(column, cells)
        exact = [_exact(cell) for cell in cells] if kind is Kind.DECIMAL else cells
        arrays[column.name] = pyarrow.array(exact, types[kind])
    out = io.BytesIO()
    parquet.write_table(pyarrow.table(arrays), out)
    return out.getvalue()


def _kind_of(column: Column, cells: list[Cell]) -> Kind:
    if column.kind is Kind.WHOLE and any(isinstance(cell, Decimal) for cell in cells):
        return Kind.DECIMAL
    return column.kind


def _exact(cell: Cell) -> Decimal | None:
    return None if cell is None else round(Decimal(cell), _PLACES)
