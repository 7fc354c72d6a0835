"""Leads that a person joins or parts by hand, and the trail of it, in the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from swapboard.clock import Millis
from swapboard.leads.beginning import settle
from swapboard.leads.lead import Contact, ContactKind, Lead, LeadKey, part, united
from swapboard.leads.partings import keep_apart, let_join
from swapboard.leads.store import become, lead_from, write_new
from swapboard.leads.uncrediting import uncredit
from swapboard.storage.ids import new_id
from swapboard.storage.schema import lead_changes, lead_contacts, lead_keys, leads, shared_keys


class ChangeKind(StrEnum):
    """What a person did."""

    JOINED = "joined"
    PARTED = "parted"


@dataclass(frozen=True, slots=True)
class LeadChange:
    """One line of the trail: `other_id` became part of `lead_id`, or was taken out of it."""

    change_id: str
    lead_id: str
    other_id: str
    happened_at: Millis
    kind: ChangeKind
    actor: str
    detail: Mapping[str, Any]


def join_by_hand(
    connection: Connection,
    company_id: str,
    lead_ids: tuple[str, str],
    shared: Collection[LeadKey],
    actor: str,
    now: Millis,
) -> Lead:
    """The two are one person; if they had been parted, what they `shared` tells who it is again.

    Raises LookupError when they are not two leads of the company.
    """
    wanted = and_(leads.c.company_id == company_id, leads.c.lead_id.in_(lead_ids))
    known = [lead_from(row) for row in connection.execute(select(leads).where(wanted))]
    if len(known) != len(lead_ids):
        raise LookupError
    if let_join(connection, company_id, *lead_ids):
        _tell_again(connection, company_id, shared)
    lead = united(known)
    other_id = next(each.lead_id for each in known if each.lead_id != lead.lead_id)
    moved = select(lead_contacts.c.kind, lead_contacts.c.contact_id).where(
        lead_contacts.c.company_id == company_id, lead_contacts.c.lead_id == other_id
    )
    detail = {"contacts": [[row.kind, row.contact_id] for row in connection.execute(moved)]}
    become(connection, company_id, known, lead)
    settle(connection, company_id, [lead.lead_id])
    _note(
        connection,
        company_id,
        LeadChange(new_id(now), lead.lead_id, other_id, now, ChangeKind.JOINED, actor, detail),
    )
    return lead


def part_by_hand(
    connection: Connection,
    company_id: str,
    lead: Lead,
    contacts: Sequence[Contact],
    chosen: Collection[tuple[ContactKind, str]],
    actor: str,
    now: Millis,
) -> Lead:
    """The chosen contacts are another person's, who is a lead of their own from now on. Raises ValueError."""
    parting = part(lead, contacts, chosen, new_id(now))
    leaving = parting.leaving
    write_new(connection, company_id, leaving)
    become(connection, company_id, [parting.staying], parting.staying)
    _move(connection, company_id, chosen, parting.moved, lead.lead_id, leaving.lead_id)
    settle(connection, company_id, [lead.lead_id, leaving.lead_id])
    _share(connection, company_id, parting.shared, now)
    keep_apart(connection, company_id, lead.lead_id, leaving.lead_id)
    detail = {
        "contacts": [[kind, contact_id] for kind, contact_id in chosen],
        # Not what they are: the trail is kept when a person is forgotten.
        "shared": [key.kind for key in parting.shared],
    }
    change = LeadChange(new_id(now), lead.lead_id, leaving.lead_id, now, ChangeKind.PARTED, actor, detail)
    _note(connection, company_id, change)
    return leaving


def changes_of(connection: Connection, company_id: str, lead_id: str) -> list[LeadChange]:
    """What was joined to this lead, taken out of it, or what it was taken out of; oldest first."""
    query = (
        select(lead_changes)
        .where(
            lead_changes.c.company_id == company_id,
            or_(lead_changes.c.lead_id == lead_id, lead_changes.c.other_id == lead_id),
        )
        .order_by(lead_changes.c.change_id)
    )
    return [
        LeadChange(
            row.change_id, row.lead_id, row.other_id, row.happened_at, ChangeKind(row.kind), row.actor, row.detail
        )
        for row in connection.execute(query)
    ]


def owner_of(connection: Connection, company_id: str, key: LeadKey) -> str | None:
    """The lead that is recognised by it, or None."""
    query = select(lead_keys.c.lead_id).where(
        lead_keys.c.company_id == company_id, lead_keys.c.kind == key.kind, lead_keys.c.value == key.value
    )
    return connection.execute(query).scalar_one_or_none()


def _move(
    connection: Connection,
    company_id: str,
    chosen: Collection[tuple[ContactKind, str]],
    keys: Sequence[LeadKey],
    old_id: str,
    lead_id: str,
) -> None:
    for kind, contact_id in chosen:
        contact = and_(
            lead_contacts.c.company_id == company_id,
            lead_contacts.c.kind == kind,
            lead_contacts.c.contact_id == contact_id,
            # Another process may have moved it meanwhile.
            lead_contacts.c.lead_id == old_id,
        )
        connection.execute(update(lead_contacts).where(contact).values(lead_id=lead_id))
    for key in keys:
        own = and_(
            lead_keys.c.company_id == company_id, lead_keys.c.kind == key.kind, lead_keys.c.value == key.value
        )
        # It may be a third one's, who was parted from the lead before.
        uncredit(
            connection, company_id, connection.execute(select(lead_keys.c.lead_id).where(own)).scalars().all()
        )
        connection.execute(update(lead_keys).where(own).values(lead_id=lead_id))


def _share(connection: Connection, company_id: str, keys: Sequence[LeadKey], now: Millis) -> None:
    _tell_again(connection, company_id, keys)
    rows = [{"company_id": company_id, "kind": key.kind, "value": key.value, "happened_at": now} for key in keys]
    if rows:
        connection.execute(insert(shared_keys), rows)


def _tell_again(connection: Connection, company_id: str, keys: Collection[LeadKey]) -> None:
    for key in keys:
        this = and_(shared_keys.c.kind == key.kind, shared_keys.c.value == key.value)
        connection.execute(delete(shared_keys).where(shared_keys.c.company_id == company_id, this))


def _note(connection: Connection, company_id: str, change: LeadChange) -> None:
    connection.execute(
        insert(lead_changes).values(
            company_id=company_id,
            change_id=change.change_id,
            lead_id=change.lead_id,
            other_id=change.other_id,
            happened_at=change.happened_at,
            kind=change.kind,
            actor=change.actor,
            detail=dict(change.detail),
        )
    )
