"""Visitors, sessions and what they did, in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from swapboard.clock import Millis
from swapboard.storage.bulk import BulkInsert, BulkUpdate, Value, json_text
from swapboard.storage.schema import sessions, visit_events
from swapboard.visits.source import Source
from swapboard.visits.visit import EventKind, Presence, Session


class NewSession(NamedTuple):
    """A session to be written, with all that is known when it begins."""

    session_id: str
    visitor_id: str
    site_id: str
    started_at: Millis
    presence: Presence
    source: Source
    landing_title: str
    user_agent: str
    device: str
    time_zone: str
    cookies: dict[str, str]
    opted_out: bool
    is_returning: bool
    region: str | None = None


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something a session did, to be written."""

    event_id: str
    session_id: str
    happened_at: Millis
    kind: EventKind
    url: str = ""
    title: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)


def known_visitors(connection: Connection, company_id: str, visitor_ids: Collection[str]) -> set[str]:
    """Those of the ids that are this company's visitors."""
    if not visitor_ids:
        return set()
    found = connection.execute(_VISITORS, {"of_company": company_id, "visitor_ids": list(visitor_ids)})
    return set(found.scalars())


def latest_session_ids(connection: Connection, company_id: str, visitor_ids: Collection[str]) -> dict[str, str]:
    """The session that each of the visitors began last; ids of sessions are ordered by time."""
    if not visitor_ids:
        return {}
    latest = (
        select(sessions.c.visitor_id, func.max(sessions.c.session_id).label("session_id"))
        .where(sessions.c.company_id == company_id, sessions.c.visitor_id.in_(visitor_ids))
        .group_by(sessions.c.visitor_id)
    )
    return {row.visitor_id: row.session_id for row in connection.execute(latest)}


def sessions_by_id(connection: Connection, company_id: str, session_ids: Collection[str]) -> dict[str, Session]:
    """The company's sessions among the ids."""
    if not session_ids:
        return {}
    found = connection.execute(_SESSIONS, {"of_company": company_id, "session_ids": list(session_ids)})
    return {row.session_id: _session(row) for row in found}


def sessions_of(connection: Connection, company_id: str, visitor_ids: Collection[str]) -> list[str]:
    """The ids of all sessions that these visitors ever had."""
    theirs = select(sessions.c.session_id).where(
        sessions.c.company_id == company_id, sessions.c.visitor_id.in_(visitor_ids)
    )
    return list(connection.execute(theirs).scalars())


def make_nameless(connection: Connection, company_id: str, session_ids: Collection[str]) -> None:
    """Leave of sessions only what they count for: when, from which channel and campaign, on what device."""
    connection.execute(
        delete(visit_events).where(
            visit_events.c.company_id == company_id, visit_events.c.session_id.in_(session_ids)
        )
    )
    connection.execute(
        update(sessions)
        .where(sessions.c.company_id == company_id, sessions.c.session_id.in_(session_ids))
        .values(
            visitor_id=sessions.c.session_id,
            state=Presence.GONE,
            # It may be what they typed into a search engine.
            term=None,
            click_ids={},
            value_track={},
            cookies={},
            referrer="",
            landing_page="",
            landing_title="",
            user_agent="",
            time_zone="",
            region=None,
        )
    )


def latest_visit_at(connection: Connection, company_id: str) -> Millis | None:
    """When the company's latest session began, or None when there was none yet."""
    latest = select(func.max(sessions.c.started_at)).where(sessions.c.company_id == company_id)
    at: Millis | None = connection.execute(latest).scalar_one()
    return at


def add_sessions(connection: Connection, company_id: str, new: Sequence[NewSession]) -> None:
    """Write sessions that begin."""
    _ADD_SESSION.run(connection, [_session_row(company_id, each) for each in new])


def add_events(connection: Connection, company_id: str, new: Sequence[NewEvent]) -> None:
    """Write what sessions did."""
    _ADD_EVENT.run(
        connection,
        [
            (
                company_id,
                e.event_id,
                e.session_id,
                e.happened_at,
                e.kind,
                e.url,
                e.title,
                json_text(e.properties),
            )
            for e in new
        ],
    )


def mark_seen(connection: Connection, company_id: str, seen: Mapping[str, tuple[Millis, Presence]]) -> None:
    """Note when each session was last heard of, and in what state."""
    _SEEN.run(connection, [(at, presence, company_id, key) for key, (at, presence) in seen.items()])


_VISITORS = (
    select(sessions.c.visitor_id)
    .where(
        sessions.c.company_id == bindparam("of_company"),
        sessions.c.visitor_id.in_(bindparam("visitor_ids", expanding=True)),
    )
    .distinct()
)
_SESSIONS = select(sessions).where(
    sessions.c.company_id == bindparam("of_company"),
    sessions.c.session_id.in_(bindparam("session_ids", expanding=True)),
)
_ADD_SESSION = BulkInsert(sessions)
_ADD_EVENT = BulkInsert(visit_events)
_SEEN = BulkUpdate(sessions, ["last_seen_at", "state"], ["company_id", "session_id"])


def _session_row(company_id: str, new: NewSession) -> tuple[Value, ...]:
    """In the order of the table's columns."""
    source = new.source
    return (
        company_id,
        new.session_id,
        new.visitor_id,
        new.site_id,
        new.started_at,
        new.started_at,
        new.presence,
        source.channel,
        source.source,
        source.medium,
        source.campaign,
        source.campaign_id,
        source.term,
        source.content,
        json_text(source.click_ids),
        json_text(source.value_track),
        json_text(new.cookies),
        source.referrer,
        source.landing_page,
        new.landing_title,
        new.user_agent,
        new.device,
        new.time_zone,
        new.opted_out,
        new.is_returning,
        new.region,
    )


def _session(row: Row[*tuple[Any, ...]]) -> Session:
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
    return Session(
        session_id=row.session_id,
        visitor_id=row.visitor_id,
        last_seen_at=row.last_seen_at,
        source=source,
        started_at=row.started_at,
        device=row.device,
        time_zone=row.time_zone,
        is_returning=row.is_returning,
        region=row.region,
        presence=Presence(row.state),
    )
