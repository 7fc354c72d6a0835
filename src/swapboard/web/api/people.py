"""`/api/v1/people` and `/api/v1/invitations`: who belongs to the company as what, and who is asked in."""

from collections.abc import Callable, Mapping
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import Connection
from starlette.responses import Response

from swapboard.accounts.audit import Act, note
from swapboard.accounts.belonging import CannotInvite, Objected, ask_in, turn
from swapboard.accounts.company import Role, User
from swapboard.accounts.invitations import Invitation, list_open_invitations, withdraw
from swapboard.accounts.membership import Objection
from swapboard.accounts.people import list_members, user_by_id
from swapboard.accounts.person import is_email, plain_email
from swapboard.accounts.rights import Resource
from swapboard.clock import iso
from swapboard.mail.outbox import forget_letters
from swapboard.reports.schedule_store import reach_no_more
from swapboard.web.api.desk import AtDesk, Desk, ToCreate
from swapboard.web.api.fields import Change, ListQuery, Message, Moment, PageDocument, found
from swapboard.web.api.problem import Problem, conflict, invalid, not_found
from swapboard.web.api.route import ApiRoute
from swapboard.web.invitation_links import about, link_of, write_letter

Done = TypeVar("Done")
Given = Literal["owner", "admin", "analyst", "agent", "read_only"]
router = APIRouter(prefix="/people", tags=[Resource.PEOPLE], route_class=ApiRoute)
invited = APIRouter(prefix="/invitations", tags=[Resource.PEOPLE], route_class=ApiRoute)


class PersonDocument(BaseModel):
    """Somebody who belongs to the company."""

    id: str
    company_id: str
    email: str
    name: str
    role: Role
    created_at: Moment = Field(description="When they joined.")


class RoleChange(Change):
    """What somebody is from now on."""

    role: Given = "read_only"


class NewInvitation(Message):
    """Whom to ask in."""

    email: Annotated[str, StringConstraints(max_length=254)] = Field(examples=["ada@example.com"])
    role: Given
    send_email: bool = Field(False, description="E-mail the link; takes a mail server (SWAPBOARD_SMTP_URL).")


class InvitationDocument(BaseModel):
    """An open invitation, without its link."""

    id: str
    company_id: str
    email: str
    role: Role
    invited_by: str
    invited_by_key_id: str | None = Field(description="The key that did it, if one did.")
    created_at: Moment
    ends_at: Moment


class NewInvitationDocument(InvitationDocument):
    """An invitation with its link, which is shown this once."""

    link: str = Field(description="To hand over; it works once.")


