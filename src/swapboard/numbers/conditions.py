"""What a rule can ask of a visit, and whether the visit fits: the conditions of rules.

A condition is a fact's name and some values. It holds when the visit's fact is one of the values, whatever the
case. `*` in a value stands for any text; a value that begins with `!` is one that the fact must not be.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from swapboard.clock import HOUR, Millis
from swapboard.language import _
from swapboard.visits.channel import CHANNELS
from swapboard.visits.place import country_of, is_country, some_zone
from swapboard.visits.source import Source

NOT = "!"
ANY = "*"
NEW, RETURNING = "new", "returning"
DEVICES = ("phone", "tablet", "desktop")
_HOURS_OF_A_DAY, _HALF_A_DAY = 24, 12
_HOUR = re.compile(r"(\d{1,2})(?::00|\s?h|\s?uhr)?\s?(?:([ap])\.?m\.?)?")
_LONGEST_PART = 3
"""Of a region's code behind its country's."""
_DASH = "\N{EN DASH}"
_OF_ADDRESSES = re.compile(r"[/.:*]")


class Field(StrEnum):
    """The facts of a visit that a rule can ask for."""

    CHANNEL = "channel"
    SOURCE = "source"
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    KEYWORD = "keyword"
    LANDING_PAGE = "landing_page"
    REFERRER = "referrer"
    CLICK_ID = "click_id"
    COUNTRY = "country"
    REGION = "region"
    DEVICE = "device"
    VISITOR = "visitor"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A visit as it was when its session began; what rules ask of it stays the same while the session lasts."""

    source: Source
    device: str = "desktop"
    """phone, tablet or desktop."""
    time_zone: str = ""
    """The browser's, as IANA names it."""
    is_returning: bool = False
    at: Millis = 0
    region: str | None = None
    """ISO 3166: `US-NY`, or `US` alone, where a proxy told it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition, made ready to be asked of many visits."""

    asked: Field
    values: tuple[str, ...]
    _wanted: tuple["_Fits", ...]
    _unwanted: tuple["_Fits", ...]

    def holds(self, facts: Sequence[str]) -> bool:
        """True when one of the facts fits, and none is excluded; `facts` are in small letters."""
        if self._unwanted and self.excludes(facts):
            return False
        return not self._wanted or any(fits(fact) for fits in self._wanted for fact in facts)

    def excludes(self, facts: Sequence[str]) -> bool:
        """True when one of the facts is one that must not be."""
        return any(fits(fact) for fits in self._unwanted for fact in facts)


_Fits = Callable[[str], bool]


def condition(asked: Field, values: Sequence[str]) -> Condition:
    """The condition that the fact `asked` is one of the values."""
    wanted = tuple(_fits(asked, value) for value in values if not value.startswith(NOT))
    unwanted = tuple(_fits(asked, value[1:]) for value in values if value.startswith(NOT))
    return Condition(asked, tuple(values), wanted, unwanted)


def facts_of(arrival: Arrival, asked: Field, company_zone: str) -> tuple[str, ...]:
    """What the visit says to a condition, in small letters; several spellings of one fact, or nothing known."""
    return tuple(fact.casefold() for fact in _FACTS[asked](arrival, company_zone) if fact)


def told_of(arrival: Arrival, asked: Field, company_zone: str) -> tuple[str, ...]:
    """The same as the visit wrote it, for people to read."""
    return tuple(fact for fact in _FACTS[asked](arrival, company_zone) if fact)


def fault_of(asked: Field, value: str) -> str | None:
    """What to write instead of a value that no visit could ever have; None when it may stand."""
    check = _CHECKS.get(asked)
    return check(value.removeprefix(NOT).casefold()) if check else None


def contradiction_of(asked: Field, values: Sequence[str]) -> str | None:
    """What to say of good values that exclude all that they ask for; None where something is left."""
    wanted = [value.casefold() for value in values if not value.startswith(NOT)]
    if asked is Field.HOUR:
        wanted = [str(hour) for value in wanted for hour in _hours(value)]
    read = condition(asked, values)
    if not wanted or not all(read.excludes([value]) for value in wanted):
        return None
    return _("This asks for something and excludes it, too: no visit fits.")


def hour_of(at: Millis, time_zone: str) -> int:
    """The hour (0 to 23) on the clocks of the time zone; UTC's when the machine does not know it."""
    return datetime.fromtimestamp(at / 1000, _zone(time_zone)).hour


def next_at_hour(now: Millis, hour: int, time_zone: str) -> Millis:
    """Now or the next moment that is in that hour on the clocks of the time zone, summer time or not."""
    moments = (now + later * HOUR for later in range(2 * _HOURS_OF_A_DAY))
    return next((at for at in moments if hour_of(at, time_zone) == hour), now)


def _fits(asked: Field, value: str) -> _Fits:
    if asked is Field.HOUR:
        return frozenset(map(str, () if _check_hour(value) else _hours(value))).__contains__
    value = value.casefold()
    if ANY in value:
        return _glob(value)
    # /drains/ is the page /drains, too; the visit's side has both.
    is_address = asked in {Field.LANDING_PAGE, Field.REFERRER}
    return frozenset((value, value.rstrip("/"))).__contains__ if is_address and value != "/" else value.__eq__


def _glob(value: str) -> _Fits:
    """Looks for the pieces between the stars from left to right: never slower than the text is long."""
    first, *middle, last = value.split(ANY)

    def fits(fact: str) -> bool:
        if not (fact.startswith(first) and fact.endswith(last) and len(fact) >= len(first) + len(last)):
            return False
        place, end = len(first), len(fact) - len(last)
        for piece in middle:
            place = fact.find(piece, place, end)
            if place < 0:
                return False
            place += len(piece)
        return True

    return fits


