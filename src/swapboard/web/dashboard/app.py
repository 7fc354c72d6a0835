"""The dashboard's application: its routes, what guards them, and what it says when something goes wrong."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import unquote

from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler

from swapboard.clock import SECOND
from swapboard.language import speaking
from swapboard.storage.commit import Unavailable
from swapboard.storage.paging import BadCursor
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.condition import Trouble
from swapboard.switchboard.exchange import Exchange
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.access import access_routes
from swapboard.web.dashboard.agreement import agreement_routes
from swapboard.web.dashboard.annotations import annotation_routes
from swapboard.web.dashboard.calls import call_page, calls_page, visit_page
from swapboard.web.dashboard.carriers import carrier_routes
from swapboard.web.dashboard.companies import company_routes
from swapboard.web.dashboard.cookies import Cookies
from swapboard.web.dashboard.cost_accounts import cost_account_routes
from swapboard.web.dashboard.cost_files import cost_file_routes
from swapboard.web.dashboard.costs import cost_routes
from swapboard.web.dashboard.credit_reports import credit_routes
from swapboard.web.dashboard.destinations import destination_routes
from swapboard.web.dashboard.guard import TICKET_LASTS, signed_in
from swapboard.web.dashboard.headers import ALWAYS, OwnOriginOnly, SecurityHeaders
from swapboard.web.dashboard.joining import joining_routes
from swapboard.web.dashboard.journal import journal_routes
from swapboard.web.dashboard.keys import key_routes
from swapboard.web.dashboard.lead_changes import join_leads, part_lead
from swapboard.web.dashboard.lead_credit import CREDIT, credit_page, save_look_back
from swapboard.web.dashboard.lead_rules import lead_rule_routes
from swapboard.web.dashboard.leads import judge_call, lead_page, leads_page
from swapboard.web.dashboard.listening import save_words, words_page
from swapboard.web.dashboard.live import live_events, live_page, render_parts, wall_page
from swapboard.web.dashboard.live_feed import LiveFeeds
from swapboard.web.dashboard.log_ins import log_in_routes
from swapboard.web.dashboard.login import LoginTries, OpenLogin, log_in, log_out, show_login
from swapboard.web.dashboard.matches import judge_match
from swapboard.web.dashboard.members import member_routes
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.numbers_routes import numbers_routes
from swapboard.web.dashboard.passkeys import passkey_routes
from swapboard.web.dashboard.passwords import LetterTries, password_routes
from swapboard.web.dashboard.reach import NO_REACH, Reach
from swapboard.web.dashboard.recordings import recording_routes
from swapboard.web.dashboard.recredit import recredit_calls, recredit_page
from swapboard.web.dashboard.reference import reference_page
from swapboard.web.dashboard.rendering import STATIC, message, page
from swapboard.web.dashboard.report_mail import download, drop_schedule, save_schedule, send_now
from swapboard.web.dashboard.report_shares import drop_share, make_share
from swapboard.web.dashboard.reports import report_routes
from swapboard.web.dashboard.roi import roi_routes
from swapboard.web.dashboard.said import words_routes
from swapboard.web.dashboard.saved_views import saved_view_routes
from swapboard.web.dashboard.second_step import second_step_routes
from swapboard.web.dashboard.service_reports import service_routes
from swapboard.web.dashboard.setup import setup_page, wordpress_plugin
from swapboard.web.dashboard.sign_on import provider_of, sign_on_routes
from swapboard.web.dashboard.site import save_site, site_page
from swapboard.web.dashboard.spam import spam_routes
from swapboard.web.dashboard.start import start_routes
from swapboard.web.dashboard.texts import text_routes
from swapboard.web.dashboard.translation import InTheirLanguage, _, in_their_language
from swapboard.web.dashboard.troubles import told_of
from swapboard.web.dashboard.trust import trust_page
from swapboard.web.dashboard.welcome import welcome_routes


def dashboard(exchange: Exchange, open_login: OpenLogin | None = None, reach: Reach = NO_REACH) -> Starlette:
    """The dashboard of one exchange; `open_login` stands on its log-in page."""
    app = Starlette(
        routes=[
            Route("/", signed_in(live_page)),
            Route("/live/events", signed_in(live_events)),
            Route("/live/wall", signed_in(wall_page)),
            Route("/calls", signed_in(calls_page)),
            Route("/reference", signed_in(reference_page)),
            Route("/trust", signed_in(trust_page)),
            Route("/trust/recredit", signed_in(recredit_page), methods=["GET"]),
            Route("/trust/recredit", signed_in(recredit_calls), methods=["POST"]),
            Route("/words", signed_in(words_page), methods=["GET"]),
            Route("/words", signed_in(save_words), methods=["POST"]),
            *spam_routes(),
            Route("/calls/{call_id}", signed_in(call_page)),
            Route("/calls/{call_id}/verdict", signed_in(judge_call), methods=["POST"]),
            Route("/calls/{call_id}/match", signed_in(judge_match), methods=["POST"]),
            *recording_routes(),
            *text_routes(),
            *words_routes(),
            Route("/visits/{session_id}", signed_in(visit_page)),
            Route("/leads", signed_in(leads_page)),
            *lead_rule_routes(),
            Route(CREDIT, signed_in(credit_page)),
            Route(CREDIT, signed_in(save_look_back), methods=["POST"]),
            Route("/leads/{lead_id}", signed_in(lead_page)),
            Route("/leads/{lead_id}/join", signed_in(join_leads), methods=["POST"]),
            Route("/leads/{lead_id}/part", signed_in(part_lead), methods=["POST"]),
            *saved_view_routes(),
            Route("/reports/saved/{view_id}/report.pdf", signed_in(download), methods=["GET"]),
            Route("/reports/saved/{view_id}/send", signed_in(send_now), methods=["POST"]),
            Route("/reports/saved/{view_id}/links", signed_in(make_share), methods=["POST"]),
            Route("/reports/saved/{view_id}/links/revoke", signed_in(drop_share), methods=["POST"]),
            Route("/reports/saved/{view_id}/schedules", signed_in(save_schedule), methods=["POST"]),
            Route("/reports/saved/{view_id}/schedules/remove", signed_in(drop_schedule), methods=["POST"]),
            *annotation_routes(),
            *report_routes(),
            *roi_routes(),
            *credit_routes(),
            *service_routes(),
            *numbers_routes(),
            *destination_routes(),
            *agreement_routes(),
            *access_routes(),
            *cost_routes(),
            *cost_account_routes(),
            *cost_file_routes(),
            *carrier_routes(),
            *company_routes(),
            *member_routes(),
            *key_routes(),
            *joining_routes(),
            *password_routes(),
            *log_in_routes(),
            *passkey_routes(),
            *sign_on_routes(),
            *journal_routes(),
            *second_step_routes(),
            *welcome_routes(),
            *start_routes(),
            Route("/setup", signed_in(setup_page)),
            Route("/setup/sites/{site_id}", signed_in(site_page), methods=["GET"]),
            Route("/setup/sites/{site_id}", signed_in(save_site), methods=["POST"]),
            Route("/setup/sites/{site_id}/wordpress.zip", signed_in(wordpress_plugin)),
            Route("/login", show_login, methods=["GET"]),
            Route("/login", log_in, methods=["POST"]),
            Route("/logout", log_out, methods=["POST"]),
            Route("/healthz", _health),
            # A service worker reaches no further than the folder that it lies in.
            Route("/push-worker.js", _push_worker),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=_middleware(exchange),
        exception_handlers=_EXCEPTION_HANDLERS,
    )
    app.state.exchange = exchange
    app.state.login_tries = LoginTries()
    app.state.sign_on = provider_of(exchange.settings)
    app.state.letter_tries = LetterTries()
    app.state.open_login = open_login
    app.state.reach = reach
    app.state.live_feeds = LiveFeeds(exchange, render_parts)
    return app


def _middleware(exchange: Exchange) -> list[Middleware]:
    public_url = exchange.settings.public_url
    is_secure = public_url.startswith("https:")
    return [
        # No page has a secret that another site could guess at by a length: forms go by the request's origin,
        # and another site's requests come without the cookie.
        Middleware(GZipMiddleware, compresslevel=6),
        Middleware(InTheirLanguage),
        Middleware(SecurityHeaders),
        Middleware(OwnOriginOnly, public_url=public_url),
        Middleware(
            Cookies,
            secret_key=exchange.vault.signing_key("dashboard session"),
            # Browsers keep a cookie of this name only from the very host that set it.
            session_cookie="__Host-swapboard" if is_secure else "swapboard",
            max_age=TICKET_LASTS // SECOND,
            https_only=is_secure,
        ),
    ]


async def _push_worker(_request: Request) -> Response:
    return FileResponse(STATIC / "push-worker.js", media_type="text/javascript")


async def _health(request: Request) -> Response:
    """For whoever watches over the server: does the database answer?"""

    def ask(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))

    exchange: Exchange = request.app.state.exchange
    try:
        await exchange.read(ask)
    except SQLAlchemyError:
        return PlainTextResponse("the database does not answer", 503)
    return PlainTextResponse("ok")


async def _on_http(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == HTTPStatus.NOT_FOUND:
        advice = _("There is nothing at this address. It may have been removed, or it is not yours to see.")
        return message(404, _("Not found"), advice)
    return message(status, _("That did not work"), _("The dashboard cannot do that here."), headers)


async def _on_refused(_request: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, Refused) else 400
    return message(status, _("That did not work"), _(str(error)))


async def _on_bad_cursor(_request: Request, _error: Exception) -> Response:
    return message(400, _("That page of the list is gone"), _("Open the list again from its beginning."))


async def _on_dead_database(request: Request, error: Exception) -> Response:
    """Whose time zone it is, only the database knows: so the clock is UTC's."""
    if isinstance(error, DataError) and "\0" in unquote(str(request.url)):
        # PostgreSQL cannot even be asked about a NUL: nothing is there.
        return await _on_http(request, HTTPException(HTTPStatus.NOT_FOUND))
    exchange: Exchange = request.app.state.exchange
    silent = [each for each in exchange.condition.standing("") if each.trouble is Trouble.DATABASE_SILENT]
    since = Moments("UTC", "GB", exchange.clock()).full(silent[0].since) if silent else ""
    told = told_of(Trouble.DATABASE_SILENT)
    return page("degraded.html", 503, {"Retry-After": "5"}, told=told, since=since)


async def _on_unwritten(_request: Request, error: Exception) -> Response:
    """It was read who asks, but what they changed could not be written."""
    seconds = error.retry_after_seconds if isinstance(error, Overloaded | Unavailable) else 1
    told = told_of(Trouble.NOT_WRITTEN)
    return page("degraded.html", 503, {"Retry-After": str(seconds)}, told=told, since="")


async def _on_fault(request: Request, _error: Exception) -> Response:
    # This answer is made outside of all middleware; who asked may not have been known yet.
    chosen: str | None = getattr(request.state, "language", None)
    with speaking(chosen) if chosen else in_their_language(request):
        advice = _("It is our fault, and it is written to the server's log. Try again.")
        return message(500, _("Something went wrong here"), advice, {**ALWAYS, "Cache-Control": "no-store"})


_EXCEPTION_HANDLERS: Mapping[int | type[Exception], ExceptionHandler] = {
    HTTPException: _on_http,
    Refused: _on_refused,
    BadCursor: _on_bad_cursor,
    SQLAlchemyError: _on_dead_database,
    Overloaded: _on_unwritten,
    Unavailable: _on_unwritten,
    Exception: _on_fault,
}
