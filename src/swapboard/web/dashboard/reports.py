"""Reports: how it goes, what earned the calls, which were missed, and the calls behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from swapboard.calls.listing import CallRecord, calls_by_id
from swapboard.reports.annotation import Annotation
from swapboard.reports.annotation_store import annotations_in
from swapboard.reports.breakdown import Breakdown, Line, behind, breakdown
from swapboard.reports.breakdown_grid import breakdown_grid
from swapboard.reports.costs import money
from swapboard.reports.dimension import Dimension
from swapboard.reports.grid_parquet import can_write_parquet
from swapboard.reports.overview import Overview, overview
from swapboard.reports.roi import Return
from swapboard.reports.roi_store import spent_in
from swapboard.reports.rows_grid import rows_grid
from swapboard.reports.span import Span
from swapboard.reports.store import Behind, Question, calls_behind, question
from swapboard.reports.suggestions import DAYS_OF_WEEK, read_hour
from swapboard.reports.unanswered import Missed, MissedCall, missed
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import text
from swapboard.web.dashboard.report_files import file_routes, report_file
from swapboard.web.dashboard.report_plots import day_plot, hour_rows
from swapboard.web.dashboard.report_query import DAYS, Asked, Days, read_asked
from swapboard.web.dashboard.report_words import COUNTED_BY, DAY_KIND, DIMENSION, value_words

MOST_LINES = 500
MOST_CALLS = 200
LEADING = 6
"""So many channels and campaigns stand on the first report."""


@dataclass(frozen=True, slots=True)
class First:
    """The first report: everything at a glance."""

    overview: Overview
    spent: int | None
    spent_before: int | None
    notes: Sequence[Annotation]


def report_routes() -> list[Route]:
    """The addresses of the reports."""
    return [
        Route("/reports", signed_in(overview_page)),
        Route("/reports/missed", signed_in(missed_page)),
        *file_routes("/reports/missed", signed_in(missed_file)),
        Route("/reports/calls", signed_in(behind_page)),
        Route("/reports/by", signed_in(choose_breakdown)),
        *file_routes("/reports/by/{by}", signed_in(breakdown_file)),
        Route("/reports/by/{by}", signed_in(breakdown_page)),
    ]


async def overview_page(request: Request, desk: Desk) -> Response:
    """The period beside the one before, day by day, and where the calls came from."""
    asked = read_asked(request.query_params, desk.moments)

    def spent(connection: Connection, span: Span) -> int | None:
        return spent_in(connection, desk.company_id, span, desk.company.currency, asked.terms)

    def read(connection: Connection) -> First:
        return First(
            overview(connection, desk.company_id, asked.span, asked.terms, asked.counted_by),
            spent(connection, asked.span),
            spent(connection, asked.span.before()),
            annotations_in(connection, desk.company_id, asked.span),
        )

    first = await exchange_of(request).read(read)
    found = first.overview
    return report_page(
        "report_overview.html",
        desk,
        asked,
        "overview",
        found=found,
        spent=Return(first.spent, found.now) if first.spent else None,
        spent_before=Return(first.spent_before or 0, found.before),
        money=money,
        days_of_week=DAYS_OF_WEEK,
        most=LEADING,
        plot=day_plot(found, first.notes),
        notes=first.notes,
        hours=hour_rows(found),
    )


async def breakdown_page(request: Request, desk: Desk) -> Response:
    """The figures by one or two things that are known of a call."""
    asked, by = read_asked(request.query_params, desk.moments), _dimensions(request)
    found = await exchange_of(request).read(lambda connection: _broken_down(connection, desk, asked, by))
    return report_page(
        "report_breakdown.html", desk, asked, by[0].value, found=found, by=by, most=MOST_LINES, cell_query=_behind
    )


async def choose_breakdown(request: Request, _desk: Desk) -> Response:
    """On to the page of what the form chose."""
    said = {name: value for name, value in request.query_params.items() if name != "by" and value}
    by = request.query_params.get("by", "")
    chosen = by if by in set(Dimension) else Dimension.CHANNEL.value
    return RedirectResponse(f"/reports/by/{chosen}?{urlencode(said)}", 303)


async def breakdown_file(request: Request, desk: Desk) -> Response:
    """The same as a file, with all lines."""
    asked, by = read_asked(request.query_params, desk.moments), _dimensions(request)
    # Lines are made when they are looked at: here all of them, and not where everybody waits for it.
    grid = await exchange_of(request).read(
        lambda connection: breakdown_grid(_broken_down(connection, desk, asked, by))
    )
    return await report_file(request, "-".join(by), asked.span, grid)


async def missed_page(request: Request, desk: Desk) -> Response:
    """The calls that nobody answered, and whether the caller was spoken with after all."""
    asked = read_asked(request.query_params, desk.moments)

    def read(connection: Connection) -> tuple[Missed, Sequence[CallRecord]]:
        found = missed(connection, _question(desk, asked))
        shown = [each.call_id for each in found.calls[:MOST_CALLS]]
        return found, calls_by_id(connection, desk.company_id, shown)

    found, calls = await exchange_of(request).read(read)
    again = {each.call_id: each for each in found.calls}
    return report_page(
        "report_missed.html", desk, asked, "missed", found=found, calls=calls, again=again, most=MOST_CALLS
    )


async def missed_file(request: Request, desk: Desk) -> Response:
    """All of them as a file; instants are milliseconds since 1970."""
    asked = read_asked(request.query_params, desk.moments)
    found = await exchange_of(request).read(lambda connection: missed(connection, _question(desk, asked)))
    return await report_file(request, "missed", asked.span, rows_grid(MissedCall, found.calls))


async def behind_page(request: Request, desk: Desk) -> Response:
    """The calls that a figure counts, newest first; `when` narrows them to an hour of some days, `weekday-9`."""
    asked = read_asked(request.query_params, desk.moments)
    when = read_hour(request.query_params.get("when", ""))

    def read(connection: Connection) -> tuple[Sequence[Behind], Sequence[CallRecord]]:
        found = calls_behind(connection, _question(desk, asked), MOST_CALLS + 1 if when is None else None)
        found = [each for each in found if when is None or when.has(desk.moments.local(each.started_at))]
        shown = [each.call_id for each in found[:MOST_CALLS]]
        return found, calls_by_id(connection, desk.company_id, shown)

    found, calls = await exchange_of(request).read(read)
    shares = {each.call_id: each.share for each in found}
    more = len(found) > MOST_CALLS
    return report_page(
        "report_calls.html", desk, asked, "", calls=calls, shares=shares, more=more, when=when, DAY_KIND=DAY_KIND
    )


def report_page(template: str, desk: Desk, asked: Asked, here: str, **context: object) -> Response:
    """A page of a report, with what all of them have."""
    written = text(
        template,
        desk=desk,
        asked=asked,
        days=DAYS,
        Days=Days,
        report=here,
        Dimension=Dimension,
        DIMENSION=DIMENSION,
        COUNTED_BY=COUNTED_BY,
        value_words=value_words,
        has_parquet=can_write_parquet(),
        **context,
    )
    return HTMLResponse(written)


def _broken_down(connection: Connection, desk: Desk, asked: Asked, by: tuple[Dimension, ...]) -> Breakdown:
    return breakdown(connection, _question(desk, asked, by), _question(desk, asked, by, before=True))


def _question(desk: Desk, asked: Asked, by: tuple[Dimension, ...] = (), *, before: bool = False) -> Question:
    span = asked.span.before() if before else asked.span
    return question(desk.company_id, span, by, asked.terms, asked.counted_by)


def _behind(asked: Asked, found: Breakdown, line: Line) -> str:
    return asked.query(*behind(found.by, line.cell))


def _dimensions(request: Request) -> tuple[Dimension, ...]:
    said = (request.path_params["by"], request.query_params.get("and", ""))
    if said[0] not in set(Dimension):
        raise HTTPException(404)
    return tuple(dict.fromkeys(Dimension(each) for each in said if each in set(Dimension)))
