"""A person judges a call: the call keeps it, and the caller becomes a qualified lead or is one no longer."""

from sqlalchemy import Connection

from swapboard.calls.verdicts import Verdict, is_any_qualified, verdict_of, write_verdict
from swapboard.clock import Millis
from swapboard.conversions.event import Event
from swapboard.leads.lead import ContactKind
from swapboard.leads.listing import lead_by_id
from swapboard.leads.store import lead_of, qualify
from swapboard.switchboard.announcing import announce
from swapboard.switchboard.converting import convert


def judge(connection: Connection, company_id: str, call_id: str, verdict: Verdict, now: Millis) -> bool:
    """Keep the verdict; False when there is no such call. The lead stays qualified since it first was."""
    before = verdict_of(connection, company_id, call_id)
    if not write_verdict(connection, company_id, call_id, verdict):
        return False
    lead_id = lead_of(connection, company_id, ContactKind.CALL, call_id)
    record = lead_by_id(connection, company_id, lead_id) if lead_id else None
    if record:
        is_good = is_any_qualified(connection, company_id, record.contact_ids(ContactKind.CALL))
        since = (record.lead.qualified_at or now) if is_good else None
        qualify(connection, company_id, record.lead.lead_id, since)
    convert(connection, company_id, ContactKind.CALL, call_id, now)
    announce(connection, company_id, call_id, [Event.CHANGED] if verdict != before else (), now)
    return True
