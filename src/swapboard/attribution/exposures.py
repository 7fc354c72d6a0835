"""The time behind the calls that are learned from."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.curve import AGAIN_EDGES, CROWD
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.hazard import CELLS
from swapboard.attribution.hours import HOURS, SPANS


@dataclass(frozen=True)
class Exposures:
    """The time behind the counts, in milliseconds."""

    places: list[float] = field(default_factory=lambda: [0.0] * CROWD)
    again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    nobody_again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    """Of `again`, what came after nobody's calls."""
    ready: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """By hour of the day: time multiplied by how many numbers there were."""
    away: list[float] = field(default_factory=lambda: [0.0] * (HOURS * SPANS))
    """How many visits had ended, by hour of the day and for how long (`away_by_hour.py`)."""
    came: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """By hour of the day: how many visits began, with a number or without."""
    counted: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """By hour of the day: the time in which visits were counted, which numbers may have come into later."""

    @cached_property
    def numbers(self) -> float:
        """At whatever hour."""
        return sum(self.ready)

    @cached_property
    def by_profile(self) -> Array:
        """`places` by profile and cell."""
        return np.array(self.places).reshape(PROFILES, CELLS)

    @cached_property
    def there(self) -> Array:
        """`away` by hour of the day and span."""
        return np.array(self.away).reshape(HOURS, SPANS)

    def less(self, earlier: "Exposures") -> "Exposures":
        """What came since an earlier reading."""
        return Exposures(
            [max(0.0, now - then) for now, then in zip(self.places, earlier.places, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.again, earlier.again, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.nobody_again, earlier.nobody_again, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.ready, earlier.ready, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.away, earlier.away, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.came, earlier.came, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.counted, earlier.counted, strict=True)],
        )

    def plus(self, other: "Exposures") -> "Exposures":
        """Both together."""
        return Exposures(
            [mine + theirs for mine, theirs in zip(self.places, other.places, strict=True)],
            [mine + theirs for mine, theirs in zip(self.again, other.again, strict=True)],
            [mine + theirs for mine, theirs in zip(self.nobody_again, other.nobody_again, strict=True)],
            [mine + theirs for mine, theirs in zip(self.ready, other.ready, strict=True)],
            [mine + theirs for mine, theirs in zip(self.away, other.away, strict=True)],
            [mine + theirs for mine, theirs in zip(self.came, other.came, strict=True)],
            [mine + theirs for mine, theirs in zip(self.counted, other.counted, strict=True)],
        )

    def scaled(self, share: float) -> "Exposures":
        """A share of it."""
        return Exposures(
            [each * share for each in self.places],
            [each * share for each in self.again],
            [each * share for each in self.nobody_again],
            [each * share for each in self.ready],
            [each * share for each in self.away],
            [each * share for each in self.came],
            [each * share for each in self.counted],
        )
