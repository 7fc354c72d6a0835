"""Which calls and forms that something was told of meet a filter; forms only where it asks of visits."""

from collections.abc import Iterator, Sequence

from sqlalchemy import CTE, ColumnElement, Select, Table, Text, literal_column, select, tuple_, union_all

from swapboard.leads.lead import ContactKind
from swapboard.reports.columns import OF_CALLS, calls_with, conditions, form_parts
from swapboard.reports.dimension import OF_VISITS as FORMS_HAVE
from swapboard.reports.filter import Term
from swapboard.storage.schema import calls, forms


def fitting(company_id: str, terms: Sequence[Term]) -> CTE:
    """Those that meet the terms, of all time: what is said today may be about a call of last year.

    SQLite looks for them once in a statement. PostgreSQL, once for each part that asks: of a list that is made
    beforehand it does not know how long it is, and may go through all of it for each message.
    """
    found = union_all(*_parts(company_id, terms)).cte("fitting")
    once = found.prefix_with("MATERIALIZED", dialect="sqlite")
    return once.prefix_with("NOT MATERIALIZED", dialect="postgresql")


def about(told: Table, contacts: CTE) -> ColumnElement[bool]:
    """Of the table's rows those about such contacts.

    They are looked up among the contacts, which are asked once: a row that is joined with its contact is two
    look-ups for each destination.
    """
    return tuple_(told.c.contact_id, told.c.kind).in_(select(contacts.c.contact_id, contacts.c.kind))


def _parts(company_id: str, terms: Sequence[Term]) -> Iterator[Select[str, str]]:
    asked = [term.dimension for term in terms]
    rang = select(calls.c.call_id.label("contact_id"), _kind(ContactKind.CALL).label("kind"))
    # As old as they may be, but in the order of time, in which they lie: else SQLite reads and lists them in none.
    ever = calls.c.company_id == company_id, calls.c.started_at >= 0
    yield rang.select_from(calls_with(asked)).where(*ever, *conditions(terms, OF_CALLS))
    if not FORMS_HAVE.issuperset(asked):
        return
    for part in form_parts():
        wrote = select(forms.c.form_id, _kind(ContactKind.FORM)).select_from(part.source)
        yield wrote.where(part.is_part, forms.c.company_id == company_id, *conditions(terms, part.columns))


def _kind(kind: ContactKind) -> ColumnElement[str]:
    return literal_column(f"'{kind.value}'", Text())
