"""Which new people meet a filter: those whose first call, by its best match, or whose first form meets it."""

from collections.abc import Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, CompoundSelect, Connection, FromClause, Select, and_, select, union_all

from swapboard.clock import Millis
from swapboard.leads.lead import ContactKind
from swapboard.leads.listing import count_new
from swapboard.reports.columns import OF_CALLS, calls_with, conditions, form_parts
from swapboard.reports.dimension import OF_VISITS as FORMS_HAVE
from swapboard.reports.filter import Term
from swapboard.reports.question import question
from swapboard.reports.span import Span
from swapboard.reports.store import count
from swapboard.storage.schema import calls, forms, lead_contacts

People: TypeAlias = CompoundSelect[tuple[str]]


def new_people(company_id: str, from_at: Millis, until_at: Millis, terms: Sequence[Term]) -> People:
    """The ids of the leads that began in [from_at, until_at); forms have no outcome, and rang no phone."""
    asked = [term.dimension for term in terms]
    called = _of(ContactKind.CALL, calls_with(asked), calls.c.company_id, calls.c.call_id).where(
        calls.c.company_id == company_id,
        calls.c.started_at >= from_at,
        calls.c.started_at < until_at,
        calls.c.begins_lead,
        calls.c.is_spam.is_(False),
        *conditions(terms, OF_CALLS),
    )
    wrote = [
        _of(ContactKind.FORM, part.source, forms.c.company_id, forms.c.form_id).where(
            part.is_part,
            forms.c.company_id == company_id,
            forms.c.sent_at >= from_at,
            forms.c.sent_at < until_at,
            forms.c.begins_lead,
            *conditions(terms, part.columns),
        )
        for part in (form_parts() if FORMS_HAVE.issuperset(asked) else ())
    ]
    return union_all(called, *wrote)


def count_new_people(connection: Connection, company_id: str, span: Span, terms: Sequence[Term]) -> int:
    """How many there are, as all reports count them; everybody where nothing is asked of them."""
    if not terms:
        return count_new(connection, company_id, span.from_at, span.until_at)
    return int(count(connection, question(company_id, span, (), terms))[()].leads)


def _of(
    kind: ContactKind, source: FromClause, company_id: ColumnElement[str], contact_id: ColumnElement[str]
) -> Select[tuple[str]]:
    whose = and_(
        lead_contacts.c.company_id == company_id,
        lead_contacts.c.kind == kind,
        lead_contacts.c.contact_id == contact_id,
    )
    return select(lead_contacts.c.lead_id).select_from(source.join(lead_contacts, whose))
