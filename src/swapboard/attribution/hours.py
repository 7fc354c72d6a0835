"""The hours of the day at which people call who have left: how many might have called then, and how many did.

A business that is called back by day only has late callers of the night who ring in the morning. What a curve
over ages says is multiplied, for those who went away, by a factor for the hour of the day. It is learned from late
calls against those that the curve expects at that hour, of as many visits as had left so long before.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise
from math import lgamma, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.hazard import CELLS, EDGES, FIRST_CELL, WIDTHS, Phase
from swapboard.clock import DAY, HOUR, Millis

HOURS = 24
STEPS: tuple[int, ...] = (0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 120, 168)
"""Whole hours since a visit ended, in which those away are counted."""
SPANS = len(STEPS) - 1
LONGEST_GAP = 1000
"""After so many hours in which nobody left, nothing is counted but from the next on."""
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


@dataclass(slots=True)
class AwayByHour:
    """How many visits had ended, by the hour of the day and for how long: counted hour by hour, in order."""

    _counted: list[float] = field(default_factory=lambda: [0.0] * (HOURS * SPANS))
    _ended: deque[int] = field(default_factory=lambda: deque([0] * (STEPS[-1] + 1), maxlen=STEPS[-1] + 1))
    """How many up to the end of each of the last hours."""
    _total: int = 0
    _hour: int = -1

    def leave(self, at: Millis) -> None:
        """A visit ended."""
        if at // HOUR > self._hour:
            self._close(at // HOUR)
        self._total += 1

    def up_to(self, now: Millis) -> list[float]:
        """By hour of the day and span, all the hours before this one."""
        if self._total and now // HOUR > self._hour:
            self._close(now // HOUR)
        return list(self._counted)

    def _close(self, now: int) -> None:
        if self._hour < 0 or now - self._hour > LONGEST_GAP:
            self._hour = now
        ended = self._ended
        while self._hour < now:
            ended.append(self._total)
            first = self._hour % HOURS * SPANS
            for at, (begin, end) in enumerate(pairwise(STEPS)):
                self._counted[first + at] += ended[-1 - begin] - ended[-1 - end]
            self._hour += 1


def expected_by_hour(rates: Sequence[float], away: Sequence[float]) -> list[float]:
    """How many late calls the curve expects at each hour of the day, of those who were away."""
    first = FIRST_CELL[Phase.LEFT]
    each = _calls_by_span() @ np.array(rates[first : first + len(EDGES[Phase.LEFT]) - 1])
    found: list[float] = (np.array(away).reshape(HOURS, SPANS) @ each).tolist()
    return found


class _Compared(NamedTuple):
    """Late calls by hour of the day, and how many were to be expected if it did not matter."""

    calls: list[float]
    goals: list[float]
    near: list[float]
    """The factor by the hour and the ones beside it: all are alike, as opening hours are."""

    @property
    def firm(self) -> list[float]:
        return [BESIDE * each for each in self.near]

    @property
    def factors(self) -> list[float]:
        """Each hour's own, as far as it was seen."""
        return [
            (mine + BESIDE * near) / (goal + BESIDE)
            for mine, goal, near in zip(self.calls, self.goals, self.near, strict=True)
        ]


def factors(late: Sequence[float], expected: Sequence[float], before: Sequence[float]) -> tuple[float, ...]:
    """By hour of the day, how much more often late callers call than on average.

    How far the factors lie apart is learned from the calls too: what chance explains is left to chance.
    """
    compared = _compared(late, expected, before)
    if compared is None:
        return tuple(before)
    found = compared.factors
    mean = sum(map(float.__mul__, expected, found)) / sum(expected)
    return tuple(each / mean for each in found)


def fitted(late: Sequence[float], expected: Sequence[float], before: Sequence[float]) -> float:
    """See `gained`, of the factors for late callers: those of several hours together, and what each differs."""
    compared = _compared(late, expected, before)
    if compared is None:
        return 0.0
    calls, goals, near, firm = compared.calls, compared.goals, compared.near, compared.firm
    together = gained(_with_beside(calls), _with_beside(goals), near, [[each] * HOURS for each in FIRM])
    like_near = list(map(float.__mul__, goals, near))
    alone = [(mine + each) / (goal + each) for mine, goal, each in zip(calls, like_near, firm, strict=True)]
    return OWN * together + gained(calls, like_near, alone, [firm])


def gained(
    calls: Sequence[float], goals: Sequence[float], taken: Sequence[float], beliefs: Sequence[Sequence[float]]
) -> float:
    """How much likelier calls are by the factors that were fitted to them than on average over all factors.

    What can be fitted to any calls must not be believed because it fits these. Each factor is believed to be
    Gamma-distributed about 1, the closer the firmer; each belief says how firmly, by hour.
    """
    n, goal, firm = np.array(calls), np.array(goals), np.array(beliefs)
    likely = float((n * np.log(taken) - goal * taken).sum())
    both = np.array(list(map(lgamma, (n + firm).ravel().tolist()))).reshape(firm.shape)
    own = np.array(list(map(lgamma, firm.ravel().tolist()))).reshape(firm.shape)
    each = (both - own + firm * np.log(firm) - (n + firm) * np.log(goal + firm)).sum(axis=1)
    return likely - float(np.logaddexp.reduce(each)) + log(len(each))


def _compared(late: Sequence[float], expected: Sequence[float], before: Sequence[float]) -> _Compared | None:
    if not sum(expected) or not (calls := sum(late)):
        return None
    scale = calls / sum(map(float.__mul__, expected, before))
    even = [scale * each for each in expected]
    mine, goals = _with_beside(late), _with_beside(even)
    apart = sum((call - goal) ** 2 - goal for call, goal in zip(mine, goals, strict=True))
    weight = sum(goal * goal for goal in goals)
    belief = SHOWN_BY * SHOWN_BY / HOURS
    firmness = (weight + belief) / max(LEAST_SPREAD * (weight + belief), apart + LEAST_SPREAD * belief)
    near = [(call + firmness) / (goal + firmness) for call, goal in zip(mine, goals, strict=True)]
    return _Compared(list(late), even, near)


def _with_beside(by_hour: Sequence[float]) -> list[float]:
    """As many calls, or time, as tell of an hour: it is like the ones beside it, as opening hours are."""
    return [(by_hour[at - 1] + 2.0 * by_hour[at] + by_hour[(at + 1) % HOURS]) / 4.0 / OWN for at in range(HOURS)]


def shares_of_time(away: Sequence[float], by_hour: Sequence[float]) -> list[float]:
    """By cell of the curve: the mean of the factors over the hours at which sessions were there; 1 on the page."""
    there = np.array(away).reshape(HOURS, SPANS)
    total = there.sum(axis=0)
    means = np.where(total > 0.0, np.array(by_hour) @ there / np.maximum(total, 1e-300), 1.0)
    found: list[float] = np.append(means, 1.0)[_SPAN_OF_CELL].tolist()
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
def _calls_by_span() -> NDArray[np.float64]:
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


_SPAN_OF_CELL = _span_of_cell()
