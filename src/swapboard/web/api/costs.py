"""`/api/v1/costs`: what advertising cost, a day of a campaign at a time, as deep as whoever told it goes."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.reports.cost_store import Kept, Put, list_costs, put_costs
from swapboard.reports.costs import CostLine, Platform
from swapboard.web.api.desk import AtDesk, ToCreate
from swapboard.web.api.fields import Day, ListQuery, Message, PageDocument
from swapboard.web.api.problem import invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/costs", tags=[Resource.COSTS], route_class=ApiRoute)

MOST_LINES = 5_000
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=r"^[^\x00]*$")]
Micros = Annotated[
    int, Field(ge=-(10**15), le=10**15, description="Millionths of the currency's unit: 1.50 is 1500000.")
]
Count = Annotated[int, Field(ge=0, le=10**12)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Feed = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,100}$"),
    Field(description="Whose costs they are, such as `google_ads` or `radio`.", examples=["radio"]),
]


class CostDocument(Message):
    """What one day of one campaign cost."""

    day: Day
    micros: Micros
    currency: Currency
    campaign: Text = ""
    campaign_id: Text = ""
    ad_group: Text = ""
    keyword: Text = ""
    channel: Text = ""
    source: Text = ""
    medium: Text = ""
    clicks: Count = 0
    impressions: Count = 0


class ToldCostDocument(CostDocument):
    """The same, and who told it: files and platforms say what no request may."""

    feed: str
    micros: int = Field(description="Millionths of the currency's unit: 1.50 is 1500000.")
    clicks: int = 0
    impressions: int = 0


class NewCosts(Message):
    """Days of a feed, whole: what it had for them before is replaced."""

    feed: Feed
    lines: list[CostDocument] = Field(min_length=1, max_length=MOST_LINES)


class PutDocument(BaseModel):
    """What came of it."""

    feed: str
    lines: int
    days: int
    replaced: int = Field(description="Lines of the same days that were there before.")


class CostQuery(ListQuery):
    """Which days."""

    first_day: Day | None = None
    last_day: Day | None = None


@router.get("", summary="List costs, the oldest day first")
async def list_(query: Annotated[CostQuery, Query()], desk: AtDesk) -> PageDocument[ToldCostDocument]:
    """A page of lines, as they were told."""
    first, last = query.first_day or date.min.isoformat(), query.last_day or date.max.isoformat()
    page = await desk.read(
        lambda connection: list_costs(
            connection,
            desk.company_id,
            (date.fromisoformat(first), date.fromisoformat(last)),
            query.limit,
            query.cursor,
        )
    )
    return PageDocument(data=[cost_document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.post("", status_code=201, response_model=PutDocument, summary="Tell what days cost")
async def create(new: NewCosts, desk: ToCreate) -> Response:
    """Each day that is told replaces what its feed had for that day, so that it may be told again."""
    lines = [_line(each) for each in new.lines]
    check_feed(new.feed)

    def write(connection: Connection) -> PutDocument:
        put = put_costs(connection, desk.company_id, new.feed, lines, desk.now)
        return _put(new.feed, put)

    return await desk.create(write)


def check_feed(feed: str) -> None:
    """Raises Problem (422)."""
    if feed == Platform.PLACEMENT:
        raise invalid("feed", "What placements cost is said at the numbers; choose another name.")


def _line(told: CostDocument) -> CostLine:
    facts = told.model_dump()
    return CostLine(date.fromisoformat(facts.pop("day")), **facts)


def cost_document(kept: Kept) -> ToldCostDocument:
    line = kept.line
    return ToldCostDocument(
        feed=kept.feed,
        day=line.day.isoformat(),
        micros=line.micros,
        currency=line.currency,
        campaign=line.campaign,
        campaign_id=line.campaign_id,
        ad_group=line.ad_group,
        keyword=line.keyword,
        channel=line.channel,
        source=line.source,
        medium=line.medium,
        clicks=line.clicks,
        impressions=line.impressions,
    )


def _put(feed: str, put: Put) -> PutDocument:
    return PutDocument(feed=feed, lines=put.lines, days=put.days, replaced=put.replaced)
