"""Today against the same weekday of earlier weeks, up to the same time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from math import sqrt

from swapboard.clock import Millis

WEEKS = 4


class Pace(StrEnum):
    """How the day goes beside the earlier ones."""

    MORE = "more"
    AS_USUAL = "as_usual"
    LESS = "less"
    UNKNOWN = "unknown"
    """There is no earlier week."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How many calls came on such a day by this time, in the mean of the weeks that are known."""

    calls: float
    weeks: int

    def pace(self, today: int) -> Pace:
        """Chance alone makes calls differ by the root of their number: what is nearer than that is as usual."""
        if not self.weeks:
            return Pace.UNKNOWN
        if abs(today - self.calls) <= max(1.0, sqrt(self.calls)):
            return Pace.AS_USUAL
        return Pace.MORE if today > self.calls else Pace.LESS


def same_times(now: Millis, zone: tzinfo, since: Millis) -> Sequence[tuple[Millis, Millis]]:
    """The spans of earlier weeks, from the day's beginning until this time of day by the clocks of `zone`.

    Latest first; only days that began at `since` or later, for before that nothing was counted.
    """
    here = datetime.fromtimestamp(now / 1000, zone)
    spans = []
    for week in range(1, WEEKS + 1):
        until = here - timedelta(weeks=week)  # by the wall clock, so also across a change of it
        begins = until.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        spans.append((round(begins.timestamp() * 1000), round(until.timestamp() * 1000)))
    return [span for span in spans if span[0] >= since]


def usual(counts: Sequence[int]) -> Usual:
    """The mean of what earlier weeks had."""
    return Usual(sum(counts) / len(counts) if counts else 0.0, len(counts))
