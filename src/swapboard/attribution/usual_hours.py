"""How probable the usual opening hours make the calls, each day from one full hour to another: all tried at once.

Steps since an opening at a full hour are the steps of the day, moved: a call is asked once what came due at each
step after an opening, at whatever hour that was.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.late_kinds import Fit
from swapboard.attribution.opening import STEP, Moment, Opening, came_due
from swapboard.attribution.waiting_calls import Trial, WaitingCalls, doubt
from swapboard.clock import DAY, HOUR

DAY_STEPS, HOUR_STEPS = DAY // STEP, HOUR // STEP
LENGTHS = (6, 8, 10, 12, 15)
"""In hours."""
USUAL_HOURS = tuple(Opening(60 * hour, 60 * lasts) for hour in range(24) for lasts in LENGTHS)


def most_gained(calls: WaitingCalls, one: Fit) -> float:
    """By how much the likeliest of them are more probable than none, in logarithms."""
    trial = Trial(calls, one)
    return max(max(_probable(calls, trial, lasts)) for lasts in LENGTHS) - trial.always_open


def _probable(calls: WaitingCalls, trial: Trial, lasts: int) -> Iterator[float]:
    """What `Trial.probable` tells of the hours that last so long, by the full hour at which they begin."""
    opening = Opening(0, 60 * lasts)
    steps, closed = opening.standing(np.arange(DAY_STEPS) * STEP)
    now, waited = opening.parts(steps)
    soon = np.flatnonzero(waited)
    came = came_due(list(map(Moment, steps[soon].tolist(), closed[soon].tolist())), trial.never_closed)
    due = np.zeros((len(calls.at), len(soon) + 1))
    due[:, :-1] = calls.late @ came.T * waited[soon]
    # The last column is of all steps at which nothing that waited comes any more.
    column = np.full(DAY_STEPS, len(soon))
    column[soon] = np.arange(len(soon))
    each, of_day = np.arange(len(calls.at)), calls.at % DAY // STEP
    for hour in range(24):
        since: NDArray[np.int64] = (of_day - hour * HOUR_STEPS) % DAY_STEPS
        weights: Array = trial.others + trial.open * now[since] + due[each, column[since]]
        yield float(np.log(weights).sum()) - doubt(opening)
