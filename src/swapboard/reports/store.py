"""Counts of calls, people, forms and visits, straight from what is kept of each."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal_column,
    select,
)

from swapboard.calls.call import Status
from swapboard.clock import MINUTE, Millis
from swapboard.reports.columns import OF_CALLS, OF_VISITS, calls_with, conditions
from swapboard.reports.dimension import OF_VISITS as VISITS_HAVE
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import ANSWERED, MISSED, NOTHING, VOICEMAIL, Figures
from swapboard.reports.filter import Term
from swapboard.reports.span import Span
from swapboard.storage.schema import calls, forms, lead_contacts, leads, sessions

Cell: TypeAlias = tuple[str, ...]
"""A value for each of the dimensions; the empty text is "not known"."""
SLOT: Millis = 15 * MINUTE
"""All clocks of the world are a multiple of it apart, so its counts add up to anybody's hours and days."""


@dataclass(frozen=True, slots=True)
class Question:
    """What of a company is counted: [from_at, until_at), by these dimensions, where all terms are met."""

    company_id: str
    from_at: Millis
    until_at: Millis
    by: tuple[Dimension, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """All that it needs to know of a call."""
        return (*self.by, *(term.dimension for term in self.terms))

    @property
    def counts_visits(self) -> bool:
        """Whether visits and forms have all of it: they rang no phone, and have no outcome."""
        return VISITS_HAVE.issuperset(self.dimensions)


def question(company_id: str, span: Span, by: Sequence[Dimension] = (), terms: Sequence[Term] = ()) -> Question:
    """The same of the days of a span."""
    return Question(company_id, span.from_at, span.until_at, tuple(by), tuple(terms))


def count(connection: Connection, asked: Question) -> Mapping[Cell, Figures]:
    """The figures of each combination of values that occurs; of one empty cell where nothing parts them."""
    found: dict[Cell, Figures] = defaultdict(Figures)
    for query in (_of_calls(asked), _leads_who_called(asked)):
        _add(found, connection, query, asked)
    if asked.counts_visits:
        for query in (_of_visits(asked), _of_forms(asked), _leads_who_wrote(asked)):
            _add(found, connection, query, asked)
    return found if asked.by else {(): found.get((), NOTHING)}


def calls_by_slot(connection: Connection, asked: Question) -> Mapping[Millis, Figures]:
    """The calls of each quarter of an hour in which there were any, by its first instant."""
    slot = (calls.c.started_at - calls.c.started_at % literal_column(str(SLOT))).label("slot")
    query = calls_asked(asked, slot, *_CALL_FIGURES).group_by("slot")
    return {row.slot: _figures(row) for row in connection.execute(query)}


def calls_behind(connection: Connection, asked: Question, most: int) -> Sequence[str]:
    """The ids of the calls that are counted, newest first."""
    query = calls_asked(asked, calls.c.call_id)
    newest = query.order_by(calls.c.started_at.desc(), calls.c.call_id.desc()).limit(most)
    return connection.execute(newest).scalars().all()


def _sum_if(condition: ColumnElement[bool], amount: ColumnElement[int] | int = 1) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, amount), else_=0)), 0)


def _is(statuses: frozenset[Status]) -> ColumnElement[bool]:
    return calls.c.status.in_(sorted(statuses))


_CALL_FIGURES = (
    func.count().label("calls"),
    _sum_if(calls.c.first_time_caller).label("first_time"),
    _sum_if(_is(ANSWERED)).label("answered"),
    _sum_if(_is(VOICEMAIL)).label("voicemail"),
    _sum_if(_is(MISSED)).label("missed"),
    _sum_if(_is(ANSWERED), func.coalesce(calls.c.talk_seconds, 0)).label("talk_seconds"),
    _sum_if(calls.c.qualified.is_(True)).label("qualified"),
    func.coalesce(func.sum(calls.c.value_cents), 0).label("value_cents"),
)


def _of_calls(asked: Question) -> Select[*tuple[Any, ...]]:
    values = _values(asked, OF_CALLS)
    return calls_asked(asked, *values, *_CALL_FIGURES).group_by(*_names(asked))


