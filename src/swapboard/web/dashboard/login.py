"""Logging in and out."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from swapboard.accounts.ceremony import place_of
from swapboard.accounts.log_ins import end
from swapboard.accounts.people import first_place, has_people, person_by_email
from swapboard.accounts.person import Person, plain_email
from swapboard.accounts.secrets import password_fits
from swapboard.switchboard.exchange import Exchange
from swapboard.web.bodies import Refused, read_body
from swapboard.web.dashboard.guard import (
    desk_of,
    end_ticket,
    exchange_of,
    give_ticket,
    own_path,
    person_of,
    proof_of,
)
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _
from swapboard.web.limits import RateLimit, address_of

JOIN = "/join/"
"""Where an invitation leads."""
HALF = "half_in"
"""Whoever gave the password, and owes the code of an app (`second_step`)."""
MAX_FORM_BYTES = 4 * 1024
TRIES_AT_ONCE = 10
TRIES_PER_ADDRESS_AT_ONCE = 30
TRIES_PER_SECOND = 1 / 60


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """An e-mail address and a password that are no secret."""

    email: str
    password: str = field(repr=False)


class LoginTries:
    """How often somebody may try to log in: by e-mail address, and by where it comes from."""

    def __init__(self) -> None:
        self._by_email = RateLimit(TRIES_PER_SECOND, TRIES_AT_ONCE)
        self._by_address = RateLimit(TRIES_PER_SECOND, TRIES_PER_ADDRESS_AT_ONCE)

    def allows(self, request: Request, email: str) -> bool:
        """Count a try."""
        return self.allows_from(request) and self._by_email.allows(email, exchange_of(request).clock())

    def allows_from(self, request: Request) -> bool:
        """Count a try of somebody who does not say yet who they are."""
        return self._by_address.allows(address_of(request), exchange_of(request).clock())

    def forgive(self, request: Request, email: str) -> None:
        """A try that succeeded does not count."""
        self.forgive_from(request)
        self._by_email.give_back(email)

    def forgive_from(self, request: Request, tries: int = 1) -> None:
        """The same, of somebody who did not say at first who they are."""
        for _each in range(tries):
            self._by_address.give_back(address_of(request))


async def show_login(request: Request) -> Response:
    """The form; whoever is logged in already goes on, and on a new server one begins."""
    wanted = own_path(request.query_params.get("next", "/"))
    if await desk_of(request):
        return RedirectResponse(wanted, 303)
    if not await exchange_of(request).read(has_people):
        return RedirectResponse("/welcome", 303)
    return login_page(request, wanted)


async def log_in(request: Request) -> Response:
    """Check e-mail and password; on success go where the visitor wanted to."""
    form = await _form(request)
    email, wanted = plain_email(form.get("email", "")), own_path(form.get("next", "/"))
    tries = tries_of(request)
    if not tries.allows(request, email):
        return too_many_tries(request, wanted, email)
    found = await _fitting(request, email, form.get("password", ""))
    if found is None:
        error = _("That e-mail and password do not fit together. Check both and try again.")
        return login_page(request, wanted, 401, email=email, error=error)
    tries.forgive(request, email)
    person, company_id = found
    if company_id is None and not wanted.startswith(JOIN):
        error = _("You belong to no company any more. Ask somebody there for an invitation.")
        return login_page(request, wanted, 403, email=email, error=error)
    return await enter(request, person, company_id or "", wanted)


async def enter(request: Request, person: Person, company_id: str, wanted: str) -> Response:
    """Let in who has shown who they are; whoever has a second step owes the code of it yet."""
    if person.totp:
        before = dict(request.session)
        await exchange_of(request).change(lambda connection: end_ticket(connection, before))
        request.session.clear()
        request.session[HALF] = _half(exchange_of(request), person, wanted)
        return RedirectResponse("/login/code", 303)
    await give_ticket(request, person, company_id)
    return RedirectResponse(wanted, 303)


async def log_out(request: Request) -> Response:
    """Forget who was logged in; a copy of the cookie is worth nothing afterwards."""
    log_in_id = str(request.session.get("log_in", ""))
    if person := await person_of(request):
        await exchange_of(request).change(lambda connection: end(connection, person, log_in_id))
    request.session.clear()
    return RedirectResponse("/login", 303)


def login_page(
    request: Request,
    wanted: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
    email: str = "",
    error: str | None = None,
) -> Response:
    opened: OpenLogin | None = request.app.state.open_login
    has_mail = bool(exchange_of(request).settings.smtp_url)
    told = {"email": email, "wanted": wanted, "error": error, "opened": opened, "has_mail": has_mail}
    settings = exchange_of(request).settings
    sso = (settings.oidc_name or _("single sign-on")) if settings.oidc_issuer else ""
    return page("login.html", status, headers, has_passkeys=has_passkeys(exchange_of(request)), sso=sso, **told)


def too_many_tries(request: Request, wanted: str, email: str = "") -> Response:
    """The form, which may be sent again in a minute."""
    error = _("Too many tries. Wait a minute, then try again.")
    return login_page(request, wanted, 429, {"Retry-After": "60"}, email=email, error=error)


def has_passkeys(exchange: Exchange) -> bool:
    """Whether browsers make any for this server."""
    return place_of(exchange.settings.public_url) is not None


def _half(exchange: Exchange, person: Person, wanted: str) -> str:
    proof, now = proof_of(exchange, person), str(exchange.clock())
    told = {"home": person.company_id, "person": person.person_id, "proof": proof, "at": now, "wanted": wanted}
    return exchange.vault.seal(told)


def tries_of(request: Request) -> LoginTries:
    """How often passwords were tried on this server."""
    tries: LoginTries = request.app.state.login_tries
    return tries


async def wrong_password(request: Request, person: Person, password: str) -> tuple[int, str] | None:
    """What to answer whoever is logged in and is asked for their password once more; None when it is right.

    Who comes in by single sign-on only has none to be asked for.
    """
    if person.password_hash is None:
        return None
    tries = tries_of(request)
    if not tries.allows(request, person.email):
        return 429, _("Too many tries. Wait a minute.")
    if not await asyncio.to_thread(password_fits, password, person.password_hash):
        return 422, _("That is not your current password.")
    tries.forgive(request, person.email)
    return None


async def _form(request: Request) -> dict[str, str]:
    body = await read_body(request, MAX_FORM_BYTES)
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=10, errors="strict", keep_blank_values=True)
    except ValueError:
        raise Refused(400, _("The form could not be read. Load the page again and try once more.")) from None
    if any("\0" in value for values in fields.values() for value in values):
        raise Refused(400, _("The form must not contain a NUL character."))
    return {name: values[0] for name, values in fields.items()}


async def _fitting(request: Request, email: str, password: str) -> tuple[Person, str | None] | None:
    """The person whom e-mail and password fit, and a company of theirs; who is unknown takes as long to refuse."""

    def look(connection: Connection) -> tuple[Person | None, str | None]:
        person = person_by_email(connection, email)
        return person, first_place(connection, person.email) if person else None

    person, company_id = await exchange_of(request).read(look)
    fits = await asyncio.to_thread(password_fits, password, person.password_hash if person else None)
    return (person, company_id) if fits and person else None
