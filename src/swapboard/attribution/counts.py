"""Calls as they were shared out among their candidates, nobody, and callers who call again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.curve import AGAIN_EDGES, CROWD
from swapboard.attribution.hours import HOURS

Array = NDArray[np.float64]


@dataclass(slots=True)
class Counts:
    """How many calls each has; as several curves shared them out, in a row for each curve."""

    places: Array = field(default_factory=partial(np.zeros, CROWD))
    again: Array = field(default_factory=partial(np.zeros, len(AGAIN_EDGES) - 1))
    nobody_again: Array = field(default_factory=partial(np.zeros, ()))
    nobody: Array = field(default_factory=partial(np.zeros, HOURS))
    """By hour of the day."""
    calls: Array = field(default_factory=partial(np.zeros, HOURS))
    """All of them, by hour of the day."""
    late: Array = field(default_factory=partial(np.zeros, HOURS))
    """Of `places`, those of sessions that had left, by hour of the day."""
    log_total: Array = field(default_factory=partial(np.zeros, ()))
    """Of all calls' weights: the logarithms' sum."""

    @classmethod
    def side_by_side(cls, counts: Sequence["Counts"]) -> "Counts":
        """A row for each."""
        return cls(
            np.array([each.places for each in counts]),
            np.array([each.again for each in counts]),
            np.array([each.nobody_again for each in counts]),
            np.array([each.nobody for each in counts]),
            np.array([each.calls for each in counts]),
            np.array([each.late for each in counts]),
            np.array([each.log_total for each in counts]),
        )

    def plus(self, other: "Counts") -> "Counts":
        """With another's calls."""
        return Counts(
            self.places + other.places,
            self.again + other.again,
            self.nobody_again + other.nobody_again,
            self.nobody + other.nobody,
            self.calls + other.calls,
            self.late + other.late,
            self.log_total + other.log_total,
        )

    def scaled(self, share: float) -> "Counts":
        """A share of it: older calls weigh less."""
        return Counts(
            self.places * share,
            self.again * share,
            self.nobody_again * share,
            self.nobody * share,
            self.calls * share,
            self.late * share,
            self.log_total * share,
        )
