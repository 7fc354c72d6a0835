"""How a rate falls within a cell after a visit, which may be to less than half from one end to the other.

What is learned, and what time is counted by, are cells (`hazard.py`): a cell's rate is the mean over its ages.
Who is weighed one by one stands in a part of a cell. The rates of its parts have the cell's mean, and follow the
power of age that leads from the cell before to the one after. Whole cells are the first places of a table of
rates, parts come after them. What is kept of a call names whole cells, as it did before there were parts.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.hazard import CELLS, EDGES, FIRST_CELL, Phase
from swapboard.clock import SECOND, Millis

PARTS = 4
AWAY = (Phase.LEFT, Phase.SILENT)
_LATE = FIRST_CELL[Phase.LEFT]

WHOLE = (PROFILES + 1) * CELLS
"""So many places are whole cells: of each profile and, last, of those whose profile is not known any more."""

OF_PROFILE = (CELLS - _LATE) * PARTS
"""So many parts each profile has."""

STEEPEST = 2.0
"""How much steeper than the less steep of both steps beside it a cell may be: none lies above or below both."""

EVEN = np.ones(OF_PROFILE)
"""The slopes where there are none."""


def _cut(begin: Millis, end: Millis) -> list[Millis]:
    """Where a cell's parts end: each as much longer than the one before, but in the first cell."""
    steps = np.arange(1, PARTS + 1) / PARTS
    ends = np.round(begin * (end / begin) ** steps if begin else end * steps)
    found: list[Millis] = ends.astype(np.int64).tolist()
    return found


def _edges(phase: Phase) -> tuple[Millis, ...]:
    return (0, *(end for cell in pairwise(EDGES[phase]) for end in _cut(*cell)))


PART_EDGES = {phase: _edges(phase) for phase in AWAY}
"""By phase: where parts begin, and the end of the last one."""


def first_part(profile: int, phase: Phase) -> int:
    """The place of the phase's youngest part."""
    return WHOLE + profile * OF_PROFILE + (FIRST_CELL[phase] - _LATE) * PARTS


def slopes(rates: Array) -> Array:
    """By part, how often somebody calls there beside the mean of its cell."""
    steep = np.diff(np.log(rates[_LATE:])) / _STEPS
    before, after = steep[:-1], steep[1:]
    mean = (before * _STEPS[1:] + after * _STEPS[:-1]) / (_STEPS[1:] + _STEPS[:-1])
    least = STEEPEST * np.minimum(np.abs(before), np.abs(after))
    # At a peak there is no slope: one cell's height would be told by what its neighbours differ in.
    slope = np.zeros(len(rates) - _LATE)
    slope[1:-1] = _IS_BETWEEN * (before * after > 0.0) * np.minimum(np.maximum(mean, -least), least)
    found = np.exp(slope[:, None] * _OFF)
    whole: Array = found / (found * _SHARES).sum(axis=1, keepdims=True)
    return whole.ravel()


def with_parts(grid: Array, by_part: Array) -> Array:
    """A table of rates by place, from a row of cells for each profile and one for the crowd."""
    parts = np.repeat(grid[:PROFILES, _LATE:], PARTS, axis=1) * by_part
    return np.concatenate([grid.ravel(), parts.ravel()])


IS_LATE = with_parts(np.repeat([np.arange(CELLS) >= _LATE], PROFILES + 1, axis=0), EVEN) > 0.0
"""By place: whether it is of those who went away."""


def _whole_of() -> tuple[int, ...]:
    late = [cell for cell in range(_LATE, CELLS) for _ in range(PARTS)]
    return (*range(WHOLE), *(profile * CELLS + cell for profile in range(PROFILES) for cell in late))


WHOLE_OF = _whole_of()
"""By place: the whole cell that it is, or is a part of."""


def _middles(edges: Sequence[Millis]) -> Array:
    """Those of the logarithms of age."""
    ages = np.array(edges, np.float64)
    found: Array = np.log(np.maximum(ages[:-1], SECOND) * ages[1:]) / 2.0
    return found


def _shares(phase: Phase) -> Array:
    """By cell and part, how much of the cell's ages it has."""
    widths = np.diff(PART_EDGES[phase]).reshape(-1, PARTS)
    found: Array = widths / widths.sum(axis=1, keepdims=True)
    return found


def _is_between(phase: Phase) -> list[bool]:
    """By cell, whether there is one before and one after."""
    return [False, *[True] * (len(EDGES[phase]) - 3), False]


_MIDDLES = np.concatenate([_middles(EDGES[phase]) for phase in AWAY])
_STEPS = np.diff(_MIDDLES)
_OFF = np.concatenate([_middles(PART_EDGES[phase]) for phase in AWAY]).reshape(-1, PARTS) - _MIDDLES[:, None]
_SHARES = np.vstack([_shares(phase) for phase in AWAY])
_IS_BETWEEN = np.concatenate([_is_between(phase) for phase in AWAY])[1:-1]
