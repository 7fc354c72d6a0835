"""Kinds of late callers, each with a log-normal delay of its own, fitted to all calls at once.

Newton's method goes by all calls, whoever made them. Sharing calls out by the curve there is and learning from the
shares would take hundreds of rounds: who rings a day later is one of dozens of candidates.
"""

from functools import lru_cache
from itertools import chain
from math import erf, exp, log, pi, sqrt
from typing import NamedTuple

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.hazard import EDGES, Phase
from swapboard.attribution.learning import NOBODY_SHARE
from swapboard.clock import DAY, MINUTE

LONGEST_STEP = 0.7
SHORTER = (1.0, 0.4, 0.1)
"""A step that makes the calls less probable is tried so much shorter."""
LEAST_GAIN = 0.01
HASTE = 0.3
"""How much of a slope counts as curvature: where calls are few, that of the probability alone is too small."""
NOBODY_DOUBT = 1.0
"""How far the logarithm of nobody's share may be from what is believed of it."""
HELD = 1e-4
"""The same where it is known."""
KINDS = ((log(0.02), log(30 * MINUTE), log(1.2)), (log(0.02), log(DAY), log(0.4)))
"""By kind, the sooner one first, what is believed of the logarithms of how many visits call so, of the median of
their delay, and of its spread."""
DOUBTS = ((2.0, 2.0, 0.4), (2.0, 1.5, 0.5))
ALONE, ALONE_DOUBTS = (log(0.02), log(30 * MINUTE), log(1.6)), (2.0, 2.0, 0.3)
"""The same of a single kind: its delays lie further apart than those of either of two."""
LEAST_RATE = 1e-22


class Seen(NamedTuple):
    """What calls have to say of those who called after a visit; a row is a call, or calls that were alike."""

    others: Array
    """What a call's other candidates weigh."""
    cells: Array
    """What its candidates in each cell after a visit weigh, beside the rate there."""
    nobody: Array
    """What nobody weighs, beside its rate."""
    counts: Array
    """How many calls the row is."""
    times: Array
    """By cell, in milliseconds."""
    number_time: float
    """How long nobody could call, of all numbers together."""
    calls: float


class Belief(NamedTuple):
    """What is chosen of kinds before any call, and how much that is doubted."""

    means: Array
    doubts: Array


class Fit(NamedTuple):
    """The logarithm of nobody's rate and, by kind, what `KINDS` tells; and how probable it is with all calls."""

    found: Array
    probable: float

    @property
    def nobody(self) -> float:
        """Calls a millisecond, for each number."""
        return exp(self.found[0])

    @property
    def rates(self) -> Array:
        """By cell of those who left, in calls per millisecond of any visit."""
        return _rates(self.found)


def believed(kinds: int, seen: Seen) -> Belief:
    """What so many kinds, and nobody, are believed to be before any call, and how much that is doubted."""
    nobody = log(NOBODY_SHARE * seen.calls / seen.number_time)
    means, doubts = (KINDS, DOUBTS) if kinds > 1 else ((ALONE,), (ALONE_DOUBTS,))
    return Belief(np.array([nobody, *chain(*means)]), np.array([NOBODY_DOUBT, *chain(*doubts)]))


def held(nobody: float, seen: Seen) -> Belief:
    """What a single kind is believed to be where nobody's rate is known."""
    means, doubts = believed(1, seen)
    return Belief(np.append(log(nobody), means[1:]), np.append(HELD, doubts[1:]))


def fit(begin: Array, seen: Seen, steps: int, belief: Belief | None = None) -> Fit:
    """The most probable kinds, from where to begin."""
    belief = belief or believed(len(begin) // 3, seen)
    at = Fit(begin, _probable(begin, seen, *belief))
    for _ in range(steps):
        step = _step(at.found, seen, *belief)
        tried = (at.found + shorter * step for shorter in SHORTER)
        after = next(
            (
                each
                for found in tried
                if (each := Fit(found, _probable(found, seen, *belief))).probable > at.probable
            ),
            at,
        )
        gained, at = after.probable - at.probable, after
        if gained < LEAST_GAIN:
            break
    return at


def scores(found: Array, seen: Seen) -> Array:
    """By call and what is chosen of kinds: how the logarithm of its weight changes."""
    return _scores(found, _slopes(found), seen)


def _scores(found: Array, slopes: Array, seen: Seen) -> Array:
    own = np.empty((len(seen.nobody), 1 + slopes.shape[1]))
    own[:, 0], own[:, 1:] = exp(found[0]) * seen.nobody, seen.cells @ slopes
    # How a weight changes with nobody's logarithm, or with that of a kind's share, is what each of them weighs.
    weights = seen.others + own[:, 0] + own[:, 1::3].sum(axis=1)
    own /= weights[:, None]
    return own


def _step(found: Array, seen: Seen, means: Array, doubts: Array) -> Array:
    slopes = _slopes(found)
    by_call = _scores(found, slopes, seen)
    expected = np.append(exp(found[0]) * seen.number_time, seen.times @ slopes)
    gradient = seen.counts @ by_call - expected
    curvature = by_call.T @ (by_call * seen.counts[:, None]) + np.diag(1.0 / doubts**2 + HASTE * np.abs(gradient))
    step: Array = np.linalg.solve(curvature, gradient + (means - found) / doubts**2)
    return np.clip(step, -LONGEST_STEP, LONGEST_STEP)


def _probable(found: Array, seen: Seen, means: Array, doubts: Array) -> float:
    """The logarithm of how probable the kinds make the calls, and what is believed the kinds."""
    expected = float(seen.times @ _rates(found)) + exp(found[0]) * seen.number_time
    doubt = float((((found - means) / doubts) ** 2).sum()) / 2.0
    return float(seen.counts @ np.log(_weights(found, seen))) - expected - doubt


def _weights(found: Array, seen: Seen) -> Array:
    """By call: all candidates' and nobody's."""
    return seen.others + seen.cells @ _rates(found) + exp(found[0]) * seen.nobody


def _rates(found: Array) -> Array:
    rates: Array = np.array([_of_kind(*kind) for kind in found[1:].reshape(-1, 3).tolist()]).sum(axis=0)
    return rates


@lru_cache(maxsize=16)
def _of_kind(share: float, median: float, spread: float) -> Array:
    # Remembered: each step of Newton's asks three times for what a kind was found to be.
    width = exp(spread) * sqrt(2.0)
    done = np.array([0.0] + [0.5 + 0.5 * erf((edge - median) / width) for edge in LOG_EDGES.tolist()])
    return exp(share) * np.diff(done) / WIDTHS + LEAST_RATE


def _slopes(found: Array) -> Array:
    """By cell and parameter of the kinds: how the rates change with it."""
    columns = []
    for share, median, spread in found[1:].reshape(-1, 3).tolist():
        width = exp(spread)
        off = (LOG_EDGES - median) / width
        normal = np.exp(-off * off / 2.0) / sqrt(2.0 * pi)
        ends = np.zeros((2, len(LOG_EDGES) + 1))
        ends[:, 1:] = -normal / width, -off * normal
        later, wider = exp(share) * np.diff(ends) / WIDTHS
        columns += [_of_kind(share, median, spread), later, wider]
    return np.array(columns).T


LOG_EDGES = np.log(EDGES[Phase.LEFT][1:])
WIDTHS = np.diff(np.array(EDGES[Phase.LEFT], np.float64))
