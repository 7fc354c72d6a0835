"""The hours of the day at which people call who have left: how many might have called then, and how many did.

A business that is called back by day only has late callers of the night who ring in the morning. What a curve
over ages says is multiplied, for those who went away, by a factor for the hour of the day. It is learned from late
calls against those that the curve expects at that hour, of as many visits as had left so long before.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise
from math import lgamma, log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.hazard import CELLS, EDGES, FIRST_CELL, WIDTHS, Phase, cells_of
from swapboard.clock import DAY, HOUR, Millis

HOURS = 24
STEPS: tuple[int, ...] = (0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 120, 168)
"""Whole hours since a visit ended, in which those away are counted."""
SPANS = len(STEPS) - 1
LEAST_SPREAD = 0.02
"""Of the factors, the variance that is believed in before the calls show any."""
SHOWN_BY = 100.0
"""How many late calls the believed variance weighs."""
FIRM = (0.5, 2.0, 8.0, 32.0, 128.0)
"""How firmly factors may be held to 1, each believed as much: how many calls that weighs."""
BESIDE = 8.0
"""How many calls it weighs, for one hour, what the ones beside it say."""
OWN = 0.375
"""Of an hour that counts half and the ones beside it a quarter each, what is its own: the squares' sum."""
_POINTS = 8


def hour_of(at: Millis) -> int:
    """The hour of the day, UTC; whose day it is does not matter to what is learned by hours."""
    return at // HOUR % HOURS


def time_by_hour(begin: Millis, end: Millis, many: int = 1) -> list[float]:
    """How much of a time, of so many at once, lies at each hour of the day."""

    def before(at: Millis, hour: int) -> Millis:
        return at // DAY * HOUR + min(max(at % DAY - hour * HOUR, 0), HOUR)

    return [float(many * (before(end, hour) - before(begin, hour))) for hour in range(HOURS)]


def expected_by_hour(rates: ArrayLike, away: ArrayLike) -> Array:
    """How many late calls the curve expects at each hour of the day, of those who were away; row by row."""
    by_span = np.asarray(rates)[..., cells_of(Phase.LEFT)] @ _calls_by_span().T
    found: Array = by_span @ np.reshape(away, (HOURS, SPANS)).T
    return found


class _Compared(NamedTuple):
    """Late calls by hour of the day, and how many were to be expected if it did not matter."""

    calls: Array
    goals: Array
    near: Array
    """The factor by the hour and the ones beside it: all are alike, as opening hours are."""
    is_told: NDArray[np.bool_]
    """Where there were any calls, and any to be expected."""

    @property
    def factors(self) -> Array:
        """Each hour's own, as far as it was seen."""
        return (self.calls + BESIDE * self.near) / (self.goals + BESIDE)


def factors(late: Array, expected: Array, before: Array) -> Array:
    """By hour of the day, how much more often late callers call than on average; of several curves, row by row.

    How far the factors lie apart is learned from the calls too: what chance explains is left to chance.
    """
    compared = _compared(late, expected, before)
    found = np.where(compared.is_told, compared.factors, before)
    all_ = np.where(compared.is_told, expected, 1.0)
    mean = (all_ * found).sum(axis=-1, keepdims=True) / all_.sum(axis=-1, keepdims=True)
    return np.where(compared.is_told, found / mean, before)


def fitted(late: ArrayLike, expected: ArrayLike, before: ArrayLike) -> Array:
    """See `gained`, of the factors for late callers: those of several hours together, and what each differs."""
    calls, goals, near, is_told = _compared(np.asarray(late), np.asarray(expected), np.asarray(before))
    together = gained(_with_beside(calls), _with_beside(goals), near, _FIRM)
    like_near, firm = goals * near, BESIDE * near
    alone = (calls + firm) / (like_near + firm)
    found = OWN * together + gained(calls, like_near, alone, firm[..., None, :])
    return np.where(is_told[..., 0], found, 0.0)


