"""Where a visit is from, as far as its time zone tells: IANA's zone.tab names the country of each zone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

_NOWHERE = frozenset({"XX", "ZZ"})
_KOSOVO = "XK"
"""Not ISO's, but what proxies say."""
_LETTERS, _LONGEST_PART = 2, 3


def country_of(time_zone: str) -> str | None:
    """The country (ISO 3166) of a time zone as browsers name it; None for UTC and what is no zone of a country."""
    return _countries().get(time_zone)


def is_country(code: str) -> bool:
    """Whether ISO 3166 gives the two letters to a country: not `UK`."""
    return code.upper() in _country_codes()


def some_zone(fits: Callable[[str], bool]) -> bool:
    """Whether a time zone that browsers may name fits, in small letters."""
    return any(map(fits, _zones()))


def region_of(country: str, part: str = "") -> str | None:
    """`US-TX`, or `US` alone, from what a proxy says: `US` and `TX` or `US-TX`; None for what is no country.

    `XX` and `ZZ` are said of whoever is nowhere known, `T1` and `A1` of networks that hide it.
    """
    country = country.strip().upper()
    if not (len(country) == _LETTERS and country.isascii() and country.isalpha()) or country in _NOWHERE:
        return None
    part = part.strip().upper().removeprefix(f"{country}-")
    is_code = 0 < len(part) <= _LONGEST_PART and part.isascii() and part.isalnum()
    return f"{country}-{part}" if is_code else country


@cache
def _country_codes() -> frozenset[str]:
    return frozenset((*_countries().values(), _KOSOVO))


@cache
def _zones() -> Sequence[str]:
    """Those of countries, and the few of none."""
    return [zone.casefold() for zone in (*_countries(), "UTC", "Etc/UTC", "Etc/GMT", "GMT")]


@cache
def _countries() -> Mapping[str, str]:
    """Each zone's first country. Zones of several countries are told by the one that IANA keeps them under."""
    folder = resources.files("tzdata") / "zoneinfo"
    table = (folder / "zone.tab").read_text("utf-8").splitlines()
    own = {zone: country for country, _, zone in _rows(table)}
    # Browsers still say Asia/Calcutta: an older name is a link to the present one.
    links = (line.split() for line in (folder / "tzdata.zi").read_text("utf-8").splitlines())
    older = {words[2]: own[words[1]] for words in links if words[0] == "L" and words[1] in own}
    return {**older, **own}


def _rows(table: list[str]) -> Iterator[list[str]]:
    return (line.split("\t")[:3] for line in table if line and not line.startswith("#"))
