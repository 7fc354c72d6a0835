"""One's own password: another one, and a link by e-mail for who forgot it."""

import asyncio
from hmac import compare_digest

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.people import first_place, person_by_email, person_by_id, set_language, set_password
from swapboard.accounts.person import Person, plain_email
from swapboard.accounts.secrets import MIN_PASSWORD_LENGTH, hash_password, too_short
from swapboard.clock import HOUR, Millis
from swapboard.language import LANGUAGES, current, speaking
from swapboard.letter import Letter, Link, letter_of
from swapboard.mail.outbox import forget_letters, put_out
from swapboard.switchboard.exchange import Exchange
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, give_ticket, proof_of, signed_in
from swapboard.web.dashboard.login import wrong_password
from swapboard.web.dashboard.rendering import message, page
from swapboard.web.dashboard.translation import _
from swapboard.web.limits import RateLimit, address_of

LINK_LASTS: Millis = HOUR
LETTERS_AT_ONCE = 3
LETTERS_PER_SECOND = 3 / 3600
ASKED_PER_ADDRESS_AT_ONCE = 20


class LetterTries:
    """How often a link may be asked for: by e-mail address, and by where it comes from."""

    def __init__(self) -> None:
        self._by_email = RateLimit(LETTERS_PER_SECOND, LETTERS_AT_ONCE)
        self._by_address = RateLimit(LETTERS_PER_SECOND, ASKED_PER_ADDRESS_AT_ONCE)

    def allows(self, address: str, email: str, now: Millis) -> bool:
        """Count one."""
        return self._by_address.allows(address, now) and self._by_email.allows(email, now)


def password_routes() -> list[Route]:
    """Every address of passwords."""
    return [
        Route("/me", signed_in(own_page)),
        Route("/me/password", signed_in(change_password), methods=["POST"]),
        Route("/me/language", signed_in(change_language), methods=["POST"]),
        Route("/forgotten", forgotten_page, methods=["GET"]),
        Route("/forgotten", send_link, methods=["POST"]),
        Route("/forgotten/{token}", reset_page, methods=["GET"]),
        Route("/forgotten/{token}", reset, methods=["POST"]),
    ]


async def own_page(request: Request, desk: Desk) -> Response:
    """One's own log-in."""
    return page("me.html", desk=desk, is_saved=request.query_params.get("saved") == "yes", fault="")


async def change_password(request: Request, desk: Desk) -> Response:
    """Another password; every other browser is logged out by it."""
    form = await read_form(request)
    if wrong := await wrong_password(request, desk.person, form.raw("now")):
        return page("me.html", wrong[0], desk=desk, is_saved=False, fault=wrong[1])
    try:
        password_hash = await new_password(form)
    except ValueError as error:
        return page("me.html", 422, desk=desk, is_saved=False, fault=_(str(error)))
    await give_ticket(request, await _set(request, desk.person, password_hash), desk.company_id)
    return RedirectResponse("/me?saved=yes", 303)


async def change_language(request: Request, desk: Desk) -> Response:
    """What they read the dashboard in; nothing leaves it to the browser."""
    language = (await read_form(request)).one("language")
    if language and language not in LANGUAGES:
        raise Refused(422, _("Choose one of the languages of the list."))
    person = desk.person
    await exchange_of(request).change(lambda connection: set_language(connection, person, language or None))
    return RedirectResponse("/me#language", 303)


async def forgotten_page(request: Request) -> Response:
    """Where one asks for a link."""
    return page("forgotten.html", has_mail=_has_mail(request), is_sent=False)


async def send_link(request: Request) -> Response:
    """E-mail a link, if somebody has this address; the answer is the same, and as quick, for everybody."""
    email, exchange = plain_email((await read_form(request)).one("email")), exchange_of(request)
    tries: LetterTries = request.app.state.letter_tries
    answer = page("forgotten.html", has_mail=_has_mail(request), is_sent=_has_mail(request))
    if _has_mail(request) and tries.allows(address_of(request), email, exchange.clock()):
        answer.background = BackgroundTask(_write_letter, exchange, email)
    return answer


