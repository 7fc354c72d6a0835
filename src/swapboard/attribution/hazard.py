"""The hazard: how often a session in a given state calls, as a piecewise-constant curve over logarithmic ages.

A session is in one of five phases, each with an age of its own. The ages are cut into cells that grow by a
constant ratio; within a cell the rate is constant. `EXPOSURE` of a cell is the time that sessions spent in it,
so that calls ÷ exposure is its rate. The curve is learned in `learning.py`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from itertools import accumulate, pairwise
from math import exp, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.clock import DAY, MINUTE, SECOND, Millis
from swapboard.numbers.pool import expiry


class Phase(IntEnum):
    """What a session is doing; its age counts from what is said here."""

    LIVE = 0
    """The page is looked at: since the visit began."""
    HIDDEN = 1
    """The page is open but not seen: since it was hidden."""
    TAPPED = 2
    """The number was tapped or copied not long ago, whatever else: since the last time."""
    LEFT = 3
    """The page said good-bye: since then."""
    SILENT = 4
    """The page missed a beat and said nothing: since it was last heard of."""


LIVE, HIDDEN, TAPPED, LEFT, SILENT = map(int, Phase)
"""For what runs often: until Python 3.12, asking an enumeration for a member is as slow as a call, and a plain
integer finds a place in a table sooner than a member does."""

BEAT: Millis = 20 * SECOND
SILENT_AFTER: Millis = 22 * SECOND
"""A beat that is a tenth late is missed: it may still come, but of those who vanished none does."""
RUNS_OUT_AFTER: Millis = expiry(0, BEAT // SECOND)
"""A lease that ends by itself ends so long after the page was last heard of."""
TAP_LASTS: Millis = 10 * MINUTE
"""For how long a tap says more about a session than where it is otherwise."""
LONGEST_AGE: Millis = 60 * DAY


def _edges(first: Millis, ratio: float, last: Millis) -> tuple[Millis, ...]:
    edges = [0, first]
    while edges[-1] * ratio < last:
        edges.append(max(edges[-1] + 1, round(edges[-1] * ratio)))
    return (*edges, last)


def _silent_edges() -> tuple[Millis, ...]:
    return (0, *(edge for edge in _edges(SILENT_AFTER, 1.6, LONGEST_AGE) if edge))


EDGES: tuple[tuple[Millis, ...], ...] = (
    _edges(3 * SECOND, 1.5, 120 * MINUTE),
    _edges(2 * SECOND, 1.8, 120 * MINUTE),
    _edges(1 * SECOND, 1.5, TAP_LASTS),
    _edges(2 * SECOND, 1.6, LONGEST_AGE),
    _silent_edges(),
)
"""By phase: where its cells begin, and the end of the last one. Whoever is older than that is forgotten."""

FIRST_CELL: tuple[int, ...] = tuple(accumulate((len(edges) - 1 for edges in EDGES[:-1]), initial=0))
CELLS: int = FIRST_CELL[-1] + len(EDGES[-1]) - 1
PHASE_OF: NDArray[np.int64] = np.repeat(np.arange(len(EDGES)), [len(edges) - 1 for edges in EDGES])
"""By cell."""
WIDTHS: tuple[Millis, ...] = tuple(end - begin for edges in EDGES for begin, end in pairwise(edges))
_INNER = tuple(edges[1:-1] for edges in EDGES)
_CELLS_OF = tuple(zip(_INNER, FIRST_CELL, strict=True))


def cell(phase: int, age: Millis) -> int:
    """The cell of an age within its phase."""
    return FIRST_CELL[phase] + bisect_right(_INNER[phase], age)


def cells_of(phase: int) -> slice:
    """The phase's own, of all cells."""
    return slice(FIRST_CELL[phase], FIRST_CELL[phase] + len(EDGES[phase]) - 1)


