"""Invitations to a company: a link that makes whoever it is for a member, once, for a while."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from swapboard.accounts.company import Role
from swapboard.accounts.secrets import hash_api_key, same
from swapboard.clock import DAY, Millis
from swapboard.language import _
from swapboard.letter import Letter, Link, letter_of
from swapboard.storage.ids import new_id
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import invitations

LASTS: Millis = 7 * DAY


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who is invited as what; the secret in its link is not kept."""

    company_id: str
    invitation_id: str
    email: str
    role: Role
    secret_hash: str
    invited_by: str
    """The e-mail address of whoever did it."""
    created_at: Millis
    used_at: Millis | None = None
    withdrawn_at: Millis | None = None
    invited_by_key_id: str | None = None
    """The key that did it, with which it ends."""

    @property
    def ends_at(self) -> Millis:
        return self.created_at + LASTS

    def is_open(self, now: Millis) -> bool:
        """Whether it can be accepted."""
        return self.used_at is None and self.withdrawn_at is None and now < self.ends_at


def invite(
    connection: Connection,
    company_id: str,
    email: str,
    role: Role,
    invited_by: str,
    now: Millis,
    key_id: str | None = None,
) -> tuple[Invitation, str]:
    """A new invitation and the token of its link; an open one for the same address is withdrawn.

    `key_id` is the key's that invites, if one does.
    """
    old = invitations.c.company_id == company_id, invitations.c.email == email, invitations.c.used_at.is_(None)
    open_ones = update(invitations).where(*old, invitations.c.withdrawn_at.is_(None))
    connection.execute(open_ones.values(withdrawn_at=now))
    secret, invitation_id = secrets.token_urlsafe(24), new_id(now)
    secret_hash = hash_api_key(secret)
    made = Invitation(
        company_id, invitation_id, email, role, secret_hash, invited_by, now, invited_by_key_id=key_id
    )
    connection.execute(
        insert(invitations).values(
            company_id=company_id,
            invitation_id=invitation_id,
            email=email,
            role=role,
            secret_hash=secret_hash,
            invited_by=invited_by,
            created_at=now,
            invited_by_key_id=key_id,
        )
    )
    return made, f"{company_id}.{invitation_id}.{secret}"


def invitation_by_token(connection: Connection, token: str, now: Millis) -> Invitation | None:
    """The open invitation that the link is for, or None, whatever the reason."""
    company_id, invitation_id, secret = (*token.split(".", 2), "", "", "")[:3]
    is_it = invitations.c.company_id == company_id, invitations.c.invitation_id == invitation_id
    row = connection.execute(select(invitations).where(*is_it)).one_or_none()
    found = _invitation(row) if row else None
    fits = same(hash_api_key(secret), found.secret_hash if found else hash_api_key(""))
    return found if found and fits and found.is_open(now) else None


def use_invitation(connection: Connection, invitation: Invitation, now: Millis) -> bool:
    """Accept it; False when somebody was quicker, or it was withdrawn meanwhile."""
    is_it = (
        invitations.c.company_id == invitation.company_id,
        invitations.c.invitation_id == invitation.invitation_id,
    )
    still = invitations.c.used_at.is_(None), invitations.c.withdrawn_at.is_(None)
    return connection.execute(update(invitations).where(*is_it, *still).values(used_at=now)).rowcount == 1


def withdraw(connection: Connection, company_id: str, invitation_id: str, now: Millis) -> str | None:
    """Take it back; whose it was, or None when it is none of the company's open ones."""
    is_it = invitations.c.company_id == company_id, invitations.c.invitation_id == invitation_id
    still = invitations.c.used_at.is_(None), invitations.c.withdrawn_at.is_(None)
    taken = update(invitations).where(*is_it, *still).values(withdrawn_at=now)
    email: str | None = connection.scalar(taken.returning(invitations.c.email))
    return email


def withdraw_all_by(connection: Connection, company_id: str, invited_by: str, now: Millis) -> None:
    """Take back every open one that this person made: they may not keep a way in, or up, for later."""
    theirs = invitations.c.company_id == company_id, invitations.c.invited_by == invited_by
    still = invitations.c.used_at.is_(None), invitations.c.withdrawn_at.is_(None)
    connection.execute(update(invitations).where(*theirs, *still).values(withdrawn_at=now))


def withdraw_all_of_key(connection: Connection, key_id: str, now: Millis) -> None:
    """The same, of a key, which may invite to each company of its account."""
    still = invitations.c.used_at.is_(None), invitations.c.withdrawn_at.is_(None)
    taken = update(invitations).where(invitations.c.invited_by_key_id == key_id, *still).values(withdrawn_at=now)
    connection.execute(taken.execution_options(across_companies="a key is another company's where it invites"))


def open_invitations(connection: Connection, company_id: str, now: Millis) -> Sequence[Invitation]:
    """Those that can be accepted, newest first."""
    query = select(invitations).where(
        invitations.c.company_id == company_id,
        invitations.c.used_at.is_(None),
        invitations.c.withdrawn_at.is_(None),
        invitations.c.created_at > now - LASTS,
    )
    return [_invitation(row) for row in connection.execute(query.order_by(invitations.c.invitation_id.desc()))]


def list_open_invitations(
    connection: Connection, company_id: str, now: Millis, limit: int, cursor: str | None = None
) -> Page[Invitation]:
    """A page of those that can be accepted, oldest first. Raises BadCursor."""
    query = select(invitations).where(
        invitations.c.company_id == company_id,
        invitations.c.used_at.is_(None),
        invitations.c.withdrawn_at.is_(None),
        invitations.c.created_at > now - LASTS,
    )
    ordered = after(query, invitations.c.created_at, invitations.c.invitation_id, limit, cursor)
    found = [_invitation(row) for row in connection.execute(ordered)]
    return page_of(found, limit, lambda each: Key(each.created_at, each.invitation_id))


def open_invitations_for(connection: Connection, email: str, now: Millis) -> Sequence[Invitation]:
    """Those to this address, of all companies, oldest first: for who has shown that it is theirs."""
    still = invitations.c.used_at.is_(None), invitations.c.withdrawn_at.is_(None)
    query = select(invitations).where(invitations.c.email == email, *still, invitations.c.created_at > now - LASTS)
    ordered = query.order_by(invitations.c.invitation_id)
    everywhere = ordered.execution_options(across_companies="who logs in says no company")
    return [_invitation(row) for row in connection.execute(everywhere)]


def invitation_letter(company: str, by: str, role: str, link: str) -> Letter:
    """The e-mail to who is invited."""
    rows = [
        (_("Invited by"), by),
        (_("As"), role),
        (_("How long"), _("The link works once, within 7 days. If you did not expect it, do nothing.")),
    ]
    see = Link(link, _("See the invitation"), _("See the invitation"))
    return letter_of(_("You are invited to %(company)s") % {"company": company}, rows, see)


def _invitation(row: Row[*tuple[Any, ...]]) -> Invitation:
    said = row._asdict()
    return Invitation(**{**said, "role": Role(row.role)})
