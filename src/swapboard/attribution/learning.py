"""Learns the curve from calls whose callers are not known for sure: expectation-maximisation with a prior.

The expectation step (`lessons.py`) shares each call out among its candidates by the present curve; the
maximisation step makes each rate the calls it was given ÷ the time that sessions spent there. Where there is
little of either, the rate is drawn to that of its neighbours, and the neighbours' to the prior's shape.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.curve import ON_PAGE, Curve
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import CELLS, FIRST_CELL, PHASE_OF, Phase, cells_of, prior_rates
from swapboard.attribution.hours import expected_by_hour, factors, fitted, shares_of_time
from swapboard.attribution.late_curve import HEIGHT, late_logs, late_shape
from swapboard.attribution.lessons import Counts, Lessons, expect
from swapboard.attribution.nobody_hours import rhythm_gained, rhythm_of
from swapboard.attribution.smooth import Belief, doubt, smooth

ROUNDS = 6

HIDDEN_LIKE_LIVE = Belief(0, 3.0)
"""How far that of a hidden page is from that of one that is looked at, cell by cell."""

BENDS = (Belief(2, 0.35), Belief(2, 0.3), Belief(2, 0.35))
"""By phase, on the page: how far the logarithms of neighbouring rates usually are from a straight line."""

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
) -> tuple[Curve, Counts]:
    """The curve after so many rounds of expectation and maximisation, and the lessons' calls as shared out last.

    `exposures` is the time behind the lessons and `earlier`, calls that were shared out before.
    """
    counts = Counts()
    for _ in range(rounds):
        counts = expect(curve, lessons)
        if earlier:
            both = Counts()
            both.add(counts)
            both.add(earlier)
            curve = maximise(curve, both, exposures)
        else:
            curve = maximise(curve, counts, exposures)
    return curve, counts


def scaled_prior(calls: float, exposures: Exposures) -> Curve:
    """The prior at the height of the company's own calls: where to begin."""
    prior = Curve.prior()
    expected = float(prior.grid[:PROFILES].ravel() @ exposures.places)
    scale = (calls + 0.5) / (expected + 0.5)
    by_visitors = max(LEAST_EXPECTED, scale * expected)
    return replace(
        prior,
        rates=tuple(rate * scale for rate in prior.rates),
        nobody=NOBODY_SHARE * by_visitors / max(exposures.numbers, 1.0),
    )


def maximise(curve: Curve, counts: Counts, exposures: Exposures) -> Curve:
    """The rates that make the counts most probable, given the time behind them and the prior."""
    times = _times(curve, exposures)
    calls = np.array(counts.places).reshape(PROFILES, CELLS)
    rates = _cell_rates(curve, calls, times)
    profiles = _profile_factors(rates, calls, times)
    again = _again(counts.again, _times_again(curve, exposures), curve.again)
    like_visitors = sum(rate * time for rate, time in zip(again, exposures.nobody_again, strict=True))
    target = NOBODY_SHARE * max(1.0, sum(counts.calls)) / max(exposures.numbers, 1.0)
    return replace(
        curve,
        rates=rates,
        profiles=profiles,
        nobody=(sum(counts.nobody) + NOBODY_PRIOR)
        / (max(exposures.numbers, 1.0) + 2 * NOBODY_PRIOR / (target + curve.nobody)),
        rhythm=rhythm_of(counts, exposures.ready),
        late_rhythm=factors(counts.late, expected_by_hour(rates, exposures.away), curve.late_rhythm),
        again=again,
        nobody_again=(NOBODY_AGAIN_PRIOR * Curve.nobody_again + counts.nobody_again)
        / (NOBODY_AGAIN_PRIOR + like_visitors),
    )


def log_posterior(curve: Curve, counts: Counts, exposures: Exposures) -> float:
    """How probable the curve makes the calls, and what is believed of them the curve: late callers and hours."""
    times = _times(curve, exposures)
    again = sum(map(float.__mul__, curve.again, _times_again(curve, exposures)))
    expected = float(curve.grid[:PROFILES].ravel() @ times.ravel()) + curve.nobody * exposures.numbers + again
    left = cells_of(Phase.LEFT)
    goals = _goals(sum(counts.places), _by_cell(curve, times).tolist())
    hours = fitted(counts.late, expected_by_hour(curve.rates, exposures.away), curve.late_rhythm)
    hours += rhythm_gained(counts, exposures.ready)
    shape = doubt([log(rate) for rate in curve.rates[left]], late_shape(goals[left]))
    return counts.log_total - expected - hours - shape


