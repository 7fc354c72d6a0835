"""How large a pool should be: from three answers by formula, or from visits that really came by replay."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.clock import DAY, HOUR, Millis
from swapboard.numbers.replay import Replayed, Stay, busiest_hour, mean_minutes, replay, resting, smallest_replayed
from swapboard.numbers.rhythm import ComingDay, turned_away
from swapboard.numbers.sizing import (
    DEFAULT_NUMBER_CENTS,
    DEFAULT_PROMISE,
    DEFAULT_QUIET_MINUTES,
    Callers,
    Size,
    Thumb,
    Traffic,
    curve,
    pool_sizes,
    recommended,
    thumbs,
)

AT_FIRST = Callers()
"""How visitors call, until a company's own calls tell."""
_MOST_REPLAYED = 2_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the company asks of its pool."""

    quiet_minutes: float = DEFAULT_QUIET_MINUTES
    promise: float = DEFAULT_PROMISE
    """The share of visits that may find none, were numbers kept back until they have rested."""
    number_cents: int = DEFAULT_NUMBER_CENTS
    callers: Callers = AT_FIRST


AS_USUAL = Wishes()


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommended size, and what sizes around it would do."""

    traffic: Traffic
    wishes: Wishes
    recommended: int
    sizes: Sequence[Size]
    thumbs: Sequence[Thumb]
    replayed_visits: int
    """How many visits were replayed; 0 when the formula told."""

    @property
    def best(self) -> Size:
        """What the recommended size does."""
        return next(each for each in self.sizes if each.numbers == self.recommended)


@dataclass(frozen=True, slots=True)
class Peak:
    """How many numbers were live at once, at most, in the hour that begins then."""

    at: Millis
    live: int


@dataclass(frozen=True, slots=True)
class Alert:
    """A pool that is too small, and how many numbers it lacks."""

    pool_numbers: int
    recommended: int
    """What the coming week's busiest day needs, where that is known; else one more than there are."""
    exhausted: int
    """How many visits of the period found no number."""
    predicted: float = 0.0
    """The share of visits that will find none on the worst of the coming days; 0 when it is within the promise."""
    worst_day_at: Millis | None = None
    """When that day begins."""

    @property
    def missing(self) -> int:
        return self.recommended - self.pool_numbers


def advise(traffic: Traffic, wishes: Wishes = AS_USUAL, daily_visits: float | None = None) -> Advice:
    """Advice from answers, by Erlang's formula. Raises ValueError for what no pool could carry."""
    return Advice(
        traffic=traffic,
        wishes=wishes,
        recommended=recommended(traffic, wishes.promise),
        sizes=curve(traffic, wishes.callers, wishes.promise, wishes.number_cents),
        thumbs=thumbs(traffic, daily_visits),
        replayed_visits=0,
    )


def advise_by_replay(stays: Sequence[Stay], wishes: Wishes = AS_USUAL) -> Advice:
    """Advice from visits that came: each size is tried on them. Raises ValueError for no visits."""
    if not stays:
        raise ValueError("There are no visits to replay yet.")
    traffic = Traffic(busiest_hour(stays), mean_minutes(stays), wishes.quiet_minutes)
    knee = smallest_replayed(stays, wishes.quiet_minutes, wishes.promise, min(len(stays), _MOST_REPLAYED))
    kept = resting(stays, wishes.quiet_minutes)
    sizes = [
        _size(replay(stays, numbers, wishes.callers), replay(kept, numbers, wishes.callers).overflow, wishes)
        for numbers in pool_sizes(knee)
    ]
    return Advice(traffic, wishes, knee, sizes, thumbs(traffic, _daily(stays)), len(stays))


def peaks(stays: Sequence[Stay], from_at: Millis, until_at: Millis, step: Millis = HOUR) -> list[Peak]:
    """How full it was, hour by hour; a stay that is over by the hour's first moment does not count in it."""
    changes = sorted([*((stay.from_at, 1) for stay in stays), *((stay.until_at, -1) for stay in stays)])
    found, live, place = [], 0, 0
    for at in range(from_at, until_at, step):
        while place < len(changes) and changes[place][0] <= at:
            live += changes[place][1]
            place += 1
        most = live
        while place < len(changes) and changes[place][0] < at + step:
            live += changes[place][1]
            place += 1
            most = max(most, live)
        found.append(Peak(at, most))
    return found


def alert(
    pool_numbers: int,
    exhausted: int,
    visits: float,
    ahead: Sequence[ComingDay] = (),
    live_minutes: float = 0.0,
    promise: float = DEFAULT_PROMISE,
) -> Alert | None:
    """Says so when more visits than promised found no number, or are expected to on one of the coming days."""
    worst = max(ahead, key=lambda day: turned_away(day, live_minutes, pool_numbers), default=None)
    share = turned_away(worst, live_minutes, pool_numbers) if worst else 0.0
    if exhausted <= promise * visits and share <= promise:
        return None
    recommended = max(pool_numbers + 1, *(day.needed for day in ahead), 0)
    if share <= promise or worst is None:
        return Alert(pool_numbers, recommended, exhausted)
    return Alert(pool_numbers, recommended, exhausted, share, worst.starts_at)


def _size(found: Replayed, kept_back: float, wishes: Wishes) -> Size:
    return Size(found.numbers, found.overflow, kept_back, found.accuracy, found.numbers * wishes.number_cents)


def _daily(stays: Sequence[Stay]) -> float:
    first, last = min(stay.from_at for stay in stays), max(stay.from_at for stay in stays)
    return len(stays) / max(1.0, (last - first) / DAY)
