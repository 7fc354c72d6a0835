"""When a call began, as other services' exports write it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from swapboard.clock import SECOND, Millis, from_iso
from swapboard.language import MONTH_FIRST
from swapboard.moving.call_history import BadCall
from swapboard.written_days import writes_month_first

_LONGEST_TIME = 40
_FIRST = from_iso("1980-01-01T00:00:00Z")
"""No call was tracked before."""
_DIGITS_OF_MILLIS = 13
_LETTERS = re.compile(r"(?<=[\d\s])\(?(?P<zone>[A-Z]{3,4})\)?$")
_HOURS_FROM_UTC = {
    **dict.fromkeys(("UTC", "GMT"), 0),
    "EDT": -4,
    **dict.fromkeys(("EST", "CDT"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    **dict.fromkeys(("PST", "AKDT"), -8),
    "AKST": -9,
    "HST": -10,
}
"""Those of RFC 5322, 4.3, Alaska's and Hawaii's; others, such as IST, mean several clocks elsewhere."""
_TIMES = (
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d %I:%M %p %z",
    "%Y-%m-%d %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
)
"""With the month first where a day is parted by slashes."""


@dataclass(frozen=True, slots=True)
class DayOrder:
    """Whether 03/04/2026 is in March."""

    month_first: bool
    doubtful: str = ""
    """A day that is read as its country writes it, though the service's own country would write another so."""

    @property
    def notes(self) -> list[str]:
        """What to look at again, in words."""
        said = "are read with the month second, as usual in the company's country."
        return [f"Days like {self.doubtful} {said}"] if self.doubtful else []


def day_order(times: Iterable[str], country: str) -> DayOrder:
    """As the file's other times say, else as the country writes it."""
    days = [text.split(maxsplit=1)[0] for text in times if text.strip()]
    month_first = writes_month_first(days, country in MONTH_FIRST)
    if month_first or not writes_month_first(days, usual=True):
        return DayOrder(month_first)
    return DayOrder(month_first, next(filter(_may_be_another, days), ""))


def _may_be_another(day: str) -> bool:
    one, slash, more = day.partition("/")
    return bool(slash) and one.lstrip("0") != more.partition("/")[0].lstrip("0")


def moment_of(text: str, zone: tzinfo, now: Millis, month_first: bool = True) -> Millis:
    """The instant of a time as exports write it; without an offset it is the zone's. Raises BadCall."""
    cleaned = text.strip()
    moment = _written(cleaned, zone, month_first)
    if moment > now:
        raise BadCall(f"{cleaned[:_LONGEST_TIME]!r} is in the future")
    if moment < _FIRST:
        raise BadCall(f"{cleaned[:_LONGEST_TIME]!r} is no time of a call")
    return moment


def _written(cleaned: str, zone: tzinfo, month_first: bool) -> Millis:
    if cleaned.isascii() and cleaned.isdigit() and len(cleaned) >= 9:
        return int(cleaned) if len(cleaned) == _DIGITS_OF_MILLIS else int(cleaned[:20]) * SECOND
    ending = _LETTERS.search(cleaned)
    told = _read(cleaned[: ending.start()].rstrip() if ending else cleaned, month_first)
    aware = told if told.tzinfo else told.replace(tzinfo=zone)
    # By their own letters first: CST is Chicago's time, and Shanghai's for who is there.
    if ending and not told.tzinfo and aware.tzname() != ending["zone"]:
        aware = told.replace(tzinfo=_zone_called(ending["zone"]))
    return round(aware.timestamp() * 1000)


def _zone_called(letters: str) -> tzinfo:
    if letters not in _HOURS_FROM_UTC:
        raise BadCall(f"{letters!r} is no time zone that is known")
    return timezone(timedelta(hours=_HOURS_FROM_UTC[letters]))


def _read(text: str, month_first: bool) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _by_pattern(text, month_first)


def _by_pattern(text: str, month_first: bool) -> datetime:
    for pattern in _TIMES if month_first else [each.replace("%m/%d", "%d/%m") for each in _TIMES]:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 the caller gives naive ones their zone
        except ValueError:
            continue
    raise BadCall(f"{text[:_LONGEST_TIME]!r} is no time")
