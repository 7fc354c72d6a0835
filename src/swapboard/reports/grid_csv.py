"""A report's lines as CSV, for spreadsheets."""

import csv
import io
from decimal import Decimal

from swapboard.reports.grid import Cell, Grid, Kind
from swapboard.spreadsheet import harmless


def write_csv(grid: Grid) -> str:
    """The text, with a heading; nothing stands in a cell that has nothing."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(column.name for column in grid.columns)
    for row in grid.rows:
        writer.writerow(_text(cell, column.kind) for cell, column in zip(row, grid.columns, strict=True))
    return out.getvalue()


def decimal_text(number: Decimal) -> str:
    """`12.50`, `3.333333`: at least two places, as amounts have."""
    whole, _dot, rest = f"{number:.6f}".partition(".")
    return f"{whole}.{rest[:2]}{rest[2:].rstrip('0')}"


def _text(cell: Cell, kind: Kind) -> object:
    match cell:
        case None:
            return ""
        case str():
            return harmless(cell)
        case bool():
            return "yes" if cell else "no"
        case Decimal() if kind is Kind.DECIMAL:
            return decimal_text(cell)
        case _:
            return cell
