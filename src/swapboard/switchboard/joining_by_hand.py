"""A person joins or parts leads by hand: what each call and form tells of its person decides what goes where."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from swapboard.accounts.store import company_by_id
from swapboard.calls.verdicts import is_any_qualified
from swapboard.clock import Millis
from swapboard.leads.by_hand import join_by_hand, part_by_hand
from swapboard.leads.lead import Contact, ContactKind, Lead, LeadKey, keys_of
from swapboard.leads.listing import LeadRecord, lead_by_id
from swapboard.leads.store import qualify
from swapboard.storage.schema import calls
from swapboard.switchboard.converting import convert_forms
from swapboard.switchboard.enrolling import keys_of_sender
from swapboard.visits.forms import forms_by_id


def join_people(
    connection: Connection, company_id: str, lead_ids: tuple[str, str], actor: str, now: Millis
) -> Lead | None:
    """Two leads are one person; None when there are no such two."""
    records = [lead_by_id(connection, company_id, each) for each in lead_ids]
    keys = [
        {key for each in contacts_of(connection, company_id, one) for key in each.keys} for one in records if one
    ]
    if len(keys) != len(records) or lead_ids[0] == lead_ids[1]:
        return None
    joined = join_by_hand(connection, company_id, lead_ids, keys[0] & keys[1], actor, now)
    convert_forms(connection, company_id, joined.lead_id, now)
    return joined


def part_people(
    connection: Connection,
    company_id: str,
    lead_id: str,
    chosen: Collection[tuple[ContactKind, str]],
    actor: str,
    now: Millis,
) -> Lead | None:
    """Some calls and forms of a lead are another person's; None when there is no such lead. Raises ValueError."""
    record = lead_by_id(connection, company_id, lead_id)
    if record is None:
        return None
    contacts = contacts_of(connection, company_id, record)
    leaving = part_by_hand(connection, company_id, record.lead, contacts, chosen, actor, now)
    for each in (lead_id, leaving.lead_id):
        _judge(connection, company_id, each, record.lead.qualified_at or now)
        convert_forms(connection, company_id, each, now)
    return leaving


def contacts_of(connection: Connection, company_id: str, record: LeadRecord) -> Sequence[Contact]:
    """The lead's calls and forms, each with what it tells of its person."""
    company = company_by_id(connection, company_id)
    told = _of_calls(connection, company_id, record.contact_ids(ContactKind.CALL))
    told |= _of_forms(
        connection, company_id, record.contact_ids(ContactKind.FORM), company.country if company else ""
    )
    return [replace(each, keys=told.get((each.kind, each.contact_id), ())) for each in record.contacts]


def _of_calls(
    connection: Connection, company_id: str, call_ids: Sequence[str]
) -> dict[tuple[ContactKind, str], tuple[LeadKey, ...]]:
    query = select(calls).where(calls.c.company_id == company_id, calls.c.call_id.in_(call_ids))
    return {
        (ContactKind.CALL, row.call_id): keys_of(
            phone=row.caller_number, visitor_id=row.visitor_id, confidence=row.confidence or 0.0
        )
        for row in connection.execute(query)
    }


def _of_forms(
    connection: Connection, company_id: str, form_ids: Sequence[str], country: str
) -> dict[tuple[ContactKind, str], tuple[LeadKey, ...]]:
    sent = forms_by_id(connection, company_id, form_ids)
    return {(ContactKind.FORM, form.form_id): keys_of_sender(form, country) for form in sent}


def _judge(connection: Connection, company_id: str, lead_id: str, since: Millis) -> None:
    """A lead is a good one while one of its calls was called so."""
    record = lead_by_id(connection, company_id, lead_id)
    call_ids = record.contact_ids(ContactKind.CALL) if record else ()
    qualify(connection, company_id, lead_id, since if is_any_qualified(connection, company_id, call_ids) else None)
