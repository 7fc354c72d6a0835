"""How many visits had ended at each hour of the day, and for how long: they might have called then."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.arrays import Array
from swapboard.attribution.hours import HOURS, SPANS, STEPS
from swapboard.clock import HOUR, Millis

LONGEST_GAP = 1000
"""After so many hours in which nobody left, nothing is counted but from the next on."""
AT_ONCE = 1000
"""Hours are counted when they are so many, as arrays, or when they are asked for."""
_BEFORE = STEPS[-1]


@dataclass(slots=True)
class AwayByHour:
    """How many visits had ended, by the hour of the day and for how long: counted hour by hour, in order."""

    _counted: Array = field(default_factory=partial(np.zeros, (HOURS, SPANS)))
    _ended: list[int] = field(default_factory=lambda: [0] * _BEFORE)
    """How many up to the end of each hour: of those to be counted, and of those before that matter to them."""
    _total: int = 0
    _hour: int = -1
    _hour_ends_at: Millis = 0

    def leave(self, at: Millis) -> None:
        """A visit ended."""
        if at >= self._hour_ends_at:
            self._close(at // HOUR)
        self._total += 1

    def up_to(self, now: Millis) -> list[float]:
        """By hour of the day and span, all the hours before this one."""
        if self._total and now >= self._hour_ends_at:
            self._close(now // HOUR)
        self._count()
        found: list[float] = self._counted.ravel().tolist()
        return found

    def _close(self, now: int) -> None:
        if self._hour < 0 or now - self._hour > LONGEST_GAP:
            self._count()
            self._hour = now
        self._ended += [self._total] * (now - self._hour)
        self._hour, self._hour_ends_at = now, (now + 1) * HOUR
        if len(self._ended) > AT_ONCE:
            self._count()

    def _count(self) -> None:
        ended = np.array(self._ended, np.int64)
        new = np.arange(_BEFORE, len(ended))
        so_long: NDArray[np.int64] = ended[new[:, None] - STEPS]
        np.add.at(self._counted, (self._hour - len(ended) + new) % HOURS, so_long[:, :-1] - so_long[:, 1:])
        del self._ended[: len(new)]
