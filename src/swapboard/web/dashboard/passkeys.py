"""Passkeys: made, listed and removed on one's own page; and logging in with one instead of the password."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from swapboard.accounts.audit import Act, note
from swapboard.accounts.ceremony import (
    CHALLENGE_BYTES,
    CHALLENGE_LASTS,
    NotIt,
    Place,
    asking_options,
    counted,
    credential_named,
    made_passkey,
    making_options,
    place_of,
)
from swapboard.accounts.passkeys import (
    MOST_PASSKEYS,
    Passkey,
    add_passkey,
    passkey_by_credential,
    passkeys_of,
    remove_passkey,
    use_passkey,
)
from swapboard.accounts.people import first_place, person_by_id
from swapboard.accounts.person import Person
from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, give_ticket, own_path, signed_in
from swapboard.web.dashboard.login import JOIN, tries_of, wrong_password
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.told import done
from swapboard.web.dashboard.translation import _

PASSKEYS, LOGIN = "/me/passkeys", "/login/passkey"
_KEPT = "passkey"
_CHALLENGE = TypeAdapter(dict[str, str])


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a browser is to sign, and when it was made up."""

    content: bytes
    made_at: Millis


def passkey_routes() -> list[Route]:
    """Every address of passkeys."""
    return [
        Route(PASSKEYS, signed_in(passkeys_page), methods=["GET"]),
        Route(PASSKEYS, signed_in(keep_passkey), methods=["POST"]),
        Route(f"{PASSKEYS}/new", signed_in(begin_passkey), methods=["POST"]),
        Route(f"{PASSKEYS}/remove", signed_in(drop_passkey), methods=["POST"]),
        Route(LOGIN, ask_page, methods=["GET"]),
        Route(LOGIN, log_in_with, methods=["POST"]),
    ]


async def passkeys_page(request: Request, desk: Desk) -> Response:
    """One's passkeys, and the way to another one."""
    return await _show(request, desk)


async def begin_passkey(request: Request, desk: Desk) -> Response:
    """The page that lets the browser make one; it takes the password."""
    form, place = await read_form(request), _place(request)
    if wrong := await wrong_password(request, desk.person, form.raw("now")):
        return await _show(request, desk, *wrong)
    known = await exchange_of(request).read(lambda connection: passkeys_of(connection, desk.person))
    if len(known) >= MOST_PASSKEYS:
        return await _show(request, desk, 422, _("There are as many passkeys as there can be. Remove one first."))
    options = making_options(place, desk.person, known, _new_challenge(request, "make"))
    return page("passkey_new.html", desk=desk, options=options)


async def keep_passkey(request: Request, desk: Desk) -> Response:
    """Keep what the browser made."""
    form, place, challenge = await read_form(request), _place(request), _taken(request, "make")
    name = form.one("name")[:100] or _("Passkey")
    if challenge is None:
        return await _show(request, desk, 422, _("That took too long, or was not begun here. Begin once more."))
    try:
        named = new_id(desk.now), name
        made = made_passkey(place, desk.person, form.one("answer"), challenge.content, named, desk.now)
    except NotIt:
        return await _show(request, desk, 422, _("The browser's answer does not fit. Begin once more."))

    def write(connection: Connection) -> None:
        if passkey_by_credential(connection, made.credential_id):
            raise Refused(409, _("This passkey is known already."))
        add_passkey(connection, made)
        note(connection, desk.company_id, desk.user.email, Act.MADE_PASSKEY, name, desk.now)

    await exchange_of(request).change(write)
    return done(request, PASSKEYS, _("The passkey “%s” lets you in from now on.") % name)


async def drop_passkey(request: Request, desk: Desk) -> Response:
    """It lets nobody in any more."""
    passkey_id = (await read_form(request)).one("passkey")

    def write(connection: Connection) -> str:
        name = remove_passkey(connection, desk.person, passkey_id)
        if name is None:
            raise HTTPException(404)
        note(connection, desk.company_id, desk.user.email, Act.REMOVED_PASSKEY, name, desk.now)
        return name

    name = await exchange_of(request).change(write)
    return done(request, PASSKEYS, _("The passkey “%s” lets nobody in any more.") % name)


