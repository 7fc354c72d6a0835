"""When a business can be called back: what comes due while it is closed rings after the next opening.

So two things tell how often somebody calls who went away: what comes due at this age, while it is open, and what
came due since the last closing, which rings within an hour or so of the opening. Both are sums of the rates that
would be if it never closed, with a matrix for each moment. Of a matrix, a row is the cell somebody stands in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.hazard import EDGES, Phase
from swapboard.clock import DAY, MINUTE, Millis

WEEK = 7
A_DAY = DAY // MINUTE
STEP: Millis = 10 * MINUTE
"""Moments after an opening that are so close count as one."""
POINTS = 6
"""Ages in each cell at which it is asked what came due."""
SOON = 5.0
"""After so many times the mean, hardly anybody is left who waited for the opening."""
CLOSED, LATER = -1, 1 << 30
"""In place of the steps since the opening: it is closed, or those who waited have rung."""
AWAY = (Phase.LEFT, Phase.SILENT)
SIZES = tuple(len(EDGES[phase]) - 1 for phase in AWAY)


@dataclass(frozen=True, slots=True)
class Opening:
    """Opening hours, UTC. A day of the week is one of seven, from the epoch's first on."""

    opens: int
    """Minutes of the day."""
    lasts: int
    """Minutes, past midnight where the zone is far away."""
    closed: tuple[int, ...] = ()
    """The days of the week on which it does not open."""
    after: float = 30.0
    """How many minutes after the opening those ring who waited for it, on average."""
    early: float = 0.03
    """How many ring although it is closed."""

    def moment(self, at: Millis) -> "Moment":
        """What matters of a moment."""
        steps, closed = self.standing(np.array([at]))
        return Moment(int(steps[0]), int(closed[0]))

    def moments(self, at: NDArray[np.int64]) -> "tuple[list[Moment], NDArray[np.intp]]":
        """Those of many, each once, and which of them each is."""
        return each_once(*self.standing(at))

    def rates(self, moments: Sequence["Moment"], never_closed: Array) -> Array:
        """By moment and late cell: how often somebody calls who is there."""
        now, waited = self.parts(np.array([each.steps for each in moments]))
        found: Array = now[:, None] * never_closed + waited[:, None] * came_due(moments, never_closed)
        return found

    def never_closed(self, late: Array, at: NDArray[np.int64]) -> Array:
        """What stands at the cells at moments (a row each), by the cells that it comes from."""
        moments, which = self.moments(at)
        now, waited = self.parts(np.array([each.steps for each in moments]))
        found = late * now[which, None]
        for place, moment in enumerate(moments):
            if waited[place]:
                mine = which == place
                left, silent = np.split(late[mine], [SIZES[0]], axis=1)
                came = [part @ _came_due(*moment, phase) for phase, part in zip(AWAY, (left, silent), strict=True)]
                found[mine] += waited[place] * np.hstack(came)
        return found

    def parts(self, steps: NDArray[np.int64]) -> tuple[Array, Array]:
        """What rings of that which comes due at such moments, and how often what waited does."""
        mean, is_soon = self.after * MINUTE, (steps != CLOSED) & (steps != LATER)
        since = np.where(is_soon, (steps + 0.5) * STEP, 0.0)
        waited = np.where(is_soon, (1.0 - self.early) * np.exp(-since / mean) / mean, 0.0)
        return np.where(steps == CLOSED, self.early, 1.0), waited

    def standing(self, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """By moment, the steps since the opening, and for how long it had been closed."""
        opened = self._opened(at)
        since = at - opened
        is_closed, is_later = since >= self.lasts * MINUTE, since >= SOON * self.after * MINUTE
        steps = np.where(is_closed, CLOSED, np.where(is_later, LATER, since // STEP))
        before = self._opened(opened - 1) + self.lasts * MINUTE
        return steps, np.where(is_closed | is_later, 0, np.maximum(0, opened - before))

    def _opened(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        day = (at - self.opens * MINUTE) // DAY
        opened: NDArray[np.int64] = (day - _back(self.closed)[day % WEEK]) * DAY + self.opens * MINUTE
        return opened


class Moment(NamedTuple):
    """Steps since the opening, and for how long it had been closed."""

    steps: int
    closed: Millis


@dataclass(frozen=True, slots=True)
class Waits:
    """Late callers wait for the opening, so far as that is believed."""

    openings: tuple[tuple[Opening, float], ...]
    """Hours that it may have, with how probable each are; the likeliest first."""
    rates: tuple[float, ...]
    """By cell of those who left and of those who fell silent: what they would be if it never closed."""
    share: float
    """How far it is believed."""

    def moment(self, at: Millis) -> tuple[Moment, ...]:
        """What matters of a moment, by the hours."""
        return tuple(opening.moment(at) for opening, _ in self.openings)

    def at(self, moment: tuple[Moment, ...]) -> list[float]:
        """The rates at a moment: the mean."""
        rates = np.array(self.rates)
        means = (
            share * opening.rates([each], rates)[0]
            for (opening, share), each in zip(self.openings, moment, strict=True)
        )
        found: list[float] = np.sum(list(means), axis=0).tolist()
        return found


@lru_cache(maxsize=256)
def _back(closed: tuple[int, ...]) -> NDArray[np.int64]:
    """By day of the week: how many days before it was the last that it opened."""
    days = range(WEEK)
    return np.array([next((back for back in days if (day - back) % WEEK not in closed), 0) for day in days])


def each_once(steps: NDArray[np.int64], closed: NDArray[np.int64]) -> tuple[list[Moment], NDArray[np.intp]]:
    """All different moments, and which of them each is."""
    both, which = np.unique(closed * (LATER + 2) + steps - CLOSED, return_inverse=True)
    closed, steps = np.divmod(both, LATER + 2)
    return list(map(Moment, (steps + CLOSED).tolist(), closed.tolist())), which


def came_due(moments: Sequence[Moment], never_closed: Array) -> Array:
    """By moment and late cell, how often somebody calls who is there, of what came due while it was closed."""
    steps, closed = np.array(moments, np.float64).T[:, :, None]
    found = []
    for phase, rates in zip(AWAY, np.split(never_closed, [SIZES[0]]), strict=True):
        edges, ages = _ages(phase)
        due = np.diff(edges) * rates
        if phase == Phase.SILENT:
            # Who misses a beat was on the page until then.
            due[0] = 0.0
        so_far, opened = np.append(0.0, np.cumsum(due)), ages.ravel() - (steps + 0.5) * STEP
        came = np.interp(opened, edges, so_far) - np.interp(opened - closed, edges, so_far)
        found.append(came.reshape(len(moments), -1, POINTS).mean(axis=2))
    return np.hstack(found)


def passed(moments: Sequence[Moment]) -> tuple[Array, ...]:
    """By phase, what `came_due` multiplies the rates by: a matrix for each moment."""
    return tuple(np.array([_passed(*each, phase) for each in moments]) for phase in AWAY)


@cache
def _ages(phase: Phase) -> tuple[Array, Array]:
    """Where the cells begin and end, and some ages in each."""
    edges = np.array(EDGES[phase], np.float64)
    return edges, edges[:-1, None] + np.diff(edges)[:, None] * (np.arange(POINTS) + 0.5) / POINTS


def _passed(steps: int, closed: Millis, phase: Phase) -> Array:
    """By cell somebody stands in: how much of each cell's ages it passed while it was closed."""
    if steps in {CLOSED, LATER}:
        return np.zeros((len(EDGES[phase]) - 1,) * 2)
    edges, ages = _ages(phase)
    opened = (ages - (steps + 0.5) * STEP)[..., None]
    ends = np.minimum(opened, edges[1:]) - np.maximum(opened - closed, edges[:-1])
    found: Array = np.maximum(ends, 0.0).mean(axis=1)
    if phase == Phase.SILENT:
        found[:, 0] = 0.0
    return found


_came_due = lru_cache(maxsize=2048)(_passed)
"""Remembered, where calls are asked of at the moments at which they rang."""
