"""The hours at which nobody calls: those at which visits begin, until enough of nobody's own calls are known.

Whoever is nobody from the site rings when people are about. The hours of all calls are those of late callers too,
who ring hours after the others: by them, nobody was believed too little where people come in a rush.
"""

from collections.abc import Sequence

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.counts import Counts
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hours import HOURS, gained

RHYTHM_PRIOR = 40.0
"""How many of nobody's calls the hours of visits weigh."""

FEW = 4.0
"""How many visits it weighs, for one hour, that it is believed to be like the others."""

STRAY = 0.05
"""Of the visits of an hour, how many it weighs at least: however many keep away by night, a stranger may ring."""

_NEIGHBOURS = ((-2, 0.12), (-1, 0.24), (0, 0.28), (1, 0.24), (2, 0.12))

_OWN = sum(share * share for _, share in _NEIGHBOURS)

_EVEN = np.ones(HOURS)

_CLOCK = np.sum([share * np.roll(np.eye(HOURS), step, axis=1) for step, share in _NEIGHBOURS], axis=0)
"""Hours that are multiplied with it have what their neighbours have."""


def rhythm_of(counts: Counts, exposures: Exposures) -> Array:
    """When nobody calls: at the hours at which visits begin, until enough of nobody's own calls are known."""
    time, number = _shares(exposures.ready), counts.nobody.sum(axis=-1, keepdims=True)
    usual, each = _usual(exposures, time), RHYTHM_PRIOR / HOURS
    own = usual * ((counts.nobody + each) @ _CLOCK) / ((number * usual * time + each) @ _CLOCK)
    found: Array = own / (own * time).sum(axis=-1, keepdims=True)
    return found


def rhythm_gained(counts: Counts, exposures: Exposures) -> Array:
    """See `gained`, of nobody's hours; each is held together with its neighbours, and little of it its own."""
    time, number = _shares(exposures.ready), counts.nobody.sum(axis=-1, keepdims=True)
    calls = counts.nobody / _OWN @ _CLOCK
    goals = number * _usual(exposures, time) * time / _OWN @ _CLOCK
    firm = np.full(calls.shape, RHYTHM_PRIOR / HOURS / _OWN)
    return _OWN * gained(calls, goals, (calls + firm) / (goals + firm), firm[..., None, :])


def _usual(exposures: Exposures, time: Array) -> Array:
    """By hour of the day, how much more often visits begin than on average over the numbers' time."""
    all_ = sum(exposures.came)
    few = max(FEW, STRAY * all_ / HOURS)
    often = (np.array(exposures.came) + few) / (all_ * _shares(exposures.counted) + few)
    found: Array = often / (often * time).sum()
    return found


def _shares(time: Sequence[float]) -> Array:
    """By hour of the day; on the first day most were not there yet: that nobody came or rang then says nothing."""
    total = sum(time)
    return np.array(time) / total if total else _EVEN / HOURS
