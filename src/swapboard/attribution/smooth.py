"""A smooth curve through counts: what is believed of neighbouring rates' logarithms, against the calls there.

Maximises Σ calls·log(rate) - time·rate - Σ over beliefs Σ (difference of that order - mean)² / (2·spread²), by
Newton's method. An order of 3 with a small spread holds the curve to a parabola in logarithms, which is a
log-normal delay; of 2, to a power of time; of 0, to a height. The matrix has few diagonals: a step costs little.
"""

from collections.abc import Sequence
from itertools import repeat
from math import comb, exp
from typing import NamedTuple

STEPS = 2
LONGEST_STEP = 1.5
LEAST_LOG = -60.0


class Belief(NamedTuple):
    """How the differences of an order between neighbouring logarithms are distributed: normally."""

    order: int
    spread: float
    mean: float = 0.0
    goal: Sequence[float] | None = None
    """The means one by one, instead."""


def smooth(
    begin: Sequence[float], calls: Sequence[float], times: Sequence[float], beliefs: Sequence[Belief]
) -> list[float]:
    """The logarithms of the rates, one for each cell; `begin` is where the search begins."""
    logs = list(begin)
    for _ in range(STEPS):
        gradient, bands = _newton(logs, calls, times, beliefs)
        for at, change in enumerate(_solve(bands, gradient)):
            logs[at] = max(LEAST_LOG, logs[at] + max(-LONGEST_STEP, min(LONGEST_STEP, change)))
    return logs


def _newton(
    logs: Sequence[float], calls: Sequence[float], times: Sequence[float], beliefs: Sequence[Belief]
) -> tuple[list[float], list[list[float]]]:
    """The gradient, and the negative Hessian by its diagonals, the main one first."""
    size = len(logs)
    expected = [time * exp(each) for each, time in zip(logs, times, strict=True)]
    gradient = [count - each for count, each in zip(calls, expected, strict=True)]
    bands = [[0.0] * size for _ in range(1 + max(each.order for each in beliefs))]
    # Where calls are many and expected few, Newton's step would be far too long: the larger one is taken.
    bands[0] = [max(count, each) for count, each in zip(calls, expected, strict=True)]
    for belief in beliefs:
        _believe(belief, logs, gradient, bands)
    return gradient, bands


def _believe(belief: Belief, logs: Sequence[float], gradient: list[float], bands: list[list[float]]) -> None:
    order = belief.order
    weights = [comb(order, at) * (-1.0) ** (order - at) for at in range(order + 1)]
    stiffness = 1.0 / belief.spread**2
    size = len(logs) - order
    differences = [weights[0] * each for each in logs[:size]]
    for at in range(1, order + 1):
        weight = weights[at]
        differences = [so_far + weight * each for so_far, each in zip(differences, logs[at:], strict=False)]
    means = belief.goal or repeat(belief.mean)
    pulls = [stiffness * (each - mean) for each, mean in zip(differences, means, strict=False)]
    # Whole rows at a time: entry by entry, this was a tenth of a replay.
    for at in reversed(range(order + 1)):
        weight, row = weights[at], slice(at, at + size)
        gradient[row] = [each - pull * weight for each, pull in zip(gradient[row], pulls, strict=True)]
        for other in range(at, order + 1):
            band, more = bands[other - at], stiffness * weight * weights[other]
            band[row] = [each + more for each in band[row]]


def _solve(bands: list[list[float]], right: Sequence[float]) -> list[float]:
    """Solve a symmetric positive definite system of a few diagonals (LDLᵀ)."""
    size, width = len(right), len(bands) - 1
    pivots = list(bands[0])
    lower = [list(band) for band in bands]
    found = list(right)
    for at in range(size):
        for step in range(1, min(width, size - 1 - at) + 1):
            share = lower[step][at] / pivots[at]
            found[at + step] -= share * found[at]
            pivots[at + step] -= share * lower[step][at]
            for more in range(step + 1, min(width, size - 1 - at) + 1):
                lower[more - step][at + step] -= share * lower[more][at]
    for at in range(size - 1, -1, -1):
        for step in range(1, min(width, size - 1 - at) + 1):
            found[at] -= lower[step][at] * found[at + step]
        found[at] /= pivots[at]
    return found
