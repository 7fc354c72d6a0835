"""A breakdown to export: a line for each combination of values, with this period's figures and those before."""

from dataclasses import fields

from swapboard.reports.breakdown import Breakdown
from swapboard.reports.figures import Figures
from swapboard.reports.grid import Column, Grid, Kind

_OF_VISITS = {"visits", "forms"}


def breakdown_grid(found: Breakdown) -> Grid:
    """Visits and forms are left out where they could not be counted."""
    names = [each.name for each in fields(Figures) if found.counts_visits or each.name not in _OF_VISITS]
    counts = [Column(name, Kind.WHOLE) for name in (*names, *(f"{name}_before" for name in names))]
    rows = [
        (*line.cell, *(getattr(of, name) for of in (line.now, line.before) for name in names))
        for line in found.lines
    ]
    return Grid([*map(Column, found.by), *counts], rows)
