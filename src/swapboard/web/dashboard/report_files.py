"""A report's lines as a file that the browser saves: CSV for spreadsheets, Parquet for programs that analyse."""

from collections.abc import Callable, Sequence

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.reports.grid import Grid
from swapboard.reports.grid_csv import write_csv
from swapboard.reports.grid_parquet import can_write_parquet, write_parquet
from swapboard.reports.report_kind import Kind
from swapboard.reports.span import Span
from swapboard.spreadsheet import file_of
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.report_query import Asked, read_asked
from swapboard.web.dashboard.translation import _

CSV, PARQUET = ".csv", ".parquet"


def file_routes(path: str, endpoint: Callable[..., object]) -> Sequence[Route]:
    """The addresses of a report's files: its page's, with an ending."""
    return [Route(f"{path}{ending}", endpoint) for ending in (CSV, PARQUET)]


def asked_of_file(request: Request, desk: Desk, kind: Kind = Kind.BREAKDOWN) -> Asked:
    """What the address asks for. Raises Refused (422) where it cannot be read: a file has no place to say so."""
    asked = read_asked(request.query_params, desk.moments, kind)
    if asked.trouble:
        raise Refused(422, asked.trouble)
    return asked


def page_path(request: Request) -> str:
    """The path of the page whose file is asked for."""
    return request.url.path.removesuffix(CSV).removesuffix(PARQUET)


async def report_file(request: Request, name: str, span: Span, grid: Grid) -> Response:
    """The file that the address asks for. Raises Refused (409) where the server cannot write it."""
    name = f"{name}-{span.first}-{span.last}"
    if request.url.path.endswith(CSV):
        return _saved(f"{name}{CSV}", file_of(write_csv(grid)), "text/csv; charset=utf-8")
    if not can_write_parquet():
        raise Refused(409, _("This server cannot write Parquet: whoever runs it installs swapboard[parquet]."))
    return _saved(f"{name}{PARQUET}", await run_sync(write_parquet, grid), "application/vnd.apache.parquet")


def _saved(name: str, content: bytes, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
