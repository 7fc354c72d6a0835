"""Looks for a business's opening hours: step by step to those that make its late calls more probable."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.cell_rates import late_times
from swapboard.attribution.curve import LEAST_WEIGHT, ON_PAGE, Curve
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hours import HOURS
from swapboard.attribution.late_curve import to_left
from swapboard.attribution.late_kinds import Array, Fit, Seen, fit
from swapboard.attribution.lessons import Lessons, late_weights
from swapboard.attribution.opening import A_DAY, SIZES, WEEK, Moment, Opening, came_due, each_once

USUAL, UNLIKE = 600, 180
"""For how many minutes a business is usually open, and how far from it."""
SOON, UNLIKE_SOON = 30.0, 0.7
"""After how many minutes those ring who waited, and how far the logarithm is from it."""
CLOSED_DAYS = (0.0, 2.5, 2.0, 4.0)
"""How much less it is believed than that it opens every day, that there are so many days of the week on which it
does not; all of them that follow each other."""
APART = 2.0
"""The same, where they do not."""
MOST_CLOSED = 3
STARTS = tuple(Opening(60 * hour, 60 * lasts) for hour in range(24) for lasts in (6, 8, 10, 12, 15))
STEPS = (60, 30, 15)
"""Minutes, coarse ones first."""
MOST_MOVES = 8
LEAST_GAIN = 0.01
EARLY = (0.01, 0.03, 0.1)
FASTER, SLOWER = 0.7, 1.4
NEWTON = 4
MOST_ALIKE, LEAST_ALIKE = 12, 0.01
"""So many hours are kept at most, and none that is so much less probable than the likeliest."""
MOST_LOOKED_AT = 2048
"""Hours are looked for in so many of the latest calls."""


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
        self._never_closed = calls.rates * (to_left() @ (one.rates / calls.rates[: SIZES[0]]))
        self._others = calls.others + one.nobody * calls.nobody
        self._open = calls.late @ self._never_closed
        """By call: what its late candidates weigh if it never closes."""
        self._came: dict[Moment, Array] = {}

    def probable(self, opening: Opening) -> float:
        """How probable the hours are with the calls, but for what is the same of all hours."""
        steps, closed = opening.standing(self._calls.at)
        now, waited = opening.parts(steps)
        weights = self._others + self._open * now
        waits = np.flatnonzero(waited)
        if len(waits):
            late = self._calls.late[waits]
            due = np.einsum("ij,ij->i", late, self._came_due(*each_once(steps[waits], closed[waits])))
            weights[waits] += waited[waits] * due
        return float(np.log(weights).sum()) - doubt(opening)

    def _came_due(self, moments: list[Moment], which: NDArray[np.intp]) -> Array:
        """By late cell, a row for each of which moments."""
        new = [each for each in moments if each not in self._came]
        if new:
            self._came.update(zip(new, came_due(new, self._never_closed), strict=True))
        return np.array([self._came[each] for each in moments])[which]


def found_hours(calls: WaitingCalls, one: Fit, before: Opening | None = None) -> Opening:
    """The most probable hours, from where the last search ended and from the likeliest of all."""
    lately = calls.latest(MOST_LOOKED_AT)
    likeliest = max(STARTS, key=Trial(lately, one).probable)
    found = [_refined(lately, each, one) for each in (likeliest, before) if each]
    return max(found, key=lambda each: each[1])[0]


def alike(calls: WaitingCalls, opening: Opening, one: Fit) -> tuple[tuple[Opening, float], ...]:
    """The hours and those beside them, each as probable as it is: what calls leave open is not taken for known."""
    trial = Trial(calls.latest(MOST_LOOKED_AT), one)
    beside = {opening, *(each for step in STEPS for each in _beside(opening, step))}
    probable = {each: trial.probable(each) for each in beside}
    best = sorted(beside, key=lambda each: -probable[each])[:MOST_ALIKE]
    weights = [exp(probable[each] - probable[best[0]]) for each in best]
    kept = [(each, weight) for each, weight in zip(best, weights, strict=True) if weight > LEAST_ALIKE]
    total = sum(weight for _, weight in kept)
    return tuple((each, weight / total) for each, weight in kept)


def _refined(calls: WaitingCalls, opening: Opening, one: Fit) -> tuple[Opening, float]:
    """The hours and late callers' delay by turns; and how probable both are."""
    one = fit(one.found, calls.seen(opening), NEWTON)
    for step in STEPS:
        opening = _moved(calls, opening, one, step)
        one = fit(one.found, calls.seen(opening), NEWTON)
    return opening, one.probable - doubt(opening)


def _moved(calls: WaitingCalls, opening: Opening, one: Fit, step: int) -> Opening:
    """Step by step to the hours beside it that are more probable, as long as there are any."""
    trial = Trial(calls, one)
    at = trial.probable(opening)
    for _ in range(MOST_MOVES):
        beside = list(_beside(opening, step))
        probable, best = max(zip(map(trial.probable, beside), beside, strict=True), key=lambda each: each[0])
        if probable < at + LEAST_GAIN:
            break
        at, opening = probable, best
    return opening


def _beside(opening: Opening, step: int) -> Iterator[Opening]:
    opens, lasts = opening.opens, opening.lasts
    for sooner, longer in ((step, 0), (-step, 0), (0, step), (0, -step), (step, -step), (-step, step)):
        if step <= lasts + longer <= A_DAY:
            yield replace(opening, opens=(opens + sooner) % A_DAY, lasts=lasts + longer)
    for slower in (FASTER, SLOWER):
        yield replace(opening, after=opening.after * slower)
    for early in EARLY:
        if early != opening.early:
            yield replace(opening, early=early)
    yield from _other_days(opening)


def _other_days(opening: Opening) -> Iterator[Opening]:
    """A day more or less, or two that follow each other."""
    for day, next_day in product(range(WEEK), (0, 1)):
        closed = tuple(sorted({*opening.closed} ^ {day, (day + next_day) % WEEK}))
        if len(closed) <= MOST_CLOSED:
            yield replace(opening, closed=closed)
