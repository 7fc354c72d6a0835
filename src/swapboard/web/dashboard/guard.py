"""Who may look: the log-in cookie, the person it stands for, and the way to the log-in page for everybody else."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeAlias
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts import store
from swapboard.accounts.actor import Actor
from swapboard.accounts.audit import Act, note
from swapboard.accounts.brand import Brand, brand_of
from swapboard.accounts.company import Company, User
from swapboard.accounts.log_ins import LASTS, LogIn, begin, end, log_in_by_id, note_seen
from swapboard.accounts.people import Place, first_place, person_by_id, places_of, user_by_email
from swapboard.accounts.person import Person
from swapboard.accounts.rights import Resource
from swapboard.clock import Millis
from swapboard.conversions.store import DestinationRecord, failing_destinations
from swapboard.language import speak
from swapboard.storage.commit import Unavailable
from swapboard.storage.writer import Overloaded
from swapboard.switchboard.condition import Standing
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard.doors import may_use, resource_at
from swapboard.web.dashboard.moments import Moments
from swapboard.web.dashboard.rendering import message
from swapboard.web.dashboard.told import take_told
from swapboard.web.dashboard.translation import _
from swapboard.web.limits import address_of

TICKET_LASTS = LASTS


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks, whose calls they see, and when."""

    user: User
    company: Company
    moments: Moments
    person: Person
    log_in: LogIn
    brand: Brand
    places: Sequence[Place] = ()
    """The companies that they belong to, this one too."""
    standing: Sequence[Standing] = ()
    """What does not work at the moment."""
    failing: Sequence[DestinationRecord] = ()
    """Destinations that are not told of calls, and will not mend by themselves."""
    told: str = ""
    """What was just done, to be said at the top of the page."""

    @property
    def company_id(self) -> str:
        return self.company.company_id

    @property
    def now(self) -> Millis:
        return self.moments.now

    @property
    def actor(self) -> Actor:
        """Who lets others in, or shuts them out."""
        return Actor(self.user.email, self.user.role, self.user.user_id)

    def may_see(self, path: str) -> bool:
        """Whether a page is for them."""
        return may_use(self.user.role, "GET", path)

    def may_send(self, path: str) -> bool:
        """Whether they may change what a form sends to this address."""
        return may_use(self.user.role, "POST", path)


PAGE_OF = "page_of"
"""What a form's address says of the page that it stands on: the company's id."""
_OF_PEOPLE = ("/companies/open", "/me/")
"""What is a person's, whichever company is open; who leaves, or makes another one, does so from the open one."""
_NOTED_BY_THEMSELVES = {Resource.OWN, Resource.PEOPLE, Resource.KEYS}
View: TypeAlias = Callable[[Request, Desk], Awaitable[Response]]


def exchange_of(request: Request) -> Exchange:
    """The exchange whose dashboard this is."""
    exchange: Exchange = request.app.state.exchange
    return exchange


async def give_ticket(request: Request, person: Person, company_id: str) -> None:
    """Log this browser in; whatever its cookie held before is gone, and the log-in that it was for."""
    exchange = exchange_of(request)
    now, before = exchange.clock(), dict(request.session)
    agent = request.headers.get("user-agent", "")

    def write(connection: Connection) -> str:
        end_ticket(connection, before)
        return begin(connection, person, address_of(request), agent, now)

    log_in_id = await exchange.change(write)
    request.session.clear()
    request.session.update(
        home=person.company_id,
        person=person.person_id,
        company=company_id,
        log_in=log_in_id,
        proof=proof_of(exchange, person),
        at=now,
    )


def end_ticket(connection: Connection, ticket: Mapping[str, Any]) -> None:
    """The log-in that a cookie is for is over; it may be somebody else's than who logs in now."""
    if known := person_by_id(connection, ticket.get("home", ""), ticket.get("person", "")):
        end(connection, known, ticket.get("log_in", ""))


def look_at_company(request: Request, company_id: str) -> None:
    """Show another of their companies from now on."""
    request.session["company"] = company_id


def proof_of(exchange: Exchange, person: Person) -> str:
    """Ties a ticket to what it was got with, so that another password or second step ends all log-ins."""
    key = exchange.vault.signing_key("dashboard ticket").encode()
    got_with = f"{person.password_hash or ''}{person.totp or ''}".encode()
    return hmac.new(key, got_with, hashlib.sha256).hexdigest()[:32]


async def desk_of(request: Request) -> Desk | None:
    """The desk of whoever is logged in, or None; also for who belongs to no company any more."""
    exchange, ticket = exchange_of(request), dict(request.session)
    now = exchange.clock()

    desk = await exchange.read(lambda connection: desk_for(connection, exchange, ticket, now)) if ticket else None
    if desk and desk.log_in.is_seen_due(now):
        if now - desk.log_in.created_at > LASTS // 2:
            # So that its cookie is written anew, and lasts as long as the log-in may.
            request.session["seen"] = now
        # A busy database must not keep anybody from reading.
        with suppress(Overloaded, Unavailable):
            seen = desk.log_in
            await exchange.change(lambda connection: note_seen(connection, seen, address_of(request), now))
    return desk


def desk_for(connection: Connection, exchange: Exchange, ticket: Mapping[str, Any], now: Millis) -> Desk | None:
    """The desk of whom the ticket is for, or None."""
    found = _person(connection, exchange, ticket, now)
    return _desk(connection, exchange, found, ticket.get("company", ""), now) if found else None