def calls_asked(asked: Question, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The columns of the calls that count."""
    return (
        select(*columns)
        .select_from(calls_with(asked.dimensions))
        .where(
            calls.c.company_id == asked.company_id,
            calls.c.started_at >= asked.from_at,
            calls.c.started_at < asked.until_at,
            *_as_filtered(asked),
        )
    )


def _as_filtered(asked: Question) -> Sequence[ColumnElement[bool]]:
    return (calls.c.is_spam.is_(False), *conditions(asked.terms, OF_CALLS))


def _leads_who_called(asked: Question) -> Select[*tuple[Any, ...]]:
    """By the call that each began with."""
    first, values = _first_contacts(asked), _values(asked, OF_CALLS)
    return (
        select(*values, func.count().label("leads"))
        .select_from(calls_with(asked.dimensions))
        .join(first, first.c.contact_id == calls.c.call_id)
        .where(calls.c.company_id == asked.company_id, *_as_filtered(asked))
        .group_by(*_names(asked))
    )


def _leads_who_wrote(asked: Question) -> Select[*tuple[Any, ...]]:
    """By the visit on which each sent a first form."""
    first, values = _first_contacts(asked), _values(asked, OF_VISITS)
    return (
        select(*values, func.count().label("leads"))
        .select_from(_forms_with_visits())
        .join(first, first.c.contact_id == forms.c.form_id)
        .where(forms.c.company_id == asked.company_id, *conditions(asked.terms, OF_VISITS))
        .group_by(*_names(asked))
    )


def _first_contacts(asked: Question) -> Subquery:
    """The one contact with which each lead of the period began; of two at once, the one with the smaller id."""
    same = and_(
        lead_contacts.c.company_id == leads.c.company_id,
        lead_contacts.c.lead_id == leads.c.lead_id,
        lead_contacts.c.happened_at == leads.c.created_at,
    )
    return (
        select(func.min(lead_contacts.c.contact_id).label("contact_id"))
        .join_from(leads, lead_contacts, same)
        .where(
            leads.c.company_id == asked.company_id,
            leads.c.created_at >= asked.from_at,
            leads.c.created_at < asked.until_at,
        )
        .group_by(leads.c.lead_id)
        .subquery()
    )


def _of_forms(asked: Question) -> Select[*tuple[Any, ...]]:
    values = _values(asked, OF_VISITS)
    return (
        select(*values, func.count().label("forms"))
        .select_from(_forms_with_visits())
        .where(
            forms.c.company_id == asked.company_id,
            forms.c.sent_at >= asked.from_at,
            forms.c.sent_at < asked.until_at,
            *conditions(asked.terms, OF_VISITS),
        )
        .group_by(*_names(asked))
    )


def _forms_with_visits() -> FromClause:
    same = and_(sessions.c.company_id == forms.c.company_id, sessions.c.session_id == forms.c.session_id)
    return forms.outerjoin(sessions, same)


def _of_visits(asked: Question) -> Select[*tuple[Any, ...]]:
    """By the session's id, which begins with the instant at which it began (`storage/ids.py`)."""
    values = _values(asked, OF_VISITS)
    return (
        select(*values, func.count().label("visits"))
        .where(
            sessions.c.company_id == asked.company_id,
            sessions.c.session_id >= f"{asked.from_at:012x}",
            sessions.c.session_id < f"{asked.until_at:012x}",
            *conditions(asked.terms, OF_VISITS),
        )
        .group_by(*_names(asked))
    )


def _values(asked: Question, columns: Mapping[Dimension, ColumnElement[str]]) -> Sequence[ColumnElement[str]]:
    return [columns[dimension].label(name) for name, dimension in zip(_names(asked), asked.by, strict=True)]


def _names(asked: Question) -> Sequence[str]:
    return [f"value_{place}" for place in range(len(asked.by))]


def _add(
    found: dict[Cell, Figures], connection: Connection, query: Select[*tuple[Any, ...]], asked: Question
) -> None:
    for row in connection.execute(query):
        found[tuple(row[: len(asked.by)])] += _figures(row)


def _figures(row: Row[*tuple[Any, ...]]) -> Figures:
    counted = {name: int(number) for name, number in row._mapping.items() if name in Figures.__slots__}
    return Figures(**counted)
