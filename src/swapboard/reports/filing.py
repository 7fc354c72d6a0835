"""Files visits, day by day, for reports to count: as a chore what is new, or everything anew.

Nothing is read in a transaction that writes, so that no visit waits for it: the day's columns are made from what a
reader sees, and kept only if the day is still as it was seen then.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.clock import DAY, MINUTE, Millis
from swapboard.reports.unfiling import unfile_days
from swapboard.reports.visit_day import VisitDay, are_alike, empty_day, grown
from swapboard.reports.visit_day_store import (
    State,
    Stretch,
    count_between,
    filed_day,
    first_visit_at,
    states,
    visits_between,
    write_day,
)
from swapboard.storage.locks import hold_company

EVERY: Millis = MINUTE
STEP: Millis = 15 * MINUTE
"""How much of the present day is filed at a time; what is newer is counted where it stands."""
_SETTLED: Millis = MINUTE
"""Visits that wait to be written are younger."""
_MOST_VISITS = 50_000
"""So many are filed at once; a day is not parted."""


class Behind(NamedTuple):
    """A day, how it stands, and until when it can be filed."""

    day_at: Millis
    seen: State
    until_at: Millis


class Grown(NamedTuple):
    """A day with what is new of it, and what it was made from."""

    day: VisitDay
    seen: State


def to_file(connection: Connection, company_id: str, now: Millis) -> Sequence[Grown]:
    """Days that are behind, the latest first, with all that can be filed of them."""
    grown_days: list[Grown] = []
    for behind in days_behind(connection, company_id, now):
        if sum(each.day.visits for each in grown_days) >= _MOST_VISITS:
            break
        grown_days.append(grow(connection, company_id, behind))
    return grown_days


def days_behind(connection: Connection, company_id: str, now: Millis, *, anew: bool = False) -> Iterator[Behind]:
    """Each day of which more can be filed, the latest first; with `anew` all days, from their beginning."""
    first_at, until_at = first_visit_at(connection, company_id), (now - _SETTLED) // STEP * STEP
    if first_at is None:
        return
    known = states(connection, company_id)
    for day_at in range((until_at - 1) // DAY * DAY, first_at - DAY, -DAY):
        seen, end = known.get(day_at, State(day_at, 0, 0)), min(day_at + DAY, until_at)
        if anew:
            seen = seen._replace(until_at=day_at, visits=0)
        if seen.until_at < end:
            yield Behind(day_at, seen, end)


def grow(connection: Connection, company_id: str, behind: Behind) -> Grown:
    """The day, with all visits that can be filed."""
    day_at, seen, until_at = behind
    day = filed_day(connection, company_id, day_at, seen.until_at)
    new = Stretch(company_id, seen.until_at, until_at)
    return Grown(grown(day, visits_between(connection, new), until_at), seen)


def keep_filed(connection: Connection, company_id: str, made: Sequence[Grown], _now: Millis) -> int:
    """File the days that are still as they were seen; says how many."""
    # Whoever begins a visit holds the company, too: none comes in while it is counted.
    hold_company(connection, company_id)
    return sum(_keep(connection, company_id, *each) for each in made)


def _keep(connection: Connection, company_id: str, day: VisitDay, seen: State) -> bool:
    # Only what is new of the day: of what was filed before, nobody changes a visit without unfiling it.
    new = Stretch(company_id, seen.until_at, day.until_at)
    if count_between(connection, new) == day.visits - seen.visits:
        return write_day(connection, company_id, day, seen)
    # A visit came in since, or one is gone without a word: the next time it is made from nothing.
    unfile_days(connection, company_id, [day.day_at])
    return False


class Check(NamedTuple):
    """How many days and visits are filed, and the days (UTC) that are not what a recount finds."""

    days: int
    visits: int
    wrong: Sequence[Millis]


def check(connection: Connection, company_id: str) -> Check:
    """Count everything that is filed once more, visit by visit."""
    visits, wrong = 0, []
    filed = {day_at: state for day_at, state in states(connection, company_id).items() if state.until_at > day_at}
    for day_at, state in sorted(filed.items()):
        day = filed_day(connection, company_id, day_at, state.until_at)
        rows = visits_between(connection, Stretch(company_id, day_at, state.until_at))
        visits += day.visits
        if not are_alike(day, grown(empty_day(day_at), rows, state.until_at)):
            wrong.append(day_at)
    return Check(len(filed), visits, wrong)
