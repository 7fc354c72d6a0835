"""Business hours: which weekday, from when until when, in whose time, and on which days not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, StringConstraints

from swapboard.clock import SECOND, Millis


class Day(StrEnum):
    """The days of the week, as people shorten them."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


DAYS = tuple(Day)

Span = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""`09:00-17:30`; `22:00-06:00` goes on until the next morning; `00:00-24:00` is all day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a business is open; a day that is not named is closed."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64)] = "UTC"
    days: Mapping[Day, Annotated[tuple[Span, ...], Field(max_length=6)]] = field(default_factory=dict)
    holidays: Annotated[tuple[date, ...], Field(max_length=200)] = ()
    """Days on which it is closed, by the business's own calendar."""


def is_open(hours: Hours, at: Millis) -> bool:
    """True when the business is open at that moment. Raises KeyError for an unknown time zone."""
    now = datetime.fromtimestamp(at / SECOND, UTC).astimezone(_zone(hours.time_zone))
    yesterday = now.date() - timedelta(days=1)
    today_open = any(_from(span) <= now.time() < _until(span) for span in _spans(hours, now.date()))
    night_before = any(_is_over_night(span) and now.time() < _end(span) for span in _spans(hours, yesterday))
    return today_open or night_before


def known_zone(time_zone: str) -> bool:
    """True for a time zone of IANA's."""
    try:
        _zone(time_zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=256)
def _zone(time_zone: str) -> ZoneInfo:
    return ZoneInfo(time_zone)


def _spans(hours: Hours, day: date) -> tuple[str, ...]:
    """A holiday has none: a night that began before it still ends in its morning."""
    return () if day in hours.holidays else tuple(hours.days.get(DAYS[day.weekday()], ()))


def _from(span: str) -> time:
    return time.fromisoformat(span.partition("-")[0])


def _end(span: str) -> time:
    text = span.partition("-")[2]
    return time.max if text == "24:00" else time.fromisoformat(text)


def _until(span: str) -> time:
    return time.max if _is_over_night(span) else _end(span)


def _is_over_night(span: str) -> bool:
    return _end(span) <= _from(span)
