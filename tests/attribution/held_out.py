"""Laws that nobody tunes on: of other shapes than the five, to see what was learned and what was fitted.

Look at their figures, never into their details to change a constant of the match: then they are spent.
"""

from dataclasses import dataclass
from functools import cached_property
from math import exp
from random import Random

from swapboard.attribution.delay import Delay, Either, Exponential, HeavyTailed, LogNormal, Weibull
from swapboard.attribution.law import HOUR_SECONDS, Law

DAY_SECONDS = 86400.0
MINUTE = 60.0
AFTER_OPENING = Exponential(25 * MINUTE)


@dataclass(frozen=True)
class LongTail(Law):
    """Late callers of whom half ring within the hour, and one in ten weeks later: a delay without a mean."""

    def late(self) -> Delay:
        """See Law."""
        return HeavyTailed(self.late_minutes * MINUTE, 0.65)


@dataclass(frozen=True)
class RushHours(Law):
    """Two rushes a day, quiet Sundays; nobody calls back by night: those wait until the shop opens."""

    opens: float = 8.0
    closes: float = 19.0

    def rate(self, seconds: float) -> float:
        """See Law."""
        hour = seconds / HOUR_SECONDS % 24.0
        rush = sum(exp(-(((hour - peak) / 0.8) ** 2) / 2) for peak in (8.5, 17.5))
        sunday = 0.15 if int(seconds // DAY_SECONDS) % 7 == 6 else 1.0
        return self.visits_a_day / DAY_SECONDS * sunday * (0.03 + 5.0 * rush)

    @property
    def busiest(self) -> float:
        """See Law."""
        return self.visits_a_day / DAY_SECONDS * 5.1 * (1.0 + self.strangers_a_visit(0.0))

    def rings_at(self, due: float, chance: Random) -> float:
        """See Law."""
        opening = self._opening(due)
        return due if opening is None else opening + AFTER_OPENING.draw(chance)

    def delayed_rate(self, since: float, at: float, probability: float, delay: Delay) -> float:
        """See Law: straight away while open, and after the opening what came due by night."""
        if at <= since or self._opening(at) is not None:
            return 0.0
        opened = at // DAY_SECONDS * DAY_SECONDS + self.opens * HOUR_SECONDS
        waiting = 0.0
        if opened > since:
            closed = max(since, opened - (24.0 - self.closes + self.opens) * HOUR_SECONDS)
            waiting = delay.done(opened - since) - delay.done(closed - since)
        density = delay.density(at - since) + waiting * AFTER_OPENING.density(at - opened)
        done = delay.done(at - since) - waiting * (1.0 - AFTER_OPENING.done(at - opened))
        return probability * density / (1.0 - probability * done)

    def _opening(self, at: float) -> float | None:
        """The next opening, if it is closed."""
        hour = at / HOUR_SECONDS % 24.0
        if self.opens <= hour < self.closes:
            return None
        days = at // DAY_SECONDS + (1 if hour >= self.closes else 0)
        return days * DAY_SECONDS + self.opens * HOUR_SECONDS


@dataclass(frozen=True)
class Mixed(Law):
    """Populations that nothing but their behaviour tells apart."""

    parts: tuple[tuple[float, Law], ...] = ()

    def kinds(self, at: float) -> tuple[tuple[float, Law], ...]:
        """See Law."""
        del at
        return self.parts

    @cached_property
    def calls_a_visit(self) -> float:
        """See Law."""
        return sum(share * part.calls_a_visit for share, part in self.parts)


@dataclass(frozen=True)
class Redial(Law):
    """Every second call is followed by another: at once, since the line was busy, or days later."""

    def again(self) -> Delay:
        """See Law."""
        return Either(((0.6, Exponential(100.0)), (0.4, LogNormal(2.5 * DAY_SECONDS, 0.8))))


@dataclass(frozen=True)
class Film(Law):
    """A film of 45 seconds ends with the number: nearly all decide then. Stays end at much the same age."""

    def stay(self) -> Delay:
        """See Law."""
        return Weibull(self.stay_seconds, 1.8)

    def tap_lead(self) -> Delay:
        """See Law: the telephone asks first, and some take their time."""
        return LogNormal(self.tap_lead_seconds, 0.9)

    def decision_rate(self, age: float, on_phone: bool, hidden: bool) -> float:
        """See Law."""
        an_hour = 0.3 + 14.0 * exp(-(((age - 48.0) / 6.0) ** 2) / 2)
        factor = (self.phone_factor if on_phone else 1.0) * (self.hidden_factor if hidden else 1.0)
        return an_hour * factor / HOUR_SECONDS

    def highest_decision_rate(self, on_phone: bool) -> float:
        """See Law."""
        return self.decision_rate(48.0, on_phone, hidden=False)

    def cumulated(self, stay: float, on_phone: bool) -> float:
        """See Law."""
        steps = max(1, round(stay))
        return sum(
            self.decision_rate((step + 0.5) * stay / steps, on_phone, hidden=False) * stay / steps
            for step in range(steps)
        )


@dataclass(frozen=True)
class Changeover(Law):
    """The clocks change, the server stands still for a night and a morning, and the business changes on day 4."""

    later: Law | None = None
    day: float = 4.0

    def kinds(self, at: float) -> tuple[tuple[float, Law], ...]:
        """See Law."""
        return ((1.0, self if at < self.day * DAY_SECONDS or self.later is None else self.later),)

    def rate(self, seconds: float) -> float:
        """See Law: summer time begins on day 2."""
        return super().rate(seconds + (HOUR_SECONDS if seconds > 2 * DAY_SECONDS else 0.0))

    def is_down(self, at: float) -> bool:
        """See Law."""
        return 3 * DAY_SECONDS - 4 * HOUR_SECONDS < at < 3 * DAY_SECONDS + 10 * HOUR_SECONDS


@dataclass(frozen=True)
class Robots(Law):
    """One call in ten is a robot's: by day and night alike, and in bursts of two hours, three times a week."""

    def strangers_a_visit(self, at: float) -> float:
        """See Law."""
        a_second = super().strangers_a_visit(at) * self.visits_a_day / DAY_SECONDS
        burst = at / DAY_SECONDS % 7 // 1 in {0, 2, 4} and 10.0 <= at / HOUR_SECONDS % 24.0 < 12.0
        return a_second * (10.6 if burst else 0.65) / self.rate(at)

    @property
    def busiest(self) -> float:
        """See Law."""
        most = super().strangers_a_visit(0.0) * 10.6
        return self.visits_a_day / DAY_SECONDS * (1.0 + self.rhythm + most)


HASTY = Law(
    "hasty", "", phone_share=0.8, stay_seconds=25.0, late_share=0.02, late_minutes=5.0, tap_share=0.9,
    hazard=((10.0, 1.0), (40.0, 5.0), (1800.0, 1.0)), vanish_share=0.3, agreement=0.9,
)  # fmt: skip
THOROUGH = Law(
    "thorough", "", phone_share=0.45, stay_seconds=200.0, stay_spread=0.7, late_share=0.5, late_minutes=600.0,
    late_spread=1.2, tap_share=0.4, hazard=((60.0, 0.1), (600.0, 0.8), (1800.0, 1.2)), agreement=0.6,
    repeat_share=0.3,
)  # fmt: skip

HELD_OUT: tuple[Law, ...] = (
    LongTail("long-tail", "", visits_a_day=900.0, late_share=0.35, late_minutes=40.0, stranger_share=0.04),
    RushHours("rush-hours", "", visits_a_day=1500.0, late_share=0.3, late_minutes=200.0, stranger_share=0.05),
    Mixed(
        "two-crowds", "", visits_a_day=1000.0, stranger_share=0.03, parts=((0.55, HASTY), (0.45, THOROUGH))
    ),
    Redial(
        "redial", "", visits_a_day=800.0, repeat_share=0.5, withheld_share=0.2, stranger_share=0.06,
        late_share=0.2, returning_share=0.3,
    ),
    Film(
        "film", "", visits_a_day=2000.0, phone_share=0.4, phone_factor=0.6, stay_seconds=50.0,
        tap_lead_seconds=9.0, idle_taps_an_hour=4.0, late_share=0.1, late_minutes=15.0, stranger_share=0.02,
    ),
    Changeover(
        "changeover", "", visits_a_day=1500.0, phone_share=0.3, late_share=0.35, late_minutes=90.0,
        later=Law(
            "after", "", phone_share=0.9, stay_seconds=30.0, late_share=0.05, late_minutes=10.0, tap_share=0.85,
            hazard=((5.0, 1.0), (30.0, 5.0), (1800.0, 1.0)),
        ),
    ),
    Robots("robots", "", visits_a_day=600.0, stranger_share=0.1, late_share=0.15, agreement=0.3),
)  # fmt: skip
