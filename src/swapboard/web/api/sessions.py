"""`/api/v1/sessions`: visits, newest first; one visit with what happened in it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.storage.paging import Key, write_cursor
from swapboard.visits.listing import (
    SessionDetail,
    SessionFilter,
    SessionRecord,
    TimelineEvent,
    list_sessions,
    session_by_id,
)
from swapboard.visits.visit import EventKind, Presence
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.exporting import AFTER, LINES_AT_ONCE, described, exported
from swapboard.web.api.fields import (
    Asked,
    E164Text,
    Instant,
    ListQuery,
    Moment,
    PageDocument,
    RefId,
    VisitorId,
    Word,
    found,
    instant_of,
    moment,
)
from swapboard.web.api.problem import invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/sessions", tags=[Resource.SESSIONS], route_class=ApiRoute)


class ShownDocument(BaseModel):
    """A pool number that the visitor saw in place of `target`; `until` is null while it is still shown."""

    number_id: str
    number: E164Text
    target: E164Text | None
    from_: Moment = Field(serialization_alias="from")
    until: Moment | None


class SessionDocument(BaseModel):
    """A visit and where it came from."""

    id: str
    company_id: str
    visitor_id: str
    site_id: str
    started_at: Moment
    last_seen_at: Moment
    dwell_seconds: float = Field(description="From the first page until the visit was last heard of.")
    state: Presence = Field(description="What the page last said of itself.")
    channel: str
    source: str
    medium: str
    campaign: str | None
    campaign_id: str | None
    keyword: str | None
    content: str | None
    click_ids: dict[str, str]
    value_track: dict[str, str]
    referrer: str
    landing_page: str
    device: str
    time_zone: str
    region: str | None = Field(description="Where a proxy said it was, ISO 3166: `US-TX` or `US`.")
    opted_out: bool = Field(description="The browser asked not to be sold (Sec-GPC).")
    numbers: list[ShownDocument]


class EventDocument(BaseModel):
    """Something the visitor did."""

    id: str | None = Field(description="Null for the landing, which is the visit's own.")
    at: Moment
    kind: EventKind
    url: str
    title: str
    properties: dict[str, Any]


class SessionDetailDocument(SessionDocument):
    """A visit with its timeline: the landing page first, then in order of time."""

    timeline: list[EventDocument]


class SessionsWanted(Asked):
    """Which sessions; all that is given must fit."""

    from_: Instant | None = Field(None, alias="from", description="Began at this instant or later.")
    to: Instant | None = Field(None, description="Began before this instant.")
    channel: Word | None = None
    source: Word | None = None
    campaign: Word | None = None
    visitor_id: VisitorId | None = None
    site_id: RefId | None = None


class SessionQuery(SessionsWanted, ListQuery):
    """A page of them."""


class SessionExport(SessionsWanted):
    """All of them."""

    after: RefId | None = Field(None, description=AFTER)


@router.get("", summary="List sessions, newest first")
async def list_(query: Annotated[SessionQuery, Query()], desk: AtDesk) -> PageDocument[SessionDocument]:
    """A page of sessions; `next_cursor` continues with older ones."""
    wanted = _wanted(query)
    return await desk.read(lambda connection: _page(connection, desk, wanted, query.limit, query.cursor))


@router.get("/export", summary="Export sessions", response_class=Response, responses=described(SessionDocument))
async def export(query: Annotated[SessionExport, Query()], desk: AtDesk) -> Response:
    """All sessions, newest first, as JSON Lines: one session in each line."""
    wanted = _wanted(query)
    cursor = await desk.read(lambda connection: _cursor_after(connection, desk, query.after))
    return await exported(
        desk, lambda connection, cursor: _page(connection, desk, wanted, LINES_AT_ONCE, cursor), cursor
    )


def _cursor_after(connection: Connection, desk: Desk, session_id: str | None) -> str | None:
    if session_id is None:
        return None
    detail = session_by_id(connection, desk.company_id, session_id)
    if detail is None:
        raise invalid("after", "There is no such session.", "query")
    return write_cursor(Key(detail.session.started_at, session_id))


def _wanted(query: SessionsWanted) -> SessionFilter:
    return SessionFilter(
        from_at=instant_of(query.from_),
        until_at=instant_of(query.to),
        visitor_id=query.visitor_id,
        site_id=query.site_id,
        channel=query.channel,
        source=query.source,
        campaign=query.campaign,
    )


def _page(
    connection: Connection, desk: Desk, wanted: SessionFilter, limit: int, cursor: str | None
) -> PageDocument[SessionDocument]:
    page = list_sessions(connection, desk.company_id, wanted, limit, cursor)
    return PageDocument(data=[session_document(session) for session in page.rows], next_cursor=page.next_cursor)


@router.get("/{session_id}", summary="One session with its timeline")
async def get(session_id: str, desk: AtDesk) -> SessionDetailDocument:
    """The session with this id."""
    detail = await desk.read(lambda connection: session_by_id(connection, desk.company_id, session_id))
    return _detail(found(detail, "session"))


def _detail(detail: SessionDetail) -> SessionDetailDocument:
    document = session_document(detail.session).model_dump()
    return SessionDetailDocument(**document, timeline=[_event(each) for each in detail.timeline])


def session_document(session: SessionRecord) -> SessionDocument:
    return SessionDocument(
        id=session.session_id,
        company_id=session.company_id,
        visitor_id=session.visitor_id,
        site_id=session.site_id,
        started_at=iso(session.started_at),
        last_seen_at=iso(session.last_seen_at),
        dwell_seconds=session.dwell_seconds,
        state=session.presence,
        channel=session.channel,
        source=session.source,
        medium=session.medium,
        campaign=session.campaign,
        campaign_id=session.campaign_id,
        keyword=session.keyword,
        content=session.content,
        click_ids=dict(session.click_ids),
        value_track=dict(session.value_track),
        referrer=session.referrer,
        landing_page=session.landing_page,
        device=session.device,
        time_zone=session.time_zone,
        region=session.region,
        opted_out=session.opted_out,
        numbers=[
            ShownDocument(
                number_id=each.number_id,
                number=each.number,
                target=each.target,
                from_=iso(each.from_at),
                until=moment(each.until_at),
            )
            for each in session.shown
        ],
    )


def _event(event: TimelineEvent) -> EventDocument:
    return EventDocument(
        id=event.event_id,
        at=iso(event.happened_at),
        kind=event.kind,
        url=event.url,
        title=event.title,
        properties=dict(event.properties),
    )
