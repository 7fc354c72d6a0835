"""A smooth curve through counts: what is believed of neighbouring rates' logarithms, against the calls there.

Maximises Σ calls·log(rate) - time·rate - Σ over beliefs Σ (difference of that order - mean)² / (2·spread²), by
Newton's method. An order of 3 with a small spread holds the curve to a parabola in logarithms, which is a
log-normal delay; of 2, to a power of time; of 0, to a height.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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

    def means(self, size: int) -> NDArray[np.float64]:
        """Of each difference of so many logarithms, ÷ the spread."""
        means = np.full(size - self.order, self.mean) if self.goal is None else np.array(self.goal)
        return means / self.spread


def smooth(
    begin: Sequence[float], calls: Sequence[float], times: Sequence[float], beliefs: Sequence[Belief]
) -> list[float]:
    """The logarithms of the rates, one for each cell; `begin` is where the search begins."""
    logs, counted, time = np.array(begin), np.array(calls), np.array(times)
    differences, squared = _differences(len(logs), tuple((each.order, each.spread) for each in beliefs))
    means = np.concatenate([each.means(len(logs)) for each in beliefs])
    for _ in range(STEPS):
        expected = time * np.exp(logs)
        gradient = counted - expected - differences.T @ (differences @ logs - means)
        # Where calls are many and expected few, Newton's step would be far too long: the larger one is taken.
        curvature = squared.copy()
        curvature.ravel()[:: len(logs) + 1] += np.maximum(counted, expected)
        step = np.linalg.solve(curvature, gradient)
        logs = np.maximum(LEAST_LOG, logs + np.minimum(np.maximum(step, -LONGEST_STEP), LONGEST_STEP))
    found: list[float] = logs.tolist()
    return found


def doubt(logs: Sequence[float], beliefs: Sequence[Belief]) -> float:
    """How far the logarithms are from what is believed: the sum that `smooth` holds down."""
    differences, _ = _differences(len(logs), tuple((each.order, each.spread) for each in beliefs))
    means = np.concatenate([each.means(len(logs)) for each in beliefs])
    return float(np.sum((differences @ np.array(logs) - means) ** 2)) / 2


def firmness(size: int, beliefs: Sequence[Belief]) -> NDArray[np.float64]:
    """How fast the doubt of so many logarithms grows: its curvature, as a matrix."""
    return _differences(size, tuple((each.order, each.spread) for each in beliefs))[1]


@lru_cache(maxsize=64)
def _differences(
    size: int, beliefs: tuple[tuple[int, float], ...]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The matrix that takes each belief's differences ÷ its spread, one belief below the other, and its square."""
    found = np.vstack([np.diff(np.eye(size), order, axis=0) / spread for order, spread in beliefs])
    return found, found.T @ found
