"""Whether late callers are of two kinds, who ring at once, say, or sleep on it: then their curve has a peak.

A smooth curve hardly ever raises one by itself: calls are shared out by the curve there is. So two kinds are
fitted beside a single one. As far as two make the calls more probable, their curve is taken, else a mean of
the smooth one and of a single kind, each as far as it is believed (`late_evidence.py`).
Where late callers keep hours, delays of a day and hours of the day cannot be told apart, and no peak is believed.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from math import exp, log
from typing import NamedTuple

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.attribution.cell_rates import late_times
from swapboard.attribution.counts import Counts
from swapboard.attribution.curve import LEAST_WEIGHT, ON_PAGE, Curve
from swapboard.attribution.evidence import PROFILES
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import CELLS, EDGES, FIRST_CELL, Phase
from swapboard.attribution.hours import LEAST_SPREAD
from swapboard.attribution.late_curve import late_replaced, to_left
from swapboard.attribution.late_evidence import averaged, of_smooth
from swapboard.attribution.late_kinds import KINDS, Fit, Seen, believed, fit, held
from swapboard.attribution.lessons import Lessons, late_weights
from swapboard.clock import DAY, HOUR, MINUTE

FEWEST = 64
"""So few calls never raise a peak."""
DOUBT = 6.0
"""How much less two kinds are believed than one, in logarithms, for what may be chosen of them."""
SOON = bisect_right(EDGES[Phase.LEFT], MINUTE) - 1
"""Before this cell are those who ring at once: they had decided on the page, and are of no such kind."""
STARTS = (3 * HOUR, DAY, 4 * DAY)
"""Where a later kind is looked for."""
STEPS = 6
"""Of Newton's, for each search: the next goes on where this one ended."""
AROUND = (-2, -1, 0, 1, 2)
NO_GAIN = 500.0
_LEFT = slice(ON_PAGE, FIRST_CELL[Phase.SILENT])


class Kinds(NamedTuple):
    """Late callers as one kind and as two: where to begin the next time."""

    one: Fit
    two: Fit
    turn: int = 0

    @property
    def share(self) -> float:
        """How far two are believed."""
        return _believed(self.two.probable - self.one.probable - DOUBT)

    @property
    def probable(self) -> float:
        """Of the likelier."""
        return max(self.one.probable, self.two.probable - DOUBT)

    @property
    def nobody(self) -> float:
        """Nobody's rate: the mean of both, each as far as it is believed."""
        return self.one.nobody * (1.0 - self.share) + self.two.nobody * self.share


def with_peak(
    curve: Curve,
    lessons: Lessons,
    exposures: Exposures,
    earlier: Counts | None = None,
    before: Kinds | None = None,
    steps: int = STEPS,
    *,
    is_mean: bool = False,
) -> tuple[Curve, Kinds | None]:
    """The mean of the curve, of that of one kind and of two, each as far as it is believed.

    Each has a rate of nobody's of its own, unless the curve's `is_mean`, over all that it may be (`guesses.py`).
    """
    if lessons.size < FEWEST:
        return curve, None
    seen = _seen(curve, lessons, exposures, earlier)
    kinds = kinds_of(seen, curve.nobody, before, steps)
    steady, smooth = steadiness(curve.late_rhythm), np.array(curve.rates[_LEFT])
    later = _later(seen, smooth)
    belief = held(curve.nobody, later) if is_mean else believed(1, later)
    one = averaged(kinds.one.found, curve.nobody, later, belief)
    gain = one.evidence - of_smooth(smooth, curve.nobody, later, belief)
    of_later = np.append(smooth[:SOON], one.rates[SOON:])
    of_two = kinds.share * steady
    of_one = (1.0 - kinds.share) * steady * _believed(gain)
    rest = 1.0 - of_one - of_two
    late = smooth * rest + of_later * of_one + kinds.two.rates * of_two
    nobody = curve.nobody * rest + one.nobody * of_one + kinds.two.nobody * of_two
    return replace(late_replaced(curve, late), nobody=nobody), kinds


