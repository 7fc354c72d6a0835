"""What calls have to say, and the expectation step: sharing each out by the present curve.

A `Lesson` is one call: which places of the curve its candidates stood at. Many are shared out at once, as arrays:
call by call, this was a twelfth of a replay.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import InitVar, dataclass, field
from itertools import pairwise
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.curve import AGAIN_EDGES, CROWD, ON_PAGE, Curve, again_bin
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.hazard import CELLS
from swapboard.attribution.hours import HOURS, hour_of
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.ring import Ring, again_bin_of
from swapboard.clock import Millis

LEAST_SHARE = 2e-4
CALLED_AGAIN = len(AGAIN_EDGES) - 1
SUREST = 300.0
"""A logarithm: by more than this nothing is told. An automaton that redials to the second is past all numbers."""


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
        pairs = tuple(candidates)
        self.places = array("q", [place for place, _ in pairs])
        self.factors = array("d", [factor for _, factor in pairs])


@dataclass(slots=True)
class Counts:
    """Calls as the expectation step shared them out."""

    places: list[float] = field(default_factory=lambda: [0.0] * CROWD)
    again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    nobody_again: float = 0.0
    nobody: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """By hour of the day."""
    calls: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """All of them, by hour of the day."""
    late: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """Of `places`, those of sessions that had left, by hour of the day."""
    log_total: float = 0.0
    """Of all calls' weights: the logarithms' sum."""

    def add(self, other: "Counts") -> None:
        """Take another's calls in."""
        self.places = [mine + theirs for mine, theirs in zip(self.places, other.places, strict=True)]
        self.again = [mine + theirs for mine, theirs in zip(self.again, other.again, strict=True)]
        self.nobody_again += other.nobody_again
        self.nobody = [mine + theirs for mine, theirs in zip(self.nobody, other.nobody, strict=True)]
        self.calls = [mine + theirs for mine, theirs in zip(self.calls, other.calls, strict=True)]
        self.late = [mine + theirs for mine, theirs in zip(self.late, other.late, strict=True)]
        self.log_total += other.log_total

    def fade(self, share: float) -> None:
        """Let older calls weigh less."""
        self.places = [each * share for each in self.places]
        self.again = [each * share for each in self.again]
        self.nobody_again *= share
        self.nobody = [each * share for each in self.nobody]
        self.calls = [each * share for each in self.calls]
        self.late = [each * share for each in self.late]
        self.log_total *= share


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


class Lessons:
    """Many lessons side by side: an entry for each candidate of each call, or for each call."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self.size = len(lessons)
        self.place = np.frombuffer(b"".join(each.places for each in lessons), np.int64)
        self.factor = np.frombuffer(b"".join(each.factors for each in lessons), np.float64)
        self.call = np.repeat(np.arange(self.size), [len(each.places) for each in lessons])
        """By candidate: whose it is."""
        self.late = np.nonzero(self.place % CELLS >= ON_PAGE)[0]
        """The candidates that had left."""
        self.hour = np.array([each.hour for each in lessons], np.int64)
        self.at = np.array([each.at for each in lessons], np.int64)
        self.late_hour = self.hour[self.call[self.late]]
        self.since = np.array([each.since for each in lessons], np.int64)
        self.again_bin = np.array([each.again_bin for each in lessons], np.int64)
        self.nobody = np.array([each.nobody for each in lessons])
        self.again = np.array([each.again for each in lessons])
        self.nobody_again = np.array([each.nobody_again for each in lessons])


def expect(curve: Curve, lessons: Lessons) -> Counts:
    """Share each call out among its candidates, nobody, and callers who call again."""
    weights, nobody_factor, again, nobody_again = _weigh(curve, lessons)
    nobody = curve.nobody * nobody_factor
    share = 1.0 / (np.bincount(lessons.call, weights, lessons.size) + nobody + again)
    weights *= share[lessons.call]
    return Counts(
        _by_profile(curve, np.bincount(lessons.place, weights, CROWD + CELLS).astype(np.float64)),
        np.bincount(lessons.again_bin, again * share, len(AGAIN_EDGES) - 1).tolist(),
        float(nobody_again @ share),
        np.bincount(lessons.hour, nobody * share, HOURS).tolist(),
        np.bincount(lessons.hour, minlength=HOURS).astype(float).tolist(),
        np.bincount(lessons.late_hour, weights[lessons.late], HOURS).tolist(),
        -float(np.log(share).sum()),
    )


class LateWeights(NamedTuple):
    """What the candidates of each call weigh: by late cell, all others but nobody, and nobody beside its rate."""

    late: NDArray[np.float64]
    others: NDArray[np.float64]
    nobody: NDArray[np.float64]


def late_weights(curve: Curve, lessons: Lessons) -> LateWeights:
    """What learning of late callers needs of the calls."""
    weights, nobody, again, _ = _weigh(curve, lessons)
    width = CELLS - ON_PAGE
    at = lessons.call[lessons.late] * width + lessons.place[lessons.late] % CELLS - ON_PAGE
    late = np.bincount(at, weights[lessons.late], lessons.size * width)
    weights[lessons.late] = 0.0
    return LateWeights(
        late.reshape(-1, width).astype(np.float64),
        np.bincount(lessons.call, weights, lessons.size) + again,
        nobody,
    )


def _weigh(curve: Curve, lessons: Lessons) -> tuple[NDArray[np.float64], ...]:
    """Of each candidate; by call what nobody weighs beside its rate, all calling again, and nobody's of that."""
    weights = curve.grid.ravel()[lessons.place] * lessons.factor
    weights[lessons.late] *= np.array(curve.late_rhythm)[lessons.late_hour]
    told = _nobody_since(curve)[lessons.since]
    rate = np.array(curve.again)[lessons.again_bin]
    nobody_again = rate * curve.nobody_again * lessons.nobody_again * told
    nobody = np.array(curve.rhythm)[lessons.hour] * lessons.nobody * told
    return weights, nobody, rate * lessons.again + nobody_again, nobody_again


def _nobody_since(curve: Curve) -> NDArray[np.float64]:
    """By what the caller did since: how much likelier that makes *nobody* than a visitor."""
    unlike = 1.0 - curve.nobody_again
    found, expected = [], 0.0
    for rate, (begin, end) in zip(curve.again, pairwise(AGAIN_EDGES), strict=True):
        half = rate * (end - begin) / 2
        found.append(exp(min(SUREST, max(-SUREST, unlike * (expected + half)))))
        expected += 2 * half
    return np.array([*found, curve.nobody_again, 1.0])


def _by_profile(curve: Curve, found: NDArray[np.float64]) -> list[float]:
    """What was given to the crowd is shared among its profiles, by how often each calls."""
    own, crowd = found[:CROWD].reshape(PROFILES, CELLS), found[CROWD:]
    shares = np.array(curve.crowd)[:, None] * curve.grid[:PROFILES] / curve.grid[PROFILES]
    places: list[float] = (own + crowd * shares).ravel().tolist()
    return places
