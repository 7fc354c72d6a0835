"""Looks for a business's opening hours: step by step to those that make its late calls more probable."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import exp

from swapboard.attribution.late_kinds import Fit, fit
from swapboard.attribution.opening import A_DAY, WEEK, Opening
from swapboard.attribution.usual_hours import USUAL_HOURS, most_gained
from swapboard.attribution.waiting_calls import Trial, WaitingCalls, doubt

MOST_CLOSED = 3
STEPS = (60, 30, 15)
"""Minutes, coarse ones first."""
MOST_MOVES = 8
LEAST_GAIN = 0.01
EARLY = (0.01, 0.03, 0.1)
FASTER, SLOWER = 0.7, 1.4
NEWTON = 4
MOST_ALIKE, LEAST_ALIKE = 12, 0.01
"""So many hours are kept at most, and none that is so much less probable than the likeliest."""
HINT = 2.0
"""By so much, in logarithms, some usual hours must be more probable than none for any to be looked for:
where there are hours, some are long before they are believed; where there are none, hardly ever."""
MOST_LOOKED_AT = 2048
"""Hours are looked for in so many of the latest calls."""


def is_hinted(calls: WaitingCalls, one: Fit) -> bool:
    """Whether it is worth while to look for hours at all: to look takes several times as long as to ask this."""
    return most_gained(calls.latest(MOST_LOOKED_AT), one) >= HINT


def found_hours(calls: WaitingCalls, one: Fit, before: Opening | None = None) -> Opening:
    """The most probable hours, from where the last search ended and from the likeliest of all."""
    lately = calls.latest(MOST_LOOKED_AT)
    likeliest = max(USUAL_HOURS, key=Trial(lately, one).probable)
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
