"""Our conversions beside a platform's own count."""

from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.conversions.store import DestinationRecord, destination_by_id
from swapboard.reports.agreement import Theirs
from swapboard.reports.cost_import import MOST_BYTES
from swapboard.switchboard.agreeing import Agreement, agreement_with, read_count
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import check_length
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _


def agreement_routes() -> list[Route]:
    """The address of the comparison, of each destination."""
    return [
        Route("/destinations/{destination_id}/compare", signed_in(agreement_page), methods=["GET"]),
        Route("/destinations/{destination_id}/compare", signed_in(compare_file), methods=["POST"]),
    ]


async def agreement_page(request: Request, desk: Desk) -> Response:
    """What we made and told, day by day."""
    return await _show(request, desk, None)


async def compare_file(request: Request, desk: Desk) -> Response:
    """The same beside the platform's file, which is not kept."""
    check_length(request, MOST_BYTES, _("A file has at most 16 MB. Export fewer days at a time."))
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise Refused(422, _("Choose a file first."))
        content = await file.read()
    try:
        theirs = read_count(content, desk.company)
    except ValueError as error:
        return await _show(request, desk, None, str(error))
    return await _show(request, desk, theirs)


async def _show(request: Request, desk: Desk, theirs: Theirs | None, problem: str = "") -> Response:
    exchange, destination_id = exchange_of(request), request.path_params["destination_id"]

    def read(connection: Connection) -> tuple[DestinationRecord, Agreement]:
        record = destination_by_id(connection, desk.company_id, destination_id)
        if record is None:
            raise HTTPException(404)
        return record, agreement_with(connection, exchange.vault, desk.company, record, theirs, desk.now)

    record, compared = await exchange.read(read)
    return page(
        "agreement.html",
        422 if problem else 200,
        desk=desk,
        record=record,
        compared=compared,
        has_file=theirs is not None,
        problem=problem,
    )
