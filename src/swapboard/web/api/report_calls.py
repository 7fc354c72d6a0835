"""`/api/v1/reports/calls`: the calls behind any figure of a report."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.calls.spam import Signal
from swapboard.clock import iso
from swapboard.reports.asked_forms import count_people_by_form
from swapboard.reports.behind import Figure, Part, behind_figure
from swapboard.reports.behind_store import Behind
from swapboard.reports.breakdown import MOST_DIMENSIONS
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import Count
from swapboard.reports.question import question
from swapboard.reports.roi import OF_COSTS
from swapboard.reports.roi_store import paid_cells
from swapboard.web.api.desk import AtDesk
from swapboard.web.api.fields import Moment
from swapboard.web.api.problem import invalid
from swapboard.web.api.reports import Amount, DaysDocument, ReportQuery, amount, days_of, span_of, terms_of
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports", tags=[Resource.REPORTS], route_class=ApiRoute)
MOST_CALLS = 10_000


class CallsQuery(ReportQuery):
    """And which figure's calls: narrow them to a line with the filter, such as `campaign="Spring sale"`."""

    of: Part = Field(
        Part.ALL,
        description="Which calls the figure counts; all of them if it is empty. `rang` and `picked-up` go with "
        "`phone`.",
    )
    phone: str = Field(
        "",
        max_length=30,
        pattern=r"^\+?[0-9]*$",
        description="The phone that rang or was picked up, E.164.",
    )
    signal: Signal | None = Field(None, description="Of spam: only that in which this reason was found.")
    pool_id: str = Field(
        "",
        max_length=64,
        description="Only those that came by a number of this pool. Two pools may have one name, for which the "
        "filter `pool` asks.",
    )
    paid_by: list[Dimension] = Field(
        [],
        max_length=MOST_DIMENSIONS,
        description="Only of the lines of `/reports/roi`, by these one or two, that cost something.",
    )
    limit: int = Field(1_000, ge=1, le=MOST_CALLS, description="At most so many, the newest.")


class CountedCallDocument(BaseModel):
    """A call, and how much of it counts there: less than 1 where calls are counted by probability."""

    call_id: str
    started_at: Moment
    share: Amount


class CountedCallsDocument(BaseModel):
    """The shares of all of them sum to the figure; of new people those who sent a form come to it."""

    days: DaysDocument
    calls: list[CountedCallDocument]
    people_by_form: Amount = Field(
        description="New people who sent a form; 0 with a pool, and unless it is of `new`."
    )


@router.get("/calls", summary="The calls behind a figure of a report, newest first")
async def calls_(query: Annotated[CallsQuery, Query()], desk: AtDesk) -> CountedCallsDocument:
    """Ask for a call itself at `/calls/{call_id}`."""
    span = span_of(query, desk)
    if strange := next((each for each in query.paid_by if each not in OF_COSTS), None):
        known = ", ".join(sorted(OF_COSTS))
        raise invalid("paid_by", f"Costs have no {strange.value}, only {known}.", "query")
    asked = question(desk.company_id, span, tuple(dict.fromkeys(query.paid_by)), terms_of(query), query.counted_by)

    def read(connection: Connection) -> tuple[Sequence[Behind], Count]:
        cells = paid_cells(connection, asked, span, desk.company.currency) if asked.by else None
        figure = Figure(query.of, query.phone, query.signal or "", query.pool_id, cells)
        are_people = query.of is Part.NEW and not query.pool_id
        forms = count_people_by_form(connection, asked, cells) if are_people else 0
        return behind_figure(connection, asked, figure, query.limit), forms

    found, forms = await desk.read(read)
    return CountedCallsDocument(
        days=days_of(span),
        calls=[
            CountedCallDocument(call_id=each.call_id, started_at=iso(each.started_at), share=amount(each.share))
            for each in found
        ],
        people_by_form=amount(forms),
    )
