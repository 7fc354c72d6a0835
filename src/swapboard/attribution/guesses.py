"""Nobody or late callers: calls hardly tell them apart, so that several shares of nobody's are guessed at once.

Each guess is learned on, held to its share, and weighed by how probable it makes the calls; what is learned is
their mean. The likeliest alone would change from one end to the other by a few calls, and be as sure of either.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import exp, log, log1p

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.curve import Curve
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.learning import NOBODY_PRIOR, NOBODY_SHARE, learn, log_posterior, maximise
from swapboard.attribution.lessons import Counts, Lessons, expect

SHARES = (0.01, 0.04, 0.13, 0.4)
GIVEN_UP = 1e-4
"""A guess that is so much less probable than the likeliest is not learned on."""


@dataclass(slots=True)
class Guesses:
    """What was learned with each share of nobody's so far."""

    curves: dict[float, Curve | None] = field(default_factory=lambda: dict.fromkeys(SHARES))

    def learn(self, curve: Curve, lessons: Lessons, exposures: Exposures, each: int, rounds: int) -> Curve:
        """The mean after `each` rounds of every guess, and of all `rounds` those that are left over."""
        crowd = curve.crowd
        if len(self.curves) == 1:
            return learn(curve, lessons, exposures, rounds=rounds)[0]
        found: dict[float, tuple[Curve, float]] = {}
        for share, before in self.curves.items():
            rate = share * max(1, lessons.size) / max(exposures.numbers, 1.0)
            found[share] = _held(replace(before or curve, crowd=crowd), rate, lessons, exposures, each)
        best = max(posterior + _believed(share) for share, (_, posterior) in found.items())
        weights = {share: exp(at + _believed(share) - best) for share, (_, at) in found.items()}
        self.curves = {share: found[share][0] for share, weight in weights.items() if weight > GIVEN_UP}
        mean = _mean([guess for guess, _ in found.values()], list(weights.values()))
        return learn(mean, lessons, exposures, rounds=max(1, rounds - each * len(found)))[0]


def _held(curve: Curve, nobody: float, lessons: Lessons, exposures: Exposures, rounds: int) -> tuple[Curve, float]:
    """The curve after so many rounds with nobody's rate as it is guessed; how probable it was before the last."""
    before, counts = curve, Counts()
    for _ in range(rounds):
        before = replace(curve, nobody=nobody)
        counts = expect(before, lessons)
        curve = maximise(before, counts, exposures)
    return replace(curve, nobody=nobody), log_posterior(before, counts, exposures)


def _believed(share: float) -> float:
    """The logarithm of how far a share is believed in before anything is heard; see `maximise`."""
    ratio = share / NOBODY_SHARE
    return NOBODY_PRIOR * (log(ratio) - 2.0 * log1p(ratio))


def _mean(curves: Sequence[Curve], weights: Sequence[float]) -> Curve:
    shares = np.array(weights) / sum(weights)

    def mean(parts: Sequence[object]) -> NDArray[np.float64]:
        return np.tensordot(shares, np.array(parts, np.float64), 1)

    return replace(
        curves[0],
        rates=tuple(mean([each.rates for each in curves]).tolist()),
        profiles=tuple(map(tuple, mean([each.profiles for each in curves]).tolist())),
        nobody=float(mean([each.nobody for each in curves])),
        again=tuple(mean([each.again for each in curves]).tolist()),
        nobody_again=float(mean([each.nobody_again for each in curves])),
        rhythm=tuple(mean([each.rhythm for each in curves]).tolist()),
        late_rhythm=tuple(mean([each.late_rhythm for each in curves]).tolist()),
    )
