"""How it goes: the overview, and its days and hours as files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.calls.facets import first_call_at
from swapboard.reports.annotation import Annotation
from swapboard.reports.annotation_store import annotations_in
from swapboard.reports.costs import money
from swapboard.reports.grid import Grid
from swapboard.reports.ledger import together_read
from swapboard.reports.overview import Overview, overview
from swapboard.reports.overview_grid import days_grid, hours_grid
from swapboard.reports.roi import Return
from swapboard.reports.roi_store import spent_in
from swapboard.reports.span import Span
from swapboard.reports.suggestions import DAYS_OF_WEEK
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.report_files import asked_of_file, file_routes, report_file
from swapboard.web.dashboard.report_page import Place, calls_of_line, report_page
from swapboard.web.dashboard.report_plots import day_plot, hour_rows, weekdays
from swapboard.web.dashboard.report_query import read_asked

LEADING = 6
"""So many channels and campaigns stand on the first report."""


def overview_routes() -> list[Route]:
    """The addresses of the first report."""
    return [
        Route("/reports", signed_in(overview_page)),
        *file_routes("/reports/days", signed_in(days_file)),
        *file_routes("/reports/hours", signed_in(hours_file)),
    ]


@dataclass(frozen=True, slots=True)
class First:
    """The first report: everything at a glance."""

    overview: Overview
    spent: int | None
    spent_before: int | None
    notes: Sequence[Annotation]
    has_calls: bool
    """Whether anybody ever called."""


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
            first_call_at(connection, desk.company_id) is not None,
        )

    first = await exchange_of(request).read(read)
    found = first.overview
    return report_page(
        "report_overview.html",
        desk,
        asked,
        "overview",
        Place("/reports"),
        found=found,
        spent=Return(first.spent, found.now) if first.spent else None,
        spent_before=Return(first.spent_before or 0, found.before),
        money=partial(money, currency=desk.company.currency),
        days_of_week=DAYS_OF_WEEK,
        weekdays=weekdays(),
        most=LEADING,
        cell_query=calls_of_line,
        plot=day_plot(found, first.notes),
        notes=first.notes,
        has_calls=first.has_calls,
        hours=hour_rows(found),
        by_day=together_read([figures for _day, figures in found.days]),
    )


async def days_file(request: Request, desk: Desk) -> Response:
    """The overview's days as a file."""
    return await _overview_file(request, desk, "days", days_grid)


async def hours_file(request: Request, desk: Desk) -> Response:
    """The hours of the week as a file."""
    return await _overview_file(request, desk, "hours", hours_grid)


async def _overview_file(request: Request, desk: Desk, name: str, grid_of: Callable[[Overview], Grid]) -> Response:
    asked = asked_of_file(request, desk)
    found = await exchange_of(request).read(
        lambda connection: overview(connection, desk.company_id, asked.span, asked.terms, asked.counted_by)
    )
    return await report_file(request, name, asked.span, grid_of(found))
