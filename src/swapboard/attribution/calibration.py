"""How honest the confidence is: of all calls with 0.8, are 80 % credited to the right visit?

Who made a call is seldom known for sure. It is when exactly one of the visits that held the number tapped or
copied it just before. Such a call is weighed once more as if nobody had tapped, and that answer is compared with
the tap: what confirms the confidence has then no part in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import pi, sqrt
from typing import NamedTuple

from msgspec.structs import replace

from swapboard.attribution.curve import Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.holder import Holder
from swapboard.attribution.match import match
from swapboard.attribution.ring import Ring
from swapboard.clock import MINUTE, Millis

JUST_BEFORE: Millis = MINUTE
SURE = 0.9
BINS = 10
FEWEST = 10
"""With fewer checked calls a figure would say little."""


class Check(NamedTuple):
    """One call's answer without the tap, and whether the tap agrees."""

    confidence: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies between two bounds."""

    calls: int
    confidence: float
    """The mean."""
    right: float
    """The share of right ones."""


class Reliability:
    """What answers of known truth say together of the confidence in them: `add` one by one, then read."""

    def __init__(self, bins: int = BINS) -> None:
        self.calls = 0
        self.right = 0
        self.sure = 0
        """How many we were sure of."""
        self.sure_right = 0
        self._sums = [[0, 0.0, 0] for _ in range(bins)]

    def add(self, confidence: float, is_right: bool) -> None:
        """Count an answer."""
        self.calls += 1
        self.right += is_right
        self.sure += confidence >= SURE
        self.sure_right += is_right and confidence >= SURE
        found = self._sums[min(len(self._sums) - 1, int(confidence * len(self._sums)))]
        found[0] += 1
        found[1] += confidence
        found[2] += is_right

    @property
    def bins(self) -> Sequence[Bin]:
        """Those that are not empty, by confidence."""
        return [Bin(int(count), sure / count, right / count) for count, sure, right in self._sums if count]

    @property
    def confidence(self) -> float | None:
        """The mean."""
        return sum(sure for _, sure, _ in self._sums) / self.calls if self.calls else None

    @property
    def error(self) -> float | None:
        """The expected calibration error: how far confidence lies from the share of right answers, on average."""
        return sum(abs(sure - right) for _, sure, right in self._sums) / self.calls if self.calls else None

    @property
    def error_by_chance(self) -> float | None:
        """The calibration error to expect of so many answers if their confidence were exactly right."""
        if not self.calls:
            return None
        spread = sum(sqrt(each.calls * each.confidence * (1.0 - each.confidence)) for each in self.bins)
        return sqrt(2.0 / pi) * spread / self.calls

    @property
    def says_enough(self) -> bool:
        return self.calls >= FEWEST


def blind_check(ring: Ring, held: Sequence[Holder], curve: Curve, links: Mapping[str, Link]) -> Check | None:
    """The check of a call that one visit's tap gives away; None for all others."""
    # A tap that led to an earlier call gives away that one, and not this.
    tappers = [
        each
        for each in held
        if each.tapped_at is not None and each.tapped_at > max(ring.at - JUST_BEFORE - 1, each.called_at)
    ]
    if len(tappers) != 1:
        return None
    posterior = match(ring, [replace(each, tapped_at=None) for each in held], curve, links)
    best = posterior.best()
    is_right = best is not None and best.holder.session_id == tappers[0].session_id
    return Check(posterior.probability(best), is_right)


def reliability(checks: Iterable[Check]) -> Reliability:
    """The checks by tenths of confidence."""
    found = Reliability()
    for confidence, is_right in checks:
        found.add(confidence, is_right)
    return found
