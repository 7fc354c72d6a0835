"""What the match says of a call: how probable each session is, and *nobody*, and why, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from swapboard.attribution.curve import LEAST_WEIGHT, Curve
from swapboard.attribution.evidence import Link
from swapboard.attribution.hazard import SILENT_AFTER, TAP_LASTS
from swapboard.attribution.holder import Holder, places_of
from swapboard.attribution.ring import Scales
from swapboard.clock import MINUTE, Millis


@dataclass(frozen=True, slots=True)
class Candidate:
    """A session that may have made the call; the probabilities of all and of *nobody* sum to one."""

    session_id: str
    probability: float
    because: str = ""


class Weighed(msgspec.Struct, gc=False):
    """One candidate's weight, in the parts that learning needs."""

    holder: Holder
    place: int
    factor: float
    """Its first calls' rate is the curve's at `place` times this."""
    again: float
    weight: float
    untied: float = 1.0
    """What it would weigh if nothing tied its visitor to the caller, beside what it weighs."""
    link: Link | None = None
    """Of a visitor who called before: from which number."""


@dataclass(slots=True)
class Posterior:
    """How probable each candidate is, and *nobody*; together with the rest, they sum to one."""

    weighed: list[Weighed]
    total: float
    scales: Scales
    rest_weight: float
    """Of holders too long ago, or too improbable, to be named one by one."""
    rest: Mapping[int, float]
    """Their factors, by place."""
    curve: Curve
    areas: Mapping[str, float]
    rest_again: float = 0.0
    """What of the rest's weight is the known caller's calling again."""

    def of_rest(self, holder: Holder, at: Millis) -> float:
        """The weight that one of the rest has, about."""
        [place] = places_of((holder,), at)
        if place < 0 or not self.rest:
            return 0.0
        first = self.curve.flat_at(at)[place] * self.scales.unheard * self.areas.get(holder.region, 1.0)
        again_too = first * self.rest_weight / max(self.rest_weight - self.rest_again, LEAST_WEIGHT)
        return min(again_too, self.rest_weight)

    @property
    def nobody_weight(self) -> float:
        """Nobody's rate."""
        return self.scales.nobody

    @property
    def nobody(self) -> float:
        """The probability that no session made the call."""
        return self.nobody_weight / self.total

    @property
    def first(self) -> float:
        """The probability that a session made it that had not called before."""
        again = sum([each.again for each in self.weighed]) + self.rest_again
        return max(0.0, 1.0 - self.nobody - again / self.total)

    def best(self) -> Weighed | None:
        """The most probable session, None when *nobody* is more probable."""
        best = max(self.weighed, key=_by_weight, default=None)
        return best if best and best.weight >= self.nobody_weight else None

    def probability(self, weighed: Weighed | None) -> float:
        """The probability of one candidate, or of *nobody*; of the best, the confidence."""
        return (weighed.weight if weighed else self.nobody_weight) / self.total


def candidates(posterior: Posterior, at: Millis, most: int) -> tuple[Candidate, ...]:
    """The most probable sessions, best first, with a reason in words."""
    found = [
        Candidate(each.holder.session_id, each.weight / posterior.total, because(each.holder, at))
        for each in posterior.weighed
    ]
    return tuple(sorted(found, key=lambda each: (-each.probability, each.session_id))[:most])


def because(holder: Holder, at: Millis) -> str:
    """Why a session is a candidate, in words for a person."""
    if holder.tapped_at is not None and at - holder.tapped_at < TAP_LASTS:
        return f"tapped or copied the number {_ago(at - holder.tapped_at)} before"
    if holder.left_at is not None:
        return f"had this number until {_ago(at - holder.left_at)} before"
    if at - holder.heard_at > SILENT_AFTER:
        return f"was last heard of {_ago(at - holder.heard_at)} before"
    return "on the page with this number when it rang"


def _ago(span: Millis) -> str:
    minutes = round(span / MINUTE)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


def _by_weight(weighed: Weighed) -> float:
    return weighed.weight
