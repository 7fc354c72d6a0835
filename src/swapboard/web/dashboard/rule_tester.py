"""What a visit would see, and why: the tester below the rules."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from swapboard import clock
from swapboard.accounts.company import Site
from swapboard.accounts.store import sites_of
from swapboard.numbers.conditions import (
    DEVICES,
    NEW,
    RETURNING,
    Arrival,
)
from swapboard.numbers.explain import Explanation, explain
from swapboard.numbers.rule_hours import next_at_hour
from swapboard.numbers.rules import NumberPlan
from swapboard.visits.place import is_country, region_of
from swapboard.visits.source import classify
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.translation import _
from swapboard.web.visits import is_own

LONGEST_ADDRESS = 4_000
LONGEST_ZONE = 200
_COUNTRY_LETTERS = 2
_WITH_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
HOURS = tuple(map(str, range(24)))


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed into the tester, and what it said."""

    url: str
    referrer: str
    device: str
    visitor: str
    zone: str
    hour: str
    told: Sequence[Explanation]
    arrival: Arrival | None = None
    doubts: Sequence[str] = ()
    """What was typed that no real visit could have, so that the answer may surprise."""


def _region(typed: str) -> str | None:
    """`US-TX` or `US`; None for a time zone, and for what no place has: `UK`, or `US-Texas`."""
    country, dash, part = typed.partition("-")
    region = region_of(country, part) if dash or len(country) == _COUNTRY_LETTERS else None
    is_whole = region is not None and bool(dash) == ("-" in region)
    return region if region and is_whole and is_country(region[:2]) else None


def _whole(typed: str) -> str:
    """An address as people write it, and as the bar of a browser shows it."""
    return typed if _WITH_SCHEME.match(typed) else f"https://{typed}"


def try_visit(connection: Connection, desk: Desk, plan: NumberPlan, asked: Mapping[str, str]) -> Tried:
    """What each number on the page would be for such a visit, and by which rule; nothing without an address."""
    url, referrer = asked.get("url", "").strip(), asked.get("referrer", "").strip()
    device = asked.get("device", "") if asked.get("device") in DEVICES else "desktop"
    visitor = RETURNING if asked.get("visitor") == RETURNING else NEW
    zone, hour = asked.get("zone", "").strip()[:LONGEST_ZONE], asked.get("hour", "")
    if not url or len(url) + len(referrer) > LONGEST_ADDRESS:
        return Tried(url, referrer, device, visitor, zone, hour, ())
    sites = sites_of(connection, desk.company_id)
    hosts = [host for site in sites for host in site.hosts]
    whole = _whole(url)
    source = classify(whole, _whole(referrer) if referrer else "", own_hosts=hosts)
    at = next_at_hour(desk.now, int(hour), desk.company.time_zone) if hour in HOURS else desk.now
    region = _region(zone)
    is_placed = region is not None or isinstance(clock.zone(zone or desk.company.time_zone), ZoneInfo)
    time_zone = (zone or desk.company.time_zone) if is_placed and region is None else ""
    arrival = Arrival(source, device, time_zone, visitor == RETURNING, at, region)
    told = [explain(plan, arrival, target) for target in plan.targets.values()]
    doubts = tuple(_doubts(whole, sites, "" if is_placed else zone))
    return Tried(url, referrer, device, visitor, zone, hour, told, arrival, doubts)


def _doubts(url: str, sites: Sequence[Site], unknown_zone: str) -> Iterator[str]:
    # A site without hosts is wherever its line stands.
    if sites and not any(is_own(url, site.hosts) for site in sites):
        yield _("This address is on none of your sites; there, a page keeps its own number.")
    if unknown_zone:
        yield _(
            "%(zone)s is no time zone and no region that is known, so the visit's place counts as unknown."
        ) % {"zone": unknown_zone}
