"""What calls have to say of opening hours: on those of late callers who may have waited, hours are tried."""

from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.cell_rates import late_times
from swapboard.attribution.curve import LEAST_WEIGHT, ON_PAGE, Curve
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hours import HOURS
from swapboard.attribution.late_curve import to_left
from swapboard.attribution.late_kinds import Fit, Seen
from swapboard.attribution.lessons import Lessons, late_weights
from swapboard.attribution.opening import SIZES, WEEK, Moment, Opening, came_due, each_once

USUAL, UNLIKE = 600, 180
"""For how many minutes a business is usually open, and how far from it."""
SOON, UNLIKE_SOON = 30.0, 0.7
"""After how many minutes those ring who waited, and how far the logarithm is from it."""
CLOSED_DAYS = (0.0, 2.5, 2.0, 4.0)
"""How much less it is believed than that it opens every day, that there are so many days of the week on which it
does not; all of them that follow each other."""
APART = 2.0
"""The same, where they do not."""


def doubt(opening: Opening) -> float:
    """How much less such hours are believed than usual ones."""
    unlike = (opening.lasts - USUAL) / UNLIKE, log(opening.after / SOON) / UNLIKE_SOON
    follows = sum((day + 1) % WEEK in opening.closed for day in opening.closed)
    days = CLOSED_DAYS[len(opening.closed)] + APART * max(0, len(opening.closed) - 1 - follows)
    return days + sum(each * each for each in unlike) / 2.0


@dataclass(frozen=True)
class WaitingCalls:
    """What the calls have to say of those who wait."""

    at: NDArray[np.int64]
    others: Array
    late: Array
    """By call and late cell: what its candidates there weigh, beside their rate."""
    nobody: Array
    rates: Array
    """By late cell, what they were believed to be."""
    times: Array
    number_time: float

    @classmethod
    def of(cls, curve: Curve, lessons: Lessons, exposures: Exposures) -> "WaitingCalls":
        """At whatever hour they rang."""
        plain = replace(curve, late_rhythm=(1.0,) * HOURS)
        weights, rates = late_weights(plain, lessons), np.array(curve.rates[ON_PAGE:])
        times = (late_times(plain, exposures) * rates) @ to_left() / rates[: SIZES[0]]
        return cls(
            lessons.at,
            weights.others + LEAST_WEIGHT,
            weights.late / rates,
            weights.nobody,
            rates,
            times,
            max(1.0, exposures.numbers),
        )

    def latest(self, most: int) -> "WaitingCalls":
        """So many, and as much of the time as they are of all calls."""
        last, share = slice(-most, None), min(1.0, most / len(self.at))
        return WaitingCalls(
            self.at[last],
            self.others[last],
            self.late[last],
            self.nobody[last],
            self.rates,
            self.times * share,
            self.number_time * share,
        )

    def seen(self, opening: Opening | None) -> Seen:
        """With what came due while it was closed; None if it never is."""
        late = self.late if opening is None else opening.never_closed(self.late, self.at)
        size = len(self.at)
        cells = (late * self.rates) @ to_left() / self.rates[: SIZES[0]]
        return Seen(self.others, cells, self.nobody, np.ones(size), self.times, self.number_time, float(size))

    def shared_out(self, late: Array, rates: Array, nobody: float) -> list[float]:
        """By late cell, the calls that it was given."""
        weights = late * rates
        total = self.others + weights.sum(axis=1) + nobody * self.nobody
        found: list[float] = ((1.0 / total) @ weights).tolist()
        return found


class Trial:
    """The calls with one kind of late callers, on which hours are tried: many have most moments in common."""

    def __init__(self, calls: WaitingCalls, one: Fit) -> None:
        self._calls = calls
        self.never_closed = calls.rates * (to_left() @ (one.rates / calls.rates[: SIZES[0]]))
        self.others = calls.others + one.nobody * calls.nobody
        self.open = calls.late @ self.never_closed
        """By call: what its late candidates weigh if it never closes."""
        self._came: dict[Moment, Array] = {}

    def probable(self, opening: Opening) -> float:
        """How probable the hours are with the calls, but for what is the same of all hours."""
        return float(np.log(self._weights(opening)).sum()) - doubt(opening)

    @property
    def always_open(self) -> float:
        """The same where it never closes."""
        return float(np.log(self.others + self.open).sum())

    def _weights(self, opening: Opening) -> Array:
        """By call: all candidates' and nobody's."""
        steps, closed = opening.standing(self._calls.at)
        now, waited = opening.parts(steps)
        weights = self.others + self.open * now
        waits = np.flatnonzero(waited)
        if len(waits):
            late = self._calls.late[waits]
            due = np.einsum("ij,ij->i", late, self._came_due(*each_once(steps[waits], closed[waits])))
            weights[waits] += waited[waits] * due
        return weights

    def _came_due(self, moments: list[Moment], which: NDArray[np.intp]) -> Array:
        """By late cell, a row for each of which moments."""
        new = [each for each in moments if each not in self._came]
        if new:
            self._came.update(zip(new, came_due(new, self.never_closed), strict=True))
        return np.array([self._came[each] for each in moments])[which]
