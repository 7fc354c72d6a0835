"""Learns the curve from calls whose callers are not known for sure: expectation-maximisation with a prior.

The expectation step (`lessons.py`) shares each call out among its candidates by the present curve; the
maximisation step makes each rate the calls it was given ÷ the time that sessions spent there. Where there is
little of either, the rate is drawn to that of its neighbours, and the neighbours' to the prior's shape.
"""

from dataclasses import replace

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.cell_rates import by_cell, cell_rates, goals_of, times_of
from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import Curve
from swapboard.attribution.curve_arrays import CurveArrays
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import CELLS, FIRST_CELL, Phase, cells_of
from swapboard.attribution.hours import expected_by_hour, factors, fitted
from swapboard.attribution.late_curve import late_shape
from swapboard.attribution.lessons import Lessons, shared_out
from swapboard.attribution.nobody_hours import rhythm_gained, rhythm_of
from swapboard.attribution.smooth import Belief, doubt, smooth

ROUNDS = 6

PROFILE_PRIOR = 40.0

NOBODY_PRIOR = 2.0
"""How many of nobody's calls its prior weighs; the more they really are, the less: its doubt is one of ratios."""

NOBODY_SHARE = 0.05
"""Before there is any evidence, five calls in a hundred are nobody's."""

LEAST_EXPECTED = 0.01
"""So many calls are always thought possible."""

NOBODY_AGAIN_PRIOR = 2.0
"""How many of nobody's calls again its prior weighs."""


def learn(
    curve: Curve,
    lessons: Lessons,
    exposures: Exposures,
    earlier: Counts | None = None,
    rounds: int = ROUNDS,
) -> Curve:
    """The curve after so many rounds of expectation and maximisation.

    `exposures` is the time behind the lessons and `earlier`, calls that were shared out before.
    """
    arrays = CurveArrays.of(curve)
    for _ in range(rounds):
        counts = shared_out(arrays, lessons)
        arrays = maximised(arrays, counts.plus(earlier) if earlier else counts, exposures)
    return arrays.put_in(curve)


def scaled_prior(calls: float, exposures: Exposures) -> Curve:
    """The prior at the height of the company's own calls: where to begin."""
    prior = Curve.prior()
    expected = float(prior.grid[:PROFILES].ravel() @ exposures.by_profile.ravel())
    scale = (calls + 0.5) / (expected + 0.5)
    by_visitors = max(LEAST_EXPECTED, scale * expected)
    return replace(
        prior,
        rates=tuple(rate * scale for rate in prior.rates),
        nobody=NOBODY_SHARE * by_visitors / max(exposures.numbers, 1.0),
    )


def maximised(curve: CurveArrays, counts: Counts, exposures: Exposures) -> CurveArrays:
    """The rates that make the counts most probable, given the time behind them and the prior; row by row."""
    times = times_of(curve, exposures)
    calls = counts.places.reshape(*counts.places.shape[:-1], PROFILES, CELLS)
    rates = cell_rates(curve, calls, times)
    again = np.exp(
        smooth(np.log(curve.again), counts.again, np.maximum(0.0, _times_again(curve, exposures)), AGAIN_SHAPE)
    )
    like_visitors = again @ np.array(exposures.nobody_again)
    numbers = max(exposures.numbers, 1.0)
    target = NOBODY_SHARE * np.maximum(1.0, counts.calls.sum(axis=-1)) / numbers
    expected = expected_by_hour(rates, exposures.there)
    return CurveArrays(
        rates=rates,
        profiles=_profile_factors(rates, calls, times),
        nobody=(counts.nobody.sum(axis=-1) + NOBODY_PRIOR)
        / (numbers + 2 * NOBODY_PRIOR / (target + curve.nobody)),
        again=again,
        nobody_again=(NOBODY_AGAIN_PRIOR * Curve.nobody_again + counts.nobody_again)
        / (NOBODY_AGAIN_PRIOR + like_visitors),
        rhythm=rhythm_of(counts, exposures),
        late_rhythm=factors(counts.late, expected, curve.late_rhythm),
        crowd=curve.crowd,
    )


def log_posterior(curve: CurveArrays, counts: Counts, exposures: Exposures) -> Array:
    """How probable the curve makes the calls, and what is believed of them the curve: late callers and hours."""
    times = times_of(curve, exposures)
    again = (curve.again * _times_again(curve, exposures)).sum(axis=-1)
    expected = (curve.by_profile * times).sum(axis=(-1, -2)) + curve.nobody * exposures.numbers + again
    left = cells_of(Phase.LEFT)
    goals = goals_of(counts.places.sum(axis=-1), by_cell(curve, times))
    hours = fitted(counts.late, expected_by_hour(curve.rates, exposures.there), curve.late_rhythm)
    hours = hours + rhythm_gained(counts, exposures)
    shape = doubt(np.log(curve.rates[..., left]), late_shape(goals[..., left]))
    found: Array = counts.log_total - expected - hours - shape
    return found


def _times_again(curve: CurveArrays, exposures: Exposures) -> Array:
    nobody = np.array(exposures.nobody_again)
    found: Array = np.array(exposures.again) - (1.0 - curve.nobody_again[..., None]) * nobody
    return found


def _profile_factors(rates: Array, calls: Array, times: Array) -> Array:
    """By phase and profile."""
    expected = times * rates[..., None, :]
    own, all_ = (np.add.reduceat(each, FIRST_CELL, axis=-1) + PROFILE_PRIOR for each in (calls, expected))
    found: Array = (own / all_).swapaxes(-1, -2)
    return found


_AGAIN_PRIOR = np.log(Curve.prior().again)

AGAIN_SHAPE = tuple(
    Belief(order, spread, goal=np.diff(_AGAIN_PRIOR, order)) for order, spread in ((0, 5.0), (1, 0.7), (2, 0.5))
)
"""Calling again, where there is little time: how far its heights, steps and bends usually are from the prior's."""
