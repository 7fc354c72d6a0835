"""Links to a saved report for people without a log-in: made, listed, revoked."""

import secrets

from anyio.to_thread import run_sync
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts.audit import Act, note
from swapboard.accounts.secrets import hash_api_key, hash_password
from swapboard.reports.report import read_report
from swapboard.reports.share import MOST_SHARES, Share, end_of
from swapboard.reports.share_store import add_share, revoke_share, shares_of
from swapboard.storage.ids import new_id
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.saved_views import VIEWS, found_view, show_view
from swapboard.web.dashboard.translation import _

SHARED = "/shared"
_SECRET_BYTES = 24


async def make_share(request: Request, desk: Desk) -> Response:
    """A new link, shown this once."""
    view, form, exchange = await found_view(request, desk), await read_form(request), exchange_of(request)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    try:
        read_report(view.address)
        ends_at = end_of(_days(form), desk.now)
        password = form.raw("password")
        password_hash = await run_sync(hash_password, password) if password else None
    except ValueError as error:
        raise Refused(422, str(error)) from None
    share = Share(
        desk.company_id,
        new_id(desk.now),
        view.view_id,
        hash_api_key(secret),
        password_hash,
        desk.user.email,
        desk.now,
        ends_at,
    )

    def write(connection: Connection) -> None:
        known = shares_of(connection, desk.company_id, view.view_id)
        if sum(each.is_open(desk.now) for each in known) >= MOST_SHARES:
            raise Refused(409, _("There are as many links as there can be. Revoke one first."))
        add_share(connection, share)
        note(connection, desk.company_id, desk.user.email, Act.SHARED, view.view_id, desk.now)

    await exchange.change(write)
    return await show_view(request, desk, view, link=f"{exchange.settings.public_url}{SHARED}/{secret}")


async def drop_share(request: Request, desk: Desk) -> Response:
    """The link opens nothing from now on."""
    view, form = await found_view(request, desk), await read_form(request)
    share_id = form.one("share_id")

    def write(connection: Connection) -> bool:
        was_open = revoke_share(connection, desk.company_id, view.view_id, share_id, desk.now)
        if was_open:
            note(connection, desk.company_id, desk.user.email, Act.REVOKED_LINK, view.view_id, desk.now)
        return was_open

    if not await exchange_of(request).change(write):
        raise HTTPException(404)
    return RedirectResponse(f"{VIEWS}/{view.view_id}#links", 303)


def _days(form: Form) -> int:
    text = form.one("days")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
