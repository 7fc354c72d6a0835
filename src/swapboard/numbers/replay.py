"""What a pool of another size would have done with visits that really came: they are leased anew, in order.

Only when each visit came and left is needed. Numbers are given longest-idle first, as `pool.place` does.
"""

import heapq
import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from swapboard.clock import MINUTE, Millis
from swapboard.numbers.sizing import Callers


@dataclass(frozen=True, slots=True)
class Stay:
    """A visit that needs a number, from when until when."""

    from_at: Millis
    until_at: Millis


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of the visits with a pool of `numbers`."""

    numbers: int
    visits: int
    overflowed: int
    """Found every number live."""
    accuracy: float
    """The share of calls that would name the right visit."""
    most_live: int

    @property
    def overflow(self) -> float:
        """The share of visits that found every number live."""
        return self.overflowed / self.visits if self.visits else 0.0


def replay(stays: Iterable[Stay], numbers: int, callers: Callers) -> Replayed:
    """Lease the visits, in the order in which they came, from a pool of `numbers`."""
    pool = _Pool(numbers)
    visits = overflowed = most_live = 0
    overtaken = 0.0
    for stay in sorted(stays, key=lambda each: each.from_at):
        visits += 1
        rested = pool.lease(stay)
        most_live = max(most_live, pool.live)
        overflowed += rested is None
        if rested is not None:
            # Whoever had the number before may still call: that call now has two who could have made it.
            overtaken += _still_calls(rested, callers)
    tracked = visits - overflowed
    right = 1 - callers.late_share * overtaken / tracked if tracked else 0.0
    return Replayed(numbers, visits, overflowed, right, most_live)


def resting(stays: Iterable[Stay], quiet_minutes: float) -> list[Stay]:
    """The same visits, each keeping its number until it has rested."""
    return [Stay(stay.from_at, stay.until_at + round(quiet_minutes * MINUTE)) for stay in stays]


def busiest_hour(stays: Sequence[Stay], hour: Millis = 60 * MINUTE) -> int:
    """How many visits came in the busiest hour, wherever it begins."""
    arrivals = sorted(stay.from_at for stay in stays)
    most = first = 0
    for place, at in enumerate(arrivals):
        while arrivals[first] <= at - hour:
            first += 1
        most = max(most, place - first + 1)
    return most


def mean_minutes(stays: Sequence[Stay]) -> float:
    """How long a visit keeps its number on average."""
    if not stays:
        return 0.0
    return math.fsum(stay.until_at - stay.from_at for stay in stays) / len(stays) / MINUTE


def smallest_replayed(stays: Sequence[Stay], quiet_minutes: float, promise: float, most: int) -> int:
    """The fewest numbers with which at most `promise` of these visits would have found none, if all must rest."""
    kept = resting(stays, quiet_minutes)
    low, high = 1, max(1, most)
    while low < high:
        middle = (low + high) // 2
        if replay(kept, middle, Callers()).overflow <= promise:
            high = middle
        else:
            low = middle + 1
    return low


class _Pool:
    """Numbers as the moments they were left, longest idle first, and the ends of the live ones."""

    def __init__(self, numbers: int) -> None:
        self._free: deque[float] = deque([-math.inf] * numbers)
        self._ends: list[Millis] = []

    @property
    def live(self) -> int:
        return len(self._ends)

    def lease(self, stay: Stay) -> float | None:
        """How long the number has rested (milliseconds), or None when all are live."""
        while self._ends and self._ends[0] <= stay.from_at:
            self._free.append(heapq.heappop(self._ends))
        if not self._free:
            return None
        heapq.heappush(self._ends, max(stay.until_at, stay.from_at))
        return stay.from_at - self._free.popleft()


def _still_calls(rested: float, callers: Callers) -> float:
    """How probable it is that a late call comes only after so long a rest."""
    return math.exp(-rested / (callers.late_minutes * MINUTE)) if callers.late_minutes > 0 else 0.0
