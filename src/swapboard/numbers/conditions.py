"""What a rule can ask of a visit, and whether the visit fits: the conditions of rules.

A condition is a fact's name and some values. It holds when the visit's fact is one of the values, whatever the
case. `*` in a value stands for any text; a value that begins with `!` is one that the fact must not be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from swapboard.clock import Millis
from swapboard.numbers.rule_hours import hour_of, hours_in
from swapboard.visits.place import country_of
from swapboard.visits.source import Source

NOT = "!"
ANY = "*"
NEW, RETURNING = "new", "returning"
DEVICES = ("phone", "tablet", "desktop")
Fits = Callable[[str], bool]


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
    _wanted: tuple[Fits, ...]
    _unwanted: tuple[Fits, ...]

    def holds(self, facts: Sequence[str]) -> bool:
        """True when one of the facts fits, and none is excluded; `facts` are in small letters."""
        if self._unwanted and self.excludes(facts):
            return False
        return not self._wanted or any(fits(fact) for fits in self._wanted for fact in facts)

    def excludes(self, facts: Sequence[str]) -> bool:
        """True when one of the facts is one that must not be."""
        return any(fits(fact) for fits in self._unwanted for fact in facts)


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


def _fits(asked: Field, value: str) -> Fits:
    if asked is Field.HOUR:
        return frozenset(map(str, hours_in(value) or ())).__contains__
    value = value.casefold()
    if ANY in value:
        return glob(value)
    # /drains/ is the page /drains, too; the visit's side has both.
    is_address = asked in {Field.LANDING_PAGE, Field.REFERRER}
    return frozenset((value, value.rstrip("/"))).__contains__ if is_address and value != "/" else value.__eq__


def glob(value: str) -> Fits:
    """Whether a fact fits a value with stars.

    Looks for the pieces between the stars from left to right: never slower than the text is long."""
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
