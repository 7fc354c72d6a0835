"""Late callers who wait until the business opens: its hours are looked for, and believed as calls show them.

Opening hours are weighed by how probable all calls are if what comes due outside them rings after the opening
(`opening.py`). Beside what is known without a clock, of kinds of late callers and of hours, they are believed as
far as they make the calls more probable.
"""

from dataclasses import replace
from math import exp, log
from typing import NamedTuple

import numpy as np

from swapboard.attribution.cell_rates import late_smoothed
from swapboard.attribution.curve import ON_PAGE, Curve
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hours import HOURS, expected_by_hour, fitted
from swapboard.attribution.late_curve import late_replaced
from swapboard.attribution.late_kinds import KINDS, Fit, fit
from swapboard.attribution.late_peak import NO_GAIN, Kinds, kinds_of, steadiness
from swapboard.attribution.lessons import Lessons, expect
from swapboard.attribution.opening import Opening, Waits
from swapboard.attribution.opening_search import NEWTON, alike, found_hours, is_hinted
from swapboard.attribution.waiting_calls import WaitingCalls, doubt

STEADY = 0.5
"""Of many calls a replay looks for no hours where they matter less than that to late callers, to save time. A few
hundred calls do not tell: where opening hours were believed it was 0.98 once."""
DOUBT = 10.0
"""How much less opening hours are believed than none, in logarithms, for what may be chosen of them."""
ROUNDS = 20
"""Of sharing calls out and smoothing the curve that comes of it, from where one kind is."""
EARLY, SELDOM = 12, 8
"""So many times hours are looked for each time that is learned, and then each eighth time."""
LEAST_BELIEVED = 0.003
"""What is believed less is left out."""


class Clock(NamedTuple):
    """The hours that were found, and the kinds of late callers with them: where to begin the next time."""

    opening: Opening
    kinds: Kinds
    share: float
    """How far the hours are believed."""
    turn: int = 0

    @property
    def is_believed(self) -> bool:
        """Else it is left out."""
        return self.share >= LEAST_BELIEVED

    @property
    def is_looked_for(self) -> bool:
        """Hours hardly change: of a business with many calls they are looked for now and then only."""
        return self.turn < EARLY or not self.turn % SELDOM


def keeps_hours(curve: Curve, before: Clock | None = None) -> bool:
    """Whether hours matter enough to late callers for opening hours, or the last time there were some."""
    return (before is not None and before.is_believed) or steadiness(curve.late_rhythm) <= STEADY


def with_clock(
    curve: Curve,
    lessons: Lessons,
    exposures: Exposures,
    without: Kinds | None,
    before: Clock | None = None,
    steps: int = NEWTON,
    *,
    if_hinted: bool = False,
) -> tuple[Curve, Clock | None]:
    """The curve with opening hours, as far as they are believed; `without` is what was found without any.

    `if_hinted` saves time: new hours are looked for only where usual ones hint at any. They do not where it is
    open round the clock but for the weekend.
    """
    if without is None:
        return curve, None
    is_new = before is None or not before.is_believed
    if before and is_new and not before.is_looked_for:
        return curve, before._replace(turn=before.turn + 1)
    calls = WaitingCalls.of(curve, lessons, exposures)
    always = fit(np.array([log(curve.nobody), *KINDS[0]]), calls.seen(None), NEWTON)
    if if_hinted and is_new and not is_hinted(calls, always):
        return curve, before
    opening = _opening(calls, always, before)
    kinds = kinds_of(calls.seen(opening), always.nobody, before.kinds if before else None, steps)
    rival = max(always.probable, without.probable - _chosen(curve, lessons, exposures))
    share = _share(kinds.probable - doubt(opening) - rival)
    clock = Clock(opening, kinds, share, before.turn + 1 if before else 0)
    if not clock.is_believed:
        return curve, clock
    base = _base(curve, calls, exposures, opening, kinds)
    nobody = curve.nobody * (1.0 - share) + kinds.nobody * share
    return replace(curve, nobody=nobody, waits=Waits(alike(calls, opening, kinds.one), base, share)), clock


def _opening(calls: WaitingCalls, always: Fit, before: Clock | None) -> Opening:
    if before is None:
        return found_hours(calls, always)
    return found_hours(calls, before.kinds.one, before.opening) if before.is_looked_for else before.opening


def _share(gain: float) -> float:
    return 1.0 / (1.0 + exp(min(NO_GAIN, DOUBT - gain)))


def _chosen(curve: Curve, lessons: Lessons, exposures: Exposures) -> float:
    """What the factors for the hours gain because they were fitted to these calls."""
    late = expect(curve, lessons).late
    return float(fitted(late, expected_by_hour(curve.rates, exposures.away), curve.late_rhythm))


def _base(
    curve: Curve, calls: WaitingCalls, exposures: Exposures, opening: Opening, kinds: Kinds
) -> tuple[float, ...]:
    """By late cell, the rates if it never closed: a smooth curve, or two kinds as far as these are believed."""
    curve = replace(curve, late_rhythm=(1.0,) * HOURS)
    late, begin = opening.never_closed(calls.late, calls.at), late_replaced(curve, kinds.one.rates)
    smooth = begin
    for _ in range(ROUNDS):
        counts = calls.shared_out(late, np.array(smooth.rates[ON_PAGE:]), kinds.nobody)
        smooth = late_smoothed(smooth, counts, len(calls.at), exposures)
    two = np.array(late_replaced(curve, kinds.two.rates).rates[ON_PAGE:])
    mean: list[float] = (np.array(smooth.rates[ON_PAGE:]) * (1.0 - kinds.share) + two * kinds.share).tolist()
    return tuple(mean)
