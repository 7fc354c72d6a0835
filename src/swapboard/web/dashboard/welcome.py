"""A new server: whoever can read its log makes the first person and their company, in the browser."""

import hmac

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.company import Role, User
from swapboard.accounts.opening import new_company
from swapboard.accounts.people import add_user, has_people, person_by_email
from swapboard.accounts.person import Person, is_email, plain_email
from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import add_company
from swapboard.storage.ids import new_id
from swapboard.storage.locks import hold_name
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.companies import ZONES, company_faults
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import exchange_of, give_ticket
from swapboard.web.dashboard.login import tries_of
from swapboard.web.dashboard.passwords import new_password, password_fault
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.start_steps import START
from swapboard.web.dashboard.translation import _
from swapboard.web.limits import address_of

WELCOME = "/welcome"
CODE_LENGTH = 20
LONGEST = 200


def welcome_routes() -> list[Route]:
    """The first page of a new server; it is gone as soon as somebody can log in."""
    return [
        Route(WELCOME, show_welcome, methods=["GET"]),
        Route(WELCOME, make_owner, methods=["POST"]),
    ]


def first_run_code(vault: Vault) -> str:
    """Shown in the server's log: it tells whoever runs the server from who only found its address."""
    return vault.signing_key("first run")[:CODE_LENGTH]


async def show_welcome(request: Request) -> Response:
    """The form of the first person, or what to look for in the log."""
    if await exchange_of(request).read(has_people):
        return RedirectResponse("/login", 303)
    typed = {"time_zone": "UTC", "country": "US", "code": request.query_params.get("code", "").strip()[:LONGEST]}
    faults = {} if not typed["code"] else _code_faults(request, typed["code"])
    return _page(typed, faults)


async def make_owner(request: Request) -> Response:
    """Make person and company, log them in, and go on to the assistant."""
    form = await read_form(request)
    names = ("code", "person", "email", "name", "time_zone", "country")
    typed = {name: form.one(name)[:LONGEST] for name in names}
    faults = _code_faults(request, typed["code"]) | company_faults(typed) | _person_faults(typed)
    if wrong := password_fault(form):
        faults["password"] = wrong
    if faults:
        return _page(typed, faults, 422)
    person, company_id = await _made(request, form, await new_password(form))
    await give_ticket(request, person, company_id)
    return RedirectResponse(START, 303)


async def _made(request: Request, form: Form, password_hash: str) -> tuple[Person, str]:
    """Raises Refused when somebody was quicker."""
    exchange = exchange_of(request)
    now = exchange.clock()
    company = new_company(form.one("name"), now, form.one("time_zone"), form.one("country").upper())
    email = plain_email(form.one("email"))
    owner = User(new_id(now), company.company_id, email, form.one("person"), Role.OWNER, now)

    def write(connection: Connection) -> Person:
        # Two browsers may send the form at once: the second is told.
        hold_name(connection, "the first person of a new server")
        if has_people(connection):
            raise Refused(409, _("Somebody set this server up a moment ago. Ask them for an invitation."))
        add_company(connection, company)
        add_user(connection, owner, password_hash)
        person = person_by_email(connection, email)
        assert person is not None
        note(connection, company.company_id, email, Act.JOINED, f"{email}, {Role.OWNER.value}", now)
        return person

    return await exchange.configure(company.company_id, write), company.company_id


def _page(typed: dict[str, str], faults: dict[str, str], status: int = 200) -> Response:
    known = {name: typed.get(name, "") for name in ("code", "person", "email", "name", "time_zone", "country")}
    is_asked = not known["code"] or "code" in faults
    return page("welcome.html", status, view={"typed": known, "faults": faults}, zones=ZONES, asks_code=is_asked)


def _code_faults(request: Request, code: str) -> dict[str, str]:
    # By address alone: nobody guesses the code, and a stranger who tries must not keep out who has it.
    tries, key = tries_of(request), f"{WELCOME} {address_of(request)}"
    if not tries.allows(request, key):
        return {"code": _("Too many tries. Wait a minute, then try again.")}
    if not hmac.compare_digest(code.encode(), first_run_code(exchange_of(request).vault).encode()):
        return {"code": _("This is not the code in the server's log.")}
    tries.forgive(request, key)
    return {}


def _person_faults(typed: dict[str, str]) -> dict[str, str]:
    faults = {}
    if not typed["person"]:
        faults["person"] = _("Write your name.")
    if not is_email(plain_email(typed["email"])):
        faults["email"] = _("Write your e-mail address, such as you@example.com.")
    return faults
