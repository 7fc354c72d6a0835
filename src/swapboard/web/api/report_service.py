"""`/api/v1/reports/agents`, `/spam`, `/pools` and `/deliveries`: reports on the service itself."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.reports.filter import LONGEST_FILTER
from swapboard.reports.question import Question, question
from swapboard.reports.report_kind import Kind
from swapboard.reports.service import SERVICES, Compared, compared
from swapboard.reports.spam_calls import SpamCalls, spam_calls
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Asked, Day
from swapboard.web.api.reports import DaysDocument, ReportQuery, days_of, span_of, terms_of
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports", tags=[Resource.REPORTS], route_class=ApiRoute)


class DaysQuery(Asked):
    """Which days, on the company's calendar, the last 30 if they are left out; and of what."""

    from_: Day | None = Field(None, alias="from", description="The first day.")
    to: Day | None = Field(None, description="The last day, which is part of the report.")

    filter: str = Field(
        "",
        max_length=LONGEST_FILTER,
        description="Conditions that must all be met, such as `channel:paid device:phone`.",
        examples=["channel:paid"],
    )

    def as_report(self) -> ReportQuery:
        """The same, by best match."""
        return ReportQuery.model_validate({"from": self.from_, "to": self.to, "filter": self.filter})


class AgentDocument(BaseModel):
    """A phone (empty where it is not known), and the calls that rang it."""

    number: str
    rang: int
    answered: int
    ring_seconds: int = Field(description="Until those that it answered were answered, together.")
    talk_seconds: int
    before: dict[str, int] = Field(description="Its counts in the days before.")


class AgentsDocument(BaseModel):
    """A call that rang several phones counts at each."""

    days: DaysDocument
    agents: list[AgentDocument]


class SpammedNumberDocument(BaseModel):
    """A tracking number (empty where it is not known) and the spam that it got."""

    number: str
    spam: int
    turned_away: int = Field(description="Nobody's phone rang.")
    talk_seconds: int
    before: dict[str, int] = Field(description="Its counts in the days before.")


class SpamCallsDocument(BaseModel):
    """Calls that count in no other report."""

    days: DaysDocument
    all_calls: int = Field(description="Spam and others.")
    signals: dict[str, int] = Field(description="In how many of these calls each reason was found.")
    numbers: list[SpammedNumberDocument]


class PoolHealthDocument(BaseModel):
    """Whether a pool was large enough."""

    pool_id: str
    name: str
    numbers: int = Field(description="That it has now, and shows.")
    shown: int = Field(description="Visits that saw a number of it.")
    without: int = Field(description="Times that a visit needed one when every number was taken.")
    calls: int
    confidence: float | None = Field(description="Of its calls that are credited to a visit, on average.")
    before: dict[str, int] = Field(description="Its counts in the days before.")


class PoolsHealthDocument(BaseModel):
    """Each pool, by name."""

    days: DaysDocument
    pools: list[PoolHealthDocument]


class DeliveredDocument(BaseModel):
    """A destination's messages of these days, and what counts there."""

    destination_id: str
    name: str
    sent: int
    waiting: int
    failed: int
    withheld: int
    conversions: int = Field(description="That count, and that it took word of.")
    value_cents: int
    before: dict[str, int] = Field(description="Its counts in the days before.")


class DeliveriesDocument(BaseModel):
    """Each destination, by name."""

    days: DaysDocument
    destinations: list[DeliveredDocument]


@router.get("/agents", summary="Who answered: for each phone, how often, how soon, and for how long")
async def agents_(query: Annotated[ReportQuery, Query()], desk: AtDesk) -> AgentsDocument:
    """Those that answered most first."""
    found = await _rows(desk, Kind.AGENTS, query)
    return AgentsDocument(days=days_of(span_of(query, desk)), agents=[AgentDocument(**each) for each in found])


@router.get("/spam", summary="Calls that count in no other report, by the number they came in on")
async def spam_(query: Annotated[ReportQuery, Query()], desk: AtDesk) -> SpamCallsDocument:
    """With the reasons."""
    now, before = _questions(desk, query, Kind.SPAM)

    def read(connection: Connection) -> tuple[SpamCalls, Sequence[Compared]]:
        return spam_calls(connection, now), compared(connection, SERVICES[Kind.SPAM], now, before)

    found, rows = await desk.read(read)
    return SpamCallsDocument(
        days=days_of(span_of(query, desk)),
        all_calls=found.all_calls,
        signals=dict(found.signals),
        numbers=[SpammedNumberDocument(**each) for each in _documents(Kind.SPAM, rows)],
    )


@router.get("/pools", summary="Whether pools were large enough")
async def pools_(query: Annotated[DaysQuery, Query()], desk: AtDesk) -> PoolsHealthDocument:
    """Of the visits that began in these days; a filter asks of these, of their calls, and of `pool`."""
    asked = query.as_report()
    found = await _rows(desk, Kind.POOLS, asked)
    days = days_of(span_of(asked, desk))
    return PoolsHealthDocument(days=days, pools=[PoolHealthDocument(**each) for each in found])


@router.get("/deliveries", summary="What destinations were told, and what became of it")
async def deliveries_(query: Annotated[DaysQuery, Query()], desk: AtDesk) -> DeliveriesDocument:
    """By when it was first said; a filter asks of the call or form that it was said of."""
    asked = query.as_report()
    found = await _rows(desk, Kind.DELIVERIES, asked)
    days = days_of(span_of(asked, desk))
    return DeliveriesDocument(days=days, destinations=[DeliveredDocument(**each) for each in found])


async def _rows(desk: Desk, kind: Kind, query: ReportQuery) -> Sequence[dict[str, Any]]:
    """The report's rows as their documents have them."""
    now, before = _questions(desk, query, kind)
    found = await desk.read(lambda connection: compared(connection, SERVICES[kind], now, before))
    return _documents(kind, found)


def _questions(desk: Desk, query: ReportQuery, kind: Kind) -> tuple[Question, Question]:
    """Of the days, and of those before."""
    span, terms = span_of(query, desk), terms_of(query, kind)
    now, before = (question(desk.company_id, days, (), terms, query.counted_by) for days in (span, span.before()))
    return now, before


def _documents(kind: Kind, found: Sequence[Compared]) -> Sequence[dict[str, Any]]:
    counts = SERVICES[kind].compared
    return [asdict(each.now) | {"before": {name: getattr(each.before, name) for name in counts}} for each in found]
