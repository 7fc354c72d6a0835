"""`/api/v1/reports/models` and `/paths`: what earned the leads, and the ways that people took."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from swapboard.accounts.company import LOOK_BACK_DAYS
from swapboard.accounts.rights import Resource
from swapboard.attribution.lead_paths import LONGEST_WAY
from swapboard.attribution.touch import Model
from swapboard.leads.lead import ContactKind
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.reports.filter import LONGEST_FILTER
from swapboard.switchboard.crediting import Span, channel_credit
from swapboard.switchboard.wayfaring import lead_paths
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Asked, Day
from swapboard.web.api.problem import invalid
from swapboard.web.api.reports import DaysDocument, ReportQuery, days_of, span_of, terms_of
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports", tags=[Resource.REPORTS], route_class=ApiRoute)


class WaysQuery(Asked):
    """Which leads: those that began in these days; and which of their visits."""

    from_: Day | None = Field(
        None, alias="from", description="The first day, on the company's calendar; 30 days ago if it is left out."
    )
    to: Day | None = Field(None, description="The last day, which is part of the report; today if it is left out.")
    filter: str = Field(
        "",
        max_length=LONGEST_FILTER,
        description="Conditions that the person's first call (by its best match) or form must all meet.",
        examples=["channel:paid"],
    )
    by: Dimension = Field(
        Dimension.CHANNEL, description=f"What a visit counts for: one of {', '.join(sorted(OF_VISITS))}."
    )
    look_back_days: int | None = Field(
        None,
        ge=1,
        le=LOOK_BACK_DAYS[-1],
        description="How long before it a visit may have been; the company's if left out.",
    )


class ModelsQuery(WaysQuery):
    """And for whom a call counts."""

    counted_by: CountedBy = Field(
        CountedBy.BEST_MATCH, description="By the most probable visitor, or by how probable each is."
    )


class ModelsLine(BaseModel):
    """The leads that one value earned, by each model, in whole millionths: a column's sum is the leads exactly."""

    value: str
    credit_millionths: dict[Model, int]


class ModelsDocument(BaseModel):
    """Every lead given away once in each column."""

    days: DaysDocument
    by: Dimension
    look_back_days: int
    leads: int
    lines: list[ModelsLine]


class PathDocument(BaseModel):
    """What the last visits counted for, the oldest first, and how the person got in touch then."""

    steps: list[str] = Field(max_length=LONGEST_WAY)
    is_cut: bool = Field(description="Whether there were visits before.")
    otherwise: str = Field(
        description="Without steps what `/reports/models` gives the lead to, such as a placement's channel."
    )
    ended_as: ContactKind
    leads: int


class PathsDocument(BaseModel):
    """Everybody who got in touch for the first time is on one of them, the most common first."""

    days: DaysDocument
    by: Dimension
    look_back_days: int
    paths: list[PathDocument]


@router.get("/models", summary="What earned the leads, by every model side by side")
async def models(query: Annotated[ModelsQuery, Query()], desk: AtDesk) -> ModelsDocument:
    """First, last, last that was not direct, all alike, and others; by data once there is enough to learn from."""
    days, span = _span(query, desk)
    credit = await desk.read(
        lambda connection: channel_credit(connection, desk.company_id, span, query.counted_by, query.by)
    )
    return ModelsDocument(
        days=days,
        by=query.by,
        look_back_days=span.look_back_days,
        leads=credit.leads,
        lines=[
            ModelsLine(value=value, credit_millionths=dict(credit.by_channel[value]))
            for value, _shares in credit.rows()
        ],
    )


@router.get("/paths", summary="The ways that people took before they got in touch")
async def paths(query: Annotated[WaysQuery, Query()], desk: AtDesk) -> PathsDocument:
    """By best match."""
    days, span = _span(query, desk)
    found = await desk.read(lambda connection: lead_paths(connection, desk.company_id, span, query.by))
    return PathsDocument(
        days=days,
        by=query.by,
        look_back_days=span.look_back_days,
        paths=[
            PathDocument(
                steps=list(each.steps),
                is_cut=each.is_cut,
                otherwise=each.otherwise,
                ended_as=ContactKind(each.ended_as),
                leads=each.leads,
            )
            for each in found
        ],
    )


def _span(query: WaysQuery, desk: Desk) -> tuple[DaysDocument, Span]:
    """Raises Problem (422) that says what cannot be asked."""
    if query.by not in OF_VISITS:
        raise invalid("by", f"A visit has only {', '.join(sorted(OF_VISITS))}.", "query")
    asked = ReportQuery.model_validate({"from": query.from_, "to": query.to, "filter": query.filter})
    span, look_back = span_of(asked, desk), query.look_back_days or desk.company.look_back_days
    return days_of(span), Span(span.from_at, span.until_at, look_back, terms_of(asked))
