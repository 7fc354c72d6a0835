"""The calls and forms that something was told of, where they meet a filter; forms only where it asks of visits."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from sqlalchemy import ColumnElement, FromClause, Table, and_

from swapboard.leads.lead import ContactKind
from swapboard.reports.columns import OF_CALLS, calls_with, conditions, form_parts
from swapboard.reports.dimension import OF_VISITS as FORMS_HAVE
from swapboard.reports.filter import Term
from swapboard.storage.schema import calls, forms

Rows: TypeAlias = tuple[FromClause, Sequence[ColumnElement[bool]]]


def told_of(told: Table, terms: Sequence[Term]) -> Iterator[Rows]:
    """Where the table's rows of such contacts stand, and which they are: each is in one of the parts."""
    if not terms:
        yield told, ()
        return
    asked = [term.dimension for term in terms]
    yield calls_with(asked, told.join(calls, _same(told, calls, ContactKind.CALL))), conditions(terms, OF_CALLS)
    if not FORMS_HAVE.issuperset(asked):
        return
    wrote = told.join(forms, _same(told, forms, ContactKind.FORM))
    for part in form_parts(wrote):
        yield part.source, (part.is_part, *conditions(terms, part.columns))


def _same(told: Table, contact: Table, kind: ContactKind) -> ColumnElement[bool]:
    _company_id, contact_id = contact.primary_key.columns
    return and_(contact.c.company_id == told.c.company_id, contact_id == told.c.contact_id, told.c.kind == kind)
