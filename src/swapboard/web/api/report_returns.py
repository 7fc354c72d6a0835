"""`/api/v1/reports/roi` and `/suggestions`: what advertising brought for its money, and what to look at."""

from fractions import Fraction
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.reports.dimension import Dimension
from swapboard.reports.grid import MILLION, millionths
from swapboard.reports.grid_csv import decimal_text
from swapboard.reports.roi import OF_COSTS, Return, RoiLine
from swapboard.reports.roi_store import roi
from swapboard.reports.suggesting import suggest
from swapboard.reports.suggestions import DayKind, unanswered
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.problem import invalid
from swapboard.web.api.reports import (
    BreakdownQuery,
    DaysDocument,
    FiguresDocument,
    ReportQuery,
    days_of,
    figures_of,
    span_of,
    terms_of,
)
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports", tags=[Resource.REPORTS], route_class=ApiRoute)


class RoiQuery(BreakdownQuery):
    """And by what costs are told apart."""

    by: list[Dimension] = Field(
        [Dimension.CAMPAIGN],
        min_length=1,
        max_length=2,
        description=f"One or two of {', '.join(sorted(OF_COSTS))}.",
    )


class ReturnDocument(BaseModel):
    """Amounts are whole millionths of the company's currency; null where nothing can be divided."""

    cost_micros: int
    revenue_micros: int = Field(description="What people or rules said that the calls are worth.")
    cost_per_call_micros: int | None
    cost_per_first_time_caller_micros: int | None
    cost_per_qualified_micros: int | None
    cost_per_lead_micros: int | None = Field(description="For each new person, by call or by form.")
    cost_per_form_micros: int | None
    roas: str | None = Field(description="Revenue for each unit spent, as a decimal.", examples=["3.142857"])
    figures: FiguresDocument


class RoiLineDocument(BaseModel):
    """One combination of values; places go by what a form, or a new person, cost: 1 is the cheapest."""

    values: dict[Dimension, str]
    now: ReturnDocument
    before: ReturnDocument
    place_by_forms: int | None
    place: int | None


class RoiDocument(BaseModel):
    """All combinations that cost something or brought something, the dearest first."""

    days: DaysDocument
    currency: str
    counts_costs: bool = Field(description="Whether costs are told apart by all that is asked; if not they are 0.")
    counts_forms: bool
    unconverted_micros: dict[str, int] = Field(description="By currency: what has no rate is in no sum.")
    lines: list[RoiLineDocument]
    paid: RoiLineDocument = Field(description="The sum of the lines that cost something.")
    total: RoiLineDocument


class WastedDocument(BaseModel):
    """A keyword that cost something, and of which neither a call nor a form came."""

    campaign: str
    keyword: str
    cost_micros: int
    expected_calls: str = Field(description="How many calls the money brings at other keywords, as a decimal.")
    visits: int


class UnansweredCampaignDocument(BaseModel):
    """A campaign whose calls go unanswered more often than others."""

    campaign: str
    calls: int
    unanswered: int


class UnansweredHourDocument(BaseModel):
    """An hour, on the company's clocks, in which calls go unanswered more often than in others."""

    days: DayKind
    hour: int
    calls: int
    unanswered: int


class SuggestionsDocument(BaseModel):
    """What to look at; docs/reports.md has the rules."""

    days: DaysDocument
    currency: str
    usual_per_call_micros: int | None
    wasted: list[WastedDocument]
    campaigns: list[UnansweredCampaignDocument]
    hours: list[UnansweredHourDocument]


@router.get("/roi", summary="What was spent and what came of it, by one or two things")
async def roi_(query: Annotated[RoiQuery, Query()], desk: AtDesk) -> RoiDocument:
    """Repeat `by` for two: `?by=campaign&by=keyword`."""
    span, terms, by = span_of(query, desk), terms_of(query), tuple(dict.fromkeys(query.by))
    if not OF_COSTS.issuperset(by):
        raise invalid("by", f"Costs are told apart by {', '.join(sorted(OF_COSTS))} only.", "query")
    currency, counted_by = desk.company.currency, query.counted_by

    def read(connection: Connection) -> RoiDocument:
        found = roi(connection, desk.company_id, span, currency, by, terms, counted_by)
        return RoiDocument(
            days=days_of(span),
            currency=found.currency,
            counts_costs=found.counts_costs,
            counts_forms=found.counts_forms,
            unconverted_micros=dict(found.unconverted),
            lines=[_line(by, line) for line in found.lines],
            paid=_line((), found.paid),
            total=_line((), found.total),
        )

    return await desk.read(read)


@router.get("/suggestions", summary="Keywords that cost and bring nothing; campaigns and hours that go unanswered")
async def suggestions_(query: Annotated[ReportQuery, Query()], desk: AtDesk) -> SuggestionsDocument:
    """Always by best match, so that each call can be looked at."""
    span, terms, currency = span_of(query, desk), terms_of(query), desk.company.currency
    found = await desk.read(lambda connection: suggest(connection, desk.company_id, span, currency, terms))
    return SuggestionsDocument(
        days=days_of(span),
        currency=found.currency,
        usual_per_call_micros=found.usual_per_call,
        wasted=[
            WastedDocument(
                campaign=each.campaign,
                keyword=each.keyword,
                cost_micros=each.spent.cost_micros,
                expected_calls=_decimal(each.expected_calls),
                visits=int(each.spent.figures.visits),
            )
            for each in found.wasted
        ],
        campaigns=[
            UnansweredCampaignDocument(
                campaign=each.campaign, calls=int(each.figures.calls), unanswered=unanswered(each.figures)
            )
            for each in found.campaigns
        ],
        hours=[
            UnansweredHourDocument(
                days=each.days,
                hour=each.hour,
                calls=int(each.figures.calls),
                unanswered=unanswered(each.figures),
            )
            for each in found.hours
        ],
    )


def _line(by: tuple[Dimension, ...], line: RoiLine) -> RoiLineDocument:
    return RoiLineDocument(
        values=dict(zip(by, line.cell, strict=True)),
        now=_return(line.now),
        before=_return(line.before),
        place_by_forms=line.place_by_forms,
        place=line.place,
    )


def _return(found: Return) -> ReturnDocument:
    return ReturnDocument(
        cost_micros=found.cost_micros,
        revenue_micros=found.revenue_micros,
        cost_per_call_micros=found.per_call,
        cost_per_first_time_caller_micros=found.per_first_time_caller,
        cost_per_qualified_micros=found.per_qualified,
        cost_per_lead_micros=found.per_lead,
        cost_per_form_micros=found.per_form,
        roas=None if found.roas is None else _decimal(found.roas),
        figures=figures_of(found.figures),
    )


def _decimal(number: Fraction) -> str:
    return decimal_text(millionths(round(number * MILLION)))
