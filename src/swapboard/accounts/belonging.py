"""Somebody is asked into a company, becomes something else in it, or leaves: by whichever door it comes."""

from sqlalchemy import Connection

from swapboard.accounts.actor import Actor, is_still
from swapboard.accounts.audit import Act, note
from swapboard.accounts.company import Role, User
from swapboard.accounts.invitations import Invitation, invite, open_invitations, withdraw_all_by
from swapboard.accounts.membership import Objection, is_less, objection
from swapboard.accounts.people import remove_user, set_role, user_by_email, user_by_id, users_with
from swapboard.clock import Millis
from swapboard.storage.locks import hold_company

MOST_OPEN = 200
"""Invitations that are open at once."""


class Objected(ValueError):
    """Somebody stays what they are, and why."""

    def __init__(self, against: Objection) -> None:
        super().__init__(against.value)
        self.against = against


class CannotInvite(ValueError):
    """Somebody is in the company already, or there are too many invitations."""

    def __init__(self, *, is_full: bool) -> None:
        super().__init__("full" if is_full else "here")
        self.is_full = is_full


def ask_in(
    connection: Connection, company_id: str, email: str, role: Role, by: Actor, now: Millis
) -> tuple[Invitation, str]:
    """An invitation and the token of its link. Raises Objected, CannotInvite."""
    if against := objection(by.role, None, role, owners=1):
        raise Objected(against)
    _check_giver(connection, company_id, role, by)
    if user_by_email(connection, company_id, email):
        raise CannotInvite(is_full=False)
    if len(open_invitations(connection, company_id, now)) >= MOST_OPEN:
        raise CannotInvite(is_full=True)
    made = invite(connection, company_id, email, role, by.known_as, now, by.key_id)
    note(connection, company_id, by.known_as, Act.INVITED, f"{email}, {role.value}", now)
    return made


def turn(
    connection: Connection, company_id: str, user_id: str, role: Role | None, by: Actor, now: Millis
) -> User | None:
    """They are this from now on, or gone (None); who it is, or None where there is nobody. Raises Objected."""
    hold_company(connection, company_id)
    user = user_by_id(connection, company_id, user_id)
    if user is None:
        return None
    owners = len(users_with(connection, company_id, Role.OWNER))
    # Whoever leaves needs nobody's leave.
    is_leaving = user.user_id == by.user_id and role is None
    if against := objection(user.role if is_leaving else by.role, user.role, role, owners):
        raise Objected(against)
    if role is not None and role is not user.role and not is_less(user.role, role):
        _check_giver(connection, company_id, role, by)
    if is_less(user.role, role):
        withdraw_all_by(connection, company_id, user.email, now)
    if role is None:
        remove_user(connection, company_id, user_id)
        note(connection, company_id, by.known_as, Act.LEFT if is_leaving else Act.REMOVED, user.email, now)
    elif role is not user.role:
        set_role(connection, company_id, user_id, role)
        said = f"{user.email}, {user.role.value} → {role.value}"
        note(connection, company_id, by.known_as, Act.ROLE_CHANGED, said, now)
    return user


def _check_giver(connection: Connection, company_id: str, role: Role, by: Actor) -> None:
    """Nobody gives more than they have, nor while they are shut out themselves. Raises Objected."""
    if not by.may_all_of(role):
        raise Objected(Objection.BEYOND)
    if not is_still(connection, company_id, by):
        raise Objected(Objection.NO_LONGER)
