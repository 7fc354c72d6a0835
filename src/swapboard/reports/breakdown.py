"""Any figures by one or two dimensions, beside the period before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Count, Figures, total
from swapboard.reports.filter import Term
from swapboard.reports.store import Cell, Question, count

MOST_DIMENSIONS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One combination of values."""

    cell: Cell
    now: Figures
    before: Figures


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All lines, those with most calls first, and their sum."""

    by: Sequence[Dimension]
    lines: Sequence[Line]
    total: Line
    counts_visits: bool
    """Whether visits and forms could be counted so."""


def breakdown(connection: Connection, asked: Question, before: Question) -> Breakdown:
    """The figures of both periods, which are to be by the same dimensions."""
    now, then = count(connection, asked), count(connection, before)
    return side_by_side(asked.by, now, then, counts_visits=asked.counts_visits)


def side_by_side(
    by: Sequence[Dimension], now: Mapping[Cell, Figures], then: Mapping[Cell, Figures], *, counts_visits: bool
) -> Breakdown:
    """The figures of both periods by these dimensions."""
    lines = [Line(cell, now.get(cell, NOTHING), then.get(cell, NOTHING)) for cell in {**now, **then}]
    lines.sort(key=_rank)
    return Breakdown(by, lines, Line((), total(now.values()), total(then.values())), counts_visits)


def only_by(place: int, figures: Mapping[Cell, Figures]) -> Mapping[Cell, Figures]:
    """The figures by one of their dimensions alone."""
    found: dict[Cell, Figures] = {}
    for cell, each in figures.items():
        found[(cell[place],)] = found.get((cell[place],), NOTHING) + each
    return found


def behind(by: Sequence[Dimension], cell: Cell) -> tuple[Term, ...]:
    """The filter that exactly the calls of a cell meet."""
    return tuple(Term(dimension, value, is_exact=True) for dimension, value in zip(by, cell, strict=True))


def _rank(line: Line) -> tuple[Count, Count, Count, Cell]:
    return -line.now.calls, -line.now.visits, -line.before.calls, line.cell
