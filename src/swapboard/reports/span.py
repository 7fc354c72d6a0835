"""The time that a report is of: whole days of the company's calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple, TypeAlias

from swapboard.clock import DAY, Millis
from swapboard.language import _

LocalHour: TypeAlias = int
"""Hours since 1970 began, on a clock of some zone."""

LONGEST_DAYS = 3 * 366
_EPOCH = date(1970, 1, 1)
_LOOKED_EVERY: Millis = DAY // 4
"""No clock is put on and back again in so short a time."""
_YEARS = range(1980, 2200)
"""Far from where calendars and clocks end, so that the days before can be counted too."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar, from its first instant until that of the next; not all have 24 hours."""

    date: date
    from_at: Millis
    until_at: Millis


@dataclass(frozen=True, slots=True)
class Span:
    """All days from `first` to `last`, both included, on the clocks of `zone`."""

    first: date
    last: date
    zone: tzinfo

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(_("The last day must not come before the first."))
        if self.length > LONGEST_DAYS:
            raise ValueError(_("A report covers at most %(most)s days.") % {"most": LONGEST_DAYS})

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def from_at(self) -> Millis:
        return _begins(self.first, self.zone)

    @property
    def until_at(self) -> Millis:
        """The first instant after it."""
        return _begins(self.last + timedelta(1), self.zone)

    def before(self) -> "Span":
        """As many days, directly before."""
        days = timedelta(self.length)
        return Span(self.first - days, self.last - days, self.zone)

    def days(self) -> Iterator[Day]:
        """Each of the days."""
        for number in range(self.length):
            day = self.first + timedelta(number)
            yield Day(day, _begins(day, self.zone), _begins(day + timedelta(1), self.zone))


class Offset(NamedTuple):
    """So far a clock is ahead of UTC until this instant."""

    until_at: Millis
    ahead: Millis


def offsets(clock: tzinfo, from_at: Millis, until_at: Millis) -> Sequence[Offset]:
    """How far the clock is ahead all along [from_at, until_at): one more than it is changed in that time."""
    found: list[Offset] = []
    at, ahead = from_at, _ahead(clock, from_at)
    while at < until_at:
        later = min(at + _LOOKED_EVERY, until_at)
        if (then := _ahead(clock, later)) != ahead:
            found.append(Offset(_change(clock, at, later), ahead))
            ahead = then
        at = later
    return [*found, Offset(until_at, ahead)]


def _change(clock: tzinfo, before: Millis, after: Millis) -> Millis:
    """The first instant on the later time."""
    ahead = _ahead(clock, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _ahead(clock, middle) == ahead:
            after = middle
        else:
            before = middle
    return after


def _ahead(clock: tzinfo, at: Millis) -> Millis:
    ahead = datetime.fromtimestamp(at / 1000, clock).utcoffset()
    return round(ahead.total_seconds() * 1000) if ahead else 0


def day_of(hour: LocalHour) -> date:
    """The day that it is part of."""
    return _EPOCH + timedelta(hours=hour)


def hour_of_week(hour: LocalHour) -> int:
    """From Monday midnight on."""
    return (hour + _EPOCH.weekday() * 24) % (7 * 24)


def reportable(day: date) -> date:
    """The day, if a report may begin or end with it. Raises ValueError."""
    if day.year not in _YEARS:
        raise ValueError(
            _("There are reports from %(first)s until %(last)s only.")
            % {"first": _YEARS.start, "last": _YEARS.stop - 1}
        )
    return day


def last_days(count: int, now: Millis, zone: tzinfo) -> Span:
    """So many days, of which the last is the one that `now` is in."""
    today = datetime.fromtimestamp(now / 1000, zone).date()
    return Span(today - timedelta(count - 1), today, zone)


def _begins(day: date, zone: tzinfo) -> Millis:
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)
