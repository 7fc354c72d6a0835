"""The weekly rhythm of a pool's visits, and how many numbers each of the coming days needs by the sizing rule.

What is expected of an hour of the week is the mean of that hour in the weeks that were seen, times the pace: how
much busier the last seven days were than such weeks, and for the next days how much busier the last day was. Both
are drawn towards one where visits are few, and are never below it: what falls is followed by the mean alone.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from swapboard.clock import DAY, HOUR, SECOND, Millis
from swapboard.numbers.sizing import DEFAULT_PROMISE, DEFAULT_QUIET_MINUTES, MOST_NUMBERS

WEEKS = 4
HOURS_OF_WEEK = 168
FEWEST_VISITS = 100
SOON_DAYS = 2
"""Numbers take a while to be bought and seen to ring: the rhythm is met so many days ahead."""
_STEADY_VISITS = 25
"""So many visits more of either kind are imagined, so that a chance dozen does not look like a rush."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Visits to a pool, by the hour of the week: from Monday's midnight, on the company's clocks."""

    visits: tuple[float, ...]
    live_minutes: float
    """How long a visit keeps its number on average."""
    pace: float
    """How much busier the last seven days were: 1 or more."""
    rush: float
    """How much busier the last day was: 1 or more."""
    days: float
    """How many days were seen."""


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day of the company's: when it begins, the visits expected in each of its hours, the numbers it needs."""

    starts_at: Millis
    visits: tuple[float, ...]
    needed: int


def rhythm(
    counts: Mapping[Millis, int], now: Millis, time_zone: str, live_minutes: float, weeks: int = WEEKS
) -> Rhythm | None:
    """The rhythm of visits counted by hour (by the hour's first moment); None before a week was seen, or enough.

    The first hour with a visit is where the past begins; the hour that is not over is left out.
    """
    this_hour = now - now % HOUR
    begins_at = max(min(counts, default=this_hour), this_hour - weeks * HOURS_OF_WEEK * HOUR)
    hours = range(begins_at, this_hour, HOUR)
    if len(hours) < HOURS_OF_WEEK or sum(counts.get(at, 0) for at in hours) < FEWEST_VISITS:
        return None
    zone = ZoneInfo(time_zone)
    places = [hour_of_week(at, zone) for at in hours]
    seen, times = [0] * HOURS_OF_WEEK, [0] * HOURS_OF_WEEK
    for at, place in zip(hours, places, strict=True):
        seen[place] += counts.get(at, 0)
        times[place] += 1
    means = tuple(visits / max(1, often) for visits, often in zip(seen, times, strict=True))

    def busier(last_hours: int) -> float:
        came = sum(counts.get(at, 0) for at in hours[-last_hours:])
        expected = math.fsum(means[place] for place in places[-last_hours:])
        return max(1.0, (came + _STEADY_VISITS) / (expected + _STEADY_VISITS))

    return Rhythm(means, live_minutes, busier(HOURS_OF_WEEK), busier(24), len(hours) * HOUR / DAY)


def week_ahead(
    found: Rhythm,
    now: Millis,
    time_zone: str,
    quiet_minutes: float = DEFAULT_QUIET_MINUTES,
    promise: float = DEFAULT_PROMISE,
) -> list[ComingDay]:
    """Today and the six days after, each with the numbers that keep the promise on that very day."""
    return [
        ComingDay(starts_at, visits, numbers_for(visits, found.live_minutes + quiet_minutes, promise))
        for starts_at, visits in _days(found, now, ZoneInfo(time_zone))
    ]


def numbers_for(visits: Sequence[float], minutes: float, promise: float) -> int:
    """The fewest numbers, at least one, with which at most `promise` of the visits find none that is free.

    So many come in each hour, and a number is taken for so many minutes: Erlang's formula of each hour, weighed by
    its visits, by the recursion of `sizing.erlang_b` for all hours at once.
    """
    loads = [each * minutes / 60 for each in visits]
    lost, numbers = [1.0] * len(loads), 0
    while numbers < MOST_NUMBERS and (numbers == 0 or _share(visits, lost) > promise):
        numbers += 1
        lost = [load * each / (numbers + load * each) for load, each in zip(loads, lost, strict=True)]
    return numbers


def turned_away(day: ComingDay, live_minutes: float, numbers: int) -> float:
    """The share of the day's visits that would find every one of so many numbers live."""
    loads = [each * live_minutes / 60 for each in day.visits]
    lost = [1.0] * len(loads)
    for n in range(1, numbers + 1):
        lost = [load * each / (n + load * each) for load, each in zip(loads, lost, strict=True)]
    return _share(day.visits, lost)


def hour_of_week(at: Millis, zone: ZoneInfo) -> int:
    """0 for Monday's first hour on the zone's clocks, 167 for Sunday's last."""
    local = datetime.fromtimestamp(at // SECOND, zone)
    return local.weekday() * 24 + local.hour


def _days(found: Rhythm, now: Millis, zone: ZoneInfo) -> Iterator[tuple[Millis, tuple[float, ...]]]:
    midnight = datetime.fromtimestamp(now // SECOND, zone).replace(hour=0, minute=0, second=0)
    for place in range(7):
        # A wall clock's day, which has 23 or 25 hours twice a year.
        day = midnight + timedelta(days=place)
        busier = max(found.pace, found.rush) if place <= SOON_DAYS else found.pace
        hours = found.visits[day.weekday() * 24 :][:24]
        yield round(day.timestamp()) * SECOND, tuple(visits * busier for visits in hours)


def _share(visits: Sequence[float], lost: Sequence[float]) -> float:
    total = math.fsum(visits)
    return math.fsum(each * away for each, away in zip(visits, lost, strict=True)) / total if total else 0.0
