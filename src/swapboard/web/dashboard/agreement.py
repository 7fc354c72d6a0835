"""Our conversions beside a platform's own count."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.conversions.standing import Standing, standing_conversions
from swapboard.conversions.store import DestinationRecord, destination_by_id
from swapboard.reports.agreement import Ours, Theirs, compare, read_theirs
from swapboard.reports.cost_columns import table_of
from swapboard.reports.cost_import import MONTH_FIRST, MOST_BYTES
from swapboard.reports.cost_sheet import read_sheet
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import check_length
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _

DAYS = 30
_BY_CLICK = frozenset({"google_ads", "google_ads_feed", "microsoft", "microsoft_ads"})
"""Platforms that count on the day of the click unless a column says otherwise."""


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
        theirs = read_theirs(table_of(read_sheet(content)), desk.company.country in MONTH_FIRST)
    except ValueError as error:
        return await _show(request, desk, None, str(error))
    return await _show(request, desk, theirs)


async def _show(request: Request, desk: Desk, theirs: Theirs | None, problem: str = "") -> Response:
    destination_id: str = request.path_params["destination_id"]
    today = desk.moments.local(desk.now).date()
    days = [today - timedelta(number) for number in range(DAYS)]
    if theirs is not None:
        days = sorted({*days, *(day for day in theirs.by_day if (today - day).days < 120)})

    def read(connection: Connection) -> tuple[DestinationRecord | None, Sequence[Standing]]:
        record = destination_by_id(connection, desk.company_id, destination_id)
        since = desk.moments.day_start((today - min(days)).days)
        return record, standing_conversions(connection, desk.company_id, destination_id, since)

    record, standing = await exchange_of(request).read(read)
    if record is None:
        raise HTTPException(404)
    by_click = record.kind in _BY_CLICK and not (theirs is not None and theirs.is_by_call)
    ours = [_ours(each, desk) for each in standing]
    compared = compare(ours, theirs, days, by_click)
    shown = [each for each in compared if each.made or each.theirs or each.reasons]
    return page(
        "agreement.html",
        422 if problem else 200,
        desk=desk,
        record=record,
        compared=shown,
        theirs=theirs,
        by_click=by_click,
        problem=problem,
    )


def _ours(standing: Standing, desk: Desk) -> Ours:
    contact = standing.message.contact
    began = contact.origin.started_at

    def day(at: int) -> date:
        return desk.moments.local(at).date()

    clicks = contact.origin.click_ids
    return Ours(
        str(contact.kind),
        contact.contact_id,
        day(contact.happened_at),
        day(began) if began is not None and clicks else None,
        next((f"{name}={value}" for name, value in sorted(clicks.items())), ""),
        standing.state,
        standing.words,
        standing.is_taken_back,
    )
