"""The browsers in which one is logged in: a list, and buttons that log them out."""

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.browser import browser_of
from swapboard.accounts.log_ins import end, end_all, log_ins_of
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

LOG_INS = "/me/log-ins"


def log_in_routes() -> list[Route]:
    """Every address of log-ins."""
    return [
        Route(LOG_INS, signed_in(log_ins_page), methods=["GET"]),
        Route(f"{LOG_INS}/end", signed_in(end_one), methods=["POST"]),
        Route(f"{LOG_INS}/end-others", signed_in(end_others), methods=["POST"]),
    ]


async def log_ins_page(request: Request, desk: Desk) -> Response:
    """Where, since when and with which browser."""
    found = await exchange_of(request).read(lambda connection: log_ins_of(connection, desk.person, desk.now))
    return page("log_ins.html", desk=desk, log_ins=found, browser=browser)


def browser(user_agent: str) -> str:
    """`Firefox on Linux`, in the reader's language."""
    name, system = browser_of(user_agent)
    if name and system:
        return _("%(browser)s on %(system)s") % {"browser": name, "system": system}
    return name or system or _("an unknown browser")


async def end_one(request: Request, desk: Desk) -> Response:
    """Log one browser out; it is asked to log in on its next click."""
    log_in_id = (await read_form(request)).one("log_in")

    def write(connection: Connection) -> None:
        if not end(connection, desk.person, log_in_id):
            raise HTTPException(404)
        note(connection, desk.company_id, desk.user.email, Act.ENDED_LOG_INS, "1", desk.now)

    await exchange_of(request).change(write)
    return done(request, LOG_INS, _("That browser is logged out."))


async def end_others(request: Request, desk: Desk) -> Response:
    """Log every browser out but this one."""

    def write(connection: Connection) -> int:
        ended = end_all(connection, desk.person, but=desk.log_in.log_in_id)
        note(connection, desk.company_id, desk.user.email, Act.ENDED_LOG_INS, str(ended), desk.now)
        return ended

    await exchange_of(request).change(write)
    return done(request, LOG_INS, _("Every other browser is logged out."))
