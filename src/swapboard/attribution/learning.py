"""Learns the curve from calls whose callers are not known for sure: expectation-maximisation with a prior.

The expectation step (`lessons.py`) shares each call out among its candidates by the present curve; the
maximisation step makes each rate the calls it was given ÷ the time that sessions spent there. Where there is
little of either, the rate is drawn to that of its neighbours, and the neighbours' to the prior's shape.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from math import exp, log

import numpy as np
from numpy.typing import NDArray

from swapboard.attribution.curve import AGAIN_EDGES, CROWD, ON_PAGE, Curve
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.hazard import CELLS, EDGES, FIRST_CELL, PHASE_OF, Phase, prior_rates
from swapboard.attribution.hours import (
    HOURS,
    SPANS,
    expected_by_hour,
    factors,
    fitted,
    gained,
    shares_of_time,
)
from swapboard.attribution.lessons import Counts, Lessons, expect
from swapboard.attribution.smooth import Belief, doubt, firmness, smooth
from swapboard.clock import SECOND

ROUNDS = 6
HEIGHT = Belief(0, 7.0)
"""By cell: how far the logarithm of a rate usually is from the prior's."""
SLOPE = Belief(1, 0.8)
"""How far the step from one cell to the next, after a visit, is from the prior's."""
HIDDEN_LIKE_LIVE = Belief(0, 3.0)
"""How far that of a hidden page is from that of one that is looked at, cell by cell."""
BENDS = (Belief(2, 0.35), Belief(2, 0.3), Belief(2, 0.35))
"""By phase, on the page: how far the logarithms of neighbouring rates usually are from a straight line."""
LATE_SHAPE = (Belief(3, 0.03), Belief(2, 0.28, -0.07))
"""After a visit: nearly a parabola, which is a log-normal delay, or a power of time."""
SILENT_UNLIKE_LEFT = (Belief(1, 0.1), Belief(0, 1.0))
"""Who fell silent calls about as those do who said good-bye."""
PROFILE_PRIOR = 40.0
NOBODY_PRIOR = 2.0
"""How many of nobody's calls its prior weighs; the more they really are, the less: its doubt is one of ratios."""
NOBODY_SHARE = 0.05
"""Before there is any evidence, five calls in a hundred are nobody's."""
LEAST_EXPECTED = 0.01
"""So many calls are always thought possible."""
NOBODY_AGAIN_PRIOR = 2.0
"""How many of nobody's calls again its prior weighs."""
RHYTHM_PRIOR = 40.0
"""How many of nobody's calls the hours of all calls weigh."""
_NEIGHBOURS = ((-2, 0.12), (-1, 0.24), (0, 0.28), (1, 0.24), (2, 0.12))
_OWN = sum(share * share for _, share in _NEIGHBOURS)
_EVEN = (1.0,) * HOURS
_CLOCK = sum(share * np.roll(np.eye(HOURS), step, axis=1) for step, share in _NEIGHBOURS)


@dataclass(slots=True)
class Exposures:
    """The time behind the counts, in milliseconds."""

    places: list[float] = field(default_factory=lambda: [0.0] * CROWD)
    again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    nobody_again: list[float] = field(default_factory=lambda: [0.0] * (len(AGAIN_EDGES) - 1))
    """Of `again`, what came after nobody's calls."""
    ready: list[float] = field(default_factory=lambda: [0.0] * HOURS)
    """By hour of the day: time multiplied by how many numbers there were."""
    away: list[float] = field(default_factory=lambda: [0.0] * (HOURS * SPANS))
    """How many visits had ended, by hour of the day and for how long (`hours.AwayByHour`)."""

    @property
    def numbers(self) -> float:
        """At whatever hour."""
        return sum(self.ready)

    def less(self, earlier: "Exposures") -> "Exposures":
        """What came since an earlier reading."""
        return Exposures(
            [max(0.0, now - then) for now, then in zip(self.places, earlier.places, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.again, earlier.again, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.nobody_again, earlier.nobody_again, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.ready, earlier.ready, strict=True)],
            [max(0.0, now - then) for now, then in zip(self.away, earlier.away, strict=True)],
        )

    def plus(self, other: "Exposures") -> "Exposures":
        """Both together."""
        return Exposures(
            [mine + theirs for mine, theirs in zip(self.places, other.places, strict=True)],
            [mine + theirs for mine, theirs in zip(self.again, other.again, strict=True)],
            [mine + theirs for mine, theirs in zip(self.nobody_again, other.nobody_again, strict=True)],
            [mine + theirs for mine, theirs in zip(self.ready, other.ready, strict=True)],
            [mine + theirs for mine, theirs in zip(self.away, other.away, strict=True)],
        )

    def scaled(self, share: float) -> "Exposures":
        """A share of it."""
        return Exposures(
            [each * share for each in self.places],
            [each * share for each in self.again],
            [each * share for each in self.nobody_again],
            [each * share for each in self.ready],
            [each * share for each in self.away],
        )


