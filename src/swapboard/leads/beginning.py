"""Which call or form each lead began with, written where reports count it: at the call or the form itself.

It is the contact that happened first, of two at once the one with the smaller id. Whoever gives a lead contacts,
or takes some away, settles it in the same transaction. That lead and calls always agree is checked, and mended,
by `swapboard recount`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Row,
    Subquery,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from swapboard.leads.lead import ContactKind
from swapboard.leads.uncrediting import uncredit
from swapboard.storage.schema import calls, forms, lead_contacts, leads

_TABLES: Mapping[ContactKind, tuple[Table, ColumnElement[str]]] = {
    ContactKind.CALL: (calls, calls.c.call_id),
    ContactKind.FORM: (forms, forms.c.form_id),
}
_BEGINS = bindparam("begins", type_=Boolean)
_MARK = {
    kind: update(table)
    .where(
        table.c.company_id == bindparam("of_company"), key == bindparam("contact"), table.c.begins_lead != _BEGINS
    )
    .values(begins_lead=_BEGINS)
    for kind, (table, key) in _TABLES.items()
}
_AT_ONCE = 500


def mark(connection: Connection, company_id: str, kind: ContactKind, contact_id: str, *, begins: bool) -> None:
    """Write at a call or form whether somebody's story begins with it."""
    connection.execute(_MARK[kind], {"of_company": company_id, "contact": contact_id, "begins": begins})


def settle(connection: Connection, company_id: str, lead_ids: Iterable[str]) -> None:
    """Work out anew when and how each lead began and was last in touch, from the contacts that it has."""
    # In the same order by everybody, and before the contacts are read: nobody else adds one meanwhile.
    mine = leads.c.company_id == company_id, leads.c.lead_id.in_(sorted(set(lead_ids)))
    known = connection.execute(select(leads).where(*mine).order_by(leads.c.lead_id).with_for_update()).all()
    uncredit(connection, company_id, [lead.lead_id for lead in known])
    for lead in known:
        _settle(connection, company_id, lead)


def _settle(connection: Connection, company_id: str, lead: Row[*tuple[Any, ...]]) -> None:
    mine = lead_contacts.c.company_id == company_id, lead_contacts.c.lead_id == lead.lead_id
    columns = lead_contacts.c.kind, lead_contacts.c.contact_id, lead_contacts.c.happened_at
    order = lead_contacts.c.happened_at, lead_contacts.c.contact_id
    first = connection.execute(select(*columns).where(*mine).order_by(*order).limit(1)).one_or_none()
    if first is None:
        return
    last_at = connection.execute(select(func.max(lead_contacts.c.happened_at)).where(*mine)).scalar_one()
    values = {"began_as": first.kind, "created_at": first.happened_at, "last_at": last_at}
    if any(getattr(lead, name) != value for name, value in values.items()):
        is_lead = leads.c.company_id == company_id, leads.c.lead_id == lead.lead_id
        connection.execute(update(leads).where(*is_lead).values(values))
    for kind, (table, key) in _TABLES.items():
        theirs = select(lead_contacts.c.contact_id).where(*mine, lead_contacts.c.kind == kind)
        marked = table.c.company_id == company_id, key.in_(theirs), table.c.begins_lead
        connection.execute(update(table).where(*marked, key != first.contact_id).values(begins_lead=False))
    mark(connection, company_id, ContactKind(first.kind), first.contact_id, begins=True)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What does not agree: leads, and marked calls and forms of nobody (kind and id)."""

    lead_ids: Sequence[str]
    contacts: Sequence[tuple[ContactKind, str]]

    def __len__(self) -> int:
        return len(self.lead_ids) + len(self.contacts)


def unsettled(connection: Connection, company_id: str) -> Unsettled:
    """Go through all leads, calls and forms of the company."""
    first = _firsts(company_id)
    differs = or_(first.c.happened_at != leads.c.created_at, first.c.kind != leads.c.began_as)
    same = and_(leads.c.company_id == company_id, leads.c.lead_id == first.c.lead_id)
    found = set(connection.execute(select(leads.c.lead_id).join_from(leads, first, same).where(differs)).scalars())
    strays: list[tuple[ContactKind, str]] = []
    for kind in _TABLES:
        for contact_id, lead_id in _wrongly_marked(connection, company_id, kind, first):
            if lead_id is None:
                strays.append((kind, contact_id))
            else:
                found.add(lead_id)
    return Unsettled(sorted(found), strays)


def resettle(connection: Connection, company_id: str, found: Unsettled) -> None:
    """Mend what was found; what changed since is looked at as it is now."""
    for first in range(0, len(found.lead_ids), _AT_ONCE):
        settle(connection, company_id, found.lead_ids[first : first + _AT_ONCE])
    for kind, contact_id in found.contacts:
        owner = select(lead_contacts.c.lead_id).where(
            lead_contacts.c.company_id == company_id,
            lead_contacts.c.kind == kind,
            lead_contacts.c.contact_id == contact_id,
        )
        if connection.execute(owner).first() is None:
            mark(connection, company_id, kind, contact_id, begins=False)


def _firsts(company_id: str) -> Subquery:
    """The first contact of each lead."""
    order = lead_contacts.c.happened_at, lead_contacts.c.contact_id
    place = func.row_number().over(partition_by=lead_contacts.c.lead_id, order_by=order).label("place")
    placed = select(lead_contacts, place).where(lead_contacts.c.company_id == company_id).subquery("placed")
    return select(placed).where(placed.c.place == 1).subquery("firsts")


def _wrongly_marked(
    connection: Connection, company_id: str, kind: ContactKind, first: Subquery
) -> Sequence[tuple[str, str | None]]:
    """Each with its lead, if it has one."""
    table, key = _TABLES[kind]
    contact = and_(
        lead_contacts.c.company_id == table.c.company_id,
        lead_contacts.c.kind == kind,
        lead_contacts.c.contact_id == key,
    )
    is_first = and_(first.c.kind == kind, first.c.contact_id == key)
    source = table.outerjoin(lead_contacts, contact).outerjoin(first, is_first)
    query = (
        select(key, lead_contacts.c.lead_id)
        .select_from(source)
        .where(table.c.company_id == company_id, table.c.begins_lead != first.c.contact_id.is_not(None))
    )
    return [(row[0], row.lead_id) for row in connection.execute(query)]