def _times(curve: Curve, exposures: Exposures) -> NDArray[np.float64]:
    """By profile and cell."""
    shares = np.array(shares_of_time(exposures.away, curve.late_rhythm))
    found: NDArray[np.float64] = np.array(exposures.places).reshape(PROFILES, CELLS) * shares
    return found


def _times_again(curve: Curve, exposures: Exposures) -> list[float]:
    return [
        all_ - (1.0 - curve.nobody_again) * nobody
        for all_, nobody in zip(exposures.again, exposures.nobody_again, strict=True)
    ]


def _by_cell(curve: Curve, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """All profiles' time, each as much as it calls."""
    found: NDArray[np.float64] = (times * np.array(curve.profiles)[PHASE_OF, :].T).sum(axis=0)
    return found


def _goals(calls: float, times: Sequence[float]) -> list[float]:
    """The logarithms that the prior is for: it has a shape only, its height is the company's own."""
    expected = sum(rate * time for rate, time in zip(_PRIOR, times, strict=True))
    height = log((calls + 0.5) / (expected + 0.5))
    return [log(rate) + height for rate in _PRIOR]


def _cell_rates(curve: Curve, calls_of: NDArray[np.float64], times_of: NDArray[np.float64]) -> tuple[float, ...]:
    calls: list[float] = calls_of.sum(axis=0).tolist()
    times: list[float] = _by_cell(curve, times_of).tolist()
    logs = [log(rate) for rate in curve.rates]
    goals = _goals(sum(calls), times)
    height = goals[0] - log(_PRIOR[0])
    found: list[float] = []
    for phase, bend in enumerate(BENDS):
        cells = cells_of(phase)
        pull = HEIGHT._replace(goal=goals[cells])
        if phase == Phase.HIDDEN:
            # Few pages are hidden for long: until their own calls tell more, they are as the others are.
            live = cells_of(Phase.LIVE)
            expected = sum(rate * time for rate, time in zip(_PRIOR[live], times[live], strict=True))
            level = log((sum(calls[live]) + 0.5) / (expected + 0.5 * exp(-height))) - height
            pull = HIDDEN_LIKE_LIVE._replace(goal=[each + level for each in goals[cells]])
        found.extend(smooth(logs[cells], calls[cells], times[cells], (bend, pull)))
    found.extend(late_logs(logs, calls, times, goals))
    return tuple(map(exp, found))


def late_times(curve: Curve, exposures: Exposures) -> NDArray[np.float64]:
    """By late cell, each profile's time as much as it calls."""
    return _by_cell(curve, _times(curve, exposures))[ON_PAGE:]


def late_smoothed(curve: Curve, late: Sequence[float], calls: int, exposures: Exposures) -> Curve:
    """The curve with smooth rates that make so many late calls, by late cell, most probable, of so many calls."""
    times: list[float] = _by_cell(curve, _times(curve, exposures)).tolist()
    found = late_logs(
        [log(rate) for rate in curve.rates], [0.0] * ON_PAGE + list(late), times, _goals(calls, times)
    )
    return replace(curve, rates=(*curve.rates[:ON_PAGE], *map(exp, found)))


def _again(calls: Sequence[float], times: Sequence[float], rates: Sequence[float]) -> tuple[float, ...]:
    """Calls again ÷ time: where there is little of either, by the steps of the prior from where there is more."""
    return tuple(map(exp, smooth(list(map(log, rates)), calls, [max(0.0, each) for each in times], AGAIN_SHAPE)))


def _profile_factors(
    rates: Sequence[float], calls: NDArray[np.float64], times: NDArray[np.float64]
) -> tuple[tuple[float, ...], ...]:
    expected = times * np.array(rates)
    own, all_ = (np.add.reduceat(each, FIRST_CELL, axis=1).T + PROFILE_PRIOR for each in (calls, expected))
    return tuple(map(tuple, (own / all_).tolist()))


_PRIOR = prior_rates()

_AGAIN_PRIOR = np.log(Curve.prior().again)

AGAIN_SHAPE = tuple(
    Belief(order, spread, goal=np.diff(_AGAIN_PRIOR, order).tolist())
    for order, spread in ((0, 5.0), (1, 0.7), (2, 0.5))
)
"""Calling again: how far its heights, steps and bends usually are from the prior's."""
