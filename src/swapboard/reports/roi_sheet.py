"""What advertising brought for its money, on a sheet."""

from collections.abc import Sequence

from swapboard.reports.costs import money
from swapboard.reports.dimension import Dimension
from swapboard.reports.names import NAMES, value_name
from swapboard.reports.roi import Return, Roi, RoiLine
from swapboard.reports.sheet import MOST_ROWS, Frame, Sheet, Table, Tile, grown, number, sheet_of

_NONE = "\u2013"


def roi_sheet(frame: Frame, found: Roi) -> Sheet:
    """The dearest lines; the tiles are of what cost something."""
    now, before = found.paid.now, found.paid.before
    tiles = (
        Tile(f"Spent, {found.currency}", amount(now.cost_micros), grown(now.cost_micros, before.cost_micros)),
        Tile(
            f"Revenue, {found.currency}",
            amount(now.revenue_micros),
            grown(now.revenue_micros, before.revenue_micros),
        ),
        Tile("Revenue for each unit spent", ratio(now), f"{ratio(before)} before"),
        Tile("Cost of a new person", amount(now.per_lead), f"{amount(before.per_lead)} before"),
    )
    head = (
        *(NAMES[each] for each in found.by),
        "Spent",
        "Calls",
        "New people",
        "A call",
        "A new person",
        "Revenue",
    )
    title = f"By {' and '.join(NAMES[each].lower() for each in found.by)}"
    rows = [_row(found.by, line, frame.country) for line in found.lines[:MOST_ROWS]]
    left_out = max(0, len(found.lines) - MOST_ROWS)
    return sheet_of(frame, tiles, (), [Table(title, head, rows, len(found.by), left_out)])


def amount(micros: int | None) -> str:
    """`1,250.50`; a dash where nothing can be divided."""
    return _NONE if micros is None else money(micros)


def ratio(found: Return) -> str:
    """Revenue for each unit spent, with two places."""
    return _NONE if found.roas is None else f"{float(found.roas):.2f}"


def _row(by: Sequence[Dimension], line: RoiLine, country: str) -> tuple[str, ...]:
    now = line.now
    return (
        *(value_name(each, value, country) for each, value in zip(by, line.cell, strict=True)),
        amount(now.cost_micros),
        number(now.figures.calls),
        number(now.figures.leads),
        amount(now.per_call),
        amount(now.per_lead),
        amount(now.revenue_micros),
    )
