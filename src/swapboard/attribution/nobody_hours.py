"""The hours at which nobody calls: those of all calls, until enough of nobody's own are known."""

from collections.abc import Sequence

import numpy as np

from swapboard.attribution.hours import HOURS, gained
from swapboard.attribution.lessons import Counts

RHYTHM_PRIOR = 40.0
"""How many of nobody's calls the hours of all calls weigh."""

_NEIGHBOURS = ((-2, 0.12), (-1, 0.24), (0, 0.28), (1, 0.24), (2, 0.12))

_OWN = sum(share * share for _, share in _NEIGHBOURS)

_EVEN = (1.0,) * HOURS

_CLOCK = sum(share * np.roll(np.eye(HOURS), step, axis=1) for step, share in _NEIGHBOURS)


def rhythm_of(counts: Counts, ready: Sequence[float]) -> tuple[float, ...]:
    """When nobody calls: at the hours of all calls, until enough of nobody's own are known."""
    time = _shares(ready)
    own = _by_time(counts.nobody, time, _by_time(counts.calls, time, _EVEN))
    mean = sum(map(float.__mul__, own, time))
    return tuple(each / mean for each in own)


def rhythm_gained(counts: Counts, ready: Sequence[float]) -> float:
    """See `gained`, of nobody's hours; each is held together with its neighbours, and little of it its own."""
    time, number = _shares(ready), sum(counts.nobody)
    everybody = _by_time(counts.calls, time, _EVEN)
    calls = _around_the_clock([each / _OWN for each in counts.nobody])
    goals = _around_the_clock([number * like * share / _OWN for like, share in zip(everybody, time, strict=True)])
    firm = [RHYTHM_PRIOR / HOURS * like / _OWN for like in everybody]
    taken = [(mine + each) / (goal + each) for mine, goal, each in zip(calls, goals, firm, strict=True)]
    return _OWN * gained(calls, goals, taken, [firm])


def _shares(ready: Sequence[float]) -> list[float]:
    """By hour of the day; on the first day most were not there yet: that nobody rang then says nothing."""
    total = sum(ready)
    return [each / total if total else 1.0 / HOURS for each in ready]


def _by_time(calls: Sequence[float], time: Sequence[float], believed: Sequence[float]) -> list[float]:
    """How much more often than on average calls come at each hour and its neighbours, near what is believed."""
    number, each = sum(calls), RHYTHM_PRIOR / HOURS
    found = _around_the_clock([call + each * like for call, like in zip(calls, believed, strict=True)])
    expected = _around_the_clock([number * share + each for share in time])
    return [mine / theirs for mine, theirs in zip(found, expected, strict=True)]


def _around_the_clock(by_hour: Sequence[float]) -> list[float]:
    """Each hour with what its neighbours have."""
    found: list[float] = (_CLOCK @ np.array(by_hour)).tolist()
    return found
