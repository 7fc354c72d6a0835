"""Where a visit is from, as far as its time zone tells: IANA's zone.tab names the country of each zone."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources


def country_of(time_zone: str) -> str | None:
    """The country (ISO 3166) of a time zone as browsers name it; None for UTC and what is no zone of a country."""
    return _countries().get(time_zone)


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
