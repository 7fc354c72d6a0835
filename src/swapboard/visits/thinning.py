"""Visits that are older than a company keeps them: what they are counted for stays, whose they were does not."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, delete, select, update

from swapboard.clock import Millis
from swapboard.storage.ids import begins_with
from swapboard.storage.schema import companies, sessions, visit_events
from swapboard.storage.text_parts import path_of


def thick_sessions(connection: Connection, company_id: str, until: Millis, limit: int) -> Sequence[str]:
    """The ids of the oldest visits that began before then and may say whose they were."""
    thinned_until = select(companies.c.visits_thinned_until).where(companies.c.company_id == company_id)
    query = select(sessions.c.session_id).where(
        sessions.c.company_id == company_id,
        sessions.c.session_id > thinned_until.scalar_subquery(),
        sessions.c.session_id < begins_with(until),
    )
    return connection.scalars(query.order_by(sessions.c.session_id).limit(limit)).all()


def thin(connection: Connection, company_id: str, session_ids: Collection[str]) -> None:
    """Leave of visits what reports count them for, to the letter (`words.py`): no day need be filed anew for it.

    Those up to the last of them are not looked at again.
    """
    done = visit_events.c.company_id == company_id, visit_events.c.session_id.in_(session_ids)
    connection.execute(delete(visit_events).where(*done))
    connection.execute(
        update(sessions)
        .where(sessions.c.company_id == company_id, sessions.c.session_id.in_(session_ids))
        .values(
            visitor_id=sessions.c.session_id,
            click_ids={},
            cookies={},
            referrer=path_of(sessions.c.referrer),
            landing_page=path_of(sessions.c.landing_page),
            landing_title="",
            user_agent="",
            time_zone="",
            region=None,
        )
    )
    last = max(session_ids, default="")
    mine = companies.c.company_id == company_id, companies.c.visits_thinned_until < last
    connection.execute(update(companies).where(*mine).values(visits_thinned_until=last))
