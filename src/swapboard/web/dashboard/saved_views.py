"""Saved reports: named, listed, opened, renamed, shared within the company, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, Entry, entries_of
from swapboard.mail.outbox import Email, letters_about
from swapboard.reports.report import is_report
from swapboard.reports.saved_view import (
    LONGEST_NAME,
    NotAReport,
    SavedView,
    report_address,
)
from swapboard.reports.schedule import Cadence, Schedule
from swapboard.reports.schedule_store import schedules_of
from swapboard.reports.share import SPANS, Share
from swapboard.reports.share_store import shares_of
from swapboard.reports.view_store import (
    TooManyViews,
    add_view,
    change_view,
    remove_view,
    view_by_id,
    views_seen_by,
)
from swapboard.storage.ids import new_id
from swapboard.switchboard.report_mail import about_view
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import Words, _

VIEWS = "/reports/saved"
CADENCE: Mapping[Cadence, str] = Words(
    {
        Cadence.DAILY: _("Each day"),
        Cadence.WEEKLY: _("Each Monday"),
        Cadence.MONTHLY: _("On the first of each month"),
    }
)


DEED: Mapping[Act, str] = Words(
    {
        Act.SHARED: _("made a link"),
        Act.REVOKED_LINK: _("revoked a link"),
        Act.OPENED_LINK: _("was opened"),
    }
)
_OF_LINKS = frozenset(DEED)


@dataclass(frozen=True, slots=True)
class Uses:
    """What is done with a saved report."""

    schedules: Sequence[Schedule]
    letters: Sequence[Email]
    shares: Sequence[Share]
    deeds: Sequence[Entry]


def saved_view_routes() -> list[Route]:
    """Every address below /reports/saved."""
    return [
        Route(VIEWS, signed_in(views_page), methods=["GET"]),
        Route(VIEWS, signed_in(save_view), methods=["POST"]),
        Route(f"{VIEWS}/{{view_id}}", signed_in(view_page), methods=["GET"]),
        Route(f"{VIEWS}/{{view_id}}", signed_in(rename_view), methods=["POST"]),
        Route(f"{VIEWS}/{{view_id}}/delete", signed_in(delete_view), methods=["POST"]),
    ]


async def views_page(request: Request, desk: Desk) -> Response:
    """One's own and the company's."""

    def read(connection: Connection) -> Sequence[SavedView]:
        return views_seen_by(connection, desk.company_id, desk.user.user_id)

    return page("saved_views.html", desk=desk, views=await exchange_of(request).read(read))


async def save_view(request: Request, desk: Desk) -> Response:
    """Give the report that the form stood on a name."""
    form = await read_form(request)
    try:
        address = report_address(form.one("address"))
    except NotAReport as error:
        raise Refused(422, str(error)) from None
    view = SavedView(
        desk.company_id,
        new_id(desk.now),
        desk.user.user_id,
        _name(form),
        address,
        _is_shared(form),
        desk.now,
    )
    try:
        await exchange_of(request).change(lambda connection: add_view(connection, view))
    except TooManyViews:
        full = _("There are as many saved reports as there can be. Delete one first.")
        raise Refused(409, full) from None
    return RedirectResponse(f"{VIEWS}/{view.view_id}", 303)


async def view_page(request: Request, desk: Desk) -> Response:
    """One saved report, and what can be done with it."""
    return await show_view(request, desk, await found_view(request, desk))


async def show_view(
    request: Request,
    desk: Desk,
    view: SavedView,
    link: str = "",
    typed: Form | None = None,
    fault: str = "",
    status: int = 422,
) -> Response:
    """Its page; `link` is one that was made just now, `fault` what is wrong with whom it was to be sent to."""
    exchange, company_id, view_id = exchange_of(request), desk.company_id, view.view_id

    def read(connection: Connection) -> Uses:
        return Uses(
            schedules_of(connection, company_id, view_id),
            letters_about(connection, company_id, about_view(view_id)),
            shares_of(connection, company_id, view_id),
            [each for each in entries_of(connection, company_id, view_id) if each.act in _OF_LINKS],
        )

    return page(
        "saved_view.html",
        status if fault else 200,
        desk=desk,
        view=view,
        typed=typed or Form({}),
        fault=fault,
        can_go=is_report(view.address),
        uses=await exchange.read(read),
        link=link,
        SPANS=SPANS,
        DEED=DEED,
        has_mail_server=bool(exchange.settings.smtp_url),
        CADENCE=CADENCE,
    )


async def rename_view(request: Request, desk: Desk) -> Response:
    """Another name, or other people who see it."""
    view, form = await found_view(request, desk), await read_form(request)
    changed = replace(view, name=_name(form), is_shared=view.user_id is None or _is_shared(form))
    await exchange_of(request).change(lambda connection: change_view(connection, changed))
    # Whoever shares somebody else's no more does not see it any more.
    is_seen = changed.is_seen_by(desk.user.user_id)
    return RedirectResponse(f"{VIEWS}/{view.view_id}" if is_seen else VIEWS, 303)


async def delete_view(request: Request, desk: Desk) -> Response:
    """Forget it; the report itself stays where it was."""
    view = await found_view(request, desk)
    await exchange_of(request).change(lambda connection: remove_view(connection, desk.company_id, view.view_id))
    return RedirectResponse(VIEWS, 303)


async def found_view(request: Request, desk: Desk) -> SavedView:
    """The view that the address names. Raises 404 for one that is not this person's to see."""
    view_id = request.path_params["view_id"]
    view = await exchange_of(request).read(lambda connection: view_by_id(connection, desk.company_id, view_id))
    if view is None or not view.is_seen_by(desk.user.user_id):
        raise HTTPException(404)
    return view


def _name(form: Form) -> str:
    name = " ".join(form.one("name").split())
    if not name or len(name) > LONGEST_NAME:
        raise Refused(422, _("Give it a name of at most %s letters.") % LONGEST_NAME)
    return name


def _is_shared(form: Form) -> bool:
    return form.one("shared") == "yes"
