"""Throws away what is filed of days whose visits are no longer what they were.

Until such a day is filed anew (`filing.py`), reports count its visits where they stand, so they are right at every
moment, and nothing stays behind of a visitor who is forgotten. Whoever changes, deletes or adds visits older than
what is filed calls this in the same transaction.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, func, select, update

from swapboard.clock import DAY, Millis
from swapboard.storage.ids import made_at
from swapboard.storage.insert import insert_into
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import companies, pool_days, visit_columns, visit_days


def unfile(connection: Connection, company_id: str, session_ids: Iterable[str]) -> None:
    """Throw away what is filed of the days on which these visits began."""
    unfile_days(connection, company_id, {made_at(session_id) // DAY * DAY for session_id in session_ids})


def unfile_days(connection: Connection, company_id: str, days: Collection[Millis]) -> None:
    """Throw away what is filed of the days that begin at these instants."""
    if not days:
        return
    # Before the days, as whoever files them: else the two wait for each other, or note an older end than there is.
    hold_company(connection, company_id)
    for day_at in sorted(days):
        know_day(connection, company_id, day_at)
    theirs = visit_days.c.company_id == company_id, visit_days.c.day_at.in_(days)
    nothing = {"until_at": visit_days.c.day_at, "visits": 0, "changes": visit_days.c.changes + 1}
    # First, for it waits for whoever files one of the days at this moment.
    connection.execute(update(visit_days).where(*theirs).values(**nothing))
    connection.execute(
        delete(visit_columns).where(visit_columns.c.company_id == company_id, visit_columns.c.day_at.in_(days))
    )
    # Of a day that is not filed, nobody notes a lease that comes late (`pool_days.py`).
    connection.execute(delete(pool_days).where(pool_days.c.company_id == company_id, pool_days.c.day_at.in_(days)))
    note_filed(connection, company_id)


def know_day(connection: Connection, company_id: str, day_at: Millis) -> None:
    """Have a row for the day, of which nothing is filed if it is new."""
    row = {"company_id": company_id, "day_at": day_at, "until_at": day_at, "visits": 0, "layout": "", "changes": 0}
    connection.execute(insert_into(connection, visit_days).on_conflict_do_nothing(), [row])


def note_filed(connection: Connection, company_id: str) -> None:
    """Let those who begin visits know until when visits are filed."""
    latest = select(func.max(visit_days.c.until_at)).where(
        visit_days.c.company_id == company_id, visit_days.c.until_at > visit_days.c.day_at
    )
    connection.execute(
        update(companies)
        .where(companies.c.company_id == company_id)
        .values(visits_filed_until_at=func.coalesce(latest.scalar_subquery(), 0))
    )
