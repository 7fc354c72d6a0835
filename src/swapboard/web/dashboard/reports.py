"""Reports: what earned the calls, and which were missed."""

from collections.abc import Sequence
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.calls.listing import CallRecord, calls_by_id
from swapboard.reports.breakdown import Breakdown, breakdown
from swapboard.reports.breakdown_grid import breakdown_grid
from swapboard.reports.dimension import Dimension
from swapboard.reports.rows_grid import rows_grid
from swapboard.reports.unanswered import Missed, MissedCall, count_missed, missed, with_callers
from swapboard.web.dashboard.calls_report import behind_page
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.overview_report import overview_routes
from swapboard.web.dashboard.report_files import asked_of_file, file_routes, report_file
from swapboard.web.dashboard.report_page import (
    MOST_CALLS,
    MOST_LINES,
    Place,
    calls_of_line,
    question_of,
    report_page,
)
from swapboard.web.dashboard.report_query import Asked, read_asked
from swapboard.web.dashboard.taken_out import note_taken_out


def report_routes() -> list[Route]:
    """The addresses of the reports."""
    return [
        *overview_routes(),
        Route("/reports/missed", signed_in(missed_page)),
        *file_routes("/reports/missed", signed_in(missed_file)),
        Route("/reports/calls", signed_in(behind_page)),
        Route("/reports/by", signed_in(choose_breakdown)),
        *file_routes("/reports/by/{by}", signed_in(breakdown_file)),
        Route("/reports/by/{by}", signed_in(breakdown_page)),
    ]


async def breakdown_page(request: Request, desk: Desk) -> Response:
    """The figures by one or two things that are known of a call."""
    asked, by = read_asked(request.query_params, desk.moments), _dimensions(request)
    found = await exchange_of(request).read(lambda connection: _broken_down(connection, desk, asked, by))
    return report_page(
        "report_breakdown.html",
        desk,
        asked,
        by[0].value,
        Place(f"/reports/by/{by[0]}", dict(zip(("and",), by[1:], strict=False))),
        found=found,
        by=by,
        most=MOST_LINES,
        cell_query=calls_of_line,
    )


async def choose_breakdown(request: Request, _desk: Desk) -> Response:
    """On to the page of what the form chose."""
    said = {name: value for name, value in request.query_params.items() if name != "by" and value}
    by = request.query_params.get("by", "")
    chosen = by if by in set(Dimension) else Dimension.CHANNEL.value
    return RedirectResponse(f"/reports/by/{chosen}?{urlencode(said)}", 303)


async def breakdown_file(request: Request, desk: Desk) -> Response:
    """The same as a file, with all lines."""
    asked, by = asked_of_file(request, desk), _dimensions(request)
    # Lines are made when they are looked at: here all of them, and not where everybody waits for it.
    grid = await exchange_of(request).read(
        lambda connection: breakdown_grid(_broken_down(connection, desk, asked, by))
    )
    return await report_file(request, "-".join(by), asked.span, grid)


async def missed_page(request: Request, desk: Desk) -> Response:
    """The calls that nobody answered, and whether the caller was spoken with after all."""
    asked = read_asked(request.query_params, desk.moments)

    def read(connection: Connection) -> tuple[Missed, int, Sequence[CallRecord]]:
        found = missed(connection, question_of(desk, asked))
        shown = [each.call_id for each in found.calls[:MOST_CALLS]]
        before = count_missed(connection, question_of(desk, asked, before=True))
        return found, before, calls_by_id(connection, desk.company_id, shown)

    found, before, calls = await exchange_of(request).read(read)
    again = {each.call_id: each for each in found.calls}
    return report_page(
        "report_missed.html",
        desk,
        asked,
        "missed",
        Place("/reports/missed"),
        found=found,
        before=before,
        calls=calls,
        again=again,
        most=MOST_CALLS,
    )


async def missed_file(request: Request, desk: Desk) -> Response:
    """All of them as a file; instants are milliseconds since 1970."""
    asked = asked_of_file(request, desk)

    def read(connection: Connection) -> Missed:
        return with_callers(connection, desk.company_id, missed(connection, question_of(desk, asked)))

    found = await exchange_of(request).read(read)
    file = await report_file(request, "missed", asked.span, rows_grid(MissedCall, found.calls))
    # One that this server cannot write was taken by nobody.
    await note_taken_out(request, desk)
    return file


def _broken_down(connection: Connection, desk: Desk, asked: Asked, by: tuple[Dimension, ...]) -> Breakdown:
    return breakdown(connection, question_of(desk, asked, by), question_of(desk, asked, by, before=True))


def _dimensions(request: Request) -> tuple[Dimension, ...]:
    said = (request.path_params["by"], request.query_params.get("and", ""))
    if said[0] not in set(Dimension):
        raise HTTPException(404)
    return tuple(dict.fromkeys(Dimension(each) for each in said if each in set(Dimension)))
