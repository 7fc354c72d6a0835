"""Leads as people look at them: the list, and one person's whole story."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from swapboard.clock import Millis
from swapboard.leads.lead import Contact, ContactKind, KeyKind, Lead, LeadKey
from swapboard.leads.store import lead_from
from swapboard.storage.paging import Key, Page, after, page_of
from swapboard.storage.schema import lead_contacts, lead_keys, leads


@dataclass(frozen=True, slots=True)
class LeadRecord:
    """A lead with what it is recognised by and how it got in touch, oldest first."""

    lead: Lead
    keys: tuple[LeadKey, ...]
    contacts: tuple[Contact, ...]

    def values(self, kind: KeyKind) -> tuple[str, ...]:
        """The numbers, addresses or visitor ids of the person."""
        return tuple(key.value for key in self.keys if key.kind is kind)

    def contact_ids(self, kind: ContactKind) -> tuple[str, ...]:
        """The ids of the person's calls or forms."""
        return tuple(contact.contact_id for contact in self.contacts if contact.kind is kind)


def list_leads(
    connection: Connection,
    company_id: str,
    limit: int = 50,
    cursor: str | None = None,
    only: Sequence[ColumnElement[bool]] = (),
) -> Page[LeadRecord]:
    """A page of the company's leads, the latest to get in touch first. Raises BadCursor."""
    query = select(leads).where(leads.c.company_id == company_id, *only)
    ordered = after(query, leads.c.last_at, leads.c.lead_id, limit, cursor, newest_first=True)
    rows = connection.execute(ordered).all()
    page = page_of(rows, limit, lambda row: Key(row.last_at, row.lead_id))
    return Page(_records(connection, company_id, [lead_from(row) for row in page.rows]), page.next_cursor)


def count_new(connection: Connection, company_id: str, from_at: Millis, until_at: Millis) -> int:
    """How many people got in touch for the first time in [from_at, until_at)."""
    began = leads.c.created_at >= from_at, leads.c.created_at < until_at
    query = select(func.count()).select_from(leads).where(leads.c.company_id == company_id, *began)
    return connection.execute(query).scalar_one()


def leads_by_id(connection: Connection, company_id: str, lead_ids: Sequence[str]) -> tuple[LeadRecord, ...]:
    """The leads among the ids."""
    query = select(leads).where(leads.c.company_id == company_id, leads.c.lead_id.in_(lead_ids))
    return _records(connection, company_id, [lead_from(row) for row in connection.execute(query)])


def lead_by_id(connection: Connection, company_id: str, lead_id: str) -> LeadRecord | None:
    """The lead with this id, or None."""
    return next(iter(leads_by_id(connection, company_id, [lead_id])), None)


def _records(connection: Connection, company_id: str, found: Sequence[Lead]) -> tuple[LeadRecord, ...]:
    ids = [lead.lead_id for lead in found]
    keys, contacts = _keys(connection, company_id, ids), _contacts(connection, company_id, ids)
    return tuple(
        LeadRecord(lead, tuple(keys.get(lead.lead_id, ())), tuple(contacts.get(lead.lead_id, ())))
        for lead in found
    )


def _keys(connection: Connection, company_id: str, ids: Sequence[str]) -> Mapping[str, list[LeadKey]]:
    found: dict[str, list[LeadKey]] = defaultdict(list)
    query = select(lead_keys).where(lead_keys.c.company_id == company_id, lead_keys.c.lead_id.in_(ids))
    for row in connection.execute(query.order_by(lead_keys.c.kind, lead_keys.c.value)):
        found[row.lead_id].append(LeadKey(KeyKind(row.kind), row.value))
    return found


def _contacts(connection: Connection, company_id: str, ids: Sequence[str]) -> Mapping[str, list[Contact]]:
    found: dict[str, list[Contact]] = defaultdict(list)
    query = (
        select(lead_contacts)
        .where(lead_contacts.c.company_id == company_id, lead_contacts.c.lead_id.in_(ids))
        .order_by(lead_contacts.c.happened_at, lead_contacts.c.contact_id)
    )
    for row in connection.execute(query):
        contact = Contact(ContactKind(row.kind), row.contact_id, row.happened_at, ())
        found[row.lead_id].append(contact)
    return found
