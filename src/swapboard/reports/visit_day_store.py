"""Filed days of visits in the database, and the visits that they are made of."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from swapboard.clock import Millis
from swapboard.reports.columns import OF_VISITS, known
from swapboard.reports.unfiling import know_day, note_filed
from swapboard.reports.visit_day import (
    CAMPAIGN_ID,
    COLUMNS,
    LAYOUT,
    WORDED,
    Column,
    Row,
    VisitDay,
    empty_day,
    read_codes,
)
from swapboard.storage.bulk import json_text
from swapboard.storage.ids import begins_with, made_at
from swapboard.storage.schema import sessions, visit_columns, visit_days

WORDS_OF_VISITS: Mapping[str, ColumnElement[str]] = {
    **{name.value: column for name, column in OF_VISITS.items()},
    CAMPAIGN_ID: known(sessions.c.campaign_id),
}
"""Where the words of each of WORDED stand."""


class State(NamedTuple):
    """Until when a day's visits are filed, how often that was changed, and how many visits it has."""

    until_at: Millis
    changes: int
    visits: int


class Stretch(NamedTuple):
    """A company's time [from_at, until_at)."""

    company_id: str
    from_at: Millis
    until_at: Millis

    def visits(self) -> tuple[ColumnElement[bool], ...]:
        """Its visits; by their ids, which begin with the instant at which they began."""
        return (
            sessions.c.company_id == self.company_id,
            sessions.c.session_id >= begins_with(self.from_at),
            sessions.c.session_id < begins_with(self.until_at),
        )


def states(connection: Connection, company_id: str) -> Mapping[Millis, State]:
    """How it stands with each day of which anything was ever filed; in another layout is not filed."""
    days = visit_days.c
    query = select(days.day_at, days.until_at, days.changes, days.visits, days.layout)
    return {
        row.day_at: State(row.until_at, row.changes, row.visits)
        if row.layout == LAYOUT
        else State(row.day_at, row.changes, 0)
        for row in connection.execute(query.where(days.company_id == company_id))
    }


def first_visit_at(connection: Connection, company_id: str) -> Millis | None:
    """When the company's first visit began, if it had one."""
    first = select(func.min(sessions.c.session_id)).where(sessions.c.company_id == company_id)
    session_id = connection.execute(first).scalar_one()
    return None if session_id is None else made_at(session_id)


def columns_of(
    connection: Connection, company_id: str, names: Collection[str], days: Collection[Millis]
) -> Mapping[Millis, Mapping[str, Column]]:
    """These columns of these days, by the instant at which the day begins; a day without visits has none."""
    found: dict[Millis, dict[str, Column]] = defaultdict(dict)
    if not days or not names:
        return found
    column, wanted = visit_columns.c, frozenset(days)
    query = select(column.day_at, column.name, column.words, column.codes).where(
        column.company_id == company_id,
        column.name.in_(sorted(names)),
        column.day_at.between(min(days), max(days)),
    )
    for day_at, name, text, codes in connection.execute(query):
        if day_at in wanted:
            words = from_json(text)
            found[day_at][name] = Column(words, read_codes(name, len(words), codes))
    return found


def filed_day(connection: Connection, company_id: str, day_at: Millis, until_at: Millis) -> VisitDay:
    """All that is filed of a day, which is filed until then; nothing where that is its beginning."""
    days = (day_at,) if until_at > day_at else ()
    columns = columns_of(connection, company_id, COLUMNS, days).get(day_at)
    return VisitDay(day_at, until_at, columns or empty_day(day_at).columns)


def visits_between(connection: Connection, time: Stretch) -> Iterator[Row]:
    """What a day is made of, in the order in which the visits began."""
    values = (WORDS_OF_VISITS[name].label(name) for name in WORDED)
    query = select(sessions.c.session_id, sessions.c.visitor_id, *values).where(*time.visits())
    for session_id, *words in connection.execute(query.order_by(sessions.c.session_id)):
        yield made_at(session_id), *words


def count_between(connection: Connection, time: Stretch) -> int:
    """How many visits began."""
    return connection.execute(select(func.count()).where(*time.visits())).scalar_one()


def write_day(connection: Connection, company_id: str, day: VisitDay, seen: State) -> bool:
    """File the day; False, with nothing written, when it is not as it was seen."""
    know_day(connection, company_id, day.day_at)
    is_day = visit_days.c.company_id == company_id, visit_days.c.day_at == day.day_at
    # Who counted the columns that were there before sees that these are others.
    filed = {"until_at": day.until_at, "visits": day.visits, "layout": LAYOUT, "changes": seen.changes + 1}
    as_seen = update(visit_days).where(*is_day, visit_days.c.changes == seen.changes)
    if connection.execute(as_seen.values(**filed)).rowcount != 1:
        return False
    columns = visit_columns.c
    connection.execute(delete(visit_columns).where(columns.company_id == company_id, columns.day_at == day.day_at))
    rows = [column_row(company_id, day.day_at, name, column) for name, column in day.columns.items()]
    if day.visits:
        connection.execute(insert(visit_columns), rows)
    note_filed(connection, company_id)
    return True


def column_row(company_id: str, day_at: Millis, name: str, column: Column) -> Mapping[str, object]:
    """How a day's column is written."""
    return {
        "company_id": company_id,
        "name": name,
        "day_at": day_at,
        "words": json_text(column.words),
        "codes": column.codes.tobytes(),
    }
