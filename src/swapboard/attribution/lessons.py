"""What calls have to say, and the expectation step: sharing each out by the present curve.

Many are shared out at once, as arrays: call by call, this was a twelfth of a replay.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import AGAIN_EDGES, CROWD, ON_PAGE, Curve
from swapboard.attribution.curve_arrays import CurveArrays
from swapboard.attribution.hazard import CELLS
from swapboard.attribution.hours import HOURS
from swapboard.attribution.lesson import Lesson

SUREST = 300.0
"""A logarithm: by more than this nothing is told. An automaton that redials to the second is past all numbers."""

LATE_CELLS = CELLS - ON_PAGE
_Each = TypeVar("_Each", np.int64, np.float64)


class Lessons:
    """Many lessons side by side: an entry for each candidate of each call, or for each call."""

    def __init__(self, lessons: Sequence[Lesson], before: "Lessons | None" = None) -> None:
        """Of all `lessons`, those that `before` has from the first on are read from there: calls do not change."""
        known = before.size if before else 0
        new = lessons[known:]

        def with_new(name: str, new: NDArray[_Each]) -> NDArray[_Each]:
            return np.concatenate([getattr(before, name), new]) if before else new

        self.size: int = len(lessons)
        self.place = with_new("place", np.frombuffer(b"".join([each.places for each in new]), np.int64))
        self.factor = with_new("factor", np.frombuffer(b"".join([each.factors for each in new]), np.float64))
        many = np.array([len(each.places) for each in new], np.int64)
        self.call = with_new("call", np.repeat(np.arange(known, self.size), many))
        """By candidate: whose it is."""
        self.hour = with_new("hour", np.array([each.hour for each in new], np.int64))
        self.by_hour = np.bincount(self.hour, minlength=HOURS).astype(np.float64)
        self.at = with_new("at", np.array([each.at for each in new], np.int64))
        late_cell = self.place % CELLS - ON_PAGE
        self.late_cell = np.where(late_cell < 0, LATE_CELLS, late_cell)
        """By candidate: where it stands of those who left, or LATE_CELLS where it had not."""
        self.late_hour = np.where(late_cell < 0, HOURS, self.hour.take(self.call))
        """By candidate: the hour at which that rang, or HOURS."""
        self.since = np.array([each.since for each in lessons], np.int64)
        """What each caller did since, which does change."""
        self.again_bin = with_new("again_bin", np.array([each.again_bin for each in new], np.int64))
        self.nobody = with_new("nobody", np.array([each.nobody for each in new], np.float64))
        self.again = with_new("again", np.array([each.again for each in new], np.float64))
        self.nobody_again = with_new("nobody_again", np.array([each.nobody_again for each in new], np.float64))


def expect(curve: Curve, lessons: Lessons) -> Counts:
    """Share each call out among its candidates, nobody, and callers who call again."""
    return shared_out(CurveArrays.of(curve), lessons)


def shared_out(curve: CurveArrays, lessons: Lessons) -> Counts:
    """The same by arrays; of several curves, row by row."""
    weights, nobody_factor, again, nobody_again = _weigh(curve, lessons)
    nobody = curve.nobody[..., None] * nobody_factor
    share = 1.0 / (_by(lessons.call, weights, lessons.size) + nobody + again)
    weights *= share.take(lessons.call, axis=-1)
    return Counts(
        _by_profile(curve, _by(lessons.place, weights, CROWD + CELLS)),
        _by(lessons.again_bin, again * share, len(AGAIN_EDGES) - 1),
        (nobody_again * share).sum(axis=-1),
        _by(lessons.hour, nobody * share, HOURS),
        lessons.by_hour,
        _by(lessons.late_hour, weights, HOURS + 1)[..., :HOURS],
        -np.log(share).sum(axis=-1),
    )


class LateWeights(NamedTuple):
    """What the candidates of each call weigh: by late cell, all others but nobody, and nobody beside its rate."""

    late: Array
    others: Array
    nobody: Array


def late_weights(curve: Curve, lessons: Lessons) -> LateWeights:
    """What learning of late callers needs of the calls."""
    weights, nobody, again, _ = _weigh(CurveArrays.of(curve), lessons)
    width = LATE_CELLS + 1
    by_cell = _by(lessons.call * width + lessons.late_cell, weights, lessons.size * width).reshape(-1, width)
    return LateWeights(by_cell[:, :LATE_CELLS], by_cell[:, LATE_CELLS] + again, nobody)


def _weigh(curve: CurveArrays, lessons: Lessons) -> tuple[Array, ...]:
    """Of each candidate; by call what nobody weighs beside its rate, all calling again, and nobody's of that."""
    rates = np.concatenate([_flat(curve.by_profile), curve.of_crowd], axis=-1)
    at_hour = np.append(curve.late_rhythm, np.ones_like(curve.nobody)[..., None], axis=-1)
    # By `take`: of several curves an index takes seven times as long.
    weights = rates.take(lessons.place, axis=-1) * lessons.factor
    weights *= at_hour.take(lessons.late_hour, axis=-1)
    told = _nobody_since(curve).take(lessons.since, axis=-1)
    rate = curve.again.take(lessons.again_bin, axis=-1)
    nobody_again = rate * curve.nobody_again[..., None] * lessons.nobody_again * told
    nobody = curve.rhythm.take(lessons.hour, axis=-1) * lessons.nobody * told
    return weights, nobody, rate * lessons.again + nobody_again, nobody_again


def _by(at: NDArray[np.int64], weights: Array, size: int) -> Array:
    """What weighs so much at each place, added up; of integers where there is nothing at all."""
    if weights.ndim > 1:
        return np.array([_by(at, each, size) for each in weights])
    return np.bincount(at, weights, size).astype(np.float64, copy=False)


def _flat(by_profile: Array) -> Array:
    """By place, what is by profile and cell."""
    return by_profile.reshape(*by_profile.shape[:-2], CROWD)


def _nobody_since(curve: CurveArrays) -> Array:
    """By what the caller did since: how much likelier that makes *nobody* than a visitor."""
    expected, nobody_again = curve.again * _AGAIN_WIDTHS, curve.nobody_again[..., None]
    waited = expected.cumsum(axis=-1) - expected / 2
    found = np.exp(np.clip((1.0 - nobody_again) * waited, -SUREST, SUREST))
    return np.concatenate([found, nobody_again, np.ones_like(nobody_again)], axis=-1)


def _by_profile(curve: CurveArrays, found: Array) -> Array:
    """What was given to the crowd is shared among its profiles, by how often each calls."""
    shares = curve.crowd[:, None] * curve.by_profile / curve.of_crowd[..., None, :]
    return found[..., :CROWD] + _flat(found[..., None, CROWD:] * shares)


_AGAIN_WIDTHS = np.diff(AGAIN_EDGES)
