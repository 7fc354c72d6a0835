"""A destination's conversions beside what its platform counted: by its own answer, or by a file of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from swapboard.accounts.company import Company
from swapboard.accounts.secrets import Vault
from swapboard.clock import Millis, zone
from swapboard.conversions.standing import Standing, standing_conversions
from swapboard.conversions.store import DestinationRecord
from swapboard.keywords.store import GOOGLE_ADS, META, MICROSOFT
from swapboard.language import MONTH_FIRST
from swapboard.reports.agreement import Compared, Ours, Theirs, compare, read_theirs
from swapboard.reports.cost_columns import table_of
from swapboard.reports.cost_sheet import read_sheet
from swapboard.reports.counted_store import Counted, counted_of
from swapboard.switchboard.telling import counted_as
from swapboard.visits.click_ids import CLICK_IDS

_CLICKS: Mapping[str, Sequence[str]] = {
    GOOGLE_ADS: ("gclid", "gbraid", "wbraid"),
    MICROSOFT: ("msclkid",),
    META: ("fbclid",),
}
"""What each platform knows its clicks by."""
_ANY_CLICK = [each.parameter for each in CLICK_IDS if each.source != "google"] + [*_CLICKS[GOOGLE_ADS]]
"""Not by what Google adds beside: a campaign's number is the same for all clicks on it."""
DAYS = 30
MOST_DAYS = 120
"""Of a file that reaches further back."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Day by day, the latest first; days with nothing at all are left out."""

    days: Sequence[Compared]
    theirs: Theirs | None
    by_click: bool
    """Whether days are those of the click, and not of the call or form."""
    counted: Counted | None
    """What the platform said when it was asked, and when that was."""
    can_be_asked: bool


def read_count(content: bytes, company: Company) -> Theirs:
    """A platform's file of conversions by day. Raises ValueError that says what is missing or wrong."""
    return read_theirs(table_of(read_sheet(content)), company.country in MONTH_FIRST)


def agreement_with(
    connection: Connection,
    vault: Vault,
    company: Company,
    record: DestinationRecord,
    theirs: Theirs | None,
    now: Millis,
) -> Agreement:
    """The last thirty days, and what a file (`theirs`) has beyond; without one, what the platform said."""
    named = counted_as(vault, record)
    counted = counted_of(connection, record.company_id, record.destination_id)
    by_click = named is not None and named.file_by_click and not (theirs is not None and theirs.is_by_call)
    if named is not None and theirs is None and counted is not None and counted.told_at is not None:
        theirs, by_click = Theirs(counted.by_day, ""), named.by_click
    days = _days(company, now, theirs)
    since = datetime.combine(min(days), time(), zone(company.time_zone)).timestamp() * 1000
    standing = standing_conversions(connection, record.company_id, record.destination_id, round(since))
    names = _CLICKS.get(named.platform, _ANY_CLICK) if named is not None else _ANY_CLICK
    compared = compare([_ours(each, company, names) for each in standing], theirs, days, by_click)
    shown = [each for each in compared if each.made or each.theirs or each.reasons]
    return Agreement(shown, theirs, by_click, counted, named is not None)


def _days(company: Company, now: Millis, theirs: Theirs | None) -> Sequence[date]:
    today = _day(company, now)
    days = {today - timedelta(number) for number in range(DAYS)}
    told = theirs.by_day if theirs is not None else ()
    return sorted({*days, *(day for day in told if (today - day).days < MOST_DAYS)})


def _ours(standing: Standing, company: Company, names: Sequence[str]) -> Ours:
    contact = standing.message.contact
    began, known = contact.origin.started_at, contact.origin.click_ids
    click = next((f"{name}={known[name]}" for name in names if known.get(name)), "")
    return Ours(
        str(contact.kind),
        contact.contact_id,
        _day(company, contact.happened_at),
        _day(company, began) if began is not None and click else None,
        click,
        standing.state,
        standing.words,
        standing.is_taken_back,
    )


def _day(company: Company, at: Millis) -> date:
    return datetime.fromtimestamp(at / 1000, zone(company.time_zone)).date()
