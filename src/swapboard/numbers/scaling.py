"""Auto-scale: how many numbers a pool buys, takes back or gives up by itself, within what its owner allows.

It buys what the busiest of the next days needs, and gives up only what none of the coming week needs, with room to
spare, and little at a time: between the two it does nothing, so that it never gives up on Saturday what it would
buy on Monday. What it gave up and still has in quarantine it takes back before it buys.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from swapboard.clock import DAY, MINUTE, Millis
from swapboard.language import _
from swapboard.numbers.rhythm import SOON_DAYS
from swapboard.numbers.sizing import DEFAULT_NUMBER_CENTS, DEFAULT_QUIET_MINUTES, MOST_NUMBERS

AUTO_SCALE = "auto-scale"
"""Who did it, in the logs."""
ROOM = 1.25
"""A pool is too large when it has so much more than the coming week's busiest day needs, and one more."""
GIVEN_UP_AT_ONCE = 0.1
"""At most so much of a pool is given up a day."""
FRESH_DAYS = 30
"""Carriers are paid by the month: what was bought or taken back so lately stays."""
SURE_DAYS = 14.0
"""Before so many days were seen, nothing is given up."""


class Limit(StrEnum):
    """What keeps a pool smaller than it should be."""

    CEILING = "ceiling"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the owner allows: how many numbers at least and at most, and what they may cost a month together."""

    floor: int
    ceiling: int
    budget_cents: int
    number_cents: int = DEFAULT_NUMBER_CENTS
    """What the carrier charges for a number a month: carriers do not tell when they are asked."""

    @property
    def affordable(self) -> int:
        """How many numbers the budget pays for."""
        return self.budget_cents // self.number_cents


@dataclass(frozen=True, slots=True)
class Member:
    """A number that the pool shows."""

    number_id: str
    settled_at: Millis
    """When it was bought, brought in or taken back."""
    left_at: Millis
    """When its last session left; 0 when it was never shown."""
    is_live: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision goes by."""

    now: Millis
    shown: Sequence[Member]
    paused: int = 0
    awaited: int = 0
    """Those of the paused ones that were bought and do not ring yet: once they do, no others are wanted."""
    coming: int = 0
    """Orders that the carrier has not answered clearly."""
    given_up: Sequence[str] = ()
    """Ids of numbers that auto-scale put in quarantine, and that lie there still, the latest first."""
    rested: Sequence[str] = ()
    """Ids of those that it put there and whose quarantine is over, the longest there first."""
    given_up_at: Millis = 0
    """When it last put one there."""
    committed_cents: int = 0
    """What is paid for the pool in a month: see `scaling_store.situation_of`."""
    needed: Sequence[int] = ()
    """How many numbers today and each day after needs; empty while too little is known."""
    days_seen: float = 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done now, and what is thought to be needed."""

    wanted: int
    """What the pool should show soon, within the limits."""
    needed: int
    """What the busiest of the next days needs, limits or not; 0 while too little is known."""
    buy: int = 0
    take_back: Sequence[str] = field(default=())
    give_up: Sequence[str] = field(default=())
    end: Sequence[str] = field(default=())
    """Numbers to give back to the carrier."""
    held_by: Limit | None = None

    @property
    def does_something(self) -> bool:
        return bool(self.buy or self.take_back or self.give_up or self.end)


def faults(limits: Limits) -> list[str]:
    """What of the limits cannot be, in plain words."""
    found = {
        _("The least number of numbers is 1 or more."): limits.floor < 1,
        _("The most numbers are %(most_numbers)s or fewer.") % {"most_numbers": MOST_NUMBERS}: limits.ceiling
        > MOST_NUMBERS,
        _("The most numbers cannot be fewer than the least."): limits.ceiling < limits.floor,
        _("The monthly budget is more than nothing."): limits.budget_cents < 1,
        _("A number costs more than nothing a month: the budget is counted in it."): limits.number_cents < 1,
    }
    return [words for words, is_so in found.items() if is_so]


def decide(limits: Limits, situation: Situation) -> Decision:
    """Grow, shrink, or leave the pool alone."""
    needed = max(situation.needed[: SOON_DAYS + 1], default=0)
    wanted = min(max(needed, limits.floor), limits.ceiling)
    soon = len(situation.shown) + situation.awaited + situation.coming
    if wanted > soon:
        return _grow(limits, situation, needed, wanted, wanted - soon)
    held_by = Limit.CEILING if needed > max(limits.ceiling, soon) else None
    end = situation.rested if situation.needed else ()
    return Decision(wanted, needed, give_up=_surplus(limits, situation), end=end, held_by=held_by)


def _grow(limits: Limits, situation: Situation, needed: int, wanted: int, short: int) -> Decision:
    room = max(0, limits.ceiling - len(situation.shown) - situation.paused - situation.coming)
    # What has rested longest brings the fewest late calls, and would be given back while others are bought.
    in_quarantine = (*situation.rested, *situation.given_up)
    take_back = in_quarantine[: min(short, room)]
    short, room = short - len(take_back), room - len(take_back)
    affordable = max(0, limits.budget_cents - situation.committed_cents) // limits.number_cents
    buy = min(short, room, affordable)
    held_by = Limit.CEILING if needed > limits.ceiling or room < short else None
    if affordable < min(short, room):
        held_by = Limit.BUDGET
    return Decision(wanted, needed, buy=buy, take_back=take_back, held_by=held_by)


def _surplus(limits: Limits, situation: Situation) -> Sequence[str]:
    """The numbers to give up, longest idle first: none that is live, has not rested, or is fresh."""
    now = situation.now
    knows_enough = situation.needed and situation.days_seen >= SURE_DAYS
    if not knows_enough or situation.awaited or situation.coming or now - situation.given_up_at < DAY:
        return ()
    ample = math.ceil(max(situation.needed) * ROOM) + 1
    surplus = len(situation.shown) - min(max(ample, limits.floor), limits.ceiling)
    at_once = max(1, math.floor(len(situation.shown) * GIVEN_UP_AT_ONCE))
    can_go = [
        each
        for each in situation.shown
        if not each.is_live
        and each.settled_at <= now - FRESH_DAYS * DAY
        and each.left_at <= now - DEFAULT_QUIET_MINUTES * MINUTE
    ]
    can_go.sort(key=lambda each: (each.left_at, each.number_id))
    return tuple(each.number_id for each in can_go[: max(0, min(surplus, at_once))])
