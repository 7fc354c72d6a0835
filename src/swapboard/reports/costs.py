"""What advertising cost: one line is a day of a campaign, as deep as whoever told it goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from swapboard.amount import places_of
from swapboard.language import _, decimal

MICROS = 1_000_000
"""Amounts are whole millionths of the currency's unit, as ad platforms count them."""
CENT_MICROS = MICROS // 100
LONGEST_DAYS = 3 * 366


class Platform(StrEnum):
    """Whose costs they are; the feed of a line begins with it."""

    GOOGLE_ADS = "google_ads"
    MICROSOFT = "microsoft"
    META = "meta"
    PLACEMENT = "placement"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Source:
    """Where visits that were paid for come from, in the words of their sessions."""

    channel: str = ""
    source: str = ""
    medium: str = ""


SOURCES: Mapping[Platform, Source] = {
    Platform.GOOGLE_ADS: Source("Paid Search", "google", "cpc"),
    Platform.MICROSOFT: Source("Paid Search", "bing", "cpc"),
    Platform.META: Source("Paid Social", "facebook", "cpc"),
    Platform.PLACEMENT: Source("Offline"),
    Platform.OTHER: Source(),
}


@dataclass(frozen=True, slots=True)
class CostLine:
    """What one day of one campaign cost; "" where it was not told."""

    day: date
    micros: int
    currency: str
    campaign: str = ""
    campaign_id: str = ""
    ad_group: str = ""
    keyword: str = ""
    channel: str = ""
    source: str = ""
    medium: str = ""
    clicks: int = 0
    impressions: int = 0


def spread(amount: int, first: date, last: date) -> Iterator[tuple[date, int]]:
    """The amount on each of the days, as even as whole numbers can be; together it is the amount exactly."""
    days = (last - first).days + 1
    if days < 1:
        raise ValueError(_("The last day must not come before the first."))
    if days > LONGEST_DAYS:
        raise ValueError(_("A cost covers at most %(most)s days.") % {"most": LONGEST_DAYS})
    yield from spread_within(amount, first, last, (first, last))


def spread_within(amount: int, first: date, last: date, shown: tuple[date, date]) -> Iterator[tuple[date, int]]:
    """What of an amount that is spread from the first day to the last falls on each of the days shown."""
    days = (last - first).days + 1
    begin, end = ((day - first).days for day in shown)
    for number in range(max(0, begin), min(days, end + 1)):
        yield first + timedelta(number), amount * (number + 1) // days - amount * number // days


def whole(campaigns: Iterable[CostLine], keywords: Iterable[CostLine]) -> Sequence[CostLine]:
    """The keywords' lines, and what else each day of each campaign cost: together its own sum exactly."""
    lines = list(keywords)
    return [*lines, *left_of(campaigns, lines)]


def left_of(sums: Iterable[CostLine], parts: Iterable[CostLine]) -> Sequence[CostLine]:
    """What of each day and campaign's id, of which there may be several sums, is in none of its parts."""
    left: dict[tuple[date, str], CostLine] = {}
    for each in sums:
        known = left.get((each.day, each.campaign_id))
        left[each.day, each.campaign_id] = _more(known, each, 1) if known else each
    for part in parts:
        if known := left.get((part.day, part.campaign_id)):
            left[part.day, part.campaign_id] = _more(known, part, -1)
    return [each for each in left.values() if each.micros or each.clicks or each.impressions]


def _more(line: CostLine, other: CostLine, times: int) -> CostLine:
    return replace(
        line,
        micros=line.micros + times * other.micros,
        clicks=line.clicks + times * other.clicks,
        impressions=line.impressions + times * other.impressions,
    )


def micros_of(amount: Decimal) -> int:
    """Millionths of an amount."""
    return int((amount * MICROS).to_integral_value())


def money(micros: int, currency: str = "") -> str:
    """Millionths as `1,250.50`, yen as `1,250`, rounded half up, without floating point."""
    unit = read_unit(currency)
    return decimal(Decimal(nearest(micros, unit) * unit) / MICROS, places_of(currency))


def read_unit(currency: str) -> int:
    """The millionths of the smallest amount that is written."""
    return int(MICROS // 10 ** places_of(currency))


def nearest(micros: int, unit: int) -> int:
    """So many units; of two as near the one further from nothing."""
    units = (abs(micros) + unit // 2) // unit
    return -units if micros < 0 else units
