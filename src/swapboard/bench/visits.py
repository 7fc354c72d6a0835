"""Visits with a durable lease beside a bare door (DESIGN 10 (a), (b))."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import uvloop

from swapboard.bench.doors import BARE
from swapboard.bench.load import Figures, press, request
from swapboard.bench.place import TARGET, Place, opened

CONNECTIONS = 64
VISITS_PER_SECOND = 20_000
"""More than there can be: each visit keeps its number, and none must find the pool empty."""
WARM_SECONDS = 0.5
TURNS = 5
"""A machine has slow moments, most of all one that shares its cores: they must not fall on one door alone."""
_CLICK = b"#" * 12
"""Stands where the click id is to be."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The real door beside the bare one, in the same server, in turns; figures are the turns' medians."""

    turns: tuple[tuple[Figures, Figures], ...]
    """The bare door's figures and the visit's, of each turn."""

    @property
    def bare(self) -> Figures:
        return _median([bare for bare, _visit in self.turns])

    @property
    def visit(self) -> Figures:
        return _median([visit for _bare, visit in self.turns])

    @property
    def throughput_ratio(self) -> float:
        return round(median(visit.per_second / bare.per_second for bare, visit in self.turns), 3)

    @property
    def p99_ratio(self) -> float:
        return round(median(visit.p99_ms / bare.p99_ms for bare, visit in self.turns), 2)


def _median(figures: list[Figures]) -> Figures:
    return Figures(
        per_second=median(each.per_second for each in figures),
        p50_ms=median(each.p50_ms for each in figures),
        p99_ms=median(each.p99_ms for each in figures),
        unexpected=sum(each.unexpected for each in figures),
        own_p99_ms=median(each.own_p99_ms for each in figures),
    )


def compare_visits(database_url: str | None, seconds: float, told: Callable[[str], None]) -> Comparison:
    """Visits with a durable lease against the bare door, 64 connections; SQLite when no database is given."""
    with opened(database_url, int(VISITS_PER_SECOND * (WARM_SECONDS + seconds))) as place:
        told("warming up")
        press_visits(place, BARE, WARM_SECONDS)
        press_visits(place, f"/t/{place.site_key}/visit", WARM_SECONDS)
        turns = []
        for turn in range(1, TURNS + 1):
            told(f"the bare door and visits with a lease, turn {turn} of {TURNS}")
            bare = press_visits(place, BARE, seconds / TURNS)
            turns.append((bare, press_visits(place, f"/t/{place.site_key}/visit", seconds / TURNS)))
    measured = Comparison(tuple(turns))
    if lacking := measured.bare.unexpected + measured.visit.unexpected:
        raise RuntimeError(f"{lacking} answers had no number in them")
    return measured


def press_visits(place: Place, path: str, seconds: float) -> Figures:
    """Every request is the same but for its click id, so that making one takes the load generator no time."""
    before, after = request(path, place.port, _visit_body(), "text/plain", None).split(_CLICK)

    def next_request(count: int) -> bytes:
        return b"%b%012x%b" % (before, count, after)

    return uvloop.run(press(place.port, next_request, b'"number"', CONNECTIONS, seconds))


def _visit_body() -> bytes:
    """A click on an ad."""
    return json.dumps(
        {
            "visitor": None,
            "session": None,
            "url": "https://www.example.com/emergency?utm_source=google&utm_medium=cpc&utm_campaign=spring"
            f"&utm_term=plumber&gclid=Cj0KCQ{_CLICK.decode()}",
            "referrer": "https://www.google.com/",
            "title": "Emergency plumber",
            "targets": [TARGET],
            "time_zone": "America/New_York",
            "cookies": {"_ga": "GA1.1.1234567890.1790000000"},
            "consent": None,
            "visible": True,
        }
    ).encode()
