"""The second step of a log-in: set up with a QR code, asked for after the password, and taken away again."""

from collections.abc import Sequence
from dataclasses import replace
from hmac import compare_digest
from io import BytesIO

import segno
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.people import first_place, person_by_id, set_second_factor, use_recovery, use_step
from swapboard.accounts.person import Person
from swapboard.accounts.second_factor import app_address, new_recovery_codes, new_secret, step_of, without
from swapboard.clock import HOUR, MINUTE, Millis
from swapboard.switchboard.exchange import Exchange
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, give_ticket, own_path, proof_of, signed_in
from swapboard.web.dashboard.login import HALF, has_passkeys, tries_of, wrong_password
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _

SETTING_UP = "second_step"
SETTING_UP_LASTS: Millis = HOUR
HALF_LASTS: Millis = 10 * MINUTE
_TOLD = TypeAdapter(dict[str, str])


def second_step_routes() -> list[Route]:
    """Every address of the second step."""
    return [
        Route("/me/second-step", signed_in(set_up_page), methods=["GET"]),
        Route("/me/second-step", signed_in(switch_on), methods=["POST"]),
        Route("/me/second-step/code.svg", signed_in(qr_code)),
        Route("/me/second-step/off", signed_in(switch_off), methods=["POST"]),
        Route("/login/code", code_page, methods=["GET"]),
        Route("/login/code", check_code, methods=["POST"]),
    ]


async def set_up_page(request: Request, desk: Desk) -> Response:
    """A secret for the app, as a QR code and to type; it counts once a code of it was typed here."""
    if desk.person.totp:
        return RedirectResponse("/me", 303)
    # A telephone may load the page anew on the way back from the app, which has read the code by then.
    secret = _setting_up(request, desk.now)
    if not secret:
        secret = new_secret()
        told = {"secret": secret, "at": str(desk.now)}
        request.session[SETTING_UP] = exchange_of(request).vault.seal(told)
    return page("second_step.html", desk=desk, secret=secret, fault="")


async def qr_code(request: Request, desk: Desk) -> Response:
    """The secret that is being set up, for the app's camera."""
    secret = _setting_up(request, desk.now)
    if not secret:
        raise HTTPException(404)
    drawn = BytesIO()
    address = app_address(secret, desk.person.email)
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=4, light="white", xmldecl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


async def switch_on(request: Request, desk: Desk) -> Response:
    """Ask for the second step from now on; it takes the password, and shows the recovery codes this once."""
    form, exchange, secret = await read_form(request), exchange_of(request), _setting_up(request, desk.now)
    if not secret or desk.person.totp:
        return RedirectResponse("/me/second-step", 303)
    if wrong := await wrong_password(request, desk.person, form.raw("now")):
        return page("second_step.html", wrong[0], desk=desk, secret=secret, fault=wrong[1])
    step = step_of(secret, form.one("code"), desk.now)
    if step is None:
        fault = _("That code does not fit. Wait for the next one, and see whether the telephone's clock is right.")
        return page("second_step.html", 422, desk=desk, secret=secret, fault=fault)
    codes, hashes = new_recovery_codes()
    sealed = exchange.vault.seal({"secret": secret})

    def write(connection: Connection) -> None:
        _set(connection, desk.person, sealed, step, hashes)
        note(connection, desk.company_id, desk.user.email, Act.SECOND_STEP_ON, desk.user.email, desk.now)

    await exchange.change(write)
    await give_ticket(request, replace(desk.person, totp=sealed), desk.company_id)
    return page("recovery_codes.html", desk=desk, codes=codes)


async def switch_off(request: Request, desk: Desk) -> Response:
    """Ask for the password only from now on; it takes the password."""
    form = await read_form(request)
    if wrong := await wrong_password(request, desk.person, form.raw("now")):
        return page("me.html", wrong[0], desk=desk, is_saved=False, fault=wrong[1])

    def write(connection: Connection) -> None:
        _set(connection, desk.person, None, None, ())
        note(connection, desk.company_id, desk.user.email, Act.SECOND_STEP_OFF, desk.user.email, desk.now)

    await exchange_of(request).change(write)
    await give_ticket(request, replace(desk.person, totp=None), desk.company_id)
    return RedirectResponse("/me", 303)


