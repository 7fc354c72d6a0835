"""The hours at which nobody calls: those of all calls, until enough of nobody's own are known."""

from collections.abc import Sequence

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.counts import Counts
from swapboard.attribution.hours import HOURS, gained

RHYTHM_PRIOR = 40.0
"""How many of nobody's calls the hours of all calls weigh."""

_NEIGHBOURS = ((-2, 0.12), (-1, 0.24), (0, 0.28), (1, 0.24), (2, 0.12))

_OWN = sum(share * share for _, share in _NEIGHBOURS)

_EVEN = np.ones(HOURS)

_CLOCK = np.sum([share * np.roll(np.eye(HOURS), step, axis=1) for step, share in _NEIGHBOURS], axis=0)
"""Hours that are multiplied with it have what their neighbours have."""


def rhythm_of(counts: Counts, ready: Sequence[float]) -> Array:
    """When nobody calls: at the hours of all calls, until enough of nobody's own are known."""
    time = _shares(ready)
    own = _by_time(counts.nobody, time, _by_time(counts.calls, time, _EVEN))
    found: Array = own / (own * time).sum(axis=-1, keepdims=True)
    return found


def rhythm_gained(counts: Counts, ready: Sequence[float]) -> Array:
    """See `gained`, of nobody's hours; each is held together with its neighbours, and little of it its own."""
    time, number = _shares(ready), counts.nobody.sum(axis=-1, keepdims=True)
    everybody = _by_time(counts.calls, time, _EVEN)
    calls = counts.nobody / _OWN @ _CLOCK
    goals = number * everybody * time / _OWN @ _CLOCK
    firm = RHYTHM_PRIOR / HOURS * everybody / _OWN
    return _OWN * gained(calls, goals, (calls + firm) / (goals + firm), firm[..., None, :])


def _shares(ready: Sequence[float]) -> Array:
    """By hour of the day; on the first day most were not there yet: that nobody rang then says nothing."""
    total = sum(ready)
    return np.array(ready) / total if total else _EVEN / HOURS


def _by_time(calls: Array, time: Array, believed: Array) -> Array:
    """How much more often than on average calls come at each hour and its neighbours, near what is believed."""
    each = RHYTHM_PRIOR / HOURS
    number = calls.sum(axis=-1, keepdims=True)
    found: Array = (calls + each * believed) @ _CLOCK / ((number * time + each) @ _CLOCK)
    return found