async def person_of(request: Request) -> Person | None:
    """Whoever is logged in, or None."""
    exchange, ticket = exchange_of(request), dict(request.session)
    now = exchange.clock()
    found = await exchange.read(lambda connection: _person(connection, exchange, ticket, now))
    return found[0] if found else None


def signed_in(view: View) -> Callable[[Request], Awaitable[Response]]:
    """A page for people who are logged in; others are sent to the log-in page and come back from there.

    Who sends a form meanwhile is told how to log in without losing it.
    """

    async def answer(request: Request) -> Response:
        if desk := await desk_of(request):
            if desk.person.language:
                speak(desk.person.language)
                # The page of a fault is made outside of all this.
                request.state.language = desk.person.language
            if _is_of_another_company(request, desk):
                return _of_another_company(desk)
            if not _may(request, desk):
                return _refusal(request)
            return await _shown(view, request, replace(desk, told=take_told(request)))
        return _to_the_log_in(request)

    return answer


def _to_the_log_in(request: Request) -> Response:
    """What those are told who are not logged in."""
    if "text/event-stream" in request.headers.get("accept", ""):
        return Response(status_code=401)
    is_part = "hx-request" in request.headers
    if request.method not in {"GET", "HEAD"}:
        # Nobody is led away from what they typed: the page keeps it, or the browser, which can send it again.
        return Response(status_code=401) if is_part else _logged_out()
    login = f"/login?{urlencode({'next': _wanted(request)})}"
    if is_part:
        return Response(status_code=401, headers={"HX-Redirect": login})
    return RedirectResponse(login, 303)


def own_path(wanted: str) -> str:
    """The path if it is one of this server's, else the home page: nobody is sent elsewhere after the log-in."""
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if is_plain and wanted.startswith("/") and not wanted.startswith("//") else "/"


def _wanted(request: Request) -> str:
    """Where to go after the log-in."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


async def _shown(view: View, request: Request, desk: Desk) -> Response:
    """The page; what a form changed is noted, and a busy database keeps nobody from going on."""
    answer = await view(request, desk)
    is_change = request.method not in {"GET", "HEAD"} and answer.status_code < 400
    if is_change and resource_at(request.url.path) not in _NOTED_BY_THEMSELVES:
        with suppress(Overloaded, Unavailable):
            await exchange_of(request).change(
                lambda connection: note(
                    connection, desk.company_id, desk.user.email, Act.CHANGED, request.url.path, desk.now
                )
            )
    return answer


def _may(request: Request, desk: Desk) -> bool:
    return may_use(desk.user.role, request.method, request.url.path)


def _is_of_another_company(request: Request, desk: Desk) -> bool:
    """Whether the form stands on a page of a company that is open no longer, as another tab opened another one.

    `static/app.js` says whose page it was; a browser without scripts and a program say nothing.
    """
    told = request.query_params.get(PAGE_OF, desk.company_id)
    changes = request.method == "POST" and not request.url.path.startswith(_OF_PEOPLE)
    return changes and told != desk.company_id


def _logged_out() -> Response:
    said = _(
        "Nothing was changed. Log in again in another tab, then reload this page: "
        "what you typed is sent once more."
    )
    return message(401, _("You are logged out"), said)


def _of_another_company(desk: Desk) -> Response:
    said = _(
        "Meanwhile %(company)s was opened, in another tab perhaps. Nothing was changed. "
        "Open the other company again in another tab, then reload this page: what you typed is sent once more."
    )
    return message(409, _("That page is of another company"), said % {"company": desk.company.name})


def _refusal(request: Request) -> Response:
    """Whoever may not see the first page is led to the one that all may see."""
    if request.url.path == "/" and request.method == "GET":
        return RedirectResponse("/calls", 303)
    advice = _("Your role in this company does not let you do this. Ask an owner or an admin.")
    return message(403, _("This is not for you"), advice)


def _person(
    connection: Connection, exchange: Exchange, ticket: Mapping[str, Any], now: Millis
) -> tuple[Person, LogIn] | None:
    """Whom the ticket is for; None for one that ran out or was ended, or whose person or password is gone."""
    person = person_by_id(connection, ticket.get("home", ""), ticket.get("person", ""))
    if person is None or not hmac.compare_digest(proof_of(exchange, person), ticket.get("proof", "")):
        return None
    log_in = log_in_by_id(connection, person, ticket.get("log_in", ""), now)
    return (person, log_in) if log_in else None


def _desk(
    connection: Connection, exchange: Exchange, who: tuple[Person, LogIn], company_id: str, now: Millis
) -> Desk | None:
    person, log_in = who
    found = _place(connection, person, company_id)
    if found is None:
        return None
    user, company = found
    return Desk(
        user,
        company,
        Moments(company.time_zone, company.country, now),
        person,
        log_in,
        brand_of(connection, company),
        places_of(connection, person.email),
        exchange.condition.standing(company.company_id),
        failing_destinations(connection, company.company_id),
    )


def _place(connection: Connection, person: Person, company_id: str) -> tuple[User, Company] | None:
    """What the person is in this company, or else in the one that they have been in the longest."""
    user = user_by_email(connection, company_id, person.email)
    if user is None and (other := first_place(connection, person.email)):
        user = user_by_email(connection, other, person.email)
    company = store.company_by_id(connection, user.company_id) if user else None
    return (user, company) if user and company else None
