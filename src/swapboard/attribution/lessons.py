"""What calls have to say, and the expectation step: sharing each out by the present curve.

Many are shared out at once, as arrays: call by call, this was a twelfth of a replay.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import AGAIN_EDGES, CROWD, ON_PAGE, Curve
from swapboard.attribution.curve_arrays import CurveArrays
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.hazard import CELLS
from swapboard.attribution.hours import HOURS
from swapboard.attribution.lesson import Lesson

SUREST = 300.0
"""A logarithm: by more than this nothing is told. An automaton that redials to the second is past all numbers."""


class Lessons:
    """Many lessons side by side: an entry for each candidate of each call, or for each call."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.size = len(lessons)
        self.place = np.frombuffer(b"".join(each.places for each in lessons), np.int64)
        self.factor = np.frombuffer(b"".join(each.factors for each in lessons), np.float64)
        self.call = np.repeat(np.arange(self.size), [len(each.places) for each in lessons])
        """By candidate: whose it is."""
        self.late = np.nonzero(self.place % CELLS >= ON_PAGE)[0]
        """The candidates that had left."""
        self.hour = np.array([each.hour for each in lessons], np.int64)
        self.by_hour = np.bincount(self.hour, minlength=HOURS).astype(np.float64)
        self.at = np.array([each.at for each in lessons], np.int64)
        self.late_hour = self.hour[self.call[self.late]]
        self.since = np.array([each.since for each in lessons], np.int64)
        self.again_bin = np.array([each.again_bin for each in lessons], np.int64)
        self.nobody = np.array([each.nobody for each in lessons])
        self.again = np.array([each.again for each in lessons])
        self.nobody_again = np.array([each.nobody_again for each in lessons])


def expect(curve: Curve, lessons: Lessons) -> Counts:
    """Share each call out among its candidates, nobody, and callers who call again."""
    return shared_out(CurveArrays.of(curve), lessons)


def shared_out(curve: CurveArrays, lessons: Lessons) -> Counts:
    """The same by arrays, of one curve."""
    weights, nobody_factor, again, nobody_again = _weigh(curve, lessons)
    nobody = curve.nobody * nobody_factor
    share = 1.0 / (_by(lessons.call, weights, lessons.size) + nobody + again)
    weights *= share[lessons.call]
    return Counts(
        _by_profile(curve, _by(lessons.place, weights, CROWD + CELLS)),
        _by(lessons.again_bin, again * share, len(AGAIN_EDGES) - 1),
        np.asarray(nobody_again @ share),
        _by(lessons.hour, nobody * share, HOURS),
        lessons.by_hour,
        _by(lessons.late_hour, weights[lessons.late], HOURS),
        np.asarray(-np.log(share).sum()),
    )


class LateWeights(NamedTuple):
    """What the candidates of each call weigh: by late cell, all others but nobody, and nobody beside its rate."""

    late: Array
    others: Array
    nobody: Array


def late_weights(curve: Curve, lessons: Lessons) -> LateWeights:
    """What learning of late callers needs of the calls."""
    weights, nobody, again, _ = _weigh(CurveArrays.of(curve), lessons)
    width = CELLS - ON_PAGE
    at = lessons.call[lessons.late] * width + lessons.place[lessons.late] % CELLS - ON_PAGE
    late = _by(at, weights[lessons.late], lessons.size * width)
    weights[lessons.late] = 0.0
    return LateWeights(late.reshape(-1, width), _by(lessons.call, weights, lessons.size) + again, nobody)


def _weigh(curve: CurveArrays, lessons: Lessons) -> tuple[Array, ...]:
    """Of each candidate; by call what nobody weighs beside its rate, all calling again, and nobody's of that."""
    weights = np.append(curve.by_profile, curve.of_crowd)[lessons.place] * lessons.factor
    weights[lessons.late] *= curve.late_rhythm[lessons.late_hour]
    told = _nobody_since(curve)[lessons.since]
    rate = curve.again[lessons.again_bin]
    nobody_again = rate * curve.nobody_again * lessons.nobody_again * told
    nobody = curve.rhythm[lessons.hour] * lessons.nobody * told
    return weights, nobody, rate * lessons.again + nobody_again, nobody_again


def _by(at: NDArray[np.int64], weights: Array, size: int) -> Array:
    """What weighs so much at each place, added up; of integers where there is nothing at all."""
    return np.bincount(at, weights, size).astype(np.float64, copy=False)


def _nobody_since(curve: CurveArrays) -> Array:
    """By what the caller did since: how much likelier that makes *nobody* than a visitor."""
    expected = curve.again * _AGAIN_WIDTHS
    waited = expected.cumsum() - expected / 2
    found = np.exp(np.clip((1.0 - curve.nobody_again) * waited, -SUREST, SUREST))
    return np.append(found, [curve.nobody_again, 1.0])


def _by_profile(curve: CurveArrays, found: Array) -> Array:
    """What was given to the crowd is shared among its profiles, by how often each calls."""
    own, crowd = found[:CROWD].reshape(PROFILES, CELLS), found[CROWD:]
    shares = curve.crowd[:, None] * curve.by_profile / curve.of_crowd
    return (own + crowd * shares).ravel()


_AGAIN_WIDTHS = np.diff(AGAIN_EDGES)
