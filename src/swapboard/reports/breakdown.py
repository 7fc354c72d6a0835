"""Any figures by one or two dimensions, beside the period before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from sqlalchemy import Connection

from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import Figures
from swapboard.reports.filter import Term
from swapboard.reports.ledger import CALLS, VISITS, Ledger, beside
from swapboard.reports.lines import Lines
from swapboard.reports.question import Question
from swapboard.reports.store import count_all
from swapboard.reports.sums import Cell

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
    shown: Sequence[Figures]
    """Of each line its figures of now as they are read: rounded, each column still makes the sum."""


def breakdown(connection: Connection, asked: Question, before: Question) -> Breakdown:
    """The figures of both periods, which are to be by the same dimensions."""
    now, then = count_all(connection, asked), count_all(connection, before)
    return side_by_side(asked.by, now, then, counts_visits=asked.counts_visits)


def side_by_side(by: Sequence[Dimension], now: Ledger, then: Ledger, *, counts_visits: bool) -> Breakdown:
    """The figures of both periods by these dimensions."""
    now, then = beside(now, then)

    def line(place: int) -> Line:
        return Line(now.cells.at(place), now.at(place), then.at(place))

    places, rounded = _ranked(now, then), cache(now.rounded)
    shown = Lines(lambda place: rounded().at(place), places)
    return Breakdown(by, Lines(line, places), Line((), now.total(), then.total()), counts_visits, shown)


def behind(by: Sequence[Dimension], cell: Cell) -> tuple[Term, ...]:
    """The filter that exactly the calls of a cell meet; of the sum's, which has none, all do."""
    pairs = zip(by, cell, strict=True) if cell else ()
    return tuple(Term(dimension, value, is_exact=True) for dimension, value in pairs)


def _ranked(now: Ledger, then: Ledger) -> Sequence[int]:
    """Those with most calls first, then with most visits, then with most calls before, then as words go."""
    dearest = then.amounts[:, CALLS], now.amounts[:, VISITS], now.amounts[:, CALLS]
    places: list[int] = np.lexsort((*reversed(now.cells.ranks()), *(-each for each in dearest))).tolist()
    return places
