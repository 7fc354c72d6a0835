"""A call as the night learns from it: its candidates together by place and region, and no longer by name.

A busy company's calls have hundreds of candidates each: kept one by one, those of ninety days were gigabytes.
"""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from swapboard.attribution.curve import Curve
from swapboard.attribution.hours import hour_of
from swapboard.attribution.learned import Evidence
from swapboard.attribution.lesson import Lesson
from swapboard.attribution.same_number import UNLINKED, Linked
from swapboard.clock import Millis


@dataclass(slots=True)
class FromRegion:
    """What the candidates from a region weigh."""

    places: "array[int]" = field(default_factory=lambda: array("q"))
    factors: "array[float]" = field(default_factory=lambda: array("d"))
    again: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A call: what it teaches (from which number, when), and what its candidates weigh by region."""

    lesson: Lesson
    regions: Mapping[str, FromRegion]
    acquainted: Mapping[int, float] = field(default_factory=dict)
    """Of it, the factors, by place, of visits whose visitor may have called from this number before."""
    linked: Linked = UNLINKED

    @property
    def caller(self) -> str | None:
        """None of one who withheld it."""
        return self.lesson.caller

    @property
    def known(self) -> bool:
        """Whether its number had called before when it rang."""
        return self.caller is not None and self.lesson.again + self.lesson.nobody_again > 0.0

    @property
    def at(self) -> Millis:
        """When it rang."""
        return self.lesson.at

    def nobody(self, curve: Curve) -> float:
        """The probability that nobody from the site made it."""
        return self._nobody(curve) / self._total(curve, self._all_first(curve.flat_at(self.at)))

    def first(self, curve: Curve) -> tuple[float, float, float]:
        """The probability that it was a first call: a visitor's, of them a stranger's, and nobody's."""
        flat = curve.flat_at(self.at)
        first = self._all_first(flat)
        total = self._total(curve, first)
        stranger = max(0.0, first - sum(flat[place] * factor for place, factor in self.acquainted.items()))
        return first / total, stranger / total, self._nobody_first(curve) / total

    def by_region(self, curve: Curve) -> dict[str, float]:
        """The probability that a visitor from each region made it."""
        flat, rate = curve.flat_at(self.at), curve.again[self.lesson.again_bin]
        total = self._total(curve, self._all_first(flat))
        return {
            region: (_first(flat, each.places, each.factors) + rate * each.again) / total
            for region, each in self.regions.items()
        }

    def _nobody(self, curve: Curve) -> float:
        mine = self.lesson
        again = mine.nobody_again * curve.again[mine.again_bin] * curve.nobody_again
        return self._nobody_first(curve) + again

    def _nobody_first(self, curve: Curve) -> float:
        return curve.nobody * curve.rhythm[self.lesson.hour] * self.lesson.nobody

    def _all_first(self, flat: Sequence[float]) -> float:
        return _first(flat, self.lesson.places, self.lesson.factors)

    def _total(self, curve: Curve, first: float) -> float:
        return self._nobody(curve) + first + curve.again[self.lesson.again_bin] * self.lesson.again


def heard_of(
    caller: str | None, evidence: Evidence, regions: Mapping[str, str], acquainted: Collection[str] = ()
) -> Heard:
    """Of a call, what was known of it, its candidates' regions, and whose visitor may have called before."""
    places: dict[int, float] = {}
    for place, factor in evidence.rest:
        places[place] = places.get(place, 0.0) + factor
    by_region: dict[str, dict[int, float]] = {}
    again_of: dict[str, float] = {}
    again = evidence.rest_again
    for session_id, place, factor, belief, _ in evidence.candidates:
        places[place] = places.get(place, 0.0) + factor
        again += belief
        if region := regions.get(session_id):
            mine = by_region.setdefault(region, {})
            mine[place] = mine.get(place, 0.0) + factor
            again_of[region] = again_of.get(region, 0.0) + belief
    return Heard(
        Lesson(
            places.items(),
            evidence.nobody,
            evidence.again_bin,
            again,
            hour_of(evidence.at),
            evidence.nobody_again,
            caller,
            evidence.at,
        ),
        {
            region: FromRegion(array("q", mine), array("d", mine.values()), again_of[region])
            for region, mine in by_region.items()
        },
        _acquainted(evidence, acquainted),
        evidence.linked,
    )


def _acquainted(evidence: Evidence, sessions: Collection[str]) -> dict[int, float]:
    found: dict[int, float] = {}
    for session_id, place, factor, _, _ in evidence.candidates:
        if session_id in sessions:
            found[place] = found.get(place, 0.0) + factor
    return found


def _first(flat: Sequence[float], places: "array[int]", factors: "array[float]") -> float:
    return sum(flat[place] * factor for place, factor in zip(places, factors, strict=True))
