"""Leads, in the database."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    false,
    insert,
    or_,
    select,
    update,
)

from swapboard.clock import Millis
from swapboard.leads.beginning import mark, settle
from swapboard.leads.lead import Contact, ContactKind, KeyKind, Lead, LeadKey, begun_by, together, unite
from swapboard.leads.partings import drop_partings, hand_over, parted
from swapboard.leads.uncrediting import uncredit, uncredit_visitors
from swapboard.storage.bulk import BulkInsert, Known
from swapboard.storage.ids import new_id
from swapboard.storage.schema import (
    calls,
    lead_changes,
    lead_contacts,
    lead_keys,
    leads,
    shared_keys,
)

_COMPANY: BindParameter[str] = bindparam("of_company")
_BEGIN = insert(leads)
_DIGITS = 7
"""Of an id's random ones: as many as leave a column of 31 bits room to count."""
_CONTACTS = BulkInsert(lead_contacts, Known.REPLACED)
_KEYS = BulkInsert(lead_keys)
_LEADS = select(leads).where(leads.c.company_id == _COMPANY, leads.c.lead_id.in_(bindparam("ids", expanding=True)))
_LEAD_OF = select(lead_contacts.c.lead_id, lead_contacts.c.happened_at).where(
    lead_contacts.c.company_id == _COMPANY,
    lead_contacts.c.kind == bindparam("kind"),
    lead_contacts.c.contact_id == bindparam("contact"),
)


def _with_keys(table: Table, *columns: ColumnElement[str]) -> Select[Any]:
    """Rows with one of the kinds and one of the values: those with both of one key are among them."""
    return select(table.c.kind, table.c.value, *columns).where(
        table.c.company_id == _COMPANY,
        table.c.kind.in_(bindparam("kinds", expanding=True)),
        table.c.value.in_(bindparam("values", expanding=True)),
    )


_OWNERS = _with_keys(lead_keys, lead_keys.c.lead_id)
_SHARED = _with_keys(shared_keys)


def join(connection: Connection, company_id: str, contact: Contact, now: Millis) -> Lead:
    """Find whose contact this is, or begin a lead; the same contact again changes nothing.

    Leads that turn out to be one person become the oldest of them, unless a person parted them by hand. What
    several people share says of nobody who it is.
    """
    contact = replace(contact, keys=_telling(connection, company_id, contact.keys))
    owners = _owners(connection, company_id, contact.keys)
    before = _before(connection, company_id, contact.kind, contact.contact_id)
    known = _known(connection, company_id, [before.lead_id if before else None, *map(owners.get, contact.keys)])
    if len(known) > 1:
        known = together(known, parted(connection, company_id))
    if not known:
        lead = begun_by(contact, new_id(now))
        write_new(connection, company_id, lead)
    else:
        lead = unite(known, contact)
        if [lead] != known:
            become(connection, company_id, known, lead)
        uncredit(connection, company_id, [lead.lead_id])
    _keep_contact(connection, company_id, contact, lead)
    _keep_keys(connection, company_id, [key for key in contact.keys if key not in owners], lead)
    if not known:
        mark(connection, company_id, contact.kind, contact.contact_id, begins=True)
    elif len(known) > 1 or _may_begin(contact, known[0], before.happened_at if before else None):
        settle(connection, company_id, [lead.lead_id])
        return _lead(connection, company_id, lead.lead_id)
    return lead


def _may_begin(contact: Contact, lead: Lead, told_before: Millis | None) -> bool:
    """Whether the lead may begin with it now, or no longer: it is new and not later, or was moved in time."""
    if told_before is None:
        return contact.happened_at <= lead.created_at
    return contact.happened_at != told_before


def _lead(connection: Connection, company_id: str, lead_id: str) -> Lead:
    return lead_from(connection.execute(_LEADS, {"of_company": company_id, "ids": [lead_id]}).one())


def qualify(connection: Connection, company_id: str, lead_id: str, at: Millis | None) -> None:
    """Note when a person said that the lead is a good one; None takes it back."""
    connection.execute(update(leads).where(_is_lead(company_id, [lead_id])).values(qualified_at=at))


