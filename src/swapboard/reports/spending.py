"""What was spent over some days: in one currency, by day and by campaign, with what does not fit together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from swapboard.reports.cost_campaigns import Visited
from swapboard.reports.cost_store import Kept, Told
from swapboard.reports.costs import SOURCES, CostLine, Platform, spread_within
from swapboard.reports.rates import Rates

CENT = 10_000
"""Millionths."""


@dataclass(frozen=True, slots=True)
class Running:
    """A placement that costs something while it runs."""

    name: str
    cents: int
    first: date
    last: date
    channel: str
    source: str
    medium: str
    campaign: str


@dataclass(frozen=True, slots=True)
class Spent:
    """One campaign's, or one day's; `unknown` are amounts (millionths by currency) without a rate."""

    micros: int
    clicks: int
    impressions: int
    unknown: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CampaignSpent:
    """What one campaign cost, and how its visits are called."""

    feed: str
    campaign: str
    campaign_id: str
    channel: str
    source: str
    medium: str
    spent: Spent
    visited_as: str
    """"" where no visit of these days names it. A placement's calls come by its number: they have its name."""
    visits: int
    calls: int


@dataclass(frozen=True, slots=True)
class Spending:
    """Everything that the page of costs shows of some days."""

    total: Spent
    by_day: Sequence[tuple[date, Spent]]
    by_campaign: Sequence[CampaignSpent]
    """The dearest first."""

    @property
    def unmatched(self) -> Sequence[CampaignSpent]:
        """Campaigns that cost something and that no visit names."""
        return [
            each for each in self.by_campaign if not each.visited_as and (each.spent.micros or each.spent.unknown)
        ]


def placement_lines(running: Iterable[Running], currency: str, first: date, last: date) -> Sequence[Kept]:
    """What placements cost on these days: each one's cost spread over its own days."""
    feed = Platform.PLACEMENT.value
    return [
        Kept(
            feed,
            CostLine(
                day,
                micros,
                currency,
                campaign=each.campaign or each.name,
                channel=each.channel or SOURCES[Platform.PLACEMENT].channel,
                source=each.source,
                medium=each.medium,
            ),
        )
        for each in running
        for day, micros in spread_within(each.cents * CENT, each.first, each.last, (first, last))
    ]


def spending(
    kept: Sequence[Kept],
    rates: Rates,
    currency: str,
    days: tuple[date, date],
    visited: Sequence[Visited],
    names: Mapping[str, str],
    calls: Mapping[str, int],
) -> Spending:
    """All of it together, in one currency."""
    first, last = days
    by_day: dict[date, list[Kept]] = defaultdict(list)
    by_campaign: dict[tuple[str, ...], list[Kept]] = defaultdict(list)
    for each in kept:
        line = each.line
        by_day[line.day].append(each)
        by_campaign[each.feed, line.campaign, line.campaign_id, line.channel, line.source, line.medium].append(
            each
        )
    every_day = [first + timedelta(number) for number in range((last - first).days + 1)]
    found = [
        _campaign(key, sum_of(some, rates, currency), visited, names, calls) for key, some in by_campaign.items()
    ]
    return Spending(
        sum_of(kept, rates, currency),
        [(day, sum_of(by_day.get(day, ()), rates, currency)) for day in every_day],
        sorted(found, key=lambda each: (-each.spent.micros, each.campaign)),
    )


def gaps(told: Told, until: date) -> Sequence[tuple[date, date]]:
    """Runs of days, between the feed's first and `until`, of which it told nothing."""
    known = set(told.days)
    found: list[tuple[date, date]] = []
    day = min(known)
    while day <= until:
        if day not in known:
            if found and found[-1][1] == day - timedelta(1):
                found[-1] = found[-1][0], day
            else:
                found.append((day, day))
        day += timedelta(1)
    return found


def counted_twice(feeds: Sequence[Told]) -> Sequence[tuple[str, str, int]]:
    """Pairs of feeds of one platform that tell of the same days, and of how many."""
    return [
        (one.feed, other.feed, len(both))
        for place, one in enumerate(feeds)
        for other in feeds[place + 1 :]
        if platform_of(one.feed) == platform_of(other.feed) != Platform.OTHER
        and (both := set(one.days) & set(other.days))
        and ":" in one.feed + other.feed
    ]


def platform_of(feed: str) -> Platform:
    """Whose a feed is: it is called `google_ads`, or `google_ads:1234567890`."""
    name = feed.partition(":")[0]
    return Platform(name) if name in set(Platform) else Platform.OTHER


def sum_of(kept: Iterable[Kept], rates: Rates, currency: str) -> Spent:
    micros = clicks = impressions = 0
    unknown: dict[str, int] = defaultdict(int)
    for each in kept:
        line = each.line
        converted = rates.convert(line.micros, line.currency, currency, line.day)
        if converted is None:
            unknown[line.currency] += line.micros
        else:
            micros += converted
        clicks, impressions = clicks + line.clicks, impressions + line.impressions
    return Spent(micros, clicks, impressions, dict(unknown))


def visits_of(
    campaign: str, campaign_id: str, visited: Sequence[Visited], names: Mapping[str, str]
) -> Sequence[Visited]:
    """What visits call a platform's campaign: as somebody said, else by its name or its id; most visited first."""
    wanted = names.get(campaign, campaign).casefold()
    return [
        each
        for each in visited
        if (wanted and each.name.casefold() == wanted)
        or (campaign_id and campaign_id in {each.campaign_id, each.name})
    ]


def _campaign(
    key: tuple[str, ...],
    spent: Spent,
    visited: Sequence[Visited],
    names: Mapping[str, str],
    calls: Mapping[str, int],
) -> CampaignSpent:
    feed, campaign, campaign_id, channel, source, medium = key
    mine = visits_of(campaign, campaign_id, visited, names)
    visited_as = mine[0].name if mine else campaign if feed == Platform.PLACEMENT.value else ""
    rung = sum(calls.get(name, 0) for name in {visited_as, *(each.name for each in mine)})
    return CampaignSpent(
        *(feed, campaign, campaign_id, channel, source, medium, spent, visited_as),
        sum(each.visits for each in mine),
        rung,
    )
