"""The curve of late callers: one shape for all who went away, and how those who fell silent differ from it."""

from bisect import bisect_right
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import log

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.curve import Curve
from swapboard.attribution.hazard import EDGES, Phase, cells_of, prior_rates
from swapboard.attribution.smooth import Belief, doubt, firmness, smooth
from swapboard.clock import SECOND

HEIGHT = Belief(0, 7.0)
"""By cell: how far the logarithm of a rate usually is from the prior's."""

SLOPE = Belief(1, 0.8)
"""How far the step from one cell to the next, after a visit, is from the prior's."""

LATE_SHAPE = (Belief(3, 0.03), Belief(2, 0.28, -0.07))
"""After a visit: nearly a parabola, which is a log-normal delay, or a power of time."""

SILENT_UNLIKE_LEFT = (Belief(1, 0.1), Belief(0, 1.0))
"""Who fell silent calls about as those do who said good-bye."""


def late_logs(logs: Array, calls: Array, times: Array, goals: Array) -> Array:
    """One curve for all who went away, and how those who fell silent differ from it; by cell, in the last axis."""
    left, silent = cells_of(Phase.LEFT), cells_of(Phase.SILENT)
    fold = to_left()[left.stop - left.start :]
    unlike = logs[..., silent] - logs[..., left] @ fold.T
    # What is known to differ is put into the time.
    like_time = times[..., silent] * np.exp(unlike)
    found = smooth(
        logs[..., left],
        calls[..., left] + calls[..., silent] @ fold,
        times[..., left] + like_time @ fold,
        late_shape(goals[..., left]),
    )
    curve = found @ fold.T
    unlike = smooth(unlike, calls[..., silent], times[..., silent] * np.exp(curve), SILENT_UNLIKE_LEFT)
    return np.concatenate([found, curve + unlike], axis=-1)


@cache
def to_left() -> Array:
    """By late cell and cell of those who left: how much of what is in the one counts in the other."""
    size = len(EDGES[Phase.LEFT]) - 1
    found = np.vstack([np.eye(size), np.zeros((len(_LIKE_LEFT), size))])
    for row, (cell, share) in enumerate(_LIKE_LEFT, size):
        found[row, cell : cell + 2] = 1.0 - share, share
    return found


def late_replaced(curve: Curve, rates: Array) -> Curve:
    """The curve with other rates for those who left, and those who fell silent as unlike them as before."""
    left = cells_of(Phase.LEFT)
    after = np.array(curve.rates)
    after[left.start :] *= np.exp(to_left() @ np.log(rates / after[left]))
    return replace(curve, rates=tuple(after.tolist()))


def doubt_of_late(logs: Array) -> tuple[float, Array]:
    """How far a curve of those who left is from what is believed of its shape, and how firmly that holds it."""
    shape = late_shape(_PRIOR + np.mean(logs - _PRIOR))
    return float(doubt(logs, shape)), firmness(len(logs), shape)


def late_shape(goal: Array) -> tuple[Belief, ...]:
    slope = SLOPE._replace(goal=goal[..., 1:] - goal[..., :-1])
    return (*LATE_SHAPE, slope, HEIGHT._replace(goal=goal))


def _like_left() -> list[tuple[int, float]]:
    """For each cell of those who fell silent: between which two cells of those who left it lies, and how far."""
    middles = [log(max(begin, SECOND) * end) / 2 for begin, end in pairwise(EDGES[Phase.LEFT])]
    found = []
    for begin, end in pairwise(EDGES[Phase.SILENT]):
        middle = log(max(begin, SECOND) * end) / 2
        at = min(max(bisect_right(middles, middle) - 1, 0), len(middles) - 2)
        share = (middle - middles[at]) / (middles[at + 1] - middles[at])
        found.append((at, min(1.0, max(0.0, share))))
    return found


_LIKE_LEFT = _like_left()
_PRIOR = np.log(np.array(prior_rates()[cells_of(Phase.LEFT)]))