def forget(connection: Connection, company_id: str, keys: Collection[LeadKey], form_ids: Collection[str]) -> None:
    """Know people by these keys no more, nor that they sent these forms; a lead that was nothing else is gone.

    Calls stay whose they are: a caller is known by their number as before.
    """
    _drop_keys(connection, company_id, keys)
    of_form = and_(
        lead_contacts.c.company_id == company_id,
        lead_contacts.c.kind == ContactKind.FORM,
        lead_contacts.c.contact_id.in_(form_ids),
    )
    lost = set(
        connection.execute(delete(lead_contacts).where(of_form).returning(lead_contacts.c.lead_id)).scalars()
    )
    kept = select(lead_contacts.c.lead_id).where(lead_contacts.c.company_id == company_id)
    empty = lost - set(connection.execute(kept.where(lead_contacts.c.lead_id.in_(lost))).scalars())
    _remove(connection, company_id, empty)
    settle(connection, company_id, lost - empty)


def drop_contact(connection: Connection, company_id: str, kind: ContactKind, contact_id: str) -> None:
    """The call or form is nobody's; a lead that was nothing else is gone."""
    lead_id = lead_of(connection, company_id, kind, contact_id)
    if lead_id is None:
        return
    connection.execute(delete(lead_contacts).where(_is_contact(company_id, kind, contact_id)))
    mark(connection, company_id, kind, contact_id, begins=False)
    of_lead = lead_contacts.c.company_id == company_id, lead_contacts.c.lead_id == lead_id
    if connection.execute(select(lead_contacts.c.contact_id).where(*of_lead).limit(1)).first() is None:
        _remove(connection, company_id, {lead_id})
    else:
        settle(connection, company_id, [lead_id])


def _remove(connection: Connection, company_id: str, lead_ids: Collection[str]) -> None:
    uncredit(connection, company_id, lead_ids)
    connection.execute(
        delete(lead_keys).where(lead_keys.c.company_id == company_id, lead_keys.c.lead_id.in_(lead_ids))
    )
    drop_partings(connection, company_id, lead_ids)
    connection.execute(delete(leads).where(_is_lead(company_id, lead_ids)))


def _drop_keys(connection: Connection, company_id: str, keys: Collection[LeadKey]) -> None:
    phones = {key.value for key in keys if key.kind is KeyKind.PHONE}
    callers = select(calls.c.caller_number).where(
        calls.c.company_id == company_id, calls.c.caller_number.in_(phones)
    )
    called = set(connection.execute(callers).scalars())
    gone = [key for key in keys if key.kind is not KeyKind.PHONE or key.value not in called]
    uncredit_visitors(connection, company_id, {key.value for key in gone if key.kind is KeyKind.VISITOR})
    for table in (lead_keys, shared_keys):
        these = (and_(table.c.kind == key.kind, table.c.value == key.value) for key in gone)
        connection.execute(delete(table).where(table.c.company_id == company_id, or_(false(), *these)))


def lead_of(connection: Connection, company_id: str, kind: ContactKind, contact_id: str) -> str | None:
    """The id of the lead that a call or form belongs to, or None."""
    before = _before(connection, company_id, kind, contact_id)
    return before.lead_id if before else None


def _before(
    connection: Connection, company_id: str, kind: ContactKind, contact_id: str
) -> Row[str, Millis] | None:
    """Whose the contact is, and when it happened, as far as it was told before."""
    asked = {"of_company": company_id, "kind": kind, "contact": contact_id}
    return connection.execute(_LEAD_OF, asked).one_or_none()


def become(connection: Connection, company_id: str, known: Sequence[Lead], lead: Lead) -> None:
    """All these leads become the one."""
    _merge(connection, company_id, [each.lead_id for each in known if each.lead_id != lead.lead_id], lead)
    connection.execute(update(leads).where(_is_lead(company_id, [lead.lead_id])).values(values_of(lead)))


def drop_key(connection: Connection, company_id: str, lead_id: str, key: LeadKey) -> None:
    """The lead is no longer recognised by it."""
    uncredit(connection, company_id, [lead_id])
    connection.execute(
        delete(lead_keys).where(lead_keys.c.company_id == company_id, _is_key(key), lead_keys.c.lead_id == lead_id)
    )


