"""When a call began, as other services' exports write it."""

import re
from datetime import datetime, timedelta, timezone, tzinfo

from swapboard.clock import SECOND, Millis, from_iso
from swapboard.moving.call_history import BadCall

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
"""Those of RFC 5322, 4.3, Alaska's and Hawaii's; others, such as IST, mean several clocks."""
_TIMES = (
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %I:%M %p",
    "%Y-%m-%d %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%b %d, %Y %I:%M %p",
)


def moment_of(text: str, zone: tzinfo, now: Millis) -> Millis:
    """The instant of a time as exports write it; without an offset it is the zone's. Raises BadCall."""
    cleaned = text.strip()
    moment = _written(cleaned, zone)
    if moment > now:
        raise BadCall(f"{cleaned[:_LONGEST_TIME]!r} is in the future")
    if moment < _FIRST:
        raise BadCall(f"{cleaned[:_LONGEST_TIME]!r} is no time of a call")
    return moment


def _written(cleaned: str, zone: tzinfo) -> Millis:
    if cleaned.isascii() and cleaned.isdigit() and len(cleaned) >= 9:
        return int(cleaned) if len(cleaned) == _DIGITS_OF_MILLIS else int(cleaned[:20]) * SECOND
    if (ending := _LETTERS.search(cleaned)) and (hours := _HOURS_FROM_UTC.get(ending["zone"])) is not None:
        cleaned, zone = cleaned[: ending.start()].rstrip(), timezone(timedelta(hours=hours))
    try:
        told = datetime.fromisoformat(cleaned)
    except ValueError:
        told = _by_pattern(cleaned)
    aware = told if told.tzinfo else told.replace(tzinfo=zone)
    return round(aware.timestamp() * 1000)


def _by_pattern(text: str) -> datetime:
    for pattern in _TIMES:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 the caller gives naive ones their zone
        except ValueError:
            continue
    raise BadCall(f"{text[:_LONGEST_TIME]!r} is no time")
