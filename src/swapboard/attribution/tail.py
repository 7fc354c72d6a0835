"""Those who held a number long ago: too many to weigh one by one, too many to leave out.

Only the moment when each went away is kept. Together they stand in the match with the weight of so many average
sessions of that age.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import add, mul, sub

from swapboard.attribution.curve import CROWD
from swapboard.attribution.hazard import EDGES, FIRST_CELL, LEFT, LONGEST_AGE, SILENT
from swapboard.attribution.holder import CALLED
from swapboard.attribution.watch import Watched, away_since
from swapboard.clock import Millis

MOST_REGIONS = 80
"""Holders from further regions count as those from any."""


@dataclass(slots=True)
class Tail:
    """The number's holders of long ago, by phase (left or silent) and region."""

    most: int = 20_000
    times: "dict[tuple[int, str], array[int]]" = field(default_factory=dict)
    held: int = 0

    def take(self, holders: Sequence[Watched]) -> None:
        """Put holders to those of long ago; who called already is left out."""
        for each in holders:
            if each.called > CALLED:
                continue
            since = away_since(each)
            times = self._times_of(SILENT if each.left_at is None else LEFT, each.region)
            if times and times[-1] > since:
                since = times[-1]
            times.append(since)
            self.held += 1
            if self.held > self.most:
                self._forget(since)

    def places(self, at: Millis, areas: Mapping[str, float]) -> dict[int, float]:
        """How many of the crowd stand at each place, each as likely as the caller's area makes it."""
        found: dict[int, float] = {}
        for phase in (LEFT, SILENT):
            away = [(areas.get(region, 1.0), times) for (of, region), times in self.times.items() if of == phase]
            first = CROWD + FIRST_CELL[phase]
            found |= {first + cell: count for cell, count in _by_cell(EDGES[phase], away, at) if count}
        return found

    def _forget(self, now: Millis) -> None:
        """Who cannot call any more goes, or else the older half of each."""
        arrays = self.times.values()
        for times in arrays:
            del times[: bisect_right(times, now - LONGEST_AGE)]
        if sum(map(len, arrays)) > self.most // 2:
            for times in arrays:
                del times[: len(times) // 2]
        self.held = sum(map(len, arrays))

    def _times_of(self, phase: int, region: str) -> "array[int]":
        found = self.times.get((phase, region))
        if found is None:
            if len(self.times) >= MOST_REGIONS:
                region = ""
            found = self.times.setdefault((phase, region), array("q"))
        return found


def _by_cell(
    edges: Sequence[Millis], away: "Sequence[tuple[float, array[int]]]", at: Millis
) -> Iterable[tuple[int, float]]:
    """How many there are in each cell, by their ratios; whoever left before the last one ends is out of it."""
    latest = max((times[-1] for _, times in away if times), default=at - edges[-1])
    oldest = min((times[0] for _, times in away if times), default=latest)
    youngest = bisect_right(edges, at - latest) - 1
    instants = [at - edge for edge in edges[youngest + 1 : bisect_right(edges, at - oldest) + 1]]
    counts = [0.0] * len(instants)
    for ratio, times in away:
        older = list(map(bisect_right, repeat(times), instants))
        inside = map(sub, (len(times), *older), older)
        counts = list(map(add, counts, map(mul, inside, repeat(ratio))))
    return enumerate(counts, youngest)
