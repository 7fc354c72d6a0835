"""Visitors, sessions and what they did, in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from swapboard.clock import Millis
from swapboard.storage.schema import sessions, visit_events, visitors
from swapboard.visits.source import Source
from swapboard.visits.visit import EventKind, Presence, Session


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be written, with all that is known when it begins."""

    session_id: str
    visitor_id: str
    site_id: str
    started_at: Millis
    presence: Presence
    source: Source
    user_agent: str
    device: str
    time_zone: str
    cookies: dict[str, str]
    opted_out: bool


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something a session did, to be written."""

    event_id: str
    session_id: str
    happened_at: Millis
    kind: EventKind
    url: str = ""
    title: str = ""
    properties: dict[str, Any] | None = None


def known_visitors(connection: Connection, company_id: str, visitor_ids: Collection[str]) -> set[str]:
    """Those of the ids that are this company's visitors."""
    if not visitor_ids:
        return set()
    query = select(visitors.c.visitor_id).where(
        visitors.c.company_id == company_id, visitors.c.visitor_id.in_(visitor_ids)
    )
    return set(connection.execute(query).scalars())


def sessions_by_id(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[str, Session]:
    """The company's sessions among the ids."""
    if not session_ids:
        return {}
    query = select(sessions).where(sessions.c.company_id == company_id, sessions.c.session_id.in_(session_ids))
    return {row.session_id: _session(row) for row in connection.execute(query)}


def add_visitors(connection: Connection, company_id: str, first_seen: Mapping[str, Millis]) -> None:
    rows = [{"company_id": company_id, "visitor_id": each, "first_seen_at": at} for each, at in first_seen.items()]
    if rows:
        connection.execute(insert(visitors), rows)


def add_sessions(connection: Connection, company_id: str, new: Sequence[NewSession]) -> None:
    if new:
        connection.execute(insert(sessions), [_session_row(company_id, each) for each in new])


def add_events(connection: Connection, company_id: str, new: Sequence[NewEvent]) -> None:
    if new:
        connection.execute(insert(visit_events), [_event_row(company_id, each) for each in new])


_SEEN = (
    update(sessions)
    .where(sessions.c.company_id == bindparam("of_company"), sessions.c.session_id == bindparam("of_session"))
    .values(last_seen_at=bindparam("seen"), state=bindparam("presence"))
)


def mark_seen(connection: Connection, company_id: str, seen: Mapping[str, tuple[Millis, Presence]]) -> None:
    """Note when each session was last heard of, and in what state."""
    rows = [
        {"of_company": company_id, "of_session": session_id, "seen": at, "presence": presence.value}
        for session_id, (at, presence) in seen.items()
    ]
    if rows:
        connection.execute(_SEEN, rows)


def _session_row(company_id: str, new: NewSession) -> dict[str, object]:
    source = new.source
    return {
        "company_id": company_id,
        "session_id": new.session_id,
        "visitor_id": new.visitor_id,
        "site_id": new.site_id,
        "started_at": new.started_at,
        "last_seen_at": new.started_at,
        "state": new.presence.value,
        "channel": source.channel,
        "source": source.source,
        "medium": source.medium,
        "campaign": source.campaign,
        "campaign_id": source.campaign_id,
        "term": source.term,
        "content": source.content,
        "click_ids": source.click_ids,
        "value_track": source.value_track,
        "cookies": new.cookies,
        "referrer": source.referrer,
        "landing_page": source.landing_page,
        "user_agent": new.user_agent,
        "device": new.device,
        "time_zone": new.time_zone,
        "opted_out": new.opted_out,
    }


def _event_row(company_id: str, new: NewEvent) -> dict[str, object]:
    return {
        "company_id": company_id,
        "event_id": new.event_id,
        "session_id": new.session_id,
        "happened_at": new.happened_at,
        "kind": new.kind.value,
        "url": new.url,
        "title": new.title,
        "properties": new.properties or {},
    }


def _session(row: Row[Any]) -> Session:
    source = Source(
        channel=row.channel,
        source=row.source,
        medium=row.medium,
        campaign=row.campaign,
        campaign_id=row.campaign_id,
        term=row.term,
        content=row.content,
        click_ids=row.click_ids,
        value_track=row.value_track,
        referrer=row.referrer,
        landing_page=row.landing_page,
    )
    return Session(row.session_id, row.visitor_id, row.last_seen_at, source)
