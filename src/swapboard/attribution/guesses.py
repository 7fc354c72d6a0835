"""Nobody or late callers: calls hardly tell them apart, so that several shares of nobody's are guessed at once.

Each guess is learned on, held to its share, and weighed by how probable it makes the calls; what is learned is
their mean. The likeliest alone would change from one end to the other by a few calls, and be as sure of either.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import Curve
from swapboard.attribution.curve_arrays import CurveArrays
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.learning import NOBODY_PRIOR, NOBODY_SHARE, learn, log_posterior, maximised
from swapboard.attribution.lessons import Lessons, shared_out

SHARES = (0.01, 0.04, 0.13, 0.4, 0.73)
"""About as far apart by their odds. Where numbers are short most visits have none, and strangers need none."""
GIVEN_UP = 1e-4
"""A guess that is so much less probable than the likeliest is not learned on."""


@dataclass(slots=True)
class Guesses:
    """What was learned with each share of nobody's so far."""

    curves: dict[float, CurveArrays | None] = field(default_factory=lambda: dict.fromkeys(SHARES))

    @property
    def are_open(self) -> bool:
        """Whether what was learned is a mean of several."""
        return len(self.curves) > 1

    def learn(self, curve: Curve, lessons: Lessons, exposures: Exposures, each: int, rounds: int) -> Curve:
        """The mean after `each` rounds of every guess, and of all `rounds` those that are left over."""
        if not self.are_open:
            return learn(curve, lessons, exposures, rounds=rounds)
        shares, begin = np.array(list(self.curves)), CurveArrays.of(curve)
        before = CurveArrays.side_by_side([guess or begin for guess in self.curves.values()])
        before = replace(before, crowd=begin.crowd)
        nobody = shares * max(1, lessons.size) / max(exposures.numbers, 1.0)
        found, posterior = _held(before, nobody, lessons, exposures, each)
        believed = posterior + _believed(shares)
        weights = np.exp(believed - believed.max())
        kept = zip(shares.tolist(), found.rows(), (weights > GIVEN_UP).tolist(), strict=True)
        self.curves = {share: guess for share, guess, is_kept in kept if is_kept}
        mean = found.mean(weights).put_in(curve)
        return learn(mean, lessons, exposures, rounds=max(1, rounds - each * len(shares)))


def _held(
    curves: CurveArrays, nobody: Array, lessons: Lessons, exposures: Exposures, rounds: int
) -> tuple[CurveArrays, Array]:
    """Each after so many rounds with nobody's rate as it is guessed; how probable it was before the last."""
    before, counts = curves, Counts()
    for _ in range(rounds):
        before = replace(curves, nobody=nobody)
        counts = shared_out(before, lessons)
        curves = maximised(before, counts, exposures)
    return replace(curves, nobody=nobody), log_posterior(before, counts, exposures)


def _believed(shares: Array) -> Array:
    """The logarithm of how far a share is believed in before anything is heard; see `maximised`."""
    ratios = shares / NOBODY_SHARE
    found: Array = NOBODY_PRIOR * (np.log(ratios) - 2.0 * np.log1p(ratios))
    return found
