"""The time after calls, by how long ago they were: in which their callers might have called again."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from swapboard.attribution.curve import AGAIN_EDGES, again_bin
from swapboard.clock import Millis

_EDGES = np.array(AGAIN_EDGES)
_WIDTHS = [end - begin for begin, end in pairwise(AGAIN_EDGES)]


def add_wait(again: list[float], wait: Millis, weight: float = 1.0) -> None:
    """Count the time after a call, by how long ago it was."""
    if wait <= 0:
        return
    wait = min(wait, AGAIN_EDGES[-1])
    cell = again_bin(wait)
    for before in range(cell):
        again[before] += weight * _WIDTHS[before]
    again[cell] += weight * (wait - AGAIN_EDGES[cell])


def add_waits(again: list[float], waits: ArrayLike, weights: ArrayLike) -> None:
    """The same of many: each adds to the cell it has come to, those before it are added together."""
    ages, each = np.clip(np.asarray(waits, np.int64), 0, AGAIN_EDGES[-1]), np.asarray(weights, np.float64)
    cells = np.minimum(_EDGES.searchsorted(ages, "right"), len(again)) - 1
    within = np.bincount(cells, each * (ages - _EDGES[cells]), len(again)).tolist()
    longer_first = np.bincount(cells, each, len(again))[::-1].cumsum()
    beyond = [*longer_first[-2::-1].tolist(), 0.0]
    for cell, width in enumerate(_WIDTHS):
        again[cell] += within[cell] + beyond[cell] * width
