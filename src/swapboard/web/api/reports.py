"""`/api/v1/reports`: the same figures as on the dashboard's pages, by the same definitions."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from swapboard.accounts.rights import Resource
from swapboard.clock import iso, zone
from swapboard.reports.breakdown import MOST_DIMENSIONS, Line, breakdown
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import Count, Figures
from swapboard.reports.filter import LONGEST_FILTER, BadFilter, Term, read_filter
from swapboard.reports.narrowing import fitting
from swapboard.reports.overview import overview
from swapboard.reports.question import Question, question
from swapboard.reports.report_kind import Kind
from swapboard.reports.roi import Return
from swapboard.reports.roi_store import spent_in
from swapboard.reports.span import Span, last_days, reportable
from swapboard.reports.unanswered import missed, with_callers
from swapboard.web.api.desk import AtDesk, Desk
from swapboard.web.api.fields import Asked, Day, E164Text, Moment, moment
from swapboard.web.api.problem import invalid
from swapboard.web.api.route import ApiRoute

router = APIRouter(prefix="/reports", tags=[Resource.REPORTS], route_class=ApiRoute)
USUAL_DAYS = 30


class ReportQuery(Asked):
    """Which days, and which calls of them."""

    from_: Day | None = Field(
        None, alias="from", description="The first day, on the company's calendar; 30 days ago if it is left out."
    )
    to: Day | None = Field(None, description="The last day, which is part of the report; today if it is left out.")
    filter: str = Field(
        "",
        max_length=LONGEST_FILTER,
        description="Conditions that must all be met, such as `channel:paid -outcome:missed`.",
        examples=["channel:paid"],
    )
    counted_by: CountedBy = Field(
        CountedBy.BEST_MATCH,
        description="For its most probable visit, or shared out over all that may have made it.",
    )


class BreakdownQuery(ReportQuery):
    """And by what."""

    by: list[Dimension] = Field(
        [Dimension.CHANNEL], min_length=1, max_length=MOST_DIMENSIONS, description="One or two."
    )


class DaysDocument(BaseModel):
    """The days of the report and those before, which it is compared with; all are included."""

    from_: str = Field(serialization_alias="from")
    to: str
    before_from: str
    before_to: str


Amount: TypeAlias = int | float
"""Whole, but where calls are counted by probability."""


class FiguresDocument(BaseModel):
    """Spam counts in none of them."""

    calls: Amount
    first_time: Amount = Field(description="Calls from numbers that had never called before.")
    answered: Amount
    voicemail: Amount
    missed: Amount = Field(description="Nobody spoke with the caller, and no message was left.")
    talk_seconds: Amount = Field(description="Of the answered calls, together.")
    qualified: Amount
    value_cents: Amount
    leads: Amount = Field(description="People who got in touch for the first time, each once.")
    forms: Amount
    visits: Amount


class OverviewDay(BaseModel):
    """One day's calls."""

    day: str
    calls: Amount
    answered: Amount
    missed: Amount
    calls_before: Amount = Field(description="Of the day in the same place of the days before.")


class OverviewDocument(BaseModel):
    """The period beside the one before."""

    days: DaysDocument
    now: FiguresDocument
    before: FiguresDocument
    visitors: int | None = Field(
        description="Different visitors, each counted once; null where the filter asks of what no visit has."
    )
    visitors_before: int | None
    cost_micros: int | None = Field(
        description="What was spent, in millionths; null where the filter asks what costs are not told apart by."
    )
    cost_per_lead_micros: int | None
    by_day: list[OverviewDay]
    by_hour_of_week: list[Amount] = Field(description="Calls of each of 168 hours, from Monday midnight on.")


class LineDocument(BaseModel):
    """One combination of values; the empty text is what is not known."""

    values: dict[Dimension, str]
    now: FiguresDocument
    before: FiguresDocument


class BreakdownDocument(BaseModel):
    """All combinations that occur, those with most calls first."""

    days: DaysDocument
    counts_visits: bool = Field(
        description="Whether visits and forms can be counted so; if not, they are 0 in all lines."
    )
    lines: list[LineDocument]
    total: LineDocument


class MissedCallDocument(BaseModel):
    """A call that nobody answered."""

    call_id: str
    started_at: Moment
    caller: E164Text | None
    answered_at: Moment | None = Field(description="When the same caller was answered next, if within a week.")


class MissedDocument(BaseModel):
    """What became of the missed calls, newest first."""

    days: DaysDocument
    calls: list[MissedCallDocument]
    spoken_with: int
    typical_wait_seconds: int | None


