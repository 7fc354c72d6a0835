"""Past calls are credited anew: the leads of their callers follow."""

from collections.abc import Sequence

from sqlalchemy import Connection

from swapboard.attribution.recompute import Recredit, apply
from swapboard.clock import Millis
from swapboard.leads.lead import ContactKind, KeyKind, LeadKey
from swapboard.leads.listing import lead_by_id
from swapboard.leads.store import drop_key, lead_of
from swapboard.switchboard.announcing import announce_credit
from swapboard.switchboard.converting import convert
from swapboard.switchboard.joining import join
from swapboard.switchboard.joining_by_hand import contacts_of


def recredit(
    connection: Connection, company_id: str, version: int, changes: Sequence[Recredit], actor: str, now: Millis
) -> int:
    """Apply what a review showed; tells how many calls are credited differently now."""
    applied = apply(connection, company_id, version, changes, actor, now)
    for each in applied:
        _follow(connection, company_id, each, now)
        announce_credit(connection, company_id, each.call_id, each.was, each.became, now)
    return len(applied)


def _follow(connection: Connection, company_id: str, change: Recredit, now: Millis) -> None:
    """The caller is who the call is credited to now, and no longer who it was credited to before."""
    lead_id = lead_of(connection, company_id, ContactKind.CALL, change.call_id)
    record = lead_by_id(connection, company_id, lead_id) if lead_id else None
    if record is None:
        return
    contacts = contacts_of(connection, company_id, record)
    told = {key for contact in contacts for key in contact.keys}
    for visitor_id in record.values(KeyKind.VISITOR):
        key = LeadKey(KeyKind.VISITOR, visitor_id)
        if key not in told:
            drop_key(connection, company_id, record.lead.lead_id, key)
    # It may have told of nobody before, and of a visitor now.
    this = next(each for each in contacts if (each.kind, each.contact_id) == (ContactKind.CALL, change.call_id))
    join(connection, company_id, this, now)
    convert(connection, company_id, ContactKind.CALL, change.call_id, now)
