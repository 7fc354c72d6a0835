"""Calls as they were shared out among their candidates, nobody, and callers who call again."""

from dataclasses import dataclass, field
from functools import partial

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.curve import AGAIN_EDGES, CROWD
from swapboard.attribution.hours import HOURS


@dataclass(slots=True)
class Counts:
    """How many calls each has; as several curves shared them out, in a row for each curve."""

    places: Array = field(default_factory=partial(np.zeros, CROWD))
    again: Array = field(default_factory=partial(np.zeros, len(AGAIN_EDGES) - 1))
    nobody_again: Array = field(default_factory=partial(np.zeros, ()))
    nobody: Array = field(default_factory=partial(np.zeros, HOURS))
    """By hour of the day."""
    calls: Array = field(default_factory=partial(np.zeros, HOURS))
    """All of them, by hour of the day; of all rows, where several curves shared out the same."""
    late: Array = field(default_factory=partial(np.zeros, HOURS))
    """Of `places`, those of sessions that had left, by hour of the day."""
    log_total: Array = field(default_factory=partial(np.zeros, ()))
    """Of all calls' weights: the logarithms' sum."""

    def parts(self) -> tuple[Array, ...]:
        """In the order above."""
        return self.places, self.again, self.nobody_again, self.nobody, self.calls, self.late, self.log_total

    def plus(self, other: "Counts") -> "Counts":
        """With another's calls."""
        return Counts(*map(np.add, self.parts(), other.parts()))

    def scaled(self, share: float) -> "Counts":
        """A share of it: older calls weigh less."""
        return Counts(*(part * share for part in self.parts()))
