"""The company's people: who belongs to it as what, who is invited, and how one leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.accounts.audit import Act, note
from swapboard.accounts.belonging import CannotInvite, Objected, ask_in
from swapboard.accounts.company import Role, User
from swapboard.accounts.invitations import (
    Invitation,
    open_invitations,
    withdraw,
)
from swapboard.accounts.membership import GIVEN, objection
from swapboard.accounts.people import members_of
from swapboard.accounts.person import is_email, plain_email
from swapboard.language import LANGUAGES, current, speaking
from swapboard.mail.outbox import forget_letters
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.leaving import OBJECTIONS, PEOPLE, leaving_routes, turn_member
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.role_words import ROLE, ROLE_HELP
from swapboard.web.dashboard.translation import _
from swapboard.web.invitation_links import about, link_of, write_letter


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everything the page shows."""

    members: Sequence[User]
    invited: Sequence[Invitation]
    may_give: Sequence[Role]
    has_mail: bool
    made: tuple[Invitation, str, bool] | None = None
    """An invitation just now, its link, and whether that was e-mailed."""
    fault: str = ""
    email: str = ""


def member_routes() -> list[Route]:
    """Every address of the company's people."""
    return [
        Route(PEOPLE, signed_in(people_page)),
        Route(f"{PEOPLE}/invite", signed_in(invite_somebody), methods=["POST"]),
        Route(f"{PEOPLE}/withdraw", signed_in(withdraw_invitation), methods=["POST"]),
        Route(f"{PEOPLE}/{{user_id}}/role", signed_in(change_role), methods=["POST"]),
        *leaving_routes(),
    ]


async def people_page(request: Request, desk: Desk) -> Response:
    """Who belongs to the company, and who is invited."""
    return await _show(request, desk)


async def invite_somebody(request: Request, desk: Desk) -> Response:
    """Make an invitation; its link is shown once, and e-mailed where that is wanted and can be."""
    form, exchange = await read_form(request), exchange_of(request)
    email, role = plain_email(form.one("email")), _role(form)
    if not is_email(email):
        return await _show(request, desk, fault=_("Write an e-mail address, like ada@example.com."), email=email)
    by_mail = form.one("mail") == "yes" and bool(exchange.settings.smtp_url)
    language = form.one("language") or current()

    def write(connection: Connection) -> tuple[Invitation, str]:
        made = ask_in(connection, desk.company_id, email, role, desk.actor, desk.now)
        if by_mail:
            with speaking(language):
                write_letter(connection, exchange, desk.company, made, ROLE[role], desk.now)
        return made

    try:
        made, token = await exchange.change(write)
    except Objected as error:
        raise Refused(403, OBJECTIONS[error.against]) from None
    except CannotInvite as error:
        full = _("There are as many open invitations as there can be. Withdraw some first.")
        fault = full if error.is_full else _("%s belongs to this company already.") % email
        return await _show(request, desk, fault=fault, email=email)
    return await _show(request, desk, made=(made, link_of(exchange, token), by_mail))


async def withdraw_invitation(request: Request, desk: Desk) -> Response:
    """Take an invitation back: its link is worth nothing from now on."""
    invitation_id = (await read_form(request)).one("invitation")

    def write(connection: Connection) -> None:
        email = withdraw(connection, desk.company_id, invitation_id, desk.now)
        if email is None:
            raise HTTPException(404)
        forget_letters(connection, desk.company_id, [about(invitation_id)])
        note(connection, desk.company_id, desk.user.email, Act.WITHDREW, email, desk.now)

    await exchange_of(request).change(write)
    return RedirectResponse(PEOPLE, 303)


async def change_role(request: Request, desk: Desk) -> Response:
    """Give somebody another role."""
    user_id, role = request.path_params["user_id"], _role(await read_form(request))
    await exchange_of(request).change(lambda connection: turn_member(connection, desk, user_id, role))
    return RedirectResponse(PEOPLE, 303)


async def _show(
    request: Request,
    desk: Desk,
    made: tuple[Invitation, str, bool] | None = None,
    fault: str = "",
    email: str = "",
) -> Response:
    exchange = exchange_of(request)
    may_give = [role for role in GIVEN if objection(desk.user.role, None, role, owners=1) is None]

    def read(connection: Connection) -> PeopleView:
        invited = open_invitations(connection, desk.company_id, desk.now)
        members = members_of(connection, desk.company_id)
        return PeopleView(members, invited, may_give, bool(exchange.settings.smtp_url), made, fault, email)

    view = await exchange.read(read)
    return page(
        "people.html", 422 if fault else 200, desk=desk, view=view, ROLE_HELP=ROLE_HELP, LANGUAGES=LANGUAGES
    )


def _role(form: Form) -> Role:
    role = form.one("role")
    if role not in set(GIVEN):
        raise Refused(422, _("Choose a role of the list."))
    return Role(role)
