"""Whoever sends a form is a lead, the same as if they had called."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from swapboard.accounts.store import company_by_id
from swapboard.leads.lead import Contact, ContactKind, LeadKey, keys_of
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.switchboard.joining import join
from swapboard.visits.forms import SentForm

PHONE, EMAIL = "phone", "email"
_LONGEST_ADDRESS = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""


def enroll(connection: Connection, company_id: str, sent: Sequence[SentForm]) -> None:
    """Find or begin the lead of each form's sender: by its telephone, its address, and the visit it came from."""
    company = company_by_id(connection, company_id) if sent else None
    if company is None:
        return
    for form in sent:
        keys = keys_of_sender(form, company.country)
        join(connection, company_id, Contact(ContactKind.FORM, form.form_id, form.sent_at, keys), form.sent_at)


def keys_of_sender(form: SentForm, country: str) -> tuple[LeadKey, ...]:
    """What a form says of who sent it; telephones without a calling code are of the country (ISO 3166)."""
    phone, email = phone_in(form.fields, country), _email(form.fields.get(EMAIL, ""))
    return keys_of(phone=phone, email=email, visitor_id=form.visitor_id)


def phone_in(fields: Mapping[str, str], country: str) -> str | None:
    """The telephone (E.164) that somebody typed into a form, or None."""
    return _phone(fields.get(PHONE, ""), country)


def _phone(text: str, country: str) -> str | None:
    try:
        return parse_number(text, country)
    except NotANumber:
        return None


def _email(text: str) -> str | None:
    name, at, host = text.strip().partition("@")
    return text if name and at and "." in host and len(text) <= _LONGEST_ADDRESS else None
