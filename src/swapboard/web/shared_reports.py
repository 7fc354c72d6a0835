"""`/shared/SECRET`: one saved report for whoever has the link, until it ends; behind a password if it has one.

It is a sheet: no link leads on from it, and it names no caller.
"""

import logging
from datetime import timedelta

from anyio.to_thread import run_sync
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.secrets import hash_api_key, password_fits, same
from swapboard.accounts.store import company_by_id
from swapboard.clock import SECOND
from swapboard.reports.report import read_report
from swapboard.reports.share import Share
from swapboard.reports.share_store import is_note_due, note_opened, share_by_secret
from swapboard.reports.sheet import Sheet
from swapboard.reports.view_store import view_by_id
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.report_links import SHARED_PATH
from swapboard.switchboard.sheets import read_sheet
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.headers import ALWAYS
from swapboard.web.dashboard.rendering import message, page
from swapboard.web.dashboard.sheet_plot import sheet_bars, sheet_scale
from swapboard.web.dashboard.translation import InTheirLanguage, _
from swapboard.web.limits import RateLimit, address_of
from swapboard.web.methods import only_looks

log = logging.getLogger(__name__)

LOOKS_AT_ONCE, LOOKS_PER_SECOND = 60, 1.0
TRIES_AT_ONCE, TRIES_PER_SECOND = 10, 1 / 60
_MAX_FORM_BYTES = 4 * 1024
_COOKIE = "swapboard-shared"
_OPEN_FOR = timedelta(hours=12)
_HEADERS = {
    **ALWAYS,
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    # The address is the secret: no site that somebody goes on to is told it.
    "Referrer-Policy": "no-referrer",
}


class SharedReportDoor:
    """The door of every company's shared reports."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._looks = RateLimit(LOOKS_PER_SECOND, LOOKS_AT_ONCE)
        self._tries = RateLimit(TRIES_PER_SECOND, TRIES_AT_ONCE)

    def routes(self) -> list[Route]:
        path = f"{SHARED_PATH}/{{secret}}"
        in_theirs = [Middleware(InTheirLanguage)]
        return [
            Route(path, self._show, methods=["GET"], middleware=in_theirs),
            Route(path, self._open, methods=["POST"], middleware=in_theirs),
        ]

    async def _show(self, request: Request) -> Response:
        try:
            share = await self._found(request)
            if share.password_hash and not self._has_opened(request, share):
                return page("shared_password.html", 200, _HEADERS, fault="")
            return await self._sheet(share, is_seen=not only_looks(request))
        except Refused as refused:
            return _refusal(refused)
        except SQLAlchemyError:
            return _busy()

    async def _open(self, request: Request) -> Response:
        """A password was typed."""
        try:
            share = await self._found(request)
            if not await self._fits(request, share):
                fault = _("That is not the password of this link.")
                return page("shared_password.html", 401, _HEADERS, fault=fault)
            answer = await self._sheet(share)
        except Refused as refused:
            return _refusal(refused)
        except SQLAlchemyError:
            return _busy()
        answer.set_cookie(
            _COOKIE,
            self._proof(share),
            max_age=int(_OPEN_FOR.total_seconds()),
            path=request.url.path,
            secure=self._exchange.settings.public_url.startswith("https:"),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def _found(self, request: Request) -> Share:
        """The link, if it opens anything. Raises Refused."""
        now = self._exchange.clock()
        if not self._looks.allows(address_of(request), now):
            raise Refused(429, _("Too many at once. Wait a minute."), {"Retry-After": "60"})
        secret_hash = hash_api_key(request.path_params["secret"])
        share = await self._exchange.read(lambda connection: share_by_secret(connection, secret_hash))
        if share is None or not share.is_open(now):
            raise Refused(404, _("This link has ended, or it is not whole. Ask for another one."))
        return share

    async def _fits(self, request: Request, share: Share) -> bool:
        password = (await read_form(request, _MAX_FORM_BYTES)).raw("password")
        now, key = self._exchange.clock(), share.share_id
        # By link and address, so that nobody can keep others out.
        if not self._tries.allows(f"{key} {address_of(request)}", now):
            raise Refused(429, _("Too many tries with a wrong password. Wait a minute."), {"Retry-After": "60"})
        fits = await run_sync(password_fits, password, share.password_hash)
        if fits:
            self._tries.give_back(f"{key} {address_of(request)}")
        return fits

    async def _sheet(self, share: Share, *, is_seen: bool = True) -> Response:
        now = self._exchange.clock()
        sheet = await self._exchange.read(lambda connection: _read(connection, share, now))
        if sheet is None:
            raise Refused(404, _("The report of this link is gone."))
        if is_seen:
            await self._note(share)
        return page(
            "shared_report.html",
            200,
            _HEADERS,
            sheet=sheet,
            plot=sheet_bars(sheet.bars),
            scale=sheet_scale(sheet.bars),
        )

    async def _note(self, share: Share) -> None:
        """Whoever opened it has seen it, whether that can be written down or not."""
        now = self._exchange.clock()

        def write(connection: Connection) -> None:
            note_opened(connection, share, now)
            note(connection, share.company_id, "link", Act.OPENED_LINK, share.view_id, now)

        try:
            if is_note_due(share, now):
                await self._exchange.change(write)
        except (Overloaded, Unavailable):
            log.warning("the database is busy; that a shared report was opened is not written down")

    def _has_opened(self, request: Request, share: Share) -> bool:
        until, _dot, proof = request.cookies.get(_COOKIE, "").partition(".")
        if not (until.isascii() and until.isdigit() and len(until) < 16):
            return False
        return int(until) > self._exchange.clock() and same(proof, self._sign(share, until))

    def _proof(self, share: Share) -> str:
        until = str(self._exchange.clock() + round(_OPEN_FOR.total_seconds() * SECOND))
        return f"{until}.{self._sign(share, until)}"

    def _sign(self, share: Share, until: str) -> str:
        key = self._exchange.vault.signing_key("shared report")
        return hash_api_key(f"{key} {share.share_id} {share.password_hash} {until}")


def _read(connection: Connection, share: Share, now: int) -> Sheet | None:
    company = company_by_id(connection, share.company_id)
    view = view_by_id(connection, share.company_id, share.view_id)
    if company is None or view is None:
        return None
    try:
        return read_sheet(connection, company, view.name, read_report(view.address), now)
    except ValueError:
        return None


def _refusal(refused: Refused) -> Response:
    return message(
        refused.status, _("This report cannot be shown"), refused.reason, {**_HEADERS, **refused.headers}
    )


def _busy() -> Response:
    return message(503, _("Just a moment"), _("The database does not answer. Try again in a minute."), _HEADERS)
