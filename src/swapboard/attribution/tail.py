"""Those who held a number long ago: too many to weigh one by one, too many to leave out.

Only the moment when each went away, and the region, is kept. Together they stand in the match with the weight of
so many average sessions of that age.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.curve import CROWD
from swapboard.attribution.hazard import EDGES, FIRST_CELL, LEFT, LONGEST_AGE, SILENT
from swapboard.attribution.holder import CALLED
from swapboard.attribution.watch import Watched, away_since
from swapboard.clock import Millis

MOST_REGIONS = 80
"""Holders from further regions count as those from any."""
_OLDEST_FIRST: dict[int, NDArray[np.int64]] = {phase: np.array(EDGES[phase][::-1]) for phase in (LEFT, SILENT)}


@dataclass(slots=True)
class Gone:
    """Holders who went away in the same way, the earliest first."""

    phase: int
    times: "array[int]" = field(default_factory=partial(array, "q"))
    whence: "array[int]" = field(default_factory=partial(array, "B"))
    """Of each, the region's place among all."""
    regions: dict[str, int] = field(default_factory=lambda: {"": 0})

    def take(self, region: str, since: Millis) -> None:
        """One more."""
        if region not in self.regions and len(self.regions) < MOST_REGIONS:
            self.regions[region] = len(self.regions)
        times = self.times
        place = bisect_right(times, since) if times and times[-1] > since else len(times)
        times.insert(place, since)
        self.whence.insert(place, self.regions.get(region, 0))

    def by_cell(self, at: Millis, areas: Mapping[str, float]) -> Iterator[tuple[int, float]]:
        """How many there are in each cell of the phase, by their ratios; who went before the last is left out."""
        if not self.times:
            return iter(())
        edges: NDArray[np.int64] = at - _OLDEST_FIRST[self.phase]
        ends = np.frombuffer(self.times, np.int64).searchsorted(edges, "right").tolist()
        # Lists here, as there are two dozen cells: as arrays, which cells are filled took as long as their sums.
        filled = [cell for cell, (begin, end) in enumerate(pairwise(ends)) if end > begin]
        if not filled:
            return iter(())
        ratios = np.array([areas.get(region, 1.0) for region in self.regions])
        # By index, and not by `take`: of 25,000 that took three times as long.
        each = ratios[np.frombuffer(self.whence, np.uint8)[: ends[-1]]]
        counts = np.add.reduceat(each, [ends[cell] for cell in filled]).tolist()
        last = len(ends) - 2
        return ((last - cell, count) for cell, count in zip(reversed(filled), reversed(counts), strict=True))

    def forget(self, many: int) -> None:
        """The earliest."""
        del self.times[:many], self.whence[:many]


@dataclass(slots=True)
class Tail:
    """The number's holders of long ago."""

    most: int = 20_000
    left: Gone = field(default_factory=partial(Gone, LEFT))
    silent: Gone = field(default_factory=partial(Gone, SILENT))

    @property
    def held(self) -> int:
        """How many are known of."""
        return len(self.left.times) + len(self.silent.times)

    def take(self, holders: Sequence[Watched]) -> None:
        """Put holders to those of long ago; who called already is left out."""
        for each in holders:
            if each.called > CALLED:
                continue
            gone = self.silent if each.left_at is None else self.left
            since = away_since(each)
            gone.take(each.region, since)
            if self.held > self.most:
                self._forget(since)

    def places(self, at: Millis, areas: Mapping[str, float]) -> dict[int, float]:
        """How many of the crowd stand at each place, each as likely as the caller's area makes it."""
        return {
            CROWD + FIRST_CELL[gone.phase] + cell: count
            for gone in (self.left, self.silent)
            for cell, count in gone.by_cell(at, areas)
        }

    def _forget(self, now: Millis) -> None:
        """Who cannot call any more goes, or else the older half."""
        for gone in (self.left, self.silent):
            gone.forget(bisect_right(gone.times, now - LONGEST_AGE))
        if self.held > self.most // 2:
            for gone in (self.left, self.silent):
                gone.forget(len(gone.times) // 2)