def _hours(value: str) -> Sequence[int]:
    """`9` is from nine to ten; `8-18` is from eight until six; `22-6` goes over midnight. Raises ValueError.

    `8 am - 6 pm`, `8:00-18:00` and `22-0` are understood, too.
    """
    begin_text, dash, end_text = value.replace(_DASH, "-").partition("-")
    begin = _hour(begin_text)
    end = (_hour(end_text) or _HOURS_OF_A_DAY) if dash else begin + 1
    if not (0 <= begin < _HOURS_OF_A_DAY and 0 < end <= _HOURS_OF_A_DAY and begin != end):
        raise ValueError(value)
    length = end - begin if end > begin else end - begin + _HOURS_OF_A_DAY
    return [(begin + step) % _HOURS_OF_A_DAY for step in range(length)]


def _hour(text: str) -> int:
    """Raises ValueError."""
    found = _HOUR.fullmatch(text.strip().casefold())
    if found is None:
        raise ValueError(text)
    hour, half = int(found[1]), found[2]
    if half and not 1 <= hour <= _HALF_A_DAY:
        raise ValueError(text)
    return hour % _HALF_A_DAY + (_HALF_A_DAY if half == "p" else 0) if half else hour


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _spellings(url: str, *, with_host: bool) -> tuple[str, ...]:
    """An address as people write it in a rule: whole, without query, without scheme, its path, or its host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return (url,)
    host, path = parts.netloc, parts.path or "/"
    bare = f"{host}{path}".rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    known = (url, f"{parts.scheme}://{host}{path}", bare, f"{host}{path}", f"{host}{path}{query}")
    more = (host, host.removeprefix("www.")) if with_host else (path, f"{path}{query}", path.rstrip("/"))
    return tuple(dict.fromkeys((*known, *more))) if host else (url,)


def _with_part(region: str | None) -> str | None:
    return region if region and "-" in region else None


_FACTS: Mapping[Field, Callable[[Arrival, str], Sequence[str | None]]] = {
    Field.CHANNEL: lambda arrival, _: (arrival.source.channel,),
    Field.SOURCE: lambda arrival, _: (arrival.source.source,),
    Field.MEDIUM: lambda arrival, _: (arrival.source.medium,),
    Field.CAMPAIGN: lambda arrival, _: (arrival.source.campaign, arrival.source.campaign_id),
    Field.KEYWORD: lambda arrival, _: (arrival.source.term,),
    Field.LANDING_PAGE: lambda arrival, _: _spellings(arrival.source.landing_page, with_host=False),
    Field.REFERRER: lambda arrival, _: _spellings(arrival.source.referrer, with_host=True),
    Field.CLICK_ID: lambda arrival, _: tuple(arrival.source.click_ids),
    Field.COUNTRY: lambda arrival, _: ((arrival.region or "")[:2] or country_of(arrival.time_zone),),
    Field.REGION: lambda arrival, _: (_with_part(arrival.region), arrival.time_zone),
    Field.DEVICE: lambda arrival, _: (arrival.device,),
    Field.VISITOR: lambda arrival, _: (RETURNING if arrival.is_returning else NEW,),
    Field.HOUR: lambda arrival, zone: (str(hour_of(arrival.at, zone)),),
}


def _one_of(words: Sequence[str]) -> Callable[[str], str | None]:
    known = [word.casefold() for word in words]

    def check(value: str) -> str | None:
        fits = _glob(value) if ANY in value else value.__eq__
        return None if any(map(fits, known)) else _("Write one of: %(all)s.") % {"all": ", ".join(words)}

    return check


def _check_hour(value: str) -> str | None:
    try:
        _hours(value)
    except ValueError:
        return _("Write an hour from 0 to 23, or from when until when: 8-18, or 22-6 over midnight.")
    return None


def _check_country(value: str) -> str | None:
    if value == ANY or is_country(value):
        return None
    return _("Write a country's two letters (ISO 3166), such as US or GB.")


def _check_region(value: str) -> str | None:
    country, dash, part = value.partition("-")
    is_code = bool(dash) and is_country(country) and 0 < len(part) <= _LONGEST_PART and part.isalnum()
    if is_code or some_zone(_glob(value) if ANY in value else value.__eq__) or (ANY in value and "/" not in value):
        return None
    return _("Write a time zone (America/Chicago, Europe/*), or a region's code (ISO 3166-2), such as US-NY.")


def _may_be_address(value: str) -> bool:
    """A bare word never is, and a rule that asks for one fits no visit."""
    return value == "" or _OF_ADDRESSES.search(value) is not None


def _check_page(value: str) -> str | None:
    if _may_be_address(value):
        return None
    return _("Write a page like /drains or www.example.com/drains, or *drains* for any with it.")


def _check_referrer(value: str) -> str | None:
    return None if _may_be_address(value) else _("Write a website like google.com, or *google* for any with it.")


def _check_click_id(value: str) -> str | None:
    return _("Write the click id's name alone, such as gclid.") if "=" in value else None


_CHECKS: Mapping[Field, Callable[[str], str | None]] = {
    Field.CHANNEL: _one_of(CHANNELS),
    Field.DEVICE: _one_of(DEVICES),
    Field.VISITOR: _one_of((NEW, RETURNING)),
    Field.HOUR: _check_hour,
    Field.COUNTRY: _check_country,
    Field.REGION: _check_region,
    Field.LANDING_PAGE: _check_page,
    Field.REFERRER: _check_referrer,
    Field.CLICK_ID: _check_click_id,
}
