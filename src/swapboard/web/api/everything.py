"""All that a company has, list by list, as the API writes it: for `swapboard export --everything`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection, Engine

from swapboard.calls.listing import list_calls
from swapboard.conversions.delivery_log import list_deliveries
from swapboard.leads.listing import list_leads
from swapboard.reports.annotation_store import list_annotations
from swapboard.reports.cost_store import list_costs
from swapboard.storage.engine import reading
from swapboard.storage.paging import Page
from swapboard.texts.store import list_texts
from swapboard.visits.forms import EVERY_FORM, list_forms
from swapboard.visits.listing import list_sessions
from swapboard.web.api.annotations import AnnotationDocument, note_document
from swapboard.web.api.call_documents import CallDocument, call_documents
from swapboard.web.api.conversions import DeliveryDocument, document
from swapboard.web.api.costs import ToldCostDocument, cost_document
from swapboard.web.api.forms import FormDocument, form_document
from swapboard.web.api.leads import LeadDocument, lead_document
from swapboard.web.api.sessions import SessionDocument, session_document
from swapboard.web.api.texts import TextDocument, text_document

Row = TypeVar("Row")
_AT_ONCE = 500
_ALL_DAYS = date.min, date.max


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """A list: what stands in each line, how a page is read, and how its rows are written."""

    line: type[BaseModel]
    page: Callable[[Connection, str, str | None], Page[Row]]
    written: Callable[[Connection, str, Sequence[Row]], Sequence[BaseModel]]

    def documents(self, engine: Engine, company_id: str) -> Iterator[BaseModel]:
        """All of it; each page is read by itself, so that nobody waits for the whole."""
        cursor: str | None = None
        while True:
            with reading(engine) as connection:
                page = self.page(connection, company_id, cursor)
                written = self.written(connection, company_id, page.rows)
            yield from written
            cursor = page.next_cursor
            if cursor is None:
                return


def _each(write: Callable[[Row], BaseModel]) -> Callable[[Connection, str, Sequence[Row]], Sequence[BaseModel]]:
    return lambda _connection, _company_id, rows: [write(row) for row in rows]


EVERYTHING: Mapping[str, Listed[Any]] = {
    "calls": Listed(
        CallDocument,
        lambda connection, company_id, cursor: list_calls(connection, company_id, limit=_AT_ONCE, cursor=cursor),
        call_documents,
    ),
    "sessions": Listed(
        SessionDocument,
        lambda connection, company_id, cursor: list_sessions(
            connection, company_id, limit=_AT_ONCE, cursor=cursor
        ),
        _each(session_document),
    ),
    "forms": Listed(
        FormDocument,
        lambda connection, company_id, cursor: list_forms(connection, company_id, EVERY_FORM, _AT_ONCE, cursor),
        lambda _connection, company_id, rows: [form_document(row, company_id) for row in rows],
    ),
    "leads": Listed(
        LeadDocument,
        lambda connection, company_id, cursor: list_leads(connection, company_id, _AT_ONCE, cursor),
        _each(lead_document),
    ),
    "texts": Listed(
        TextDocument,
        lambda connection, company_id, cursor: list_texts(connection, company_id, _AT_ONCE, cursor),
        _each(text_document),
    ),
    "conversions": Listed(
        DeliveryDocument,
        lambda connection, company_id, cursor: list_deliveries(
            connection, company_id, limit=_AT_ONCE, cursor=cursor
        ),
        _each(document),
    ),
    "costs": Listed(
        ToldCostDocument,
        lambda connection, company_id, cursor: list_costs(connection, company_id, _ALL_DAYS, _AT_ONCE, cursor),
        _each(cost_document),
    ),
    "notes": Listed(
        AnnotationDocument,
        lambda connection, company_id, cursor: list_annotations(
            connection, company_id, _AT_ONCE, cursor, *_ALL_DAYS
        ),
        _each(note_document),
    ),
}
"""By the name of its file."""
