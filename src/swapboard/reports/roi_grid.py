"""Returns to export: a line for each combination of values, amounts in the company's currency."""

from collections.abc import Callable, Mapping, Sequence

from swapboard.reports.grid import MILLION, Cell, Column, Grid, Kind, millionths
from swapboard.reports.roi import Return, Roi

_AMOUNTS: Mapping[str, Callable[[Return], int | None]] = {
    "cost": lambda each: each.cost_micros,
    "revenue": lambda each: each.revenue_micros,
    "cost_per_call": lambda each: each.per_call,
    "cost_per_first_time_caller": lambda each: each.per_first_time_caller,
    "cost_per_qualified": lambda each: each.per_qualified,
    "cost_per_lead": lambda each: each.per_lead,
    "cost_per_form": lambda each: each.per_form,
}
_COUNTS = ("calls", "first_time", "qualified", "leads", "forms")


def roi_grid(found: Roi) -> Grid:
    """A cell has nothing where nothing can be divided."""
    counts = [name for name in _COUNTS if found.counts_forms or name != "forms"]
    columns = [
        *map(Column, found.by),
        Column("currency"),
        *_columns(counts, ""),
        Column("place_by_forms", Kind.WHOLE),
        Column("place", Kind.WHOLE),
        *_columns(counts, "_before"),
    ]
    rows = [
        (
            *line.cell,
            found.currency,
            *_values(line.now, counts),
            line.place_by_forms,
            line.place,
            *_values(line.before, counts),
        )
        for line in found.lines
    ]
    return Grid(columns, rows)


def _columns(counts: Sequence[str], ending: str) -> Sequence[Column]:
    whole = [Column(f"{name}{ending}", Kind.WHOLE) for name in counts]
    return [*whole, *(Column(f"{name}{ending}", Kind.DECIMAL) for name in (*_AMOUNTS, "roas"))]


def _values(each: Return, counts: Sequence[str]) -> Sequence[Cell]:
    roas = None if each.roas is None else round(each.roas * MILLION)
    amounts = [*(amount(each) for amount in _AMOUNTS.values()), roas]
    exact = [None if micros is None else millionths(micros) for micros in amounts]
    return [*(getattr(each.figures, name) for name in counts), *exact]