async def ask_page(request: Request) -> Response:
    """Asks the browser for a passkey, whosever it is."""
    return _ask(request, own_path(request.query_params.get("next", "/")))


async def log_in_with(request: Request) -> Response:
    """Let in whose passkey answered: it is password and second step in one."""
    form, place, challenge = await read_form(request), _place(request), _taken(request, "ask")
    wanted, answer = own_path(form.one("next")), form.one("answer")
    if challenge is None:
        return _ask(request, wanted, _("That took too long. Try once more."))
    tries, key = tries_of(request), f"passkey {answer[:100]}"
    if not tries.allows(request, key):
        return _ask(request, wanted, _("Too many tries. Wait a minute."), 429)
    try:
        found = await _fitting(request, place, answer, challenge)
    except NotIt:
        return _ask(request, wanted, _("This passkey lets nobody in here. Log in with your password."), 401)
    tries.forgive(request, key)
    person, company_id = found
    if company_id is None and not wanted.startswith(JOIN):
        fault = _("You belong to no company any more. Ask somebody there for an invitation.")
        return _ask(request, wanted, fault, 403)
    await give_ticket(request, person, company_id or "")
    return RedirectResponse(wanted, 303)


async def _fitting(request: Request, place: Place, answer: str, challenge: Challenge) -> tuple[Person, str | None]:
    """Whose passkey it is, and a company of theirs. Raises NotIt."""
    exchange, credential_id = exchange_of(request), credential_named(answer)
    passkey = await exchange.read(lambda connection: passkey_by_credential(connection, credential_id))
    if passkey is None:
        raise NotIt("Nobody has this passkey.")
    known: Passkey = passkey
    count, now = counted(place, known, answer, challenge.content), exchange.clock()

    def write(connection: Connection) -> tuple[Person, str | None]:
        person = person_by_id(connection, known.company_id, known.person_id)
        if person is None or not use_passkey(connection, known, count, challenge.made_at, now):
            raise NotIt("It was removed, or the answer came twice.")
        return person, first_place(connection, person.email)

    return await exchange.change(write)


def _ask(request: Request, wanted: str, fault: str = "", status: int = 200) -> Response:
    place = place_of(exchange_of(request).settings.public_url)
    if place is None:
        return RedirectResponse(f"/login?{urlencode({'next': wanted})}", 303)
    options = asking_options(place, (), _new_challenge(request, "ask"))
    return page("login_passkey.html", status, None, options=options, wanted=wanted, fault=fault)


async def _show(request: Request, desk: Desk, status: int = 200, fault: str = "") -> Response:
    known = await exchange_of(request).read(lambda connection: passkeys_of(connection, desk.person))
    place = place_of(exchange_of(request).settings.public_url)
    return page("passkeys.html", status, None, desk=desk, passkeys=known, place=place, fault=fault)


def _place(request: Request) -> Place:
    """Raises HTTPException (404) where browsers make no passkeys."""
    place = place_of(exchange_of(request).settings.public_url)
    if place is None:
        raise HTTPException(404)
    return place


def _new_challenge(request: Request, purpose: str) -> bytes:
    exchange, content = exchange_of(request), secrets.token_bytes(CHALLENGE_BYTES)
    told = {"for": purpose, "challenge": bytes_to_base64url(content), "at": str(exchange.clock())}
    request.session[_KEPT] = exchange.vault.seal(told)
    return content


def _taken(request: Request, purpose: str) -> Challenge | None:
    """The challenge that this browser was given for this; it is taken once."""
    exchange = exchange_of(request)
    try:
        told = _CHALLENGE.validate_python(exchange.vault.unseal(request.session.pop(_KEPT, "")))
        challenge = Challenge(base64url_to_bytes(told["challenge"]), int(told["at"]))
    except (ValidationError, ValueError, KeyError):
        return None
    is_young = 0 <= exchange.clock() - challenge.made_at <= CHALLENGE_LASTS
    return challenge if is_young and told["for"] == purpose else None
