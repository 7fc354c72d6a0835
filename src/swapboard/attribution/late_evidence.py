"""How probable each shape of late callers' delay makes the calls, on average over all that it may be.

A shape that can be fitted to any calls must not be believed because it fits these. So the smooth curve and a
single log-normal kind are weighed by such a mean, over nobody's rate as well, as far as that is open. What is
taken of the kind is its mean, too: where calls are few, the likeliest is far too sure of when people ring.
"""

from functools import cache
from math import log
from typing import NamedTuple

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.late_curve import doubt_of_late
from swapboard.attribution.late_kinds import (
    LEAST_RATE,
    LOG_EDGES,
    WIDTHS,
    Belief,
    Seen,
    fit,
    scores,
)

STEPS = 12
HALF = 16
"""Of so many choices and their opposites a mean is taken."""
WIDER = 1.4
"""How much further apart they lie than the calls seem to leave open."""
SEED = 1
NEAR_NORMAL = (1.5976, 0.07056)
"""With these a logistic curve comes within 0.0002 of the normal distribution's."""
STEEPEST = 300.0


class Averaged(NamedTuple):
    """The mean over all that a kind may be, each as probable as it is."""

    rates: Array
    """By cell of those who left."""
    nobody: float
    """Its rate with them."""
    evidence: float
    """The logarithm of how probable it makes the calls, on average."""


def averaged(begin: Array, nobody: float, seen: Seen, belief: Belief) -> Averaged:
    """The mean over all kinds, and nobody's rates, around the most probable; it is looked for from there."""
    most = fit(np.append(log(nobody), begin[1:]), seen, STEPS, belief).found
    wide = _left_open(most, seen, belief.doubts) * WIDER
    points = _points()
    tried = most + points @ wide.T
    rates, of_nobody = _rates(tried), np.exp(tried[:, 0])
    weights = seen.others[:, None] + seen.nobody[:, None] * of_nobody + seen.cells @ rates
    probable = seen.counts @ np.log(weights) - seen.times @ rates - seen.number_time * of_nobody
    probable -= (((tried - belief.means) / belief.doubts) ** 2 - points**2).sum(axis=1) / 2.0
    best = float(probable.max())
    shares = np.exp(probable - best)
    volume = float(np.log(np.diag(wide) / belief.doubts).sum())
    mean = shares / shares.sum()
    return Averaged(rates @ mean, float(of_nobody @ mean), best + log(float(shares.mean())) + volume)


def of_smooth(rates: Array, nobody: float, seen: Seen, belief: Belief) -> float:
    """The logarithm of how probable smooth curves, and rates of nobody, near these make the calls, on average."""
    weights = seen.others + seen.cells @ rates + nobody * seen.nobody
    doubt, firm = doubt_of_late(np.log(rates))
    doubt += float((log(nobody) - belief.means[0]) / belief.doubts[0]) ** 2 / 2.0
    beliefs = np.zeros((len(rates) + 1, len(rates) + 1))
    beliefs[0, 0], beliefs[1:, 1:] = 1.0 / belief.doubts[0] ** 2, firm
    by_call = np.column_stack([nobody * seen.nobody, seen.cells * rates]) / weights[:, None]
    curvature = by_call.T @ (by_call * seen.counts[:, None]) + beliefs
    left_open = float(np.linalg.slogdet(beliefs)[1] - np.linalg.slogdet(curvature)[1])
    expected = float(seen.times @ rates) + nobody * seen.number_time
    return float(seen.counts @ np.log(weights)) - expected - doubt + left_open / 2.0


def _left_open(found: Array, seen: Seen, doubts: Array) -> Array:
    """How far what is chosen of a kind may lie from the most probable: the root of its covariance."""
    by_call = scores(found, seen)
    curvature = by_call.T @ (by_call * seen.counts[:, None]) + np.diag(1.0 / doubts**2)
    root: Array = np.linalg.cholesky(np.linalg.inv(curvature))
    return root


def _rates(tried: Array) -> Array:
    """By cell and choice."""
    _, share, median, spread = tried.T
    off = (LOG_EDGES[:, None] - median) / np.exp(spread)
    slope, bend = NEAR_NORMAL
    below = 1.0 / (1.0 + np.exp(np.clip(-off * (slope + bend * off * off), -STEEPEST, STEEPEST)))
    done = np.vstack([np.zeros(len(tried)), below])
    found: Array = np.exp(share) * np.diff(done, axis=0) / WIDTHS[:, None] + LEAST_RATE
    return found


@cache
def _points() -> Array:
    """The same each time: to weigh calls is to draw no chance."""
    # Made when calls are first weighed: until then no process loads what numpy draws them with, which is 7 MB.
    half = np.random.default_rng(SEED).standard_normal((HALF, 4))
    return np.vstack([half, -half])
