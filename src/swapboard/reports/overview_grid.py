"""The overview to export: a line for each day, and one for each hour of the week."""

from collections.abc import Sequence
from dataclasses import fields

from swapboard.reports.figures import Figures
from swapboard.reports.grid import Cell, Column, Grid, Kind
from swapboard.reports.overview import Overview
from swapboard.reports.suggestions import DAYS_OF_WEEK

_NOT_BY_HOUR = {"visits", "forms", "leads"}
"""Some of it did not come by a call, and is not counted by the hour."""
_NAMES = tuple(each.name for each in fields(Figures) if each.name not in _NOT_BY_HOUR)
_COUNTS = tuple(Column(name, Kind.WHOLE) for name in _NAMES)


def days_grid(found: Overview) -> Grid:
    """Each day's calls, with those of the day in the same place of the days before."""
    before = [Column(f"{name}_before", Kind.WHOLE) for name in _NAMES]
    pairs = zip(found.days, found.days_before, strict=True)
    rows = [
        (day.date.isoformat(), *_cells(now), then_day.date.isoformat(), *_cells(then))
        for (day, now), (then_day, then) in pairs
    ]
    return Grid([Column("day"), *_COUNTS, Column("day_before"), *before], rows)


def hours_grid(found: Overview) -> Grid:
    """The calls of each of the 168 hours, from Monday midnight on."""
    rows = [
        (DAYS_OF_WEEK[place // 24].value, place % 24, *_cells(figures))
        for place, figures in enumerate(found.hours)
    ]
    return Grid([Column("day_of_week"), Column("hour", Kind.WHOLE), *_COUNTS], rows)


def _cells(figures: Figures) -> Sequence[Cell]:
    return [getattr(figures, name) for name in _NAMES]
