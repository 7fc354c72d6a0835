"""Who comes in by single sign-on, and as what: bound to a person, joined as settings or an invitation say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from swapboard.accounts.actor import Actor
from swapboard.accounts.audit import Act, note
from swapboard.accounts.belonging import Objected, turn
from swapboard.accounts.company import Role, User
from swapboard.accounts.id_token import Identity, NotLetIn, values_of
from swapboard.accounts.invitations import open_invitations_for, use_invitation
from swapboard.accounts.membership import GIVEN
from swapboard.accounts.people import (
    add_user,
    bind_subject,
    first_place,
    person_by_email,
    person_by_subject,
    user_by_email,
)
from swapboard.accounts.person import Person
from swapboard.accounts.store import company_ids_called
from swapboard.clock import Millis
from swapboard.language import _
from swapboard.settings import Settings
from swapboard.storage.ids import new_id
from swapboard.storage.locks import hold_name

KNOWN_AS = "single sign-on"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom the settings let in."""

    domains: Sequence[str]
    company: str
    join: Role | None
    roles_claim: str
    roles: Mapping[str, Role]

    def role_of(self, identity: Identity) -> Role | None:
        """What somebody becomes in the company; None: nothing by themselves. Raises NotLetIn."""
        domain = identity.email.rpartition("@")[2]
        if self.domains and domain not in self.domains:
            raise NotLetIn(_("Addresses of %(domain)s may not log in here so.") % {"domain": domain})
        if not self.roles:
            return self.join
        given = {self.roles[each] for each in values_of(identity.claims, self.roles_claim) if each in self.roles}
        if not given:
            raise NotLetIn(_("Your groups there give you no role here. Ask whoever runs this server."))
        return min(given, key=GIVEN.index)


def policy_of(settings: Settings) -> Policy:
    """What the settings say."""
    join = Role(settings.oidc_join) if settings.oidc_join else None
    roles = {value: Role(role) for value, role in settings.oidc_roles}
    return Policy(settings.oidc_domains, settings.oidc_company, join, settings.oidc_roles_claim, roles)


def admit(connection: Connection, policy: Policy, identity: Identity, now: Millis) -> Person:
    """The person whom the provider names, who has a place here. Raises NotLetIn."""
    role = policy.role_of(identity)
    # Another browser of theirs may be coming in at another process at this moment.
    hold_name(connection, identity.email)
    person = _bound(connection, identity, now)
    email = person.email if person else identity.email
    if role is not None:
        _join(connection, _company_id(connection, policy.company), email, identity.name, role, policy, now)
    if first_place(connection, email) is None:
        _accept_invitations(connection, email, identity.name, now)
    if first_place(connection, email) is None:
        raise NotLetIn(
            _("%(email)s belongs to no company here. Ask somebody there for an invitation.") % {"email": email}
        )
    # Whoever is new is bound now that there is somebody to bind.
    found = person or _bound(connection, identity, now)
    assert found is not None
    return found


def _bound(connection: Connection, identity: Identity, now: Millis) -> Person | None:
    """Who they are here; by their address the first time. Raises NotLetIn when that is somebody else's there."""
    known = person_by_subject(connection, identity.subject)
    if known:
        return known
    person = person_by_email(connection, identity.email)
    if person is None:
        return None
    if not bind_subject(connection, person, identity.subject, now):
        raise NotLetIn(
            _(
                "%(email)s was another account's there before. Whoever runs this server says that it is "
                "yours now: swapboard user password, with --drop-single-sign-on."
            )
            % {"email": identity.email}
        )
    return person_by_email(connection, identity.email)


def _company_id(connection: Connection, name: str) -> str:
    found = company_ids_called(connection, name)
    if len(found) != 1:
        none = _("There is no company “%(name)s” here: SWAPBOARD_OIDC_COMPANY is set wrong.")
        many = _("There is more than one company “%(name)s” here: SWAPBOARD_OIDC_COMPANY is set wrong.")
        raise NotLetIn((many if found else none) % {"name": name})
    return found[0]


def _join(
    connection: Connection, company_id: str, email: str, name: str, role: Role, policy: Policy, now: Millis
) -> None:
    user = user_by_email(connection, company_id, email)
    if user is None:
        _add(connection, company_id, email, name, role, now)
    elif policy.roles and user.role is not role:
        by = Actor(KNOWN_AS, Role.OWNER)
        try:
            turn(connection, company_id, user.user_id, role, by, now)
        except Objected:
            # The last owner stays one, whatever the provider says: a company keeps an owner.
            return


def _accept_invitations(connection: Connection, email: str, name: str, now: Millis) -> None:
    for invitation in open_invitations_for(connection, email, now):
        if use_invitation(connection, invitation, now):
            _add(connection, invitation.company_id, email, name, invitation.role, now)


def _add(connection: Connection, company_id: str, email: str, name: str, role: Role, now: Millis) -> None:
    add_user(connection, User(new_id(now), company_id, email, name, role, now), None)
    note(connection, company_id, email, Act.JOINED, f"{email}, {role.value}, {KNOWN_AS}", now)