@router.get("", summary="List people")
async def list_(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[PersonDocument]:
    """Everybody in the company, the longest here first."""
    page = await desk.read(lambda connection: list_members(connection, desk.company_id, query.limit, query.cursor))
    return PageDocument(data=[_person(user) for user in page.rows], next_cursor=page.next_cursor)


@router.get("/{user_id}", summary="One person")
async def get(user_id: str, desk: AtDesk) -> PersonDocument:
    """The person with this id."""
    return _person(found(await desk.read(lambda each: user_by_id(each, desk.company_id, user_id)), "person"))


@router.patch("/{user_id}", summary="Change a role")
async def change(user_id: str, message: RoleChange, desk: AtDesk) -> PersonDocument:
    """Only an owner's key makes or changes owners; a company keeps one. A key gives nobody more than it has."""

    def write(connection: Connection) -> PersonDocument:
        if "role" in message.model_fields_set:
            _turn(connection, desk, user_id, Role(message.role))
        return _person(found(user_by_id(connection, desk.company_id, user_id), "person"))

    return await desk.change(write)


@router.delete("/{user_id}", status_code=204, summary="Remove somebody")
async def remove(user_id: str, desk: AtDesk) -> None:
    """They see nothing more of the company, and are sent no report; keys and shared links that they made go on
    until they are revoked."""
    await desk.change(lambda connection: _turn(connection, desk, user_id, None))


@invited.get("", summary="List open invitations", name="list")
async def list_invitations(query: Annotated[ListQuery, Query()], desk: AtDesk) -> PageDocument[InvitationDocument]:
    """Those that can be accepted, oldest first."""
    page = await desk.read(
        lambda connection: list_open_invitations(connection, desk.company_id, desk.now, query.limit, query.cursor)
    )
    return PageDocument(data=[_invitation(each) for each in page.rows], next_cursor=page.next_cursor)


@invited.post("", status_code=201, response_model=NewInvitationDocument, summary="Invite somebody", name="create")
async def invite(new: NewInvitation, desk: ToCreate) -> Response:
    """The answer's `link` works once, for seven days; another invitation of the same address ends it.

    A key asks in only for roles that may no more than it may itself, its scopes counted.
    """
    email, exchange = plain_email(new.email), desk.exchange
    if not is_email(email):
        raise invalid("email", "Write an e-mail address, like ada@example.com.")
    if new.send_email and not exchange.settings.smtp_url:
        raise invalid("send_email", "This server has no mail server: hand the link over yourself.")

    def write(connection: Connection) -> NewInvitationDocument:
        role = Role(new.role)
        made = _allowed(lambda: ask_in(connection, desk.company_id, email, role, desk.actor, desk.now))
        if new.send_email:
            said = role.value.replace("_", " ").capitalize()
            write_letter(connection, exchange, desk.company, made, said, desk.now)
        link = link_of(exchange, made[1])
        return NewInvitationDocument(**_invitation(made[0]).model_dump(), link=link)

    return await desk.create(write)


@invited.delete("/{invitation_id}", status_code=204, summary="Withdraw an invitation", name="remove")
async def take_back(invitation_id: str, desk: AtDesk) -> None:
    """Its link is worth nothing from now on."""

    def write(connection: Connection) -> None:
        email = withdraw(connection, desk.company_id, invitation_id, desk.now)
        if email is None:
            raise not_found("invitation")
        forget_letters(connection, desk.company_id, [about(invitation_id)])
        note(connection, desk.company_id, desk.caller.known_as, Act.WITHDREW, email, desk.now)

    await desk.change(write)


def _turn(connection: Connection, desk: Desk, user_id: str, role: Role | None) -> None:
    turned = _allowed(lambda: turn(connection, desk.company_id, user_id, role, desk.actor, desk.now))
    if turned is None:
        raise not_found("person")
    if role is None:
        reach_no_more(connection, desk.company_id, turned.email)


def _allowed(do: Callable[[], Done]) -> Done:
    """What it gives. Raises Problem (403, 409)."""
    try:
        return do()
    except Objected as error:
        if error.against is Objection.LAST_OWNER:
            raise conflict("last_owner", "This is the last owner. Make somebody else an owner first.") from None
        raise Problem(403, "forbidden", _WHY_NOT[error.against]) from None
    except CannotInvite as error:
        if error.is_full:
            raise conflict("too_many", "There are as many open invitations as there can be.") from None
        raise conflict("is_here", "Somebody with this address belongs to the company already.") from None


_WHY_NOT: Mapping[Objection, str] = {
    Objection.OWNERS_ONLY: "Only an owner's key may make, change or remove an owner.",
    Objection.BEYOND: "This key's scopes do not reach as far as that role; a key gives nobody more than it has.",
    Objection.NO_LONGER: "This key was revoked a moment ago.",
}


def _person(user: User) -> PersonDocument:
    return PersonDocument(
        id=user.user_id,
        company_id=user.company_id,
        email=user.email,
        name=user.name,
        role=user.role,
        created_at=iso(user.created_at),
    )


def _invitation(each: Invitation) -> InvitationDocument:
    return InvitationDocument(
        id=each.invitation_id,
        company_id=each.company_id,
        email=each.email,
        role=each.role,
        invited_by=each.invited_by,
        invited_by_key_id=each.invited_by_key_id,
        created_at=iso(each.created_at),
        ends_at=iso(each.ends_at),
    )
