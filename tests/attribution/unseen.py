"""Laws that were written down before the match was last worked on, and replayed only when that was done.

As with those of `held_out.py`: look at their figures, never into their details.
"""

from dataclasses import dataclass

from swapboard.attribution.delay import Delay, Either, Exponential, LogNormal
from swapboard.attribution.law import HOUR_SECONDS, Law
from tests.attribution.held_out import DAY_SECONDS, MINUTE


@dataclass(frozen=True)
class Weekly(Law):
    """Offices: hardly anybody comes at the weekend, and most who call do so days after their visit."""

    def rate(self, seconds: float) -> float:
        """See Law."""
        return super().rate(seconds) * (0.08 if seconds // DAY_SECONDS % 7 in {5, 6} else 1.0)


@dataclass(frozen=True)
class Spot(Law):
    """A spot on the radio, four times a day: ten minutes with twelve times the visits; hardly anybody by night."""

    def rate(self, seconds: float) -> float:
        """See Law."""
        minute = seconds % DAY_SECONDS / MINUTE
        spot = any(begin * 60.0 <= minute < begin * 60.0 + 10.0 for begin in (7.5, 12.25, 17.0, 20.0))
        return super().rate(seconds) * (12.0 if spot else 1.0)

    @property
    def busiest(self) -> float:
        """See Law."""
        return super().busiest * 12.0


@dataclass(frozen=True)
class TwoMinds(Law):
    """Late callers ring within minutes, or sleep on it and ring about a day later."""

    def late(self) -> Delay:
        """See Law."""
        return Either(((0.4, Exponential(4 * MINUTE)), (0.6, LogNormal(24 * HOUR_SECONDS, 0.25))))


UNSEEN: tuple[Law, ...] = (
    Weekly(
        "weekly", "", visits_a_day=800.0, rhythm=0.95, phone_share=0.2, stay_seconds=90.0, late_share=0.5,
        late_minutes=3 * 1440.0, late_spread=0.9, returning_share=0.3, stranger_share=0.03, repeat_share=0.2,
    ),
    Law(
        "shared-desk", "", visits_a_day=600.0, phone_share=0.3, returning_share=0.5, shared_share=0.6,
        late_share=0.2, late_minutes=25.0, stranger_share=0.04, withheld_share=0.1,
    ),
    Law(
        "wrong-numbers", "", visits_a_day=500.0, stranger_share=0.4, repeat_share=0.15, late_share=0.2,
        late_minutes=45.0, agreement=0.5, withheld_share=0.15,
    ),
    Law("hermit", "", visits_a_day=7.0, rhythm=0.9, late_share=0.3, late_minutes=300.0, stranger_share=0.08),
    Spot(
        "spot", "", visits_a_day=900.0, rhythm=0.9, phone_share=0.8, stay_seconds=30.0, tap_share=0.5,
        hazard=((15.0, 3.0), (60.0, 4.0), (1800.0, 0.8)), late_share=0.12, late_minutes=12.0, stranger_share=0.02,
    ),
    TwoMinds("two-minds", "", visits_a_day=1000.0, late_share=0.4, stranger_share=0.05, agreement=0.6),
)  # fmt: skip
