"""The page each visitor is on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from swapboard.clock import Millis
from swapboard.storage.schema import sessions, visit_events
from swapboard.visits.visit import EventKind


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A page that a visitor has open, and since when."""

    url: str
    title: str
    since_at: Millis


def open_pages(connection: Connection, company_id: str, session_ids: Collection[str]) -> Mapping[str, OpenPage]:
    """The page that each session opened last, by session."""
    landing = select(
        sessions.c.session_id, sessions.c.started_at, sessions.c.landing_page, sessions.c.landing_title
    ).where(sessions.c.company_id == company_id, sessions.c.session_id.in_(session_ids))
    later = (
        select(visit_events.c.session_id, visit_events.c.happened_at, visit_events.c.url, visit_events.c.title)
        .where(
            visit_events.c.company_id == company_id,
            visit_events.c.session_id.in_(session_ids),
            visit_events.c.kind == EventKind.PAGE,
        )
        .order_by(visit_events.c.happened_at, visit_events.c.event_id)
    )
    pages: dict[str, OpenPage] = {}
    for query in (landing, later):
        for session_id, since_at, url, title in connection.execute(query):
            pages[session_id] = OpenPage(url, title, since_at)
    return pages
