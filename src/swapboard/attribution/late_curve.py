"""The curve of late callers: one shape for all who went away, and how those who fell silent differ from it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import exp, log

import numpy as np
from numpy.typing import NDArray

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


def late_logs(
    logs: Sequence[float], calls: Sequence[float], times: Sequence[float], goals: Sequence[float]
) -> list[float]:
    """One curve for all who went away, and how those who fell silent differ from it."""
    left, silent = cells_of(Phase.LEFT), cells_of(Phase.SILENT)
    own = [_on_left_curve(logs[left], at) for at in range(len(_LIKE_LEFT))]
    both_calls, both_times = list(calls[left]), list(times[left])
    for (at, share), calls_there, time, mine, theirs in zip(
        _LIKE_LEFT, calls[silent], times[silent], logs[silent], own, strict=True
    ):
        # What is known to differ is put into the time.
        like_time = time * exp(mine - theirs)
        for cell, part in ((at, 1.0 - share), (at + 1, share)):
            both_calls[cell] += calls_there * part
            both_times[cell] += like_time * part
    found = smooth(logs[left], both_calls, both_times, late_shape(goals[left]))
    curve = [_on_left_curve(found, at) for at in range(len(_LIKE_LEFT))]
    unlike = smooth(
        [mine - theirs for mine, theirs in zip(logs[silent], own, strict=True)],
        calls[silent],
        [time * exp(each) for time, each in zip(times[silent], curve, strict=True)],
        SILENT_UNLIKE_LEFT,
    )
    return found + [each + more for each, more in zip(curve, unlike, strict=True)]


@cache
def to_left() -> NDArray[np.float64]:
    """By late cell and cell of those who left: how much of what is in the one counts in the other."""
    size = len(EDGES[Phase.LEFT]) - 1
    found = np.vstack([np.eye(size), np.zeros((len(_LIKE_LEFT), size))])
    for row, (cell, share) in enumerate(_LIKE_LEFT, size):
        found[row, cell : cell + 2] = 1.0 - share, share
    return found


def late_replaced(curve: Curve, rates: NDArray[np.float64]) -> Curve:
    """The curve with other rates for those who left, and those who fell silent as unlike them as before."""
    left = cells_of(Phase.LEFT)
    after = np.array(curve.rates)
    after[left.start :] *= np.exp(to_left() @ np.log(rates / after[left]))
    return replace(curve, rates=tuple(after.tolist()))


def doubt_of_late(logs: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """How far a curve of those who left is from what is believed of its shape, and how firmly that holds it."""
    shape = late_shape((_PRIOR + np.mean(logs - _PRIOR)).tolist())
    return doubt(logs.tolist(), shape), firmness(len(logs), shape)


def late_shape(goal: Sequence[float]) -> tuple[Belief, ...]:
    slope = SLOPE._replace(goal=[after - before for before, after in pairwise(goal)])
    return (*LATE_SHAPE, slope, HEIGHT._replace(goal=goal))


def _on_left_curve(logs: Sequence[float], silent_cell: int) -> float:
    at, share = _LIKE_LEFT[silent_cell]
    return logs[at] * (1.0 - share) + logs[at + 1] * share


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
