"""The curve: all that was learned of a company's calls, as rates that the match multiplies."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.hazard import CELLS, FIRST_CELL, PHASE_OF, Phase, prior_rates
from swapboard.attribution.hours import HOURS, hour_of
from swapboard.attribution.opening import Moment, Waits
from swapboard.attribution.slopes import EVEN, IS_LATE, slopes, with_parts
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis

ON_PAGE = FIRST_CELL[Phase.LEFT]
"""The cells before this one are of sessions that have not left yet."""

CROWD = PROFILES * CELLS
"""Where the places of those begin whose profile is not known any more."""

AGAIN_EDGES: tuple[Millis, ...] = tuple(
    [0, 10 * SECOND, 30 * SECOND]
    + [MINUTE * step for step in (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960, 1440, 2880, 5760, 11520, 23040)]
    + [60 * DAY]
)

_AGAIN_INNER = AGAIN_EDGES[1:-1]

LEAST_WEIGHT = 1e-300

MOST_MOMENTS = 64
"""The rates at so many are kept at once, 36 kB each: where there are opening hours a week has hundreds."""


def again_bin(since: Millis) -> int:
    """The cell of the time since a caller's last call."""
    return bisect_right(_AGAIN_INNER, since)


def _again_prior() -> tuple[float, ...]:
    """One caller in ten calls again, half of them within hours."""
    return tuple(0.05 / HOUR / (1 + begin / HOUR) for begin in AGAIN_EDGES[:-1])


@dataclass(frozen=True)
class Curve:
    """All that was learned of a company's calls; rates are calls per millisecond."""

    rates: tuple[float, ...]
    """By cell (`hazard.py`)."""
    profiles: tuple[tuple[float, ...], ...]
    """By phase: how much more often each profile calls than the average."""
    nobody: float
    """Calls of nobody from the site, for each number, on average over the day."""
    again: tuple[float, ...]
    """By time since the caller's last call: how often one who called calls again from the same visit."""
    known_share: float = 0.02
    """Of the first calls of visitors we never heard, the share whose number called before."""
    nobody_known_share: float = 0.02
    withheld_share: float = 0.05
    """Of visitors' first calls, the share from a withheld number."""
    nobody_withheld_share: float = 0.05
    """The same of nobody's (`withholding.py`)."""
    nobody_again: float = 0.5
    """How often nobody calls again, compared with a visitor who called."""
    same_number: float = 0.9
    """How often a visitor who calls again from a later visit has the same number."""
    after_call: float = 0.03
    """How often a session that called calls with another number, compared with one that did not."""
    crowd: tuple[float, ...] = (1.0 / PROFILES,) * PROFILES
    """The share that each profile has of all who went away: whoever left long ago is of any of them."""
    rhythm: tuple[float, ...] = (1.0,) * HOURS
    """How much more often nobody calls at each hour of the day (UTC) than on average."""
    late_rhythm: tuple[float, ...] = (1.0,) * HOURS
    """The same of those who call after they left (`hours.py`)."""
    waits: Waits | None = None
    """Where they wait until the business opens, as far as that is believed (`late_clock.py`)."""

    @classmethod
    @cache
    def prior(cls) -> "Curve":
        """What is believed before anything was learned."""
        flat = tuple((1.0,) * PROFILES for _ in Phase)
        return cls(tuple(prior_rates()), flat, nobody=0.04 / DAY, again=_again_prior())

    @cached_property
    def grid(self) -> Array:
        """The rate by profile and cell, and in the last row that of one from the crowd."""
        profiles = np.array(self.profiles)[PHASE_OF, :].T
        own = profiles * np.array(self.rates)
        return np.vstack([own, (np.array(self.crowd)[:, None] * own).sum(axis=0)])

    @cached_property
    def _flat(self) -> Array:
        """The rates by place, at no hour in particular: those of who is there, and those of who went away."""
        flat = with_parts(self.grid, slopes(np.array(self.rates)))
        late = flat * IS_LATE
        return np.array([flat - late, late])

    @cached_property
    def _by_moment(self) -> dict[tuple[int, tuple[Moment, ...]], "array[float]"]:
        return {}

    def flat_at(self, at: Millis) -> Sequence[float]:
        """The rates at a moment by place: whole cells, and from `slopes.WHOLE` on parts of cells."""
        key = hour_of(at), self.waits.moment(at) if self.waits else ()
        found = self._by_moment.get(key)
        if found is None:
            if len(self._by_moment) >= MOST_MOMENTS:
                self._by_moment.clear()
            # A list of floats is four times as large, and takes 19 µs to make, where this takes 1.
            found = self._by_moment[key] = array("d")
            found.frombytes(self._table_at(*key).data.cast("B"))
        return found

    def _table_at(self, hour: int, moment: tuple[Moment, ...]) -> Array:
        waits = self.waits.share if self.waits else 0.0
        there, late = self._flat
        found: Array = there + late * (self.late_rhythm[hour] * (1.0 - waits))
        if not self.waits:
            return found
        waiting = replace(self, rates=(*self.rates[:ON_PAGE], *self.waits.at(moment))).grid * self.waits.share
        waiting[:, :ON_PAGE] = 0.0
        # How a rate falls from one cell to the next is the clock's doing there, and not the age's.
        return found + with_parts(waiting, EVEN)
