"""How many visits had ended at each hour of the day, and for how long: they might have called then."""

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

from swapboard.attribution.hours import HOURS, SPANS, STEPS
from swapboard.clock import HOUR, Millis

LONGEST_GAP = 1000
"""After so many hours in which nobody left, nothing is counted but from the next on."""


@dataclass(slots=True)
class AwayByHour:
    """How many visits had ended, by the hour of the day and for how long: counted hour by hour, in order."""

    _counted: list[float] = field(default_factory=lambda: [0.0] * (HOURS * SPANS))
    _ended: deque[int] = field(default_factory=lambda: deque([0] * (STEPS[-1] + 1), maxlen=STEPS[-1] + 1))
    """How many up to the end of each of the last hours."""
    _total: int = 0
    _hour: int = -1

    def leave(self, at: Millis) -> None:
        """A visit ended."""
        if at // HOUR > self._hour:
            self._close(at // HOUR)
        self._total += 1

    def up_to(self, now: Millis) -> list[float]:
        """By hour of the day and span, all the hours before this one."""
        if self._total and now // HOUR > self._hour:
            self._close(now // HOUR)
        return list(self._counted)

    def _close(self, now: int) -> None:
        if self._hour < 0 or now - self._hour > LONGEST_GAP:
            self._hour = now
        ended = self._ended
        while self._hour < now:
            ended.append(self._total)
            first = self._hour % HOURS * SPANS
            before = [ended[-1 - step] for step in STEPS]
            for at, (begin, end) in enumerate(pairwise(before), first):
                self._counted[at] += begin - end
            self._hour += 1
