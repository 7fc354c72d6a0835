"""What was learned of a company's calls, as one value that can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from swapboard.attribution.calibration import Check
from swapboard.attribution.curve import ON_PAGE, Curve
from swapboard.attribution.evidence import Areas
from swapboard.attribution.hazard import CELLS
from swapboard.attribution.hours import hour_of
from swapboard.attribution.opening import Opening, Waits
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring, again_bin_of
from swapboard.attribution.same_number import UNLINKED, Linked
from swapboard.clock import Millis


@dataclass(frozen=True, slots=True)
class Learned:
    """A version of the curve, with the areas that callers ring from; version 0 is the prior."""

    version: int = 0
    curve: Curve = field(default_factory=Curve.prior)
    areas: Areas = field(default_factory=Areas)
    known_callers: int = 0
    learned_at: Millis = field(default=0, compare=False)
    calls: int = field(default=0, compare=False)
    """From how many it was learned."""

    def as_json(self) -> dict[str, Any]:
        """To be kept in the database."""
        areas = asdict(self.areas)
        del areas["at_home"]
        return {
            "curve": asdict(self.curve),
            "areas": areas,
            "known_callers": self.known_callers,
        }


def from_json(version: int, kept: Mapping[str, Any], learned_at: Millis = 0, calls: int = 0) -> Learned:
    """What `as_json` gave; the prior when it was learned with other cells than today's."""
    curve = dict(kept["curve"])
    if len(curve["rates"]) != CELLS:
        return Learned()
    curve |= {
        "rates": tuple(curve["rates"]),
        "profiles": tuple(tuple(each) for each in curve["profiles"]),
        "again": tuple(curve["again"]),
        "crowd": tuple(curve.get("crowd", Curve.crowd)),
        "rhythm": tuple(curve.get("rhythm", Curve.rhythm)),
        "late_rhythm": tuple(curve.get("late_rhythm", Curve.late_rhythm)),
    }
    if waits := curve.get("waits"):
        curve["waits"] = _waits(waits)
    return Learned(version, Curve(**curve), Areas(**kept["areas"]), kept["known_callers"], learned_at, calls)


def _waits(kept: Mapping[str, Any]) -> Waits | None:
    """None where late callers had other cells than today's."""
    if len(kept["rates"]) != CELLS - ON_PAGE:
        return None
    openings = ((Opening(**each | {"closed": tuple(each["closed"])}), share) for each, share in kept["openings"])
    return Waits(tuple(openings), tuple(kept["rates"]), kept["share"])


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was known of a call when it arrived: everything that weighing it needs beside the curve."""

    candidates: tuple[tuple[str, int, float, float, str], ...]
    """(session, place, factor, belief that it made the caller's last call, why)."""
    rest: tuple[tuple[int, float], ...]
    """(place, factor) of sessions that are hardly possible."""
    nobody: float
    nobody_again: float
    again_bin: int
    at: Millis
    """When it rang."""
    check: Check | None = None
    """What the answer was without the tap that gives the call away, where there was one."""
    rest_again: float = 0.0
    """The belief that those of `rest` made the caller's last call; of evidence that was kept without it, none."""
    linked: Linked = UNLINKED

    def weigh(self, curve: Curve) -> tuple[dict[str, float], float]:
        """The probability of each session, and of nobody."""
        rate, flat = curve.again[self.again_bin], curve.flat_at(self.at)
        weights = {
            session: flat[place] * factor + again * rate for session, place, factor, again, _ in self.candidates
        }
        again = self.nobody_again * rate * curve.nobody_again
        nobody = curve.nobody * curve.rhythm[hour_of(self.at)] * self.nobody + again
        rest = sum(flat[place] * factor for place, factor in self.rest) + self.rest_again * rate
        total = nobody + rest + sum(weights.values())
        return {session: weight / total for session, weight in weights.items()}, nobody / total

    def as_json(self) -> dict[str, Any]:
        """To be kept in the database, beside the moment."""
        return {
            "candidates": [list(each) for each in self.candidates],
            "rest": [list(each) for each in self.rest],
            "nobody": self.nobody,
            "nobody_again": self.nobody_again,
            "again_bin": self.again_bin,
            **({"check": list(self.check)} if self.check else {}),
            **({"rest_again": self.rest_again} if self.rest_again else {}),
            **({"linked": list(self.linked)} if any(self.linked) else {}),
        }


def check_from_json(kept: Sequence[Any] | None) -> Check | None:
    """A check as it was kept."""
    return Check(float(kept[0]), bool(kept[1])) if kept else None


def evidence_from_json(kept: Mapping[str, Any], at: Millis) -> Evidence:
    """What `Evidence.as_json` gave, of a call that rang at the moment."""
    return Evidence(
        tuple(
            (str(s), int(place), float(f), float(again), str(why))
            for s, place, f, again, why in kept["candidates"]
        ),
        tuple((int(place), float(factor)) for place, factor in kept["rest"]),
        float(kept["nobody"]),
        float(kept["nobody_again"]),
        int(kept["again_bin"]),
        at,
        check_from_json(kept.get("check")),
        float(kept.get("rest_again", 0.0)),
        Linked(*kept.get("linked", ())),
    )


def evidence_of(
    ring: Ring,
    posterior: Posterior,
    why: Mapping[str, str],
    check: Check | None = None,
    linked: Linked = UNLINKED,
) -> Evidence:
    """What a call was weighed by, apart from the curve."""
    rate, nobody_again = posterior.scales.again or 1.0, posterior.curve.nobody_again
    return Evidence(
        tuple(
            (each.holder.session_id, each.place, each.factor, each.again / rate, why[each.holder.session_id])
            for each in posterior.weighed
        ),
        tuple(posterior.rest.items()),
        posterior.scales.nobody_factor,
        posterior.scales.nobody_again / (rate * nobody_again),
        again_bin_of(ring, posterior.curve),
        ring.at,
        check,
        posterior.rest_again / rate,
        linked,
    )