def _known(connection: Connection, company_id: str, found: Sequence[str | None]) -> list[Lead]:
    """Every lead that the contact, or one of its keys, belongs to already; what tells most comes first."""
    ids = list(dict.fromkeys(lead_id for lead_id in found if lead_id))
    rows = connection.execute(_LEADS, {"of_company": company_id, "ids": ids}) if ids else ()
    return sorted((lead_from(row) for row in rows), key=lambda lead: ids.index(lead.lead_id))


def _owners(connection: Connection, company_id: str, keys: Sequence[LeadKey]) -> dict[LeadKey, str]:
    """Whose the keys are, as far as they are somebody's."""
    rows = connection.execute(_OWNERS, _asked(company_id, keys)) if keys else ()
    found = {LeadKey(KeyKind(row.kind), row.value): row.lead_id for row in rows}
    return {key: found[key] for key in keys if key in found}


def _asked(company_id: str, keys: Sequence[LeadKey]) -> dict[str, object]:
    return {"of_company": company_id, "kinds": [key.kind for key in keys], "values": [key.value for key in keys]}


def _telling(connection: Connection, company_id: str, keys: tuple[LeadKey, ...]) -> tuple[LeadKey, ...]:
    """The keys that are not shared by several people."""
    if not keys:
        return keys
    rows = connection.execute(_SHARED, _asked(company_id, keys))
    shared = {LeadKey(KeyKind(row.kind), row.value) for row in rows}
    return tuple(key for key in keys if key not in shared)


def lead_from(row: Row[*tuple[Any, ...]]) -> Lead:
    """The lead in a row of the table."""
    return Lead(row.lead_id, ContactKind(row.began_as), row.created_at, row.last_at, row.qualified_at)


def _merge(connection: Connection, company_id: str, others: Sequence[str], lead: Lead) -> None:
    if not others:
        return
    uncredit(connection, company_id, others)
    for table in (lead_keys, lead_contacts):
        moved = and_(table.c.company_id == company_id, table.c.lead_id.in_(others))
        connection.execute(update(table).where(moved).values(lead_id=lead.lead_id))
    hand_over(connection, company_id, others, lead.lead_id)
    # The trail goes on under the lead that lives on.
    trail = and_(lead_changes.c.company_id == company_id, lead_changes.c.lead_id.in_(others))
    connection.execute(update(lead_changes).where(trail).values(lead_id=lead.lead_id))
    connection.execute(delete(leads).where(_is_lead(company_id, others)))


def _keep_contact(connection: Connection, company_id: str, contact: Contact, lead: Lead) -> None:
    row = company_id, contact.kind.value, contact.contact_id, lead.lead_id, contact.happened_at
    _CONTACTS.run(connection, [row])


def _keep_keys(connection: Connection, company_id: str, keys: Sequence[LeadKey], lead: Lead) -> None:
    # One that somebody else was given meanwhile is refused, and all is done again.
    _KEYS.run(connection, [(company_id, key.kind.value, key.value, lead.lead_id) for key in keys])


def write_new(connection: Connection, company_id: str, lead: Lead) -> None:
    """The lead's row."""
    connection.execute(_BEGIN, new_row(company_id, lead))


def new_row(company_id: str, lead: Lead) -> dict[str, object]:
    """All its columns. Its changes are counted from a number of its own: see `tables/leads.py`."""
    own = {"lead_id": lead.lead_id, "credit_changes": int(lead.lead_id[-_DIGITS:], base=16)}
    return {"company_id": company_id, **own, **values_of(lead)}


def values_of(lead: Lead) -> dict[str, object]:
    """A lead's columns, apart from whose it is and its id."""
    return {
        "began_as": lead.began_as,
        "created_at": lead.created_at,
        "last_at": lead.last_at,
        "qualified_at": lead.qualified_at,
    }


def _is_lead(company_id: str, lead_ids: Collection[str]) -> ColumnElement[bool]:
    return and_(leads.c.company_id == company_id, leads.c.lead_id.in_(lead_ids))


def _is_key(key: LeadKey) -> ColumnElement[bool]:
    return and_(lead_keys.c.kind == key.kind, lead_keys.c.value == key.value)


def _is_contact(company_id: str, kind: ContactKind, contact_id: str) -> ColumnElement[bool]:
    return and_(
        lead_contacts.c.company_id == company_id,
        lead_contacts.c.kind == kind,
        lead_contacts.c.contact_id == contact_id,
    )
