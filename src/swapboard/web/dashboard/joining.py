"""Accepting an invitation: as somebody new, with a name and a password, or as who one is already."""

import hmac
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.company import Company, User
from swapboard.accounts.invitations import Invitation, invitation_by_token, use_invitation
from swapboard.accounts.people import add_user, note_verified, person_by_email, user_by_email
from swapboard.accounts.person import Person
from swapboard.accounts.store import company_by_id
from swapboard.clock import Millis
from swapboard.storage.ids import new_id
from swapboard.storage.locks import hold_name
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import read_form
from swapboard.web.dashboard.guard import exchange_of, give_ticket, person_of
from swapboard.web.dashboard.passwords import new_password
from swapboard.web.dashboard.rendering import message, page
from swapboard.web.dashboard.translation import _
from swapboard.web.invitation_links import mail_proof


@dataclass(frozen=True, slots=True)
class Joining:
    """An open invitation, and who looks at it."""

    token: str
    mail: str
    """The proof of the link that was e-mailed, as it came."""
    invitation: Invitation
    company: Company
    is_known: bool
    """Whether the person can log in already."""
    looks: Person | None

    @property
    def address(self) -> str:
        """Of this very page, to come back to from the log-in."""
        return f"/join/{self.token}" + (f"?mail={self.mail}" if self.mail.isalnum() else "")

    @property
    def is_them(self) -> bool:
        """Whether the person is who is logged in."""
        return self.looks is not None and self.looks.email == self.invitation.email


def joining_routes() -> list[Route]:
    """Where an invitation's link leads; open to whoever has it."""
    return [
        Route("/join/{token}", join_page, methods=["GET"]),
        Route("/join/{token}", join, methods=["POST"]),
    ]


async def join_page(request: Request) -> Response:
    """What one is invited to, and how to accept."""
    joining = await _joining(request, request.query_params.get("mail", ""))
    return page("join.html", joining=joining) if joining else _over()


async def join(request: Request) -> Response:
    """Accept: the invitation is used up by it."""
    form = await read_form(request)
    joining = await _joining(request, form.one("mail"))
    if joining is None:
        return _over()
    if joining.is_known and not joining.is_them:
        return page("join.html", 409, joining=joining)
    try:
        password_hash = None if joining.is_known else await new_password(form)
    except ValueError as error:
        return page("join.html", 422, joining=joining, fault=_(str(error)), name=form.one("name")[:200])
    person = await _accept(request, joining, form.one("name")[:200], password_hash)
    await give_ticket(request, person, joining.company.company_id)
    return RedirectResponse("/", 303)


async def _accept(request: Request, joining: Joining, name: str, password_hash: str | None) -> Person:
    """The person, who belongs to the company now. Raises Refused when somebody was quicker."""
    exchange, invitation = exchange_of(request), joining.invitation
    now, company_id = exchange.clock(), invitation.company_id
    is_mailed = hmac.compare_digest(mail_proof(exchange, joining.token).encode(), joining.mail.encode())

    def write(connection: Connection) -> Person:
        if not use_invitation(connection, invitation, now):
            raise Refused(410, _over_words())
        # They may be joining another company at another process at this moment.
        hold_name(connection, invitation.email)
        if (person_by_email(connection, invitation.email) is not None) != joining.is_known:
            raise Refused(409, _("Something changed meanwhile. Open the link once more."))
        if user_by_email(connection, company_id, invitation.email) is None:
            user = _user(invitation, name, now)
            add_user(connection, user, password_hash, is_verified=is_mailed)
            said = f"{user.email}, {user.role.value}"
            note(connection, company_id, user.email, Act.JOINED, said, now)
        person = person_by_email(connection, invitation.email)
        assert person is not None
        if is_mailed:
            # They are logged in as this person, and read the mailbox.
            note_verified(connection, person, now)
        return person

    return await exchange.change(write)


async def _joining(request: Request, mail: str) -> Joining | None:
    exchange, token = exchange_of(request), request.path_params["token"]
    looks = await person_of(request)

    def look(connection: Connection) -> Joining | None:
        invitation = invitation_by_token(connection, token, exchange.clock())
        company = company_by_id(connection, invitation.company_id) if invitation else None
        if invitation is None or company is None:
            return None
        known = person_by_email(connection, invitation.email) is not None
        return Joining(token, mail, invitation, company, known, looks)

    return await exchange.read(look)


def _user(invitation: Invitation, name: str, now: Millis) -> User:
    shown = name or invitation.email
    return User(new_id(now), invitation.company_id, invitation.email, shown, invitation.role, now)


def _over() -> Response:
    return message(410, _("This invitation is over"), _over_words())


def _over_words() -> str:
    return _("It was used, withdrawn, or is older than seven days. Ask whoever invited you for another one.")