@dataclass(slots=True)
class Exposure:
    """How long sessions of one profile spent in each cell, gathered interval by interval in constant time.

    An interval is what there was from age 0 to its end, without what there was to its beginning: of either only
    where it ended is kept. Most begin at 0.
    """

    ends: list[float]
    """By cell, how many ended there."""
    ages: list[float]
    """By cell, the sum of the ages at which they did."""

    @classmethod
    def empty(cls) -> "Exposure":
        return cls([0.0] * CELLS, [0.0] * CELLS)

    def add(self, phase: int, from_age: Millis, to_age: Millis, weight: float = 1.0) -> None:
        """A session was in the phase between two ages."""
        if to_age <= from_age:
            return
        inner, offset = _CELLS_OF[phase]
        last = offset + bisect_right(inner, to_age)
        self.ends[last] += weight
        self.ages[last] += weight * to_age
        if from_age:
            first = offset + bisect_right(inner, from_age)
            self.ends[first] -= weight
            self.ages[first] -= weight * from_age

    def totals(self) -> Array:
        """Milliseconds by cell."""
        found: Array = totals_of([self])[0]
        return found


def totals_of(exposures: Sequence[Exposure]) -> Array:
    """Milliseconds by cell, a row for each.

    Of those who left a cell again, the differences leave a hair too much or too little: from less than no time
    nothing can be learned.
    """
    ends = np.array([each.ends for each in exposures])
    found = np.array([each.ages for each in exposures])
    for phase, edges in enumerate(EDGES):
        cells = cells_of(phase)
        # Who ended in a cell was in all before it from end to end, and in this from where it begins.
        later = ends[:, cells][:, ::-1].cumsum(axis=1)[:, ::-1]
        found[:, cells] -= ends[:, cells] * edges[:-1]
        found[:, cells.start : cells.stop - 1] += later[:, 1:] * np.diff(edges)[:-1]
    np.maximum(found, 0.0, out=found)
    return found


def waiting_exposure(phase: int, since: Sequence[Sequence[int]], now: Millis, from_age: Millis = 0) -> Array:
    """Milliseconds by cell, above an age, of sessions that entered the phase at the sorted instants and stay.

    A row for each that is asked for. A cell's exposure is the integral over its ages of how many sessions are
    older; Simpson's rule takes it.
    """
    begins, _, ends = ages = _ages_above(phase, from_age)
    moments = now - ages
    older = np.array([np.asarray(each, np.int64).searchsorted(moments, "right") for each in since])
    found: Array = (older[:, 0] + 4 * older[:, 1] + older[:, 2]) / 6 * (ends - begins)
    return found


@cache
def _ages_above(phase: int, from_age: Millis) -> NDArray[np.int64]:
    """Where each cell begins, its middle and its end, as far as they are above an age."""
    edges = np.maximum(EDGES[phase], from_age)
    begins, ends = edges[:-1], edges[1:]
    return np.array([begins, (begins + ends) // 2, ends])


def prior_rates() -> list[float]:
    """Calls per millisecond by cell before anything was learned: about one visit in twenty calls."""
    return [_prior(phase, (begin + end) / 2) for phase in Phase for begin, end in _spans(phase)]


def _spans(phase: int) -> list[tuple[Millis, Millis]]:
    edges = EDGES[phase]
    return list(pairwise(edges))


def _prior(phase: int, age: float) -> float:
    """On the page a call an hour, hidden less; after a tap one in three soon; after leaving one in a hundred."""
    seconds = age / SECOND
    if phase in {Phase.LEFT, Phase.SILENT}:
        return (0.005 * _log_normal(seconds, 600.0, 1.5) + 0.005 * _log_normal(seconds, 10_800.0, 1.8)) / SECOND
    if phase == Phase.HIDDEN:
        return 0.6 / 3600 / SECOND
    tapped = 0.05 / (1 + seconds / 5) ** 2 if phase == Phase.TAPPED else 0.0
    return (tapped + 1 / 3600) / SECOND


def _log_normal(seconds: float, median: float, spread: float) -> float:
    z = log(seconds / median) / spread
    return exp(-z * z / 2) / (seconds * spread * sqrt(2 * pi))
