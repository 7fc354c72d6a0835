"""When a saved report is e-mailed: each day, Monday, or first of a month, at an hour of the company's clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from swapboard.clock import Millis, zone

MOST_SCHEDULES = 10
"""Of one saved report."""
HOURS = 24


class Cadence(StrEnum):
    """How often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is sent it, until they say that they want no more."""

    address: str
    stopped_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """One regular letter."""

    company_id: str
    schedule_id: str
    view_id: str
    cadence: Cadence
    hour: int
    due_at: Millis
    made_by: str
    """The e-mail address of whoever wanted it, which the letter names."""
    created_at: Millis
    trouble: str | None
    recipients: Sequence[Recipient] = ()

    @property
    def reached(self) -> Sequence[str]:
        """Those who still want it."""
        return [each.address for each in self.recipients if each.stopped_at is None]


def next_due(cadence: Cadence, hour: int, after: Millis, time_zone: str) -> Millis:
    """The first such instant after another; an hour that a clock skips is the one after it."""
    clock = zone(time_zone)
    day = datetime.fromtimestamp(after / 1000, clock).date()
    while True:
        if _falls_on(cadence, day):
            due = round(datetime.combine(day, time(hour), clock).timestamp() * 1000)
            if due > after:
                return due
        day += timedelta(1)


def on_other_clocks(schedule: Schedule, before: str, after: str) -> Millis:
    """When it is due once the company goes by another time zone: at its hour of the same day there."""
    day = datetime.fromtimestamp(schedule.due_at / 1000, zone(before)).date()
    return round(datetime.combine(day, time(schedule.hour), zone(after)).timestamp() * 1000)


def _falls_on(cadence: Cadence, day: date) -> bool:
    match cadence:
        case Cadence.DAILY:
            return True
        case Cadence.WEEKLY:
            return day.weekday() == 0
        case Cadence.MONTHLY:
            return day.day == 1
