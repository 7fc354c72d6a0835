"""Learns the curve from calls whose callers are not known for sure: expectation-maximisation with a prior.

A `Lesson` is what one call has to say: which places of the curve its candidates stood at. The expectation step
shares each call out among them by the present curve; the maximisation step makes each rate the calls it was
given ÷ the time that sessions spent there. Where there is little of either, the rate is drawn to that of its
neighbours, and the neighbours' to the prior's shape.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import exp, log
from typing import NamedTuple

from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.hazard import CELLS, EDGES, FIRST_CELL, PHASE_OF, Phase, prior_rates
from swapboard.attribution.match import AGAIN_EDGES, Curve, Posterior, Ring, again_bin
from swapboard.attribution.smooth import smooth_rates

ROUNDS = 6
LEAST_SHARE = 2e-4
BENDS = (0.35, 0.3, 0.35, 0.12, 0.12)
"""By phase: how far the logarithms of neighbouring rates usually are from a straight line."""
UPWARD = (None, None, None, 0.03, 0.03)
PRIOR_SAYS = 0.3
PROFILE_PRIOR = 15.0
AGAIN_PRIOR = 1.0
NOBODY_PRIOR = 1.0
NOBODY_PULL = 0.02
"""With each call its prior weighs so much more: nobody's calls and those of late callers look much alike."""
NOBODY_SHARE = 0.03
"""Before there is any evidence, three calls in a hundred are nobody's."""
LEAST_RATE = 1e-18
PLACES = PROFILES * CELLS


class Lesson(NamedTuple):
    """One call: the places of its candidates with the factors there, what nobody has, and calling again."""

    places: tuple[tuple[int, float], ...]
    nobody: float
    again_bin: int
    again: float
    """The sum of the beliefs that go with the rate of calling again; 0 for a caller nobody knew."""


@dataclass(slots=True)
class Counts:
    """Calls as the expectation step shared them out."""

    places: list[float] = field(default_factory=lambda: [0.0] * PLACES)
    again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    nobody: float = 0.0
    calls: float = 0.0

    def add(self, other: "Counts") -> None:
        """Take another's calls in."""
        self.places = [mine + theirs for mine, theirs in zip(self.places, other.places, strict=True)]
        self.again = [mine + theirs for mine, theirs in zip(self.again, other.again, strict=True)]
        self.nobody += other.nobody
        self.calls += other.calls

    def fade(self, share: float) -> None:
        """Let older calls weigh less."""
        self.places = [each * share for each in self.places]
        self.again = [each * share for each in self.again]
        self.nobody *= share
        self.calls *= share


@dataclass(slots=True)
class Exposures:
    """The time behind the counts, in milliseconds."""

    places: list[float] = field(default_factory=lambda: [0.0] * PLACES)
    again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    numbers: float = 0.0
    """Time multiplied by how many numbers there were."""

    def less(self, earlier: "Exposures") -> "Exposures":
        """What came since an earlier reading."""
        return Exposures(
            [max(0.0, now - then) for now, then in zip(self.places, earlier.places, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.again, earlier.again, strict=True)],
            self.numbers - earlier.numbers,
        )

    def plus(self, other: "Exposures") -> "Exposures":
        """Both together."""
        return Exposures(
            [mine + theirs for mine, theirs in zip(self.places, other.places, strict=True)],
            [mine + theirs for mine, theirs in zip(self.again, other.again, strict=True)],
            self.numbers + other.numbers,
        )

    def scaled(self, share: float) -> "Exposures":
        """A share of it."""
        return Exposures(
            [each * share for each in self.places], [each * share for each in self.again], self.numbers * share
        )


def lesson(ring: Ring, posterior: Posterior) -> Lesson:
    """What a call teaches, with candidates at one place taken together, and without the hardly possible."""
    places: dict[int, float] = {}
    again = posterior.scales.nobody_again
    for place, factor in posterior.rest:
        places[place] = places.get(place, 0.0) + factor
    for each in posterior.weighed:
        places[each.place] = places.get(each.place, 0.0) + each.factor
        again += each.again
    flat, least = posterior.curve.flat, LEAST_SHARE * posterior.total
    kept = tuple(pair for pair in places.items() if flat[pair[0]] * pair[1] > least)
    if ring.known is None:
        return Lesson(kept, posterior.scales.nobody_factor, 0, 0.0)
    since = again_bin(ring.at - ring.known.last_at)
    return Lesson(kept, posterior.scales.nobody_factor, since, again / posterior.curve.again[since])


def learn(
    curve: Curve,
    lessons: Sequence[Lesson],
    exposures: Exposures,
    earlier: Counts | None = None,
    rounds: int = ROUNDS,
) -> tuple[Curve, Counts]:
    """The curve after so many rounds of expectation and maximisation, and the lessons' calls as shared out last.

    `exposures` is the time behind the lessons and `earlier`, calls that were shared out before.
    """
    counts = Counts()
    for _ in range(rounds):
        counts = expect(curve, lessons)
        if earlier:
            both = Counts()
            both.add(counts)
            both.add(earlier)
            curve = maximise(curve, both, exposures)
        else:
            curve = maximise(curve, counts, exposures)
    return curve, counts


