"""What the invented business spends on ads: by day, ad group and keyword, as its platforms would tell it."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, update

from swapboard.calls.lead_rule_store import add_rule
from swapboard.calls.lead_rules import Conditions, LeadRule, Outcome
from swapboard.clock import Millis
from swapboard.demo.business import BILLBOARD, FLYER
from swapboard.reports.cost_store import put_costs
from swapboard.reports.costs import MICROS, SOURCES, CostLine, Platform
from swapboard.storage.schema import numbers, sessions

CENT = MICROS // 100


@dataclass(frozen=True, slots=True)
class Ad:
    """One keyword that is paid for. `campaign` is what its visits call it; `cents` is what a click costs."""

    platform: Platform
    campaign: str
    ad_group: str
    keyword: str
    cents: int
    clicks_a_day: float = 0.0
    """Clicks that never become a visit: people who wanted something else and were gone at once."""


ADS = (
    Ad(Platform.GOOGLE_ADS, "emergency-2026", "Near me", "emergency plumber near me", 640),
    Ad(Platform.GOOGLE_ADS, "emergency-2026", "Night", "24 hour plumber", 710),
    Ad(Platform.GOOGLE_ADS, "emergency-2026", "Night", "plumber job salary", 190, 1.1),
    Ad(Platform.GOOGLE_ADS, "drains-2026", "Drains", "blocked drain", 420),
    Ad(Platform.GOOGLE_ADS, "drains-2026", "Drains", "drain unblocker liquid", 135, 1.6),
    Ad(Platform.GOOGLE_ADS, "boilers-2026", "Boilers", "new boiler price", 880, 0.4),
    Ad(Platform.MICROSOFT, "brand", "Brand", "brightwater plumbing", 60),
    Ad(Platform.META, "spring-check", "", "", 95),
)
RULES = (
    LeadRule("A long talk is a job", Conditions(talk_seconds=240), Outcome(qualified=True, value_cents=620_00)),
    LeadRule("A talk is worth a visit", Conditions(talk_seconds=120), Outcome(qualified=True, value_cents=180_00)),
)


RENTS = {BILLBOARD: 5_400_00, FLYER: 1_200_00}
"""What a number's place costs a year, in cents."""


def set_up(connection: Connection, company_id: str, now: Millis, zone: ZoneInfo) -> None:
    """Which calls are good leads and what they are worth, and what the billboard and the flyer cost."""
    for rule in RULES:
        add_rule(connection, company_id, rule, now)
    today = datetime.fromtimestamp(now / 1000, zone).date()
    first, last = today - timedelta(182), today + timedelta(182)
    for number, cents in RENTS.items():
        connection.execute(
            update(numbers)
            .where(numbers.c.company_id == company_id, numbers.c.number == number)
            .values(placement_cents=cents, starts_on=first.isoformat(), ends_on=last.isoformat())
        )


def spend(
    connection: Connection, company_id: str, span: tuple[Millis, Millis], zone: ZoneInfo, now: Millis
) -> None:
    """Write what each day cost, by the visits that its ads brought; the same days again are the same."""
    for day in _days(span, zone):
        visits = _visits(connection, company_id, day, zone)
        for platform in {ad.platform for ad in ADS}:
            lines = [_line(ad, day, visits) for ad in ADS if ad.platform is platform]
            put_costs(connection, company_id, platform.value, lines, now, told=(day, day))


def _line(ad: Ad, day: date, visits: Mapping[tuple[str, str], int]) -> CostLine:
    chance = random.Random(f"{day} {ad.campaign} {ad.keyword}")  # noqa: S311 an invention, the same each time
    source = SOURCES[ad.platform]
    wasted = sum(chance.random() < ad.clicks_a_day / 4 for _ in range(4))
    clicks = visits.get((ad.campaign, ad.keyword), 0) + wasted
    micros = sum(round(ad.cents * chance.uniform(0.7, 1.3)) * CENT for _ in range(clicks))
    return CostLine(
        day=day,
        micros=micros,
        currency="USD",
        campaign=ad.campaign,
        ad_group=ad.ad_group,
        keyword=ad.keyword,
        channel=source.channel,
        source=source.source,
        medium="paid_social" if ad.platform is Platform.META else source.medium,
        clicks=clicks,
        impressions=clicks * chance.randrange(12, 30),
    )


def _visits(connection: Connection, company_id: str, day: date, zone: ZoneInfo) -> Mapping[tuple[str, str], int]:
    begins, ends = (_midnight(each, zone) for each in (day, day + timedelta(1)))
    query = (
        select(sessions.c.campaign, sessions.c.term, func.count().label("visits"))
        .where(
            sessions.c.company_id == company_id,
            sessions.c.session_id >= f"{begins:012x}",
            sessions.c.session_id < f"{ends:012x}",
            sessions.c.campaign.is_not(None),
        )
        .group_by(sessions.c.campaign, sessions.c.term)
    )
    return {(row.campaign, row.term or ""): row.visits for row in connection.execute(query)}


def _days(span: tuple[Millis, Millis], zone: ZoneInfo) -> Iterator[date]:
    first, last = (datetime.fromtimestamp(at / 1000, zone).date() for at in span)
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


def _midnight(day: date, zone: ZoneInfo) -> Millis:
    return round(datetime.combine(day, time(), zone).timestamp() * 1000)
