"""The numbers of every report, each defined here and nowhere else. Spam counts in none of them."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import TypeAlias

from swapboard.calls.call import Status

ANSWERED: frozenset[Status] = frozenset({Status.ANSWERED, Status.IN_PROGRESS})
"""Whoever talks was answered, before the call is over."""
VOICEMAIL: frozenset[Status] = frozenset({Status.VOICEMAIL})
MISSED: frozenset[Status] = frozenset({Status.MISSED, Status.BUSY, Status.FAILED, Status.ABANDONED})
"""Nobody spoke with the caller, and no message was left."""
Count: TypeAlias = int | Decimal
"""Whole; or, counted by probability, in exact millionths."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of some calls, and of some visits beside them."""

    calls: Count = 0
    """Those that ring count as nothing else yet, those that were turned away never do."""
    first_time: Count = 0
    """Calls from numbers that had never called before."""
    answered: Count = 0
    voicemail: Count = 0
    missed: Count = 0
    talk_seconds: Count = 0
    """Of the answered calls, together."""
    qualified: Count = 0
    """Calls that somebody, or a rule, called a good lead."""
    value_cents: Count = 0
    leads: Count = 0
    """People who got in touch for the first time, by call or by form, each once."""
    forms: Count = 0
    visits: Count = 0

    def __add__(self, other: "Figures") -> "Figures":
        # Written out, for a report adds some hundred thousand of them.
        return Figures(
            self.calls + other.calls,
            self.first_time + other.first_time,
            self.answered + other.answered,
            self.voicemail + other.voicemail,
            self.missed + other.missed,
            self.talk_seconds + other.talk_seconds,
            self.qualified + other.qualified,
            self.value_cents + other.value_cents,
            self.leads + other.leads,
            self.forms + other.forms,
            self.visits + other.visits,
        )

    @property
    def unsettled(self) -> Count:
        """Those that ring, and those that were turned away: nobody missed them."""
        return self.calls - self.answered - self.voicemail - self.missed

    @property
    def answered_share(self) -> float | None:
        """Of the calls that had a chance, those that ring apart; None when there is none."""
        over = self.answered + self.voicemail + self.missed
        return float(self.answered / over) if over else None

    @property
    def mean_talk_seconds(self) -> float | None:
        return float(self.talk_seconds / self.answered) if self.answered else None


NOTHING = Figures()
_EACH = tuple(attrgetter(field.name) for field in fields(Figures))


def total(figures: Collection[Figures]) -> Figures:
    """Their sum; of ten thousands in a fraction of the time that adding them up takes."""
    return Figures(*(sum(map(each, figures)) for each in _EACH))


MANYFOLD = 10
"""From a growth by so many times on it is told as a multiple: percents in the thousands are not read."""


def change(now: Count, before: Count) -> float | None:
    """By which share it grew (negative: shrank); None from nothing."""
    return float((now - before) / before) if before else None