def scaled_prior(calls: float, exposures: Exposures) -> Curve:
    """The prior at the height of the company's own calls: where to begin."""
    prior = Curve.prior()
    expected = sum(rate * time for rate, time in zip(prior.flat, exposures.places, strict=True))
    scale = (calls + 0.5) / (expected + 0.5)
    return replace(
        prior,
        rates=tuple(rate * scale for rate in prior.rates),
        nobody=NOBODY_SHARE * max(1.0, calls) / max(exposures.numbers, 1.0),
    )


def expect(curve: Curve, lessons: Iterable[Lesson]) -> Counts:
    """Share each call out among its candidates, nobody, and callers who call again."""
    counts = Counts()
    rates = curve.flat
    found = counts.places
    for each in lessons:
        weights = [rates[place] * factor for place, factor in each.places]
        nobody = curve.nobody * each.nobody
        again = curve.again[each.again_bin] * each.again
        share = 1.0 / (sum(weights) + nobody + again)
        for (place, _), weight in zip(each.places, weights, strict=True):
            found[place] += weight * share
        counts.nobody += nobody * share
        counts.again[each.again_bin] += again * share
        counts.calls += 1.0
    return counts


def maximise(curve: Curve, counts: Counts, exposures: Exposures) -> Curve:
    """The rates that make the counts most probable, given the time behind them and the prior."""
    profiles = curve.profiles
    rates = _cell_rates(curve.rates, profiles, counts, exposures)
    profiles = _profile_factors(rates, profiles, counts, exposures)
    prior = NOBODY_PRIOR + NOBODY_PULL * counts.calls
    target = NOBODY_SHARE * max(1.0, counts.calls) / max(exposures.numbers, 1.0)
    return replace(
        curve,
        rates=rates,
        profiles=profiles,
        nobody=(counts.nobody + prior) / (max(exposures.numbers, 1.0) + prior / target),
        again=_drawn(counts.again, exposures.again, curve.again, AGAIN_PRIOR),
    )


def _cell_rates(
    rates: Sequence[float], profiles: Sequence[Sequence[float]], counts: Counts, exposures: Exposures
) -> tuple[float, ...]:
    calls = [0.0] * CELLS
    times = [0.0] * CELLS
    for profile in range(PROFILES):
        offset = profile * CELLS
        for at in range(CELLS):
            calls[at] += counts.places[offset + at]
            times[at] += exposures.places[offset + at] * profiles[PHASE_OF[at]][profile]
    found: list[float] = []
    prior = _PRIOR
    # The prior has a shape only: its height is the company's own.
    expected = sum(rate * time for rate, time in zip(prior, times, strict=True))
    scale = (sum(calls) + 0.5) / (expected + 0.5)
    for phase in Phase:
        cells = slice(FIRST_CELL[phase], FIRST_CELL[phase] + len(EDGES[phase]) - 1)
        goal = [rate * scale for rate in prior[cells]]
        found.extend(smooth_rates(calls[cells], times[cells], rates[cells], goal, BENDS[phase], UPWARD[phase]))
    return tuple(found)


def _drawn(
    calls: Sequence[float],
    times: Sequence[float],
    rates: Sequence[float],
    strength: float,
    prior: Sequence[float] | None = None,
) -> tuple[float, ...]:
    """Calls ÷ time, drawn to a smoothed curve by as many calls as `strength` says."""
    logs = [log(max(rate, LEAST_RATE)) for rate in rates]
    goals = [log(max(each, LEAST_RATE)) for each in prior] if prior else logs
    found = []
    last = len(logs) - 1
    for at, (count, time) in enumerate(zip(calls, times, strict=True)):
        around = (logs[max(0, at - 1)] + 2 * logs[at] + logs[min(last, at + 1)]) / 4
        smooth = exp(PRIOR_SAYS * goals[at] + (1 - PRIOR_SAYS) * around)
        found.append(max(LEAST_RATE, (count + strength) / (time + strength / smooth)))
    return tuple(found)


def _profile_factors(
    rates: Sequence[float], profiles: Sequence[Sequence[float]], counts: Counts, exposures: Exposures
) -> tuple[tuple[float, ...], ...]:
    found = []
    for phase in Phase:
        cells = range(FIRST_CELL[phase], FIRST_CELL[phase] + len(EDGES[phase]) - 1)
        factors = []
        for profile in range(PROFILES):
            offset = profile * CELLS
            calls = sum(counts.places[offset + at] for at in cells)
            expected = sum(rates[at] * exposures.places[offset + at] for at in cells)
            factors.append((calls + PROFILE_PRIOR) / (expected + PROFILE_PRIOR))
        found.append(tuple(factors))
    return tuple(found)


_PRIOR = prior_rates()