async def reset_page(request: Request) -> Response:
    """The form that the link leads to."""
    person = await _person_of(request)
    return page("reset.html", person=person, fault="") if person else _over()


async def reset(request: Request) -> Response:
    """Set the password; the link is worth nothing afterwards, because it was made for the one before."""
    person = await _person_of(request)
    if person is None:
        return _over()
    try:
        password_hash = await new_password(await read_form(request))
    except ValueError as error:
        return page("reset.html", 422, person=person, fault=_(str(error)))
    await _set(request, person, password_hash, is_mailed=True)
    request.session.clear()
    done = _("Log in with it now. Every browser that was logged in before is logged out.")
    return message(200, _("You have another password"), done)


async def new_password(form: Form) -> str:
    """The hash of a password that was typed twice. Raises ValueError, which says what is wrong."""
    if wrong := password_fault(form):
        raise ValueError(wrong)
    return await asyncio.to_thread(hash_password, form.raw("password"))


def password_fault(form: Form) -> str | None:
    """What is wrong with a password that was typed twice, before its hash takes any time."""
    password = form.raw("password")
    if len(password) < MIN_PASSWORD_LENGTH:
        return too_short()
    return None if password == form.raw("again") else _("The two passwords are not the same.")


async def _set(request: Request, person: Person, password_hash: str, *, is_mailed: bool = False) -> Person:
    """The person with the password. Raises Refused when another was set meanwhile."""
    exchange = exchange_of(request)
    now = exchange.clock()

    def write(connection: Connection) -> Person:
        if not set_password(connection, person, password_hash, verified_at=now if is_mailed else None):
            raise Refused(409, _("The password was changed meanwhile. Begin again."))
        company_id = first_place(connection, person.email)
        forget_letters(connection, person.company_id, [_about(person)])
        if company_id:
            note(connection, company_id, person.email, Act.CHANGED_PASSWORD, person.email, now)
        changed = person_by_id(connection, person.company_id, person.person_id)
        assert changed is not None
        return changed

    return await exchange.change(write)


async def _write_letter(exchange: Exchange, email: str) -> None:
    now = exchange.clock()

    def write(connection: Connection) -> None:
        person = person_by_email(connection, email)
        if person is None or first_place(connection, email) is None:
            return
        link = f"{exchange.settings.public_url}/forgotten/{_token(exchange, person, now)}"
        # Who never chose reads what their browser speaks: mostly it is they who ask.
        with speaking(person.language or current()):
            letter = _letter(link)
        about = _about(person)
        forget_letters(connection, person.company_id, [about])
        put_out(connection, person.company_id, about, [email], letter, now, vault=exchange.vault)

    await exchange.change(write)


def _letter(link: str) -> Letter:
    rows = [(_("How long"), _("The link works once, within an hour. If you did not ask for it, do nothing."))]
    return letter_of(_("A new password for Swapboard"), rows, Link(link, _("Choose it"), _("Choose it")))


async def _person_of(request: Request) -> Person | None:
    """Whom the link is for; None for one that ran out, was used, or is none of ours."""
    exchange = exchange_of(request)
    now = exchange.clock()
    try:
        told = _sealer(exchange).loads(request.path_params["token"])
    except BadSignature:
        return None
    if not 0 <= now - told["at"] <= LINK_LASTS:
        return None
    person = await exchange.read(lambda connection: person_by_id(connection, told["home"], told["person"]))
    return person if person and compare_digest(proof_of(exchange, person), told["proof"]) else None


def _token(exchange: Exchange, person: Person, now: Millis) -> str:
    told = {
        "home": person.company_id,
        "person": person.person_id,
        "proof": proof_of(exchange, person),
        "at": now,
    }
    return _sealer(exchange).dumps(told)


def _sealer(exchange: Exchange) -> URLSafeSerializer:
    return URLSafeSerializer(exchange.vault.signing_key("forgotten password"))


def _has_mail(request: Request) -> bool:
    return bool(exchange_of(request).settings.smtp_url)


def _about(person: Person) -> str:
    return f"password {person.person_id}"


def _over() -> Response:
    advice = _("It was used, or is older than an hour. Ask for another one at the log-in.")
    return message(410, _("This link is over"), advice)
