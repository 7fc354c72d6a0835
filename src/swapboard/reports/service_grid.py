"""A report on the service itself, to export: what stands in its rows, and what was counted in the days before."""

from collections.abc import Sequence

from swapboard.reports.grid import Column, Grid, Kind
from swapboard.reports.rows_grid import rows_grid
from swapboard.reports.service import Compared, Service


def service_grid(service: Service, lines: Sequence[Compared]) -> Grid:
    """A row for each line."""
    now = rows_grid(service.kind, [each.now for each in lines])
    counted = service.compared
    columns = [*now.columns, *(Column(f"{name}_before", Kind.WHOLE) for name in counted)]
    rows = [
        (*row, *(getattr(line.before, name) for name in counted))
        for row, line in zip(now.rows, lines, strict=True)
    ]
    return Grid(columns, rows)
