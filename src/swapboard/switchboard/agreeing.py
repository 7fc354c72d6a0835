"""A destination's conversions beside the platform's own count: what is read, and by whose days it is counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.clock import Millis, zone
from swapboard.conversions.standing import Standing, standing_conversions
from swapboard.conversions.store import DestinationRecord
from swapboard.reports.agreement import Compared, Ours, Theirs, compare, read_theirs
from swapboard.reports.cost_columns import table_of
from swapboard.reports.cost_import import MONTH_FIRST
from swapboard.reports.cost_sheet import read_sheet

DAYS = 30
FARTHEST_DAYS = 120
"""So far back a file's days are looked at."""
_BY_CLICK = frozenset({"google_ads", "google_ads_feed", "microsoft", "microsoft_ads"})
"""Platforms that count on the day of the click unless a column says otherwise."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Day by day, the latest first; days with nothing on either side are left out."""

    days: Sequence[Compared]
    by_click: bool
    """Whether a conversion stands on the day of its click."""


def read_count(content: bytes, company: Company) -> Theirs:
    """A platform's file of conversions by day. Raises ValueError that says what is missing or wrong."""
    return read_theirs(table_of(read_sheet(content)), company.country in MONTH_FIRST)


def agreement_with(
    connection: Connection, company: Company, record: DestinationRecord, theirs: Theirs | None, now: Millis
) -> Agreement:
    """What we made and told, beside what the platform counted if its file is there."""
    clock = zone(company.time_zone)

    def day(at: Millis) -> date:
        return datetime.fromtimestamp(at / 1000, clock).date()

    today = day(now)
    days = [today - timedelta(number) for number in range(DAYS)]
    if theirs is not None:
        days = sorted({*days, *(each for each in theirs.by_day if (today - each).days < FARTHEST_DAYS)})
    since = round(datetime.combine(min(days), time(), clock).timestamp() * 1000)
    standing = standing_conversions(connection, record.company_id, record.destination_id, since)
    by_click = record.kind in _BY_CLICK and not (theirs is not None and theirs.is_by_call)
    ours = [_ours(each, day(each.message.contact.happened_at), _clicked(each, day)) for each in standing]
    compared = compare(ours, theirs, days, by_click)
    return Agreement([each for each in compared if each.made or each.theirs or each.reasons], by_click)


def _ours(standing: Standing, call_day: date, click_day: date | None) -> Ours:
    contact = standing.message.contact
    clicks = sorted(contact.origin.click_ids.items())
    return Ours(
        str(contact.kind),
        contact.contact_id,
        call_day,
        click_day,
        next((f"{name}={value}" for name, value in clicks), ""),
        standing.state,
        standing.words,
        standing.is_taken_back,
    )


def _clicked(standing: Standing, day: Callable[[Millis], date]) -> date | None:
    origin = standing.message.contact.origin
    return day(origin.started_at) if origin.started_at is not None and origin.click_ids else None
