"""The numbers of every report, each defined here and nowhere else. Spam counts in none of them."""

from dataclasses import dataclass, fields

from swapboard.calls.call import Status

ANSWERED: frozenset[Status] = frozenset({Status.ANSWERED})
VOICEMAIL: frozenset[Status] = frozenset({Status.VOICEMAIL})
MISSED: frozenset[Status] = frozenset({Status.MISSED, Status.BUSY, Status.FAILED, Status.ABANDONED})
"""Nobody spoke with the caller, and no message was left."""
UNDER_WAY: frozenset[Status] = frozenset({Status.RINGING, Status.IN_PROGRESS})
"""Such calls count as calls, and not yet as anything else; what was turned away never does."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of some calls, and of some visits beside them."""

    calls: int = 0
    first_time: int = 0
    """Calls from numbers that had never called before."""
    answered: int = 0
    voicemail: int = 0
    missed: int = 0
    talk_seconds: int = 0
    """Of the answered calls, together."""
    qualified: int = 0
    """Calls that somebody, or a rule, called a good lead."""
    value_cents: int = 0
    leads: int = 0
    """People who got in touch for the first time, by call or by form, each once."""
    forms: int = 0
    visits: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def answered_share(self) -> float | None:
        """Of the calls that are over and had a chance; None when there is none."""
        over = self.answered + self.voicemail + self.missed
        return self.answered / over if over else None

    @property
    def mean_talk_seconds(self) -> float | None:
        return self.talk_seconds / self.answered if self.answered else None

    @property
    def calls_per_visit(self) -> float | None:
        return self.calls / self.visits if self.visits else None


NOTHING = Figures()


def change(now: float, before: float) -> float | None:
    """By which share it grew (negative: shrank); None from nothing."""
    return (now - before) / before if before else None
