"""The rates by cell that calls and time make most probable: like their neighbours', and in the prior's shape."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.curve import ON_PAGE, Curve
from swapboard.attribution.curve_arrays import CurveArrays
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import Phase, cells_of, prior_rates
from swapboard.attribution.hours import shares_of_time
from swapboard.attribution.late_curve import HEIGHT, late_logs
from swapboard.attribution.smooth import Belief, smooth

HIDDEN_LIKE_LIVE = Belief(0, 3.0)
"""How far that of a hidden page is from that of one that is looked at, cell by cell."""

BENDS = (Belief(2, 0.35), Belief(2, 0.3), Belief(2, 0.35))
"""By phase, on the page: how far the logarithms of neighbouring rates usually are from a straight line."""


def times_of(curve: CurveArrays, exposures: Exposures) -> Array:
    """By profile and cell, the time that sessions spent there, as much as its hours count."""
    found: Array = exposures.by_profile * shares_of_time(exposures.there, curve.late_rhythm)[..., None, :]
    return found


def by_cell(curve: CurveArrays, times: Array) -> Array:
    """All profiles' time, each as much as it calls."""
    found: Array = (times * curve.of_cells.swapaxes(-1, -2)).sum(axis=-2)
    return found


def goals_of(calls: Array, times: Array) -> Array:
    """The logarithms that the prior is for: it has a shape only, its height is the company's own."""
    found: Array = _LOG_PRIOR + np.log((calls + 0.5) / (times @ _PRIOR + 0.5))[..., None]
    return found


def cell_rates(curve: CurveArrays, calls_of: Array, times: Array) -> Array:
    """By cell, from the calls and the times by profile and cell."""
    calls, time = calls_of.sum(axis=-2), by_cell(curve, times)
    logs, goals = np.log(curve.rates), goals_of(calls.sum(axis=-1), time)
    found = []
    for phase, bend in enumerate(BENDS):
        cells = cells_of(phase)
        pull = HEIGHT._replace(goal=goals[..., cells])
        if phase == Phase.HIDDEN:
            pull = HIDDEN_LIKE_LIVE._replace(goal=_like_live(calls, time, goals))
        found.append(smooth(logs[..., cells], calls[..., cells], time[..., cells], (bend, pull)))
    found.append(late_logs(logs, calls, time, goals))
    return np.exp(np.concatenate(found, axis=-1))


def _like_live(calls: Array, times: Array, goals: Array) -> Array:
    """Few pages are hidden for long: until their own calls tell more, they are as the others are."""
    live = cells_of(Phase.LIVE)
    height = goals[..., 0] - _LOG_PRIOR[0]
    expected = times[..., live] @ _PRIOR[live] + 0.5 * np.exp(-height)
    level: Array = np.log((calls[..., live].sum(axis=-1) + 0.5) / expected) - height
    return goals[..., cells_of(Phase.HIDDEN)] + level[..., None]


def late_times(curve: Curve, exposures: Exposures) -> Array:
    """By late cell, each profile's time as much as it calls."""
    arrays = CurveArrays.of(curve)
    return by_cell(arrays, times_of(arrays, exposures))[ON_PAGE:]


def late_smoothed(curve: Curve, late: Sequence[float], calls: int, exposures: Exposures) -> Curve:
    """The curve with smooth rates that make so many late calls, by late cell, most probable, of so many calls."""
    arrays = CurveArrays.of(curve)
    times = by_cell(arrays, times_of(arrays, exposures))
    goals = goals_of(np.array(calls), times)
    found = late_logs(np.log(arrays.rates), np.append(np.zeros(ON_PAGE), late), times, goals)
    return replace(curve, rates=(*curve.rates[:ON_PAGE], *np.exp(found).tolist()))


_PRIOR = np.array(prior_rates())
_LOG_PRIOR = np.log(_PRIOR)
