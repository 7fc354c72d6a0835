"""Which calls and forms that something was told of meet a filter; forms only where it asks of visits."""

from collections.abc import Iterator, Sequence
from itertools import chain

from sqlalchemy import ColumnElement, Connection, Select, Text, func, literal_column, select, union_all

from swapboard.leads.lead import ContactKind
from swapboard.reports.columns import OF_CALLS, calls_with, conditions, form_parts
from swapboard.reports.dimension import OF_VISITS as FORMS_HAVE
from swapboard.reports.filter import Term
from swapboard.storage.schema import calls, forms

SEPARATOR = ","
"""Stands between names, in no name."""


def named(kind: ColumnElement[str], contact_id: ColumnElement[str]) -> ColumnElement[str]:
    """A contact's name among those of all kinds."""
    return kind.concat(contact_id)


def together(names: ColumnElement[str]) -> ColumnElement[str]:
    """All of them as one text: a row for each takes Python longer than the database."""
    return func.aggregate_strings(names, SEPARATOR)


def fitting(connection: Connection, company_id: str, terms: Sequence[Term]) -> frozenset[str]:
    """The names of those that meet the terms, of all time: what is said today may be about a call of last year."""
    found = connection.scalars(union_all(*_parts(company_id, terms)))
    return frozenset(chain.from_iterable(names.split(SEPARATOR) for names in found if names))


def _parts(company_id: str, terms: Sequence[Term]) -> Iterator[Select[str]]:
    asked = [term.dimension for term in terms]
    rang = select(_names(ContactKind.CALL, calls.c.call_id)).select_from(calls_with(asked))
    # As old as they may be, but in the order of time, in which they lie: SQLite reads them in half the time.
    ever = calls.c.company_id == company_id, calls.c.started_at >= 0
    yield rang.where(*ever, *conditions(terms, OF_CALLS))
    if not FORMS_HAVE.issuperset(asked):
        return
    for part in form_parts():
        wrote = select(_names(ContactKind.FORM, forms.c.form_id)).select_from(part.source)
        yield wrote.where(part.is_part, forms.c.company_id == company_id, *conditions(terms, part.columns))


def _names(kind: ContactKind, contact_id: ColumnElement[str]) -> ColumnElement[str]:
    return together(named(literal_column(f"'{kind.value}'", Text()), contact_id))
