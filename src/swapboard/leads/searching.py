"""Finds people by what they are called, by their numbers and addresses, and by what their forms say."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, union_all

from swapboard.calls.search import mentions
from swapboard.leads.lead import ContactKind, KeyKind
from swapboard.storage.schema import calls, forms, lead_contacts, lead_keys, leads
from swapboard.storage.text_parts import in_small, values_in

LONGEST_SEARCH = 200
_WRITTEN = frozenset({KeyKind.PHONE, KeyKind.EMAIL})


def who_mentions(company_id: str, text: str, country: str | None = None) -> Sequence[ColumnElement[bool]]:
    """Conditions on leads that all words of the text are met; a number may be written in any way."""
    places = [where.add_columns(in_small(column, text).label("said")) for where, column in _places(company_id)]
    said = union_all(*places).subquery("said")
    words = mentions(said.c.said, text, country)
    if not words:
        return ()
    found = select(said.c.lead_id).where(or_(*words))
    if len(words) > 1:
        # Which may stand in several places: all are gone through once, not once for each word.
        each_met = (func.max(case((word, 1), else_=0)) == 1 for word in words)
        found = found.group_by(said.c.lead_id).having(and_(*each_met))
    return [leads.c.lead_id.in_(found)]


def _places(company_id: str) -> Sequence[tuple[Select[tuple[str]], ColumnElement[str]]]:
    """Where to look, and in which column."""
    keys = select(lead_keys.c.lead_id).where(
        lead_keys.c.company_id == company_id, lead_keys.c.kind.in_(sorted(_WRITTEN))
    )
    called = _of(company_id, ContactKind.CALL, calls.c.company_id, calls.c.call_id)
    wrote = _of(company_id, ContactKind.FORM, forms.c.company_id, forms.c.form_id)
    return [
        (keys, lead_keys.c.value),
        # A number that several people share is no key of theirs. Both in one: calls are gone through once a word.
        (called, func.coalesce(calls.c.caller_name, "") + " " + func.coalesce(calls.c.caller_number, "")),
        (wrote, values_in(forms.c.fields)),
    ]


def _of(
    company_id: str, kind: ContactKind, company: ColumnElement[str], contact_id: ColumnElement[str]
) -> Select[tuple[str]]:
    same = and_(company == lead_contacts.c.company_id, contact_id == lead_contacts.c.contact_id)
    return (
        select(lead_contacts.c.lead_id)
        .join_from(lead_contacts, contact_id.table, same)
        .where(lead_contacts.c.company_id == company_id, lead_contacts.c.kind == kind)
    )