async def code_page(request: Request) -> Response:
    """Asks whoever knew the password for the app's code."""
    half = await _half_in(request)
    return _code_page(request, half[1]) if half else RedirectResponse("/login", 303)


async def check_code(request: Request) -> Response:
    """A code of the app, or one of recovery: each lets in once."""
    half = await _half_in(request)
    if half is None:
        return RedirectResponse("/login", 303)
    person, wanted = half
    tries, key = tries_of(request), f"code {person.person_id}"
    if not tries.allows(request, key):
        return _code_page(request, wanted, _("Too many tries. Wait a minute."), 429, {"Retry-After": "60"})
    code = (await read_form(request)).one("code")
    secret = _secret(exchange_of(request), person)
    company_id = await _fits(exchange_of(request), person, secret, code)
    if company_id is None:
        unfit = _("That code does not fit, or was used. Wait for the app's next one.")
        return _code_page(request, wanted, unfit if secret else _sealed_elsewhere(), 401)
    tries.forgive(request, key)
    await give_ticket(request, person, company_id)
    return RedirectResponse(wanted, 303)


def _code_page(
    request: Request, wanted: str, fault: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    offered = has_passkeys(exchange_of(request))
    return page("login_code.html", status, headers, fault=fault, wanted=wanted, has_passkeys=offered)


def _secret(exchange: Exchange, person: Person) -> str | None:
    """The app's secret; None when another `secret.key` sealed it."""
    try:
        return exchange.vault.unseal(person.totp or "")["secret"]
    except ValueError:
        return None


def _sealed_elsewhere() -> str:
    return _(
        "No app's code can be checked: this server's secret.key is not the one of before. Type a recovery code. "
        "Or whoever runs the server puts that file back into its data folder, or runs: swapboard user password, "
        "with --drop-second-step."
    )


async def _fits(exchange: Exchange, person: Person, secret: str | None, code: str) -> str | None:
    """The company to look at (empty: none), when the code is right and was not used; else None."""
    now = exchange.clock()
    step, left = step_of(secret, code, now) if secret else None, without(person.recovery, code)

    def write(connection: Connection) -> str | None:
        is_right = (step is not None and use_step(connection, person, step)) or (
            left is not None and use_recovery(connection, person, left)
        )
        return (first_place(connection, person.email) or "") if is_right else None

    return await exchange.change(write)


async def _half_in(request: Request) -> tuple[Person, str] | None:
    """Whoever gave the password in this browser a moment ago, and where they wanted to."""
    exchange = exchange_of(request)
    try:
        told = _TOLD.validate_python(exchange.vault.unseal(request.session.get(HALF, "")))
        if not 0 <= exchange.clock() - int(told["at"]) <= HALF_LASTS:
            return None
    except (ValidationError, ValueError, KeyError):
        return None
    person = await exchange.read(lambda connection: person_by_id(connection, told["home"], told["person"]))
    if person is None or not person.totp or not compare_digest(proof_of(exchange, person), told["proof"]):
        return None
    return person, own_path(told["wanted"])


def _set(
    connection: Connection, person: Person, totp: str | None, step: int | None, recovery: Sequence[str]
) -> None:
    """Raises Refused when another browser was quicker."""
    if not set_second_factor(connection, person, totp, step, recovery):
        raise Refused(409, _("Your log-in was changed meanwhile. Open this page again."))


def _setting_up(request: Request, now: Millis) -> str:
    """The secret that this browser was shown within the hour; else empty."""
    try:
        told = _TOLD.validate_python(exchange_of(request).vault.unseal(request.session.get(SETTING_UP, "")))
        return told["secret"] if 0 <= now - int(told["at"]) <= SETTING_UP_LASTS else ""
    except (ValidationError, ValueError, KeyError):
        return ""
