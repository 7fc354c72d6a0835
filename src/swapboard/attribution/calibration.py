"""How honest the confidence is: of all calls with 0.8, are 80 % credited to the right visit?

Who made a call is seldom known for sure. It is when exactly one of the visits that held the number tapped or
copied it just before. Such a call is weighed once more as if nobody had tapped, and that answer is compared with
the tap: what confirms the confidence has then no part in it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from swapboard.attribution.evidence import Link
from swapboard.attribution.match import Curve, Holder, Ring, match
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
    """The checked calls whose confidence lies between two tenths."""

    calls: int
    confidence: float
    """The mean."""
    right: float
    """The share that the tap confirmed."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """What the checks say together."""

    bins: Sequence[Bin]
    calls: int
    sure: int
    """Of these, how many we were sure of."""
    sure_right: int
    error: float
    """The expected calibration error: how far confidence lies from the share of right answers, on average."""

    @property
    def says_enough(self) -> bool:
        return self.calls >= FEWEST


def blind_check(ring: Ring, held: Sequence[Holder], curve: Curve, links: Mapping[str, Link]) -> Check | None:
    """The check of a call that one visit's tap gives away; None for all others."""
    tappers = [each for each in held if each.tapped_at is not None and ring.at - each.tapped_at <= JUST_BEFORE]
    if len(tappers) != 1:
        return None
    posterior = match(ring, [replace(each, tapped_at=None) for each in held], curve, links)
    best = posterior.best()
    if best is None:
        return Check(posterior.nobody, is_right=False)
    return Check(posterior.probability(best), best.holder.session_id == tappers[0].session_id)


def reliability(checks: Iterable[Check]) -> Reliability:
    """The checks by tenths of confidence."""
    sums = [[0, 0.0, 0] for _ in range(BINS)]
    sure = sure_right = 0
    for confidence, is_right in checks:
        found = sums[min(BINS - 1, int(confidence * BINS))]
        found[0] += 1
        found[1] += confidence
        found[2] += is_right
        if confidence >= SURE:
            sure += 1
            sure_right += is_right
    calls = sum(int(count) for count, _, _ in sums)
    return Reliability(
        bins=[Bin(int(count), confidence / count, right / count) for count, confidence, right in sums if count],
        calls=calls,
        sure=sure,
        sure_right=sure_right,
        error=sum(abs(confidence - right) for _, confidence, right in sums) / calls if calls else 0.0,
    )
