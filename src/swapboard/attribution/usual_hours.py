"""How probable the usual opening hours make the calls, each day from one full hour to another: all tried at once.

Steps since an opening at a full hour are the steps of the day, moved: a call is asked once what came due at each
step after an opening, at whatever hour that was.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.hours import HOURS
from swapboard.attribution.late_kinds import Fit
from swapboard.attribution.opening import CLOSED, SIZES, STEP, Moment, Opening, passed
from swapboard.attribution.waiting_calls import Trial, WaitingCalls, doubt
from swapboard.clock import DAY, HOUR

DAY_STEPS, HOUR_STEPS = DAY // STEP, HOUR // STEP
LENGTHS = (6, 8, 10, 12, 15)
"""In hours."""
OPEN_COLUMN, CLOSED_COLUMN = -2, -1
USUAL_HOURS = tuple(Opening(60 * hour, 60 * lasts) for hour in range(HOURS) for lasts in LENGTHS)


class _Days(NamedTuple):
    """The days on which it opens at midnight, one for each length."""

    waited: Array
    """By day and step after its opening: how often those ring who waited."""
    passed: tuple[Array, ...]
    """By phase: a matrix for each of these steps, see `opening.passed`."""
    column: NDArray[np.intp]
    """By day and step of it: which of these it is, or CLOSED_COLUMN, or OPEN_COLUMN where nobody who waited comes
    any more."""
    into: tuple[NDArray[np.intp], ...]
    """By step of an hour: which of these steps are as far into one."""
    doubts: Array


def most_gained(calls: WaitingCalls, one: Fit) -> float:
    """By how much the likeliest of them are more probable than none, in logarithms."""
    trial = Trial(calls, one)
    return float(_probable(calls, trial).max()) - trial.always_open


def _probable(calls: WaitingCalls, trial: Trial) -> Array:
    """What `Trial.probable` tells of the hours, by their length and the full hour at which they begin.

    Calls at one step of the day are added up first. All hours tried begin at a full one: a call is as many steps
    into its hour as since it opened, and of the steps since an opening only every sixth is asked of it.
    """
    days, steps = _days(), calls.at % DAY // STEP
    always, came = trial.others + trial.open, _came_due(days, trial.never_closed)
    by_step = np.zeros((DAY_STEPS, len(days.waited) + 2))
    by_step[:, OPEN_COLUMN] = np.bincount(steps, np.log(always), DAY_STEPS)
    closed = trial.others + trial.open * USUAL_HOURS[0].early
    by_step[:, CLOSED_COLUMN] = np.bincount(steps, np.log(closed), DAY_STEPS)
    hours, into = np.divmod(steps, HOUR_STEPS)
    for step, columns in enumerate(days.into):
        mine, size = np.flatnonzero(into == step), len(columns)
        due = calls.late[mine] @ came[columns].T * days.waited[columns]
        at = hours[mine, None] * size + np.arange(size)
        sums = np.bincount(at.ravel(), np.log(always[mine, None] + due).ravel(), HOURS * size)
        by_step[step::HOUR_STEPS, columns] = sums.reshape(HOURS, size)
    found: Array = by_step[_OF_DAY, days.column[:, _SINCE]].sum(axis=-1) - days.doubts[:, None]
    return found


def _came_due(days: _Days, never_closed: Array) -> Array:
    """By day and step, and late cell somebody stands in."""
    rates = np.split(never_closed, [SIZES[0]])
    return np.hstack([passed @ each for passed, each in zip(days.passed, rates, strict=True)])


@cache
def _days() -> _Days:
    openings, steps_of_day = [Opening(0, 60 * lasts) for lasts in LENGTHS], np.arange(DAY_STEPS) * STEP
    moments: list[Moment] = []
    waited, columns, since = [], [], []
    for opening in openings:
        steps, closed = opening.standing(steps_of_day)
        _, often = opening.parts(steps)
        soon = np.flatnonzero(often)
        column = np.where(steps == CLOSED, CLOSED_COLUMN, OPEN_COLUMN)
        column[soon] = len(moments) + np.arange(len(soon))
        columns.append(column)
        waited.append(often[soon])
        since.append(soon % HOUR_STEPS)
        moments += map(Moment, steps[soon].tolist(), closed[soon].tolist())
    into = tuple(np.flatnonzero(np.concatenate(since) == step) for step in range(HOUR_STEPS))
    doubts = np.array(list(map(doubt, openings)))
    return _Days(np.concatenate(waited), passed(moments), np.array(columns), into, doubts)


_OF_DAY = np.arange(DAY_STEPS)
_SINCE = (_OF_DAY - np.arange(HOURS)[:, None] * HOUR_STEPS) % DAY_STEPS
"""By hour and step of the day: how many steps ago that hour began."""
