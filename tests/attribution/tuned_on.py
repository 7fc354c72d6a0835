"""Laws that the curve of late callers was worked on with, so that others could be left for the end."""

from dataclasses import dataclass
from random import Random

from swapboard.attribution.delay import Delay, Either, HeavyTailed, LogNormal
from swapboard.attribution.law import HOUR_SECONDS, Law
from tests.attribution.held_out import DAY_SECONDS, MINUTE

OPENS, CLOSES = 9.0 * HOUR_SECONDS, 17.0 * HOUR_SECONDS
FIRST_THING = LogNormal(40 * MINUTE, 0.8)


@dataclass(frozen=True)
class Office(Law):
    """Read in the evening, called in office hours: what comes due outside them waits for the next working day."""

    def rate(self, seconds: float) -> float:
        """See Law: seven hours later than elsewhere."""
        return super().rate(seconds - 7.0 * HOUR_SECONDS)

    def rings_at(self, due: float, chance: Random) -> float:
        """See Law."""
        opened = _opening(due)
        return due if due < opened + CLOSES - OPENS else _opening_after(opened) + FIRST_THING.draw(chance)

    def delayed_rate(self, since: float, at: float, probability: float, delay: Delay) -> float:
        """See Law: straight away while open, and then what came due while it was closed."""
        opened = _opening(at)
        waiting = 0.0
        if opened > since:
            closed = max(since, _opening(opened - 1.0) + CLOSES - OPENS)
            waiting = delay.done(opened - since) - delay.done(closed - since)
        is_open = since < at < opened + CLOSES - OPENS
        density = (delay.density(at - since) if is_open else 0.0) + waiting * FIRST_THING.density(at - opened)
        done = delay.done(at - since) - waiting * (1.0 - FIRST_THING.done(at - opened))
        return probability * density / (1.0 - probability * done)


def _opening(at: float) -> float:
    """The last opening before the moment; the sixth and seventh day of each week have none."""
    day = (at - OPENS) // DAY_SECONDS
    return (day - max(0.0, day % 7 - 4)) * DAY_SECONDS + OPENS


def _opening_after(opened: float) -> float:
    return opened + (3 if opened // DAY_SECONDS % 7 == 4 else 1) * DAY_SECONDS


@dataclass(frozen=True)
class Reminder(Law):
    """Half of the late callers ring when a letter reminds them, three days after the visit."""

    def late(self) -> Delay:
        """See Law."""
        return Either(
            ((0.5, HeavyTailed(self.late_minutes * MINUTE, 0.9)), (0.5, LogNormal(72 * HOUR_SECONDS, 0.12)))
        )


@dataclass(frozen=True)
class Sprees(Law):
    """Strangers who call at all hours, more than half of them within a few hours, and then not for days."""

    spree_hours: float = 2.0
    every_days: float = 10.0
    in_sprees: float = 0.6

    def strangers_a_visit(self, at: float) -> float:
        """See Law."""
        return super().strangers_a_visit(at) * self.visits_a_day / DAY_SECONDS * self._times(at) / self.rate(at)

    @property
    def busiest(self) -> float:
        """See Law."""
        strangers = super().strangers_a_visit(0.0) * self._in_spree
        return self.visits_a_day / DAY_SECONDS * (1.0 + self.rhythm + strangers)

    @property
    def _in_spree(self) -> float:
        return self.in_sprees * self.every_days * 24.0 / self.spree_hours

    def _times(self, at: float) -> float:
        """How many times as many call at a moment as on average; each spree begins at another hour."""
        turn, into = divmod(at, self.every_days * DAY_SECONDS)
        begins = (0.3 + 0.37 * turn % 0.6) * self.every_days * DAY_SECONDS
        if 0.0 <= into - begins < self.spree_hours * HOUR_SECONDS:
            return self._in_spree
        return (1.0 - self.in_sprees) / (1.0 - self.spree_hours / self.every_days / 24.0)


TUNED_ON: tuple[Law, ...] = (
    Office("office", "", visits_a_day=900.0, late_share=0.4, late_minutes=120.0, stranger_share=0.04),
    Reminder("reminder", "", visits_a_day=700.0, late_share=0.35, late_minutes=30.0, stranger_share=0.05),
    Sprees("sprees", "", visits_a_day=600.0, stranger_share=0.1, late_share=0.25),
    Sprees("long-sprees", "", visits_a_day=900.0, stranger_share=0.1, spree_hours=30.0, every_days=6.0),
)
