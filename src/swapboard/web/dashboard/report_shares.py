"""Links to a saved report for people without a log-in: made, listed, revoked."""

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts.secrets import hash_password
from swapboard.switchboard.report_links import TooManyLinks, new_link, offer, revoke
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.saved_views import VIEWS, found_view, show_view
from swapboard.web.dashboard.translation import _


async def make_share(request: Request, desk: Desk) -> Response:
    """A new link, shown this once."""
    view, form, exchange = await found_view(request, desk), await read_form(request), exchange_of(request)
    try:
        password = form.raw("password")
        password_hash = await run_sync(hash_password, password) if password else None
        share, path = new_link(view, form.whole_number("days"), password_hash, desk.user.email, desk.now)
    except ValueError as error:
        raise Refused(422, str(error)) from None
    try:
        await exchange.change(lambda connection: offer(connection, share))
    except TooManyLinks:
        raise Refused(409, _("There are as many links as there can be. Revoke one first.")) from None
    return await show_view(request, desk, view, link=f"{exchange.settings.public_url}{path}")


async def drop_share(request: Request, desk: Desk) -> Response:
    """The link opens nothing from now on."""
    view, form = await found_view(request, desk), await read_form(request)
    share_id, actor = form.one("share_id"), desk.user.email
    if not await exchange_of(request).change(
        lambda connection: revoke(connection, view, share_id, actor, desk.now)
    ):
        raise HTTPException(404)
    return RedirectResponse(f"{VIEWS}/{view.view_id}#links", 303)
