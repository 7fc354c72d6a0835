"""Which calls and forms that something was told of meet a filter; forms only where it asks of visits."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, Table, Text, literal_column, select, true, tuple_, union_all

from swapboard.leads.lead import ContactKind
from swapboard.reports.columns import OF_CALLS, calls_with, conditions, form_parts
from swapboard.reports.dimension import OF_VISITS as FORMS_HAVE
from swapboard.reports.filter import Term
from swapboard.storage.schema import calls, forms


def meeting(told: Table, company_id: str, terms: Sequence[Term]) -> ColumnElement[bool]:
    """Of the table's rows those of such contacts.

    They are looked up among the contacts, which are asked once: a row that is joined with its contact is two
    look-ups for each destination.
    """
    if not terms:
        return true()
    return tuple_(told.c.contact_id, told.c.kind).in_(union_all(*_fitting(company_id, terms)))


def _fitting(company_id: str, terms: Sequence[Term]) -> Iterator[Select[str, str]]:
    asked = [term.dimension for term in terms]
    rang = select(calls.c.call_id, _kind(ContactKind.CALL)).select_from(calls_with(asked))
    yield rang.where(calls.c.company_id == company_id, *conditions(terms, OF_CALLS))
    if not FORMS_HAVE.issuperset(asked):
        return
    for part in form_parts():
        wrote = select(forms.c.form_id, _kind(ContactKind.FORM)).select_from(part.source)
        yield wrote.where(part.is_part, forms.c.company_id == company_id, *conditions(terms, part.columns))


def _kind(kind: ContactKind) -> ColumnElement[str]:
    return literal_column(f"'{kind.value}'", Text())
