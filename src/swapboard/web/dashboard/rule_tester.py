"""What a visit would see, and why: the tester below the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from swapboard import clock
from swapboard.accounts.store import sites_of
from swapboard.numbers.conditions import (
    DEVICES,
    NEW,
    RETURNING,
    Arrival,
    next_at_hour,
)
from swapboard.numbers.explain import Explanation, explain
from swapboard.numbers.rules import NumberPlan
from swapboard.visits.hosts import host_of, is_any_of
from swapboard.visits.place import region_of
from swapboard.visits.source import classify
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.translation import _

LONGEST_ADDRESS = 4_000
LONGEST_ZONE = 200
_COUNTRY_LETTERS = 2
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
    """`US-TX` or `US`; a time zone is none."""
    country, dash, part = typed.partition("-")
    return region_of(country, part) if dash or len(country) == _COUNTRY_LETTERS else None


def try_visit(connection: Connection, desk: Desk, plan: NumberPlan, asked: Mapping[str, str]) -> Tried:
    """What each number on the page would be for such a visit, and by which rule; nothing without an address."""
    url, referrer = asked.get("url", "").strip(), asked.get("referrer", "").strip()
    device = asked.get("device", "") if asked.get("device") in DEVICES else "desktop"
    visitor = RETURNING if asked.get("visitor") == RETURNING else NEW
    zone, hour = asked.get("zone", "").strip()[:LONGEST_ZONE], asked.get("hour", "")
    if not url or len(url) + len(referrer) > LONGEST_ADDRESS:
        return Tried(url, referrer, device, visitor, zone, hour, ())
    hosts = [host for site in sites_of(connection, desk.company_id) for host in site.hosts]
    # As people write an address, and as the bar of a browser shows it.
    whole = url if "//" in url else f"https://{url}"
    source = classify(whole, referrer, own_hosts=hosts)
    at = next_at_hour(desk.now, int(hour), desk.company.time_zone) if hour in HOURS else desk.now
    region = _region(zone)
    time_zone = "" if region else zone or desk.company.time_zone
    arrival = Arrival(source, device, time_zone, visitor == RETURNING, at, region)
    told = [explain(plan, arrival, target) for target in plan.targets.values()]
    doubts = tuple(_doubts(whole, hosts, "" if region else zone))
    return Tried(url, referrer, device, visitor, zone, hour, told, arrival, doubts)


def _doubts(url: str, hosts: Sequence[str], zone: str) -> Iterator[str]:
    if hosts and not is_any_of(host_of(url), hosts):
        yield _("This address is on none of your sites; there, a page keeps its own number.")
    if zone and not isinstance(clock.zone(zone), ZoneInfo):
        yield _("%(zone)s is no time zone and no region that is known, so no rule about a place fits.") % {
            "zone": zone
        }
