"""Throws away what is filed of the credits of leads which are no longer what they were.

Until a lead's credits are filed anew (`switchboard/lead_filing.py`), reports work them out from what they are
made of, so they are right at every moment. Whoever changes when a lead began, its first contact or the visitors it
is known by, whom that call is credited to, or a visit (also by adding an older one than leads are credited for),
says so here in the same transaction.
"""

from collections.abc import Collection

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, select, update

from swapboard.leads.lead import ContactKind, KeyKind
from swapboard.storage.schema import (
    call_candidates,
    calls,
    lead_contacts,
    lead_credits,
    lead_keys,
    leads,
    sessions,
)

_AT_ONCE = 500
_COMPANY: BindParameter[str] = bindparam("of_company")
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_CHANGE = (
    update(leads)
    .where(leads.c.company_id == _COMPANY, leads.c.lead_id.in_(_IDS))
    .values(credited_days=0, credit_changes=leads.c.credit_changes + 1)
)
_DROP = delete(lead_credits).where(lead_credits.c.company_id == _COMPANY, lead_credits.c.lead_id.in_(_IDS))
_LEAD_OF_CALL = select(lead_contacts.c.lead_id).where(
    lead_contacts.c.company_id == _COMPANY,
    lead_contacts.c.kind == ContactKind.CALL,
    lead_contacts.c.contact_id == bindparam("of_call"),
)


def uncredit(connection: Connection, company_id: str, lead_ids: Collection[str]) -> None:
    """Throw away the credits of these leads."""
    ids = sorted(lead_ids)
    for first in range(0, len(ids), _AT_ONCE):
        some = {"of_company": company_id, "ids": ids[first : first + _AT_ONCE]}
        # First, for it waits for whoever files one of them at this moment.
        connection.execute(_CHANGE, some)
        connection.execute(_DROP, some)


def uncredit_call(connection: Connection, company_id: str, call_id: str) -> None:
    """Throw away the credits of the lead that the call is of."""
    found = connection.execute(_LEAD_OF_CALL, {"of_company": company_id, "of_call": call_id})
    uncredit(connection, company_id, list(found.scalars()))


def uncredit_visits(connection: Connection, company_id: str, session_ids: Collection[str]) -> None:
    """Throw away the credits of all leads that these visits may have earned."""
    ids = sorted(session_ids)
    for first in range(0, len(ids), _AT_ONCE):
        some = ids[first : first + _AT_ONCE]
        earned = select(lead_credits.c.lead_id).where(
            lead_credits.c.company_id == company_id, lead_credits.c.session_id.in_(some)
        )
        whose = select(sessions.c.visitor_id).where(
            sessions.c.company_id == company_id, sessions.c.session_id.in_(some)
        )
        found = set(connection.execute(earned).scalars())
        # And whose credits are worked out at this moment, so that none of theirs are filed yet.
        found |= _visitors_leads(connection, company_id, set(connection.execute(whose).scalars()))
        uncredit(connection, company_id, found)


def uncredit_visitors(connection: Connection, company_id: str, visitor_ids: Collection[str]) -> None:
    """Throw away the credits of all leads that these visitors may be."""
    if visitor_ids:
        uncredit(connection, company_id, _visitors_leads(connection, company_id, visitor_ids))


def _visitors_leads(connection: Connection, company_id: str, visitor_ids: Collection[str]) -> set[str]:
    """Those known by these visitors, and those whose calls these visitors made or may have made."""
    known = select(lead_keys.c.lead_id).where(
        lead_keys.c.company_id == company_id,
        lead_keys.c.kind == KeyKind.VISITOR,
        lead_keys.c.value.in_(visitor_ids),
    )
    theirs = select(sessions.c.session_id).where(
        sessions.c.company_id == company_id, sessions.c.visitor_id.in_(visitor_ids)
    )
    made = select(calls.c.call_id).where(calls.c.company_id == company_id, calls.c.session_id.in_(theirs))
    may_have_made = select(call_candidates.c.call_id).where(
        call_candidates.c.company_id == company_id, call_candidates.c.session_id.in_(theirs)
    )
    found = set(connection.execute(known).scalars())
    return found | _callers(connection, company_id, made) | _callers(connection, company_id, may_have_made)


def _callers(connection: Connection, company_id: str, call_ids: Select[str]) -> set[str]:
    theirs = select(lead_contacts.c.lead_id).where(
        lead_contacts.c.company_id == company_id,
        lead_contacts.c.kind == ContactKind.CALL,
        lead_contacts.c.contact_id.in_(call_ids),
    )
    return set(connection.execute(theirs).scalars())
