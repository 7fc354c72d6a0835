"""Calls and forms as conversions look at them, from the database."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select

from swapboard.calls.call import Status
from swapboard.conversions.contact import CallFacts, Contact, Origin
from swapboard.leads.lead import ContactKind, KeyKind
from swapboard.leads.listing import LeadRecord, lead_by_id
from swapboard.leads.store import lead_of
from swapboard.storage.schema import calls, forms, sessions

_NAMES = ("name", "full_name", "your-name", "fullname")
"""What forms call the field for somebody's name."""
_NOWHERE = Origin(None, None, None, None, None, None, None, None, None)


def contact_of(connection: Connection, company_id: str, kind: ContactKind, contact_id: str) -> Contact | None:
    """The call, once it is over, or the form; None when there is none."""
    match kind:
        case ContactKind.CALL:
            call = call_now(connection, company_id, contact_id)
            return call if call and call.call and call.call.is_over else None
        case ContactKind.FORM:
            return _form(connection, company_id, contact_id)


def opted_out(connection: Connection, company_id: str, session_ids: Collection[str]) -> set[str]:
    """Those of the sessions whose browser asked that nothing of it be passed on (Sec-GPC)."""
    query = select(sessions.c.session_id).where(
        sessions.c.company_id == company_id, sessions.c.session_id.in_(session_ids), sessions.c.opted_out
    )
    return set(connection.scalars(query))


def call_now(connection: Connection, company_id: str, call_id: str) -> Contact | None:
    """The call as it is, over or not; None when there is none."""
    query = select(calls).where(calls.c.company_id == company_id, calls.c.call_id == call_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    lead = _lead(connection, company_id, ContactKind.CALL, call_id)
    emails = lead.values(KeyKind.EMAIL) if lead else ()
    return Contact(
        kind=ContactKind.CALL,
        contact_id=call_id,
        lead_id=lead.lead.lead_id if lead else None,
        happened_at=row.started_at,
        phone=row.caller_number,
        email=emails[0] if emails else None,
        origin=_called_from(connection, company_id, row),
        confidence=row.confidence if row.session_id else None,
        answered=row.status == Status.ANSWERED,
        talk_seconds=row.talk_seconds or 0,
        is_first=row.first_time_caller,
        qualified=row.qualified,
        tags=tuple(row.tags),
        value_cents=row.value_cents,
        is_spam=row.is_spam or (row.status == Status.BLOCKED and row.spam_said is None),
        call=_facts(row),
        name=row.caller_name,
    )


def _facts(row: Row[*tuple[Any, ...]]) -> CallFacts:
    return CallFacts(
        row.status,
        row.tracking_number,
        row.destination,
        row.caller_name,
        row.caller_place,
        row.answered_at,
        row.ended_at,
        row.ring_seconds,
        row.voicemail_seconds,
        row.referrer,
    )


def _form(connection: Connection, company_id: str, form_id: str) -> Contact | None:
    query = select(forms.c.session_id, forms.c.sent_at, forms.c.fields).where(
        forms.c.company_id == company_id, forms.c.form_id == form_id
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    lead = _lead(connection, company_id, ContactKind.FORM, form_id)
    told = {kind: lead.values(kind) if lead else () for kind in (KeyKind.PHONE, KeyKind.EMAIL)}
    return Contact(
        kind=ContactKind.FORM,
        contact_id=form_id,
        lead_id=lead.lead.lead_id if lead else None,
        happened_at=row.sent_at,
        phone=next(iter(told[KeyKind.PHONE]), None),
        email=next(iter(told[KeyKind.EMAIL]), None),
        origin=_session(connection, company_id, row.session_id) or _NOWHERE,
        confidence=1.0,
        is_first=lead is None or lead.contacts[0].contact_id == form_id,
        qualified=(lead.lead.qualified_at is not None or None) if lead else None,
        name=next((value for key in _NAMES if (value := row.fields.get(key))), None),
    )


def _lead(connection: Connection, company_id: str, kind: ContactKind, contact_id: str) -> LeadRecord | None:
    lead_id = lead_of(connection, company_id, kind, contact_id)
    return lead_by_id(connection, company_id, lead_id) if lead_id else None


def _called_from(connection: Connection, company_id: str, call: Row[*tuple[Any, ...]]) -> Origin:
    """The visit that the call is credited to; a static number's placement where there was none."""
    visit = _session(connection, company_id, call.session_id) if call.session_id else None
    return visit or Origin(
        None,
        None,
        None,
        call.channel,
        call.source,
        call.medium,
        call.campaign,
        call.keyword,
        call.landing_page,
        dict(call.click_ids),
    )


def _session(connection: Connection, company_id: str, session_id: str) -> Origin | None:
    query = select(sessions).where(sessions.c.company_id == company_id, sessions.c.session_id == session_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Origin(
        row.session_id,
        row.visitor_id,
        row.started_at,
        row.channel,
        row.source,
        row.medium,
        row.campaign,
        row.term,
        row.landing_page,
        dict(row.click_ids),
        dict(row.cookies),
        row.user_agent,
    )