def kinds_alone(curve: Curve, lessons: Lessons, exposures: Exposures, before: Kinds | None) -> Kinds | None:
    """The kinds that are found in these calls, without those of before."""
    if lessons.size < FEWEST:
        return None
    return kinds_of(_seen(curve, lessons, exposures, None), curve.nobody, before, STEPS)


def _later(seen: Seen, smooth: Array) -> Seen:
    """The calls with those who ring at once taken as the smooth curve has them."""
    cells, times = seen.cells.copy(), seen.times.copy()
    cells[:, :SOON], times[:SOON] = 0.0, 0.0
    return seen._replace(others=seen.others + seen.cells[:, :SOON] @ smooth[:SOON], cells=cells, times=times)


def _believed(gain: float) -> float:
    return 1.0 / (1.0 + exp(min(NO_GAIN, -gain)))


def kinds_of(seen: Seen, nobody: float, before: Kinds | None, steps: int) -> Kinds:
    """One kind and two, from where they were found before."""
    begin = before.one.found if before else np.array([log(nobody), *KINDS[0]])
    one = fit(begin, seen, steps)
    return Kinds(one, _two(one, seen, before, steps), before.turn + 1 if before else 0)


def steadiness(by_hour: Sequence[float]) -> float:
    """How little it matters at which hour it is: else who waits for the morning would be taken for a peak.

    Hours are taken with those around them: what a single one differs by is mostly chance.
    """
    around = np.mean([np.roll(by_hour, step) for step in AROUND], axis=0)
    return LEAST_SPREAD / (LEAST_SPREAD + float(np.var(around)))


def _two(one: Fit, seen: Seen, before: Kinds | None, steps: int) -> Fit:
    """From where the last search ended and, every other time, one start more, of each in turn; first from all."""
    if before is None:
        best = _best([_apart(one, start) for start in STARTS], seen, steps)
        return fit(best.found, seen, steps)
    more = [] if before.turn % 2 else [_apart(one, STARTS[before.turn // 2 % len(STARTS)])]
    return _best([before.two.found, *more], seen, steps)


def _best(begins: Sequence[Array], seen: Seen, steps: int) -> Fit:
    return max((fit(begin, seen, steps) for begin in begins), key=lambda each: each.probable)


def _apart(one: Fit, later: float) -> Array:
    """Where to begin: most of those of the one kind, sooner and closer together, and others later."""
    nobody, share, median, spread = one.found.tolist()
    _, _, close = KINDS[1]
    return np.array([nobody, share - 0.3, median - 1.0, spread - 0.3, share - 0.7, log(later), close])


def _seen(curve: Curve, lessons: Lessons, exposures: Exposures, earlier: Counts | None) -> Seen:
    """Those who fell silent count as so many who left as their rates are to theirs."""
    weights = late_weights(curve, lessons)
    fold, rates = to_left(), np.array(curve.rates[ON_PAGE:])
    left = rates[: fold.shape[1]]
    found = Seen(
        weights.others + LEAST_WEIGHT,
        (weights.late @ fold) / left,
        weights.nobody,
        np.ones(lessons.size),
        (late_times(curve, exposures) * rates) @ fold / left,
        max(1.0, exposures.numbers),
        float(lessons.size),
    )
    return found if earlier is None else _with_earlier(found, earlier)


def _with_earlier(seen: Seen, earlier: Counts) -> Seen:
    """Calls that were shared out before are a row for each cell, and one for nobody."""
    late = earlier.places.reshape(PROFILES, CELLS)[:, ON_PAGE:].sum(axis=0) @ to_left()
    size = len(late)
    return seen._replace(
        others=np.append(seen.others, np.full(size + 1, LEAST_WEIGHT)),
        cells=np.vstack([seen.cells, np.eye(size + 1, size)]),
        nobody=np.append(seen.nobody, np.eye(size + 1)[size]),
        counts=np.concatenate([seen.counts, late, [earlier.nobody.sum()]]),
        calls=seen.calls + float(earlier.calls.sum()),
    )
