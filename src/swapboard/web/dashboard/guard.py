"""Who may look: the log-in cookie, the person it stands for, and the way to the log-in page for everybody else."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts import store
from swapboard.accounts.company import Company, User
from swapboard.clock import DAY, Millis
from swapboard.conversions.store import DestinationRecord, failing_destinations
from swapboard.switchboard.condition import Standing
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard.moments import Moments

TICKET_LASTS: Millis = 14 * DAY


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks, whose calls they see, and when."""

    user: User
    company: Company
    moments: Moments
    standing: Sequence[Standing] = ()
    """What does not work at the moment."""
    failing: Sequence[DestinationRecord] = ()
    """Destinations that are not told of calls, and will not mend by themselves."""

    @property
    def company_id(self) -> str:
        return self.company.company_id

    @property
    def now(self) -> Millis:
        return self.moments.now


View: TypeAlias = Callable[[Request, Desk], Awaitable[Response]]


def exchange_of(request: Request) -> Exchange:
    """The exchange whose dashboard this is."""
    exchange: Exchange = request.app.state.exchange
    return exchange


def give_ticket(request: Request, user: User, password_hash: str) -> None:
    """Log this browser in; whatever its cookie held before is gone."""
    request.session.clear()
    request.session.update(
        company=user.company_id,
        user=user.user_id,
        proof=_proof(exchange_of(request), password_hash),
        at=exchange_of(request).clock(),
    )


async def desk_of(request: Request) -> Desk | None:
    """The desk of whoever is logged in; None for a ticket that ran out, or whose person or password is gone."""
    exchange, ticket = exchange_of(request), dict(request.session)
    now = exchange.clock()
    if not ticket or now - ticket.get("at", 0) > TICKET_LASTS:
        return None
    return await exchange.read(lambda connection: _desk(connection, exchange, ticket, now))


def signed_in(view: View) -> Callable[[Request], Awaitable[Response]]:
    """A page for people who are logged in; others are sent to the log-in page and come back from there."""

    async def answer(request: Request) -> Response:
        if desk := await desk_of(request):
            return await view(request, desk)
        if "text/event-stream" in request.headers.get("accept", ""):
            return Response(status_code=401)
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        login = f"/login?{urlencode({'next': wanted})}"
        if "hx-request" in request.headers:
            return Response(status_code=401, headers={"HX-Redirect": login})
        return RedirectResponse(login, 303)

    return answer


def own_path(wanted: str) -> str:
    """The path if it is one of this server's, else the home page: nobody is sent elsewhere after the log-in."""
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if is_plain and wanted.startswith("/") and not wanted.startswith("//") else "/"


def _desk(connection: Connection, exchange: Exchange, ticket: dict[str, str], now: Millis) -> Desk | None:
    company_id = ticket.get("company", "")
    user = store.user_by_id(connection, company_id, ticket.get("user", ""))
    company = store.company_by_id(connection, company_id)
    if user is None or company is None:
        return None
    people = store.users_by_email(connection, user.email)
    proofs = [_proof(exchange, kept) for other, kept in people if other.user_id == user.user_id]
    if not any(hmac.compare_digest(proof, ticket.get("proof", "")) for proof in proofs):
        return None
    moments = Moments(company.time_zone, company.country, now)
    failing = failing_destinations(connection, company_id)
    return Desk(user, company, moments, exchange.condition.standing(company_id), failing)


def _proof(exchange: Exchange, password_hash: str) -> str:
    """Ties a ticket to the password it was got with, so that a new password ends all log-ins."""
    key = exchange.vault.signing_key("dashboard ticket").encode()
    return hmac.new(key, password_hash.encode(), hashlib.sha256).hexdigest()[:32]
