"""Sessions as people look at them: the list with its filters, and one session with its timeline.

A session's id is made from the moment it began (`storage/ids.py`), so that the primary key is also the order
of the list and the period's index.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select

from swapboard.clock import Millis
from swapboard.storage.paging import Key, Page, page_of, read_cursor
from swapboard.storage.schema import leases, numbers, sessions, swap_targets, visit_events
from swapboard.visits.visit import EventKind, Presence

MOST_EVENTS = 1_000


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which sessions to list; a session must meet everything that is not None. Texts are matched whole."""

    from_at: Millis | None = None
    """The first instant of the period in which they began."""
    until_at: Millis | None = None
    """The first instant after the period."""
    seen_from_at: Millis | None = None
    """Only sessions that were heard of at this instant or later, and have not left since."""
    visitor_id: str | None = None
    site_id: str | None = None
    channel: str | None = None
    source: str | None = None
    campaign: str | None = None


EVERY_SESSION = SessionFilter()


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A pool number that the session was shown in place of a target (both E.164)."""

    number_id: str
    number: str
    target_id: str
    target: str | None
    """None when the target has been removed since."""
    pool_id: str
    from_at: Millis
    until_at: Millis | None
    """None while the session still shows it."""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session, where it came from, and the numbers it was shown, oldest first."""

    session_id: str
    company_id: str
    visitor_id: str
    site_id: str
    started_at: Millis
    last_seen_at: Millis
    presence: Presence
    channel: str
    source: str
    medium: str
    campaign: str | None
    campaign_id: str | None
    keyword: str | None
    content: str | None
    click_ids: Mapping[str, str]
    value_track: Mapping[str, str]
    referrer: str
    landing_page: str
    landing_title: str
    user_agent: str
    device: str
    time_zone: str
    region: str | None
    opted_out: bool
    shown: tuple[ShownNumber, ...]

    @property
    def dwell_seconds(self) -> float:
        """How long it lasted, from the first page until it was last heard of."""
        return max(0, self.last_seen_at - self.started_at) / 1000


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something the visitor did; `event_id` is None for the landing, which stands in the session itself."""

    event_id: str | None
    happened_at: Millis
    kind: EventKind
    url: str
    title: str
    properties: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """A session with what happened in it: the landing page first, then in order of time."""

    session: SessionRecord
    timeline: tuple[TimelineEvent, ...]


def list_sessions(
    connection: Connection,
    company_id: str,
    wanted: SessionFilter = EVERY_SESSION,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[SessionRecord]:
    """A page of the company's sessions, newest first. Raises BadCursor."""
    query = select(sessions).where(sessions.c.company_id == company_id, *_conditions(wanted))
    if cursor:
        query = query.where(sessions.c.session_id < read_cursor(cursor).row_id)
    rows = connection.execute(query.order_by(sessions.c.session_id.desc()).limit(limit + 1)).all()
    page = page_of(rows, limit, _key)
    return Page(_records(connection, company_id, page.rows), page.next_cursor)


def session_by_id(connection: Connection, company_id: str, session_id: str) -> SessionDetail | None:
    """The session with its timeline (at most `MOST_EVENTS` events), or None."""
    query = select(sessions).where(sessions.c.company_id == company_id, sessions.c.session_id == session_id)
    found = _records(connection, company_id, connection.execute(query).all())
    if not found:
        return None
    session = found[0]
    landing = TimelineEvent(
        None, session.started_at, EventKind.PAGE, session.landing_page, session.landing_title, {}
    )
    return SessionDetail(session, (landing, *_events(connection, company_id, session_id)))


def _conditions(wanted: SessionFilter) -> list[ColumnElement[bool]]:
    exact = {
        sessions.c.visitor_id: wanted.visitor_id,
        sessions.c.site_id: wanted.site_id,
        sessions.c.channel: wanted.channel,
        sessions.c.source: wanted.source,
        sessions.c.campaign: wanted.campaign,
    }
    conditions = [column == value for column, value in exact.items() if value is not None]
    if wanted.from_at is not None:
        conditions.append(sessions.c.session_id >= _first_id(wanted.from_at))
    if wanted.until_at is not None:
        conditions.append(sessions.c.session_id < _first_id(wanted.until_at))
    if wanted.seen_from_at is not None:
        conditions.append(sessions.c.last_seen_at >= wanted.seen_from_at)
        conditions.append(sessions.c.state != Presence.GONE)
    return conditions


def _first_id(at: Millis) -> str:
    return f"{max(0, at):012x}"


def _key(row: Row[*tuple[Any, ...]]) -> Key:
    return Key(row.started_at, row.session_id)


def _events(connection: Connection, company_id: str, session_id: str) -> Iterable[TimelineEvent]:
    query = (
        select(visit_events)
        .where(visit_events.c.company_id == company_id, visit_events.c.session_id == session_id)
        .order_by(visit_events.c.happened_at, visit_events.c.event_id)
        .limit(MOST_EVENTS)
    )
    for row in connection.execute(query):
        kind = EventKind(row.kind)
        yield TimelineEvent(row.event_id, row.happened_at, kind, row.url, row.title, row.properties)


def _shown(
    connection: Connection, company_id: str, session_ids: Sequence[str]
) -> Mapping[str, Sequence[ShownNumber]]:
    found: dict[str, list[ShownNumber]] = defaultdict(list)
    number = and_(numbers.c.company_id == leases.c.company_id, numbers.c.number_id == leases.c.number_id)
    target = and_(swap_targets.c.company_id == leases.c.company_id, swap_targets.c.target_id == leases.c.target_id)
    query = (
        select(
            leases.c.session_id,
            leases.c.number_id,
            numbers.c.number,
            leases.c.target_id,
            swap_targets.c.number.label("target"),
            leases.c.pool_id,
            leases.c.from_at,
            leases.c.until_at,
        )
        .select_from(leases.join(numbers, number).outerjoin(swap_targets, target))
        .where(leases.c.company_id == company_id, leases.c.session_id.in_(session_ids))
        .order_by(leases.c.from_at)
    )
    for session_id, *facts in connection.execute(query):
        found[session_id].append(ShownNumber(*facts))
    return found


def _records(
    connection: Connection, company_id: str, rows: Sequence[Row[*tuple[Any, ...]]]
) -> tuple[SessionRecord, ...]:
    shown = _shown(connection, company_id, [row.session_id for row in rows])
    return tuple(_record(row, shown.get(row.session_id, ())) for row in rows)


def _record(row: Row[*tuple[Any, ...]], shown: Sequence[ShownNumber]) -> SessionRecord:
    return SessionRecord(
        session_id=row.session_id,
        company_id=row.company_id,
        visitor_id=row.visitor_id,
        site_id=row.site_id,
        started_at=row.started_at,
        last_seen_at=row.last_seen_at,
        presence=Presence(row.state),
        channel=row.channel,
        source=row.source,
        medium=row.medium,
        campaign=row.campaign,
        campaign_id=row.campaign_id,
        keyword=row.term,
        content=row.content,
        click_ids=row.click_ids,
        value_track=row.value_track,
        referrer=row.referrer,
        landing_page=row.landing_page,
        landing_title=row.landing_title,
        user_agent=row.user_agent,
        device=row.device,
        time_zone=row.time_zone,
        region=row.region,
        opted_out=row.opted_out,
        shown=tuple(shown),
    )
