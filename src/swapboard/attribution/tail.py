"""Those who held a number long ago: too many to weigh one by one, too many to leave out.

Only the moment when each went away, the region, and how much it may still call are kept. Together they stand in
the match with the weight of so many average sessions of that age.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.curve import CROWD, Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.hazard import EDGES, FIRST_CELL, LEFT, LONGEST_AGE, SILENT
from swapboard.attribution.holder import CALLED
from swapboard.attribution.watch import Watched, away_since
from swapboard.clock import Millis

MOST_REGIONS = 80
"""Holders from further regions count as those from any."""
WHOLE = 255
"""The most that a byte holds: each of tens of thousands of holders keeps one."""


def _spare(holder: Watched, links: Mapping[str, Link]) -> int:
    """How much of a first call from a number that never called there may still be, of WHOLE."""
    if not holder.may_be_linked:
        return WHOLE
    link = links.get(holder.visitor_id)
    return round(WHOLE * (1.0 - max(holder.called, link.belief * Curve.same_number if link else 0.0)))


@dataclass(slots=True)
class Gone:
    """Holders who went away in the same way, the earliest first."""

    phase: int
    times: "array[int]" = field(default_factory=partial(array, "q"))
    whence: "array[int]" = field(default_factory=partial(array, "B"))
    """Of each, the region's place among all."""
    spare: "array[int]" = field(default_factory=partial(array, "B"))
    """Of each, how much it may still call as one who did not before, of WHOLE."""

    def take(self, region: int, since: Millis, spare: int) -> None:
        """One more."""
        times, whence, spares = self.times, self.whence, self.spare
        if not times or times[-1] <= since:
            times.append(since)
            whence.append(region)
            spares.append(spare)
            return
        place = bisect_right(times, since)
        times.insert(place, since)
        whence.insert(place, region)
        spares.insert(place, spare)

    def by_place(self, at: Millis, ratios: Array) -> Iterator[tuple[int, float]]:
        """How many of the crowd stand at each place, by their regions' ratios; the too long gone are left out."""
        times, edges, first = self.times, EDGES[self.phase], CROWD + FIRST_CELL[self.phase]
        # Only cells between the latest one's and the earliest one's are filled, which are few of three dozen.
        latest = bisect_right(edges, at - times[-1]) - 1
        earliest = min(bisect_right(edges, at - times[0]), len(edges) - 1)
        oldest = begin = bisect_right(times, at - edges[earliest])
        cells, starts = [], []
        for cell in range(earliest - 1, latest - 1, -1):
            # The older half of the times is passed over with a cell or two: fewer are left to look in each time.
            end = bisect_right(times, at - edges[cell], begin)
            if end > begin:
                cells.append(first + cell)
                starts.append(begin - oldest)
                begin = end
        if not cells:
            return iter(())
        # By index, and not by `take`: of 25,000 that took three times as long.
        each = ratios[np.frombuffer(self.whence, np.uint8, offset=oldest)]
        each *= np.frombuffer(self.spare, np.uint8, offset=oldest)
        return zip(cells, np.add.reduceat(each, starts).tolist(), strict=True)

    def forget(self, many: int) -> None:
        """The earliest."""
        del self.times[:many], self.whence[:many], self.spare[:many]


@dataclass(slots=True)
class Tail:
    """The number's holders of long ago."""

    most: int = 20_000
    left: Gone = field(default_factory=partial(Gone, LEFT))
    silent: Gone = field(default_factory=partial(Gone, SILENT))
    regions: dict[str, int] = field(default_factory=lambda: {"": 0})

    @property
    def held(self) -> int:
        """How many are known of."""
        return len(self.left.times) + len(self.silent.times)

    def take(self, holders: Sequence[Watched], links: Mapping[str, Link] = {}) -> None:
        """Put holders to those of long ago; who called already is left out."""
        for each in holders:
            if each.called > CALLED:
                continue
            gone = self.silent if each.left_at is None else self.left
            gone.take(self._place_of(each.region), away_since(each), _spare(each, links))
        if self.held > self.most:
            self._forget(max(gone.times[-1] for gone in (self.left, self.silent) if gone.times))

    def places(self, at: Millis, areas: Mapping[str, float]) -> dict[int, float]:
        """How many of the crowd stand at each place, each as likely as the caller's area makes it."""
        ratios = np.array([areas.get(region, 1.0) for region in self.regions]) / WHOLE
        crowds = (self.left, self.silent)
        return dict(chain.from_iterable([gone.by_place(at, ratios) for gone in crowds if gone.times]))

    def _place_of(self, region: str) -> int:
        found = self.regions.get(region)
        if found is None:
            found = 0
            if len(self.regions) < MOST_REGIONS:
                found = self.regions[region] = len(self.regions)
        return found

    def _forget(self, now: Millis) -> None:
        """Who cannot call any more goes, or else the older half."""
        for gone in (self.left, self.silent):
            gone.forget(bisect_right(gone.times, now - LONGEST_AGE))
        if self.held > self.most // 2:
            for gone in (self.left, self.silent):
                gone.forget(len(gone.times) // 2)
