"""What one call teaches: which places of the curve its candidates stood at, and what its caller did since."""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, field

from swapboard.attribution.curve import AGAIN_EDGES, again_bin
from swapboard.attribution.hours import hour_of
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring, again_bin_of
from swapboard.clock import Millis

LEAST_SHARE = 1e-6
"""Who has less of a call is left out. Who left weeks ago has hardly any of one, but such made some of a thousand:
without these, late callers seem to stop after days, which two kinds of them do and a single one does not.
"""
CALLED_AGAIN = len(AGAIN_EDGES) - 1


@dataclass(slots=True)
class Lesson:
    """One call: the places of its candidates with the factors there, what nobody has, and calling again."""

    candidates: InitVar[Iterable[tuple[int, float]]]
    nobody: float
    again_bin: int
    again: float
    """The sum of the beliefs that go with the rate of calling again; 0 for a caller nobody knew."""
    hour: int
    """Of the day."""
    nobody_again: float = 0.0
    """The same as `again`, of nobody."""
    caller: str | None = None
    at: Millis = 0
    since: int = -1
    """What the caller did since: the cell of the time without another call, or CALLED_AGAIN; -1 where unknown."""
    places: "array[int]" = field(init=False)
    factors: "array[float]" = field(init=False)
    """By place."""

    def __post_init__(self, candidates: Iterable[tuple[int, float]]) -> None:
        places, factors = tuple(zip(*candidates, strict=True)) or ((), ())
        self.places, self.factors = array("q", places), array("d", factors)


def lesson(ring: Ring, posterior: Posterior) -> Lesson:
    """What a call teaches, with candidates at one place taken together, and without the hardly possible."""
    places, again = dict(posterior.rest), posterior.rest_again
    for each in posterior.weighed:
        places[each.place] = places.get(each.place, 0.0) + each.factor
        again += each.again
    flat, least = posterior.curve.flat_at(ring.at), LEAST_SHARE * posterior.total
    kept = [(place, factor) for place, factor in places.items() if flat[place] * factor > least]
    found = Lesson(kept, posterior.scales.nobody_factor, 0, 0.0, hour_of(ring.at), caller=ring.caller, at=ring.at)
    if ring.known is not None or ring.withheld:
        found.again_bin = again_bin_of(ring, posterior.curve)
        rate = posterior.curve.again[found.again_bin]
        found.again = again / rate
        found.nobody_again = posterior.scales.nobody_again / (rate * posterior.curve.nobody_again)
    return found


def look_back(lessons: Iterable[Lesson], last_call: Callable[[str], Millis | None], now: Millis) -> None:
    """Note what each caller did since: who calls again was rather a visitor, if nobody seldom does."""
    for each in lessons:
        last = last_call(each.caller) if each.caller is not None else None
        if last is not None:
            each.since = CALLED_AGAIN if last > each.at else again_bin(now - each.at)