def learn(
    curve: Curve,
    lessons: Lessons,
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
    expected = float(prior.grid[:PROFILES].ravel() @ exposures.places)
    scale = (calls + 0.5) / (expected + 0.5)
    by_visitors = max(LEAST_EXPECTED, scale * expected)
    return replace(
        prior,
        rates=tuple(rate * scale for rate in prior.rates),
        nobody=NOBODY_SHARE * by_visitors / max(exposures.numbers, 1.0),
    )


def maximise(curve: Curve, counts: Counts, exposures: Exposures) -> Curve:
    """The rates that make the counts most probable, given the time behind them and the prior."""
    times = _times(curve, exposures)
    calls = np.array(counts.places).reshape(PROFILES, CELLS)
    rates = _cell_rates(curve, calls, times)
    profiles = _profile_factors(rates, calls, times)
    again = _again(counts.again, _times_again(curve, exposures), curve.again)
    like_visitors = sum(rate * time for rate, time in zip(again, exposures.nobody_again, strict=True))
    target = NOBODY_SHARE * max(1.0, sum(counts.calls)) / max(exposures.numbers, 1.0)
    return replace(
        curve,
        rates=rates,
        profiles=profiles,
        nobody=(sum(counts.nobody) + NOBODY_PRIOR)
        / (max(exposures.numbers, 1.0) + 2 * NOBODY_PRIOR / (target + curve.nobody)),
        rhythm=_rhythm(counts, exposures.ready),
        late_rhythm=factors(counts.late, expected_by_hour(rates, exposures.away), curve.late_rhythm),
        again=again,
        nobody_again=(NOBODY_AGAIN_PRIOR * Curve.nobody_again + counts.nobody_again)
        / (NOBODY_AGAIN_PRIOR + like_visitors),
    )


def log_posterior(curve: Curve, counts: Counts, exposures: Exposures) -> float:
    """How probable the curve makes the calls, and what is believed of them the curve: late callers and hours."""
    times = _times(curve, exposures)
    again = sum(map(float.__mul__, curve.again, _times_again(curve, exposures)))
    expected = float(curve.grid[:PROFILES].ravel() @ times.ravel()) + curve.nobody * exposures.numbers + again
    left = _cells(Phase.LEFT)
    goals = _goals(sum(counts.places), _by_cell(curve, times).tolist())
    hours = fitted(counts.late, expected_by_hour(curve.rates, exposures.away), curve.late_rhythm)
    hours += _fitted_rhythm(counts, exposures.ready)
    shape = doubt([log(rate) for rate in curve.rates[left]], _late_shape(goals[left]))
    return counts.log_total - expected - hours - shape


def _times(curve: Curve, exposures: Exposures) -> NDArray[np.float64]:
    """By profile and cell."""
    shares = np.array(shares_of_time(exposures.away, curve.late_rhythm))
    found: NDArray[np.float64] = np.array(exposures.places).reshape(PROFILES, CELLS) * shares
    return found


def _times_again(curve: Curve, exposures: Exposures) -> list[float]:
    return [
        all_ - (1.0 - curve.nobody_again) * nobody
        for all_, nobody in zip(exposures.again, exposures.nobody_again, strict=True)
    ]


def _by_cell(curve: Curve, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """All profiles' time, each as much as it calls."""
    found: NDArray[np.float64] = (times * np.array(curve.profiles)[PHASE_OF, :].T).sum(axis=0)
    return found


def _goals(calls: float, times: Sequence[float]) -> list[float]:
    """The logarithms that the prior is for: it has a shape only, its height is the company's own."""
    expected = sum(rate * time for rate, time in zip(_PRIOR, times, strict=True))
    height = log((calls + 0.5) / (expected + 0.5))
    return [log(rate) + height for rate in _PRIOR]


def _rhythm(counts: Counts, ready: Sequence[float]) -> tuple[float, ...]:
    """When nobody calls: at the hours of all calls, until enough of nobody's own are known."""
    time = _shares(ready)
    own = _by_time(counts.nobody, time, _by_time(counts.calls, time, _EVEN))
    mean = sum(map(float.__mul__, own, time))
    return tuple(each / mean for each in own)


def _fitted_rhythm(counts: Counts, ready: Sequence[float]) -> float:
    """See `gained`, of nobody's hours; each is held together with its neighbours, and little of it its own."""
    time, number = _shares(ready), sum(counts.nobody)
    everybody = _by_time(counts.calls, time, _EVEN)
    calls = _around_the_clock([each / _OWN for each in counts.nobody])
    goals = _around_the_clock([number * like * share / _OWN for like, share in zip(everybody, time, strict=True)])
    firm = [RHYTHM_PRIOR / HOURS * like / _OWN for like in everybody]
    taken = [(mine + each) / (goal + each) for mine, goal, each in zip(calls, goals, firm, strict=True)]
    return _OWN * gained(calls, goals, taken, [firm])


def _shares(ready: Sequence[float]) -> list[float]:
    """By hour of the day; on the first day most were not there yet: that nobody rang then says nothing."""
    total = sum(ready)
    return [each / total if total else 1.0 / HOURS for each in ready]


def _by_time(calls: Sequence[float], time: Sequence[float], believed: Sequence[float]) -> list[float]:
    """How much more often than on average calls come at each hour and its neighbours, near what is believed."""
    number, each = sum(calls), RHYTHM_PRIOR / HOURS
    found = _around_the_clock([call + each * like for call, like in zip(calls, believed, strict=True)])
    expected = _around_the_clock([number * share + each for share in time])
    return [mine / theirs for mine, theirs in zip(found, expected, strict=True)]


def _around_the_clock(by_hour: Sequence[float]) -> list[float]:
    """Each hour with what its neighbours have."""
    found: list[float] = (_CLOCK @ np.array(by_hour)).tolist()
    return found


def _cell_rates(curve: Curve, calls_of: NDArray[np.float64], times_of: NDArray[np.float64]) -> tuple[float, ...]:
    calls: list[float] = calls_of.sum(axis=0).tolist()
    times: list[float] = _by_cell(curve, times_of).tolist()
    logs = [log(rate) for rate in curve.rates]
    goals = _goals(sum(calls), times)
    height = goals[0] - log(_PRIOR[0])
    found: list[float] = []
    for phase, bend in enumerate(BENDS):
        cells = _cells(phase)
        pull = HEIGHT._replace(goal=goals[cells])
        if phase == Phase.HIDDEN:
            # Few pages are hidden for long: until their own calls tell more, they are as the others are.
            live = _cells(Phase.LIVE)
            expected = sum(rate * time for rate, time in zip(_PRIOR[live], times[live], strict=True))
            level = log((sum(calls[live]) + 0.5) / (expected + 0.5 * exp(-height))) - height
            pull = HIDDEN_LIKE_LIVE._replace(goal=[each + level for each in goals[cells]])
        found.extend(smooth(logs[cells], calls[cells], times[cells], (bend, pull)))
    found.extend(_late(logs, calls, times, goals))
    return tuple(map(exp, found))


def _late(
    logs: Sequence[float], calls: Sequence[float], times: Sequence[float], goals: Sequence[float]
) -> list[float]:
    """One curve for all who went away, and how those who fell silent differ from it."""
    left, silent = _cells(Phase.LEFT), _cells(Phase.SILENT)
    own = [_on_left_curve(logs[left], at) for at in range(len(_LIKE_LEFT))]
    both_calls, both_times = list(calls[left]), list(times[left])
    for (at, share), calls_there, time, mine, theirs in zip(
        _LIKE_LEFT, calls[silent], times[silent], logs[silent], own, strict=True
    ):
        # What is known to differ is put into the time.
        like_time = time * exp(mine - theirs)
        for cell, part in ((at, 1.0 - share), (at + 1, share)):
            both_calls[cell] += calls_there * part
            both_times[cell] += like_time * part
    found = smooth(logs[left], both_calls, both_times, _late_shape(goals[left]))
    curve = [_on_left_curve(found, at) for at in range(len(_LIKE_LEFT))]
    unlike = smooth(
        [mine - theirs for mine, theirs in zip(logs[silent], own, strict=True)],
        calls[silent],
        [time * exp(each) for time, each in zip(times[silent], curve, strict=True)],
        SILENT_UNLIKE_LEFT,
    )
    return found + [each + more for each, more in zip(curve, unlike, strict=True)]


def late_times(curve: Curve, exposures: Exposures) -> NDArray[np.float64]:
    """By late cell, each profile's time as much as it calls."""
    return _by_cell(curve, _times(curve, exposures))[ON_PAGE:]


def late_smoothed(curve: Curve, late: Sequence[float], calls: int, exposures: Exposures) -> Curve:
    """The curve with smooth rates that make so many late calls, by late cell, most probable, of so many calls."""
    times: list[float] = _by_cell(curve, _times(curve, exposures)).tolist()
    found = _late([log(rate) for rate in curve.rates], [0.0] * ON_PAGE + list(late), times, _goals(calls, times))
    return replace(curve, rates=(*curve.rates[:ON_PAGE], *map(exp, found)))


@cache
def to_left() -> NDArray[np.float64]:
    """By late cell and cell of those who left: how much of what is in the one counts in the other."""
    size = len(EDGES[Phase.LEFT]) - 1
    found = np.vstack([np.eye(size), np.zeros((len(_LIKE_LEFT), size))])
    for row, (cell, share) in enumerate(_LIKE_LEFT, size):
        found[row, cell : cell + 2] = 1.0 - share, share
    return found


def late_replaced(curve: Curve, rates: NDArray[np.float64]) -> Curve:
    """The curve with other rates for those who left, and those who fell silent as unlike them as before."""
    left = _cells(Phase.LEFT)
    after = np.array(curve.rates)
    after[left.start :] *= np.exp(to_left() @ np.log(rates / after[left]))
    return replace(curve, rates=tuple(after.tolist()))


def doubt_of_late(logs: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """How far a curve of those who left is from what is believed of its shape, and how firmly that holds it."""
    goal = np.log(np.array(_PRIOR[_cells(Phase.LEFT)]))
    shape = _late_shape((goal + np.mean(logs - goal)).tolist())
    return doubt(logs.tolist(), shape), firmness(len(logs), shape)


def _late_shape(goal: Sequence[float]) -> tuple[Belief, ...]:
    slope = SLOPE._replace(goal=[after - before for before, after in pairwise(goal)])
    return (*LATE_SHAPE, slope, HEIGHT._replace(goal=goal))


def _on_left_curve(logs: Sequence[float], silent_cell: int) -> float:
    at, share = _LIKE_LEFT[silent_cell]
    return logs[at] * (1.0 - share) + logs[at + 1] * share


def _cells(phase: int) -> slice:
    return slice(FIRST_CELL[phase], FIRST_CELL[phase] + len(EDGES[phase]) - 1)


def _like_left() -> list[tuple[int, float]]:
    """For each cell of those who fell silent: between which two cells of those who left it lies, and how far."""
    middles = [log(max(begin, SECOND) * end) / 2 for begin, end in pairwise(EDGES[Phase.LEFT])]
    found = []
    for begin, end in pairwise(EDGES[Phase.SILENT]):
        middle = log(max(begin, SECOND) * end) / 2
        at = min(max(bisect_right(middles, middle) - 1, 0), len(middles) - 2)
        share = (middle - middles[at]) / (middles[at + 1] - middles[at])
        found.append((at, min(1.0, max(0.0, share))))
    return found


def _again(calls: Sequence[float], times: Sequence[float], rates: Sequence[float]) -> tuple[float, ...]:
    """Calls again ÷ time: where there is little of either, by the steps of the prior from where there is more."""
    return tuple(map(exp, smooth(list(map(log, rates)), calls, [max(0.0, each) for each in times], AGAIN_SHAPE)))


def _profile_factors(
    rates: Sequence[float], calls: NDArray[np.float64], times: NDArray[np.float64]
) -> tuple[tuple[float, ...], ...]:
    expected = times * np.array(rates)
    own, all_ = (np.add.reduceat(each, FIRST_CELL, axis=1).T + PROFILE_PRIOR for each in (calls, expected))
    return tuple(map(tuple, (own / all_).tolist()))


_PRIOR = prior_rates()
_AGAIN_PRIOR = np.log(Curve.prior().again)
AGAIN_SHAPE = tuple(
    Belief(order, spread, goal=np.diff(_AGAIN_PRIOR, order).tolist())
    for order, spread in ((0, 5.0), (1, 0.7), (2, 0.5))
)
"""Calling again: how far its heights, steps and bends usually are from the prior's."""
_LIKE_LEFT = _like_left()
