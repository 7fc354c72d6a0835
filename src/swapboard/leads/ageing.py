"""Leads that have not got in touch for longer than a company keeps people."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from swapboard.clock import Millis
from swapboard.leads.lead import ContactKind, KeyKind
from swapboard.storage.schema import lead_contacts, lead_keys, leads


def forget_addresses(connection: Connection, company_id: str, contact_ids: Collection[str], until: Millis) -> None:
    """Know by no number and no e-mail address any more who made these calls, or sent these forms.

    A lead that got in touch since then is known as before; one that did not stays, and counts, without a name.
    """
    theirs = select(lead_contacts.c.lead_id).where(
        lead_contacts.c.company_id == company_id,
        lead_contacts.c.kind.in_(list(ContactKind)),
        lead_contacts.c.contact_id.in_(contact_ids),
    )
    silent = select(leads.c.lead_id).where(
        leads.c.company_id == company_id, leads.c.lead_id.in_(theirs), leads.c.last_at < until
    )
    told = lead_keys.c.kind.in_((KeyKind.PHONE, KeyKind.EMAIL)), lead_keys.c.lead_id.in_(silent)
    connection.execute(delete(lead_keys).where(lead_keys.c.company_id == company_id, *told))