def gained(calls: Array, goals: Array, taken: Array, beliefs: Array) -> Array:
    """How much likelier calls are by the factors that were fitted to them than on average over all factors.

    What can be fitted to any calls must not be believed because it fits these. Each factor is believed to be
    Gamma-distributed about 1, the closer the firmer; each belief is a row that says how firmly, by hour.
    """
    likely = (calls * np.log(taken) - goals * taken).sum(axis=-1)
    both = beliefs + calls[..., None, :]
    each = _log_gamma(both) - _log_gamma(beliefs) + beliefs * np.log(beliefs)
    of_each = (each - both * np.log(beliefs + goals[..., None, :])).sum(axis=-1)
    found: Array = likely - np.logaddexp.reduce(of_each, axis=-1) + log(of_each.shape[-1])
    return found


def _log_gamma(each: Array) -> Array:
    return np.array(list(map(lgamma, each.ravel().tolist()))).reshape(each.shape)


def _compared(late: Array, expected: Array, before: Array) -> _Compared:
    calls, by_hours = late.sum(axis=-1, keepdims=True), (expected * before).sum(axis=-1, keepdims=True)
    is_told = (expected.sum(axis=-1, keepdims=True) > 0.0) & (calls > 0.0)
    even = calls / np.where(is_told, by_hours, 1.0) * expected
    mine, goals = _with_beside(late), _with_beside(even)
    apart = ((mine - goals) ** 2 - goals).sum(axis=-1, keepdims=True)
    weight = (goals * goals).sum(axis=-1, keepdims=True) + SHOWN_BY * SHOWN_BY / HOURS
    believed = LEAST_SPREAD * SHOWN_BY * SHOWN_BY / HOURS
    firmness = weight / np.maximum(LEAST_SPREAD * weight, apart + believed)
    return _Compared(late, even, (mine + firmness) / (goals + firmness), is_told)


def _with_beside(by_hour: Array) -> Array:
    """As many calls, or time, as tell of an hour: it is like the ones beside it, as opening hours are."""
    return by_hour @ _BESIDE


def shares_of_time(away: ArrayLike, by_hour: Array) -> Array:
    """By cell of the curve: the mean of the factors over the hours at which sessions were there; 1 on the page.

    Of several curves, row by row.
    """
    there = np.reshape(away, (HOURS, SPANS))
    total = there.sum(axis=0)
    means = np.ones((*by_hour.shape[:-1], SPANS + 1))
    means[..., :-1] = np.where(total > 0.0, by_hour @ there / np.maximum(total, 1e-300), 1.0)
    found: Array = means[..., _SPAN_OF_CELL]
    return found


def _span_of_cell() -> list[int]:
    """By cell of the curve; SPANS for one on the page, or longer ago than is counted."""
    found = [SPANS] * CELLS
    for phase in (Phase.LEFT, Phase.SILENT):
        for at, (begin, end) in enumerate(pairwise(EDGES[phase])):
            middle = (begin + end) // 2 // HOUR
            if middle < STEPS[-1]:
                found[FIRST_CELL[phase] + at] = bisect_right(STEPS, middle) - 1
    return found


@cache
def _calls_by_span() -> Array:
    """By span and cell: what a rate of one there adds to the calls in an hour."""
    return np.array([_by_span(cell) for cell in np.eye(len(EDGES[Phase.LEFT]) - 1).tolist()]).T


def _by_span(rates: Sequence[float]) -> list[float]:
    """Calls in an hour of the day from a visit that ended so many hours before, at any moment of its hour."""
    edges, first = EDGES[Phase.LEFT], FIRST_CELL[Phase.LEFT]
    widths = WIDTHS[first : first + len(edges) - 1]
    so_far = list(accumulate((rate * width for rate, width in zip(rates, widths, strict=True)), initial=0.0))

    def called(age: Millis) -> float:
        cell = bisect_right(edges, age) - 1
        return so_far[cell] + rates[cell] * (age - edges[cell])

    means = [0.0] + [
        sum(called(int((step - (point + 0.5) / _POINTS) * HOUR)) for point in range(_POINTS)) / _POINTS
        for step in STEPS[1:]
    ]
    return [
        (after - before) / (end - begin)
        for (before, after), (begin, end) in zip(pairwise(means), pairwise(STEPS), strict=True)
    ]


_SPAN_OF_CELL = np.array(_span_of_cell())
_EYE = np.eye(HOURS)
_BESIDE = (0.5 * _EYE + 0.25 * np.roll(_EYE, 1, axis=1) + 0.25 * np.roll(_EYE, -1, axis=1)) / OWN
_FIRM = np.array([[each] * HOURS for each in FIRM])