@router.get("/overview", summary="How it goes: the figures of a period beside the one before")
async def overview_(query: Annotated[ReportQuery, Query()], desk: AtDesk) -> OverviewDocument:
    """Day by day, and hour by hour of the week."""
    span, terms = span_of(query, desk), terms_of(query)
    counted_by = query.counted_by
    company_id, currency = desk.company_id, desk.company.currency
    found = await desk.read(lambda connection: overview(connection, company_id, span, terms, counted_by))
    spent = await desk.read(lambda connection: spent_in(connection, company_id, span, currency, terms))
    return OverviewDocument(
        days=days_of(span),
        now=figures_of(found.now),
        before=figures_of(found.before),
        visitors=found.visitors,
        visitors_before=found.visitors_before,
        cost_micros=spent,
        cost_per_lead_micros=Return(spent or 0, found.now).per_lead,
        by_day=[
            OverviewDay(
                day=day.date.isoformat(),
                calls=amount(each.calls),
                answered=amount(each.answered),
                missed=amount(each.missed),
                calls_before=amount(then.calls),
            )
            for (day, each), (_before, then) in zip(found.days, found.days_before, strict=True)
        ],
        by_hour_of_week=[amount(each.calls) for each in found.hours],
    )


@router.get("/breakdown", summary="The figures by one or two things that are known of a call")
async def breakdown_(query: Annotated[BreakdownQuery, Query()], desk: AtDesk) -> BreakdownDocument:
    """Repeat `by` for two: `?by=campaign&by=keyword`."""
    span, by = span_of(query, desk), tuple(dict.fromkeys(query.by))
    asked, before = _question(desk, span, query, by), _question(desk, span.before(), query, by)

    def read(connection: Connection) -> BreakdownDocument:
        found = breakdown(connection, asked, before)
        return BreakdownDocument(
            days=days_of(span),
            counts_visits=found.counts_visits,
            lines=[_line(by, line) for line in found.lines],
            total=_line((), found.total),
        )

    return await desk.read(read)


@router.get("/missed", summary="The calls that nobody answered, and whether the caller was spoken with after all")
async def missed_(query: Annotated[ReportQuery, Query()], desk: AtDesk) -> MissedDocument:
    """A message on the voicemail is no answer."""
    span = span_of(query, desk)
    asked = _question(desk, span, query)
    found = await desk.read(
        lambda connection: with_callers(connection, desk.company_id, missed(connection, asked))
    )
    return MissedDocument(
        days=days_of(span),
        calls=[
            MissedCallDocument(
                call_id=each.call_id,
                started_at=iso(each.started_at),
                caller=each.caller_number,
                answered_at=moment(each.answered_at),
            )
            for each in found.calls
        ],
        spoken_with=found.spoken_with,
        typical_wait_seconds=None if found.typical_wait is None else found.typical_wait // 1000,
    )


def span_of(query: ReportQuery, desk: Desk) -> Span:
    """Raises Problem (422) that says which day is wrong."""
    usual = last_days(USUAL_DAYS, desk.now, zone(desk.company.time_zone))
    try:
        first = reportable(date.fromisoformat(query.from_)) if query.from_ else usual.first
        last = reportable(date.fromisoformat(query.to)) if query.to else usual.last
        return Span(first, last, usual.zone)
    except ValueError as error:
        raise invalid("from", str(error), "query") from None


def terms_of(query: ReportQuery, kind: Kind = Kind.BREAKDOWN) -> tuple[Term, ...]:
    """Raises Problem (422) that says what of the filter cannot be read, or asked of the report."""
    try:
        return fitting(kind, read_filter(query.filter))
    except BadFilter as error:
        raise invalid("filter", str(error), "query") from None


def _question(desk: Desk, span: Span, query: ReportQuery, by: Sequence[Dimension] = ()) -> Question:
    return question(desk.company_id, span, by, terms_of(query), query.counted_by)


def days_of(span: Span) -> DaysDocument:
    """The days as every report names them."""
    before = span.before()
    return DaysDocument(
        from_=span.first.isoformat(),
        to=span.last.isoformat(),
        before_from=before.first.isoformat(),
        before_to=before.last.isoformat(),
    )


def figures_of(figures: Figures) -> FiguresDocument:
    """The figures as every report has them."""
    return FiguresDocument(**{name: amount(count) for name, count in asdict(figures).items()})


def amount(count: Count) -> Amount:
    """A count as every report has it."""
    return count if isinstance(count, int) else float(count)


def _line(by: Sequence[Dimension], line: Line) -> LineDocument:
    return LineDocument(
        values=dict(zip(by, line.cell, strict=True)), now=figures_of(line.now), before=figures_of(line.before)
    )
