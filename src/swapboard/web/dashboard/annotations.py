"""Notes on days: what happened that the figures do not tell, written, changed and removed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.reports.annotation import (
    LONGEST_TEXT,
    Annotation,
    BadAnnotation,
    TooManyAnnotations,
    annotation_day,
    annotation_text,
)
from swapboard.reports.annotation_store import (
    add_annotation,
    annotation_by_id,
    change_annotation,
    newest_annotations,
    remove_annotation,
)
from swapboard.storage.ids import new_id
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _

NOTES = "/reports/notes"
MOST_SHOWN = 500


def annotation_routes() -> list[Route]:
    """Every address below /reports/notes."""
    return [
        Route(NOTES, signed_in(annotations_page), methods=["GET"]),
        Route(NOTES, signed_in(save_annotation), methods=["POST"]),
        Route(f"{NOTES}/{{annotation_id}}", signed_in(edit_annotation), methods=["POST"]),
        Route(f"{NOTES}/{{annotation_id}}/delete", signed_in(delete_annotation), methods=["POST"]),
    ]


async def annotations_page(request: Request, desk: Desk) -> Response:
    """The newest days first."""
    return await _show(request, desk)


async def _show(request: Request, desk: Desk, typed: Form | None = None, problem: str = "") -> Response:
    """The page, with what was typed and cannot be."""
    changed: str = request.path_params.get("annotation_id", "")

    def read(connection: Connection) -> Sequence[Annotation]:
        return newest_annotations(connection, desk.company_id, MOST_SHOWN)

    return page(
        "annotations.html",
        422 if problem else 200,
        desk=desk,
        typed=typed,
        problem=problem,
        changed=changed,
        notes=await exchange_of(request).read(read),
        today=desk.moments.local(desk.now).date(),
        longest=LONGEST_TEXT,
    )


async def save_annotation(request: Request, desk: Desk) -> Response:
    """Keep a new one."""
    form = await read_form(request)
    try:
        day, text = _said(form)
    except BadAnnotation as error:
        return await _show(request, desk, form, _(str(error)))
    note = Annotation(desk.company_id, new_id(desk.now), day, text, desk.user.email, desk.now)
    try:
        await exchange_of(request).change(lambda connection: add_annotation(connection, note))
    except TooManyAnnotations:
        raise Refused(409, _("There are as many notes as there can be. Delete some first.")) from None
    return RedirectResponse(NOTES, 303)


async def edit_annotation(request: Request, desk: Desk) -> Response:
    """Another day or another text."""
    form = await read_form(request)
    try:
        day, text = _said(form)
    except BadAnnotation as error:
        await exchange_of(request).read(lambda connection: _found(connection, request, desk))
        return await _show(request, desk, form, _(str(error)))

    def write(connection: Connection) -> None:
        change_annotation(connection, replace(_found(connection, request, desk), day=day, text=text))

    await exchange_of(request).change(write)
    return RedirectResponse(NOTES, 303)


async def delete_annotation(request: Request, desk: Desk) -> Response:
    """Forget it."""

    def write(connection: Connection) -> None:
        remove_annotation(connection, desk.company_id, _found(connection, request, desk).annotation_id)

    await exchange_of(request).change(write)
    return RedirectResponse(NOTES, 303)


def _found(connection: Connection, request: Request, desk: Desk) -> Annotation:
    """Raises 404."""
    note = annotation_by_id(connection, desk.company_id, request.path_params["annotation_id"])
    if note is None:
        raise HTTPException(404)
    return note


def _said(form: Form) -> tuple[date, str]:
    """Raises BadAnnotation."""
    return annotation_day(form.one("day")), annotation_text(form.one("text"))
