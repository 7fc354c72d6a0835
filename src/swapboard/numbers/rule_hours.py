"""Hours of the day as rules write them, and on whose clocks they are."""

import re
from collections.abc import Sequence
from datetime import datetime

from swapboard.clock import HOUR, Millis, zone

_HOURS_OF_A_DAY, _HALF_A_DAY = 24, 12
_HOUR = re.compile(r"(\d{1,2})(?::00|\s?h|\s?uhr)?\s?(?:([ap])\.?m\.?)?")
_DASH = "\N{EN DASH}"


def hours_in(value: str) -> Sequence[int] | None:
    """`9` is from nine to ten; `8-18` is from eight until six; `22-6` goes over midnight. None for anything else.

    `8 am - 6 pm`, `8:00-18:00` and `22-0` are understood, too.
    """
    begin_text, dash, end_text = value.replace(_DASH, "-").partition("-")
    begin, end = _hour(begin_text), _hour(end_text) if dash else None
    if begin is None or (dash and end is None):
        return None
    end = (end or _HOURS_OF_A_DAY) if dash else begin + 1
    if not (0 <= begin < _HOURS_OF_A_DAY and 0 < end <= _HOURS_OF_A_DAY and begin != end):
        return None
    length = end - begin if end > begin else end - begin + _HOURS_OF_A_DAY
    return [(begin + step) % _HOURS_OF_A_DAY for step in range(length)]


def _hour(text: str) -> int | None:
    found = _HOUR.fullmatch(text.strip().casefold())
    if found is None:
        return None
    hour, half = int(found[1]), found[2]
    if not half:
        return hour
    return hour % _HALF_A_DAY + (_HALF_A_DAY if half == "p" else 0) if 1 <= hour <= _HALF_A_DAY else None


def hour_of(at: Millis, time_zone: str) -> int:
    """The hour (0 to 23) on the clocks of the time zone; UTC's when the machine does not know it."""
    return datetime.fromtimestamp(at / 1000, zone(time_zone)).hour


def next_at_hour(now: Millis, hour: int, time_zone: str) -> Millis:
    """Now or the next moment that is in that hour on the clocks of the time zone, summer time or not."""
    moments = (now + later * HOUR for later in range(2 * _HOURS_OF_A_DAY))
    return next((at for at in moments if hour_of(at, time_zone) == hour), now)
