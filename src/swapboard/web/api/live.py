"""`/api/v1/live`: what the live page shows, at this moment."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import BaseModel, Field

from swapboard.accounts.rights import Resource
from swapboard.calls.call import Status
from swapboard.calls.listing import CallRecord
from swapboard.clock import iso, zone
from swapboard.numbers.board import NumberState, PoolBoard
from swapboard.visits.listing import SessionRecord
from swapboard.visits.pages import OpenPage
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import E164Text, Moment
from swapboard.web.api.route import ApiRoute
from swapboard.web.live_view import LiveView, look

router = APIRouter(prefix="/live", tags=[Resource.LIVE], route_class=ApiRoute)


class LiveCallDocument(BaseModel):
    """A call that rings, is talked on, or ended in the last half minute."""

    id: str
    started_at: Moment
    status: Status
    caller: E164Text | None
    tracking_number: E164Text | None
    channel: str | None
    campaign: str | None
    keyword: str | None


class LiveVisitorDocument(BaseModel):
    """A visit that goes on."""

    session_id: str
    started_at: Moment
    channel: str
    source: str
    campaign: str | None
    device: str
    page: str = Field(description="The address of the page that is open.")
    numbers: list[E164Text] = Field(description="Those that the visitor sees now.")


class LivePoolDocument(BaseModel):
    """How full a pool is."""

    pool_id: str
    name: str
    live: int = Field(description="Numbers that a visitor sees now.")
    size: int
    exhausted_today: int = Field(description="Visits of today that found no number.")


class LiveDocument(BaseModel):
    """The company as it is now."""

    at: Moment
    time_zone: str
    calls: list[LiveCallDocument]
    visitors: list[LiveVisitorDocument]
    more_visitors: bool = Field(description="Whether there are more than are listed.")
    pools: list[LivePoolDocument]
    calls_today: dict[Status, int]


@router.get("", summary="Who is on the site, and what rings, at this moment")
async def now(desk: AtDesk) -> LiveDocument:
    """Today is the day by the company's own clocks. Spam is not among its calls."""
    view = await desk.read(lambda connection: look(connection, desk.company, desk.now))
    return LiveDocument(
        at=iso(desk.now),
        time_zone=str(zone(desk.company.time_zone)),
        calls=[_call(each) for each in view.calls],
        visitors=[_visitor(each, view.pages) for each in view.visitors],
        more_visitors=view.more_visitors,
        pools=[_pool(each) for each in view.pools],
        calls_today=_counts(view),
    )


def _call(call: CallRecord) -> LiveCallDocument:
    return LiveCallDocument(
        id=call.call_id,
        started_at=iso(call.started_at),
        status=call.status,
        caller=call.caller_number,
        tracking_number=call.tracking_number,
        channel=call.channel,
        campaign=call.campaign,
        keyword=call.keyword,
    )


def _visitor(visit: SessionRecord, pages: Mapping[str, OpenPage]) -> LiveVisitorDocument:
    page = pages.get(visit.session_id)
    return LiveVisitorDocument(
        session_id=visit.session_id,
        started_at=iso(visit.started_at),
        channel=visit.channel,
        source=visit.source,
        campaign=visit.campaign,
        device=visit.device,
        page=page.url if page else visit.landing_page,
        numbers=[each.number for each in visit.shown if each.until_at is None],
    )


def _pool(pool: PoolBoard) -> LivePoolDocument:
    return LivePoolDocument(
        pool_id=pool.pool_id,
        name=pool.name,
        live=pool.count(NumberState.LIVE),
        size=pool.size,
        exhausted_today=pool.exhausted,
    )


def _counts(view: LiveView) -> dict[Status, int]:
    return {Status(status): count for status, count in view.counts.items()}
