"""A smooth curve through counts: what is believed of neighbouring rates' logarithms, against the calls there.

Maximises Σ calls·log(rate) - time·rate - Σ over beliefs Σ (difference of that order - mean)² / (2·spread²), by
Newton's method. An order of 3 with a small spread holds the curve to a parabola in logarithms, which is a
log-normal delay; of 2, to a power of time; of 0, to a height.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from swapboard.attribution.arrays import Array

STEPS = 2
LONGEST_STEP = 1.5
LEAST_LOG = -60.0


class Belief(NamedTuple):
    """How the differences of an order between neighbouring logarithms are distributed: normally."""

    order: int
    spread: float
    mean: float = 0.0
    goal: Array | None = None
    """The means one by one, instead; of several curves, row by row."""


def smooth(begin: Array, calls: Array, times: Array, beliefs: Sequence[Belief]) -> Array:
    """The logarithms of the rates, one for each cell; `begin` is where the search begins.

    Of several curves, row by row.
    """
    logs, size = begin, begin.shape[-1]
    differences, squared = _differences(size, tuple((each.order, each.spread) for each in beliefs))
    means = _means(beliefs, logs)
    for _ in range(STEPS):
        expected = times * np.exp(logs)
        gradient = calls - expected - (logs @ differences.T - means) @ differences
        # Where calls are many and expected few, Newton's step would be far too long: the larger one is taken.
        curvature = np.empty((*logs.shape, size))
        curvature[...] = squared
        curvature.reshape(-1, size * size)[:, :: size + 1] += np.maximum(calls, expected).reshape(-1, size)
        step = np.linalg.solve(curvature, gradient[..., None])[..., 0]
        logs = np.maximum(LEAST_LOG, logs + np.minimum(np.maximum(step, -LONGEST_STEP), LONGEST_STEP))
    return logs


def doubt(logs: Array, beliefs: Sequence[Belief]) -> Array:
    """How far the logarithms are from what is believed: the sum that `smooth` holds down."""
    differences, _ = _differences(logs.shape[-1], tuple((each.order, each.spread) for each in beliefs))
    found: Array = np.sum((logs @ differences.T - _means(beliefs, logs)) ** 2, axis=-1) / 2
    return found


def _means(beliefs: Sequence[Belief], logs: Array) -> Array:
    """Of each difference of the logarithms, ÷ the spread."""
    *rows, size = logs.shape
    means = np.empty((*rows, sum(size - each.order for each in beliefs)))
    end = 0
    for order, spread, mean, goal in beliefs:
        begin, end = end, end + size - order
        means[..., begin:end] = (mean if goal is None else goal) / spread
    return means


def firmness(size: int, beliefs: Sequence[Belief]) -> Array:
    """How fast the doubt of so many logarithms grows: its curvature, as a matrix."""
    return _differences(size, tuple((each.order, each.spread) for each in beliefs))[1]


@lru_cache(maxsize=64)
def _differences(size: int, beliefs: tuple[tuple[int, float], ...]) -> tuple[Array, Array]:
    """The matrix that takes each belief's differences ÷ its spread, one belief below the other, and its square."""
    found = np.vstack([np.diff(np.eye(size), order, axis=0) / spread for order, spread in beliefs])
    return found, found.T @ found
