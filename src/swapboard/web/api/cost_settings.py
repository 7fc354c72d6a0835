"""`/api/v1/costs/campaign-names` and `/costs/rates`: what visits call campaigns, what currencies are worth."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from swapboard.accounts.rights import Resource
from swapboard.json_kinds import SOMETHING
from swapboard.reports.cost_campaigns import campaign_names, name_campaign
from swapboard.reports.rate_store import list_rates, put_rates
from swapboard.reports.rates import Rate
from swapboard.switchboard import currency_rates
from swapboard.web.api.costs import Currency, Text
from swapboard.web.api.desk import AtDesk, ToCreate
from swapboard.web.api.fields import Day, ListQuery, Message, PageDocument
from swapboard.web.api.problem import ELSEWHERE, Problem, invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/costs", tags=[Resource.COSTS], route_class=ApiRoute)

MOST_RATES = 2_500
"""So many fit into a body, however they are written."""
Campaign = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$"), SOMETHING
]
Worth = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,12})?$"),
    Field(description="So many units of `quote` for one of `base`.", examples=["1.0842"]),
]


class CampaignName(Message):
    """What visits call a campaign."""

    campaign: Campaign = Field(description="As its platform calls it.")
    visited_as: Text = Field(description="As visits call it (`utm_campaign`); empty takes that back.")


class NamedCampaign(BaseModel):
    """What visits call a campaign, as somebody said."""

    campaign: str
    visited_as: str


class RateDocument(Message):
    """What a currency was worth on a day."""

    day: Day
    base: Currency
    quote: Currency
    worth: Worth


class ToldRateDocument(RateDocument):
    """The same, as it was told: a file may be finer than a request."""

    worth: str = Field(description="So many units of `quote` for one of `base`.", examples=["1.0842"])


class NewRates(Message):
    """Rates to keep, instead of those of the same days and currencies."""

    rates: list[RateDocument] = Field(min_length=1, max_length=MOST_RATES)


class KeptRates(BaseModel):
    """What came of it."""

    rates: int


@router.get("/campaign-names", summary="List what visits call campaigns", name="list")
async def list_campaign_names(desk: AtDesk) -> PageDocument[NamedCampaign]:
    """Where somebody said so: costs and visits are joined by it."""
    known = await desk.read(lambda connection: campaign_names(connection, desk.company_id))
    data = [NamedCampaign(campaign=each, visited_as=visited_as) for each, visited_as in sorted(known.items())]
    return PageDocument(data=data, next_cursor=None)


@router.put("/campaign-names", summary="Say what visits call a campaign")
async def set_campaign_name(name: CampaignName, desk: AtDesk) -> CampaignName:
    """Its costs count for those visits from now on."""
    await desk.change(
        lambda connection: name_campaign(connection, desk.company_id, name.campaign, name.visited_as)
    )
    return name


@router.get("/rates", summary="List what currencies were worth, the latest day first", name="list")
async def list_told_rates(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[ToldRateDocument]:
    """A page of rates, as they were told."""
    page = await desk.read(lambda connection: list_rates(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_document(each) for each in page.rows], next_cursor=page.next_cursor)


@router.post("/rates", status_code=201, response_model=KeptRates, summary="Tell what currencies were worth")
async def tell_rates(new: NewRates, desk: ToCreate) -> Response:
    """A rate holds on the ten days after it on which there is none."""
    rates = [_rate(place, each) for place, each in enumerate(new.rates)]
    return await desk.create(lambda connection: KeptRates(rates=put_rates(connection, desk.company_id, rates)))


@router.post(
    "/rates/bank",
    status_code=201,
    response_model=KeptRates,
    summary="Ask the European Central Bank",
    responses=ELSEWHERE,
)
async def ask_bank(desk: ToCreate) -> Response:
    """Keeps its rates of the last 90 days; 502 with its words where it does not tell."""
    try:
        rates = await asyncio.to_thread(currency_rates.ask_bank, True)
    except currency_rates.NoRates as error:
        raise Problem(502, "bank", str(error)) from None
    return await desk.create(lambda connection: KeptRates(rates=put_rates(connection, desk.company_id, rates)))


def _rate(place: int, told: RateDocument) -> Rate:
    worth = Decimal(told.worth)
    if not worth:
        raise invalid(("rates", place, "worth"), "A currency is worth more than nothing.")
    return Rate(date.fromisoformat(told.day), told.base, told.quote, worth)


def _document(rate: Rate) -> ToldRateDocument:
    return ToldRateDocument(day=rate.day.isoformat(), base=rate.base, quote=rate.quote, worth=f"{rate.worth:f}")
