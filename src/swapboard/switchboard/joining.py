"""A call or a form is given to whoever it is of, who may turn out to be somebody that we knew twice."""

from sqlalchemy import Connection

from swapboard.clock import Millis
from swapboard.leads import store
from swapboard.leads.lead import Contact, Lead
from swapboard.switchboard.converting import convert_forms


def join(connection: Connection, company_id: str, contact: Contact, now: Millis) -> Lead:
    """The lead that the contact is of (`leads/store.py`); what it makes of forms that came before is told."""
    lead = store.join(connection, company_id, contact, now)
    if lead.qualified_at is not None:
        # They may have been another lead's a moment ago, who was no good one.
        convert_forms(connection, company_id, lead.lead_id, now)
    return lead
