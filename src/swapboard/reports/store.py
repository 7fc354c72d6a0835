"""Counts of calls, people and forms, straight from what is kept of each, and of visits beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select

from swapboard.reports.asked_calls import calls_of, counted_of, names_of, values_of
from swapboard.reports.asked_forms import forms_asked
from swapboard.reports.call_figures import call_figures, parts_of_calls
from swapboard.reports.expected import Counted
from swapboard.reports.figures import NOTHING, Figures
from swapboard.reports.ledger import (
    AMOUNTS_OF_FORMS,
    AMOUNTS_OF_VISITS,
    Ledger,
    Part,
    ledger_of,
)
from swapboard.reports.question import Question
from swapboard.reports.sums import Cell, read_sums
from swapboard.reports.visit_count import count_visits
from swapboard.reports.visit_day_store import Stretch


def count(connection: Connection, asked: Question) -> Mapping[Cell, Figures]:
    """The figures of each combination of values that occurs; of one empty cell where nothing parts them."""
    found = count_all(connection, asked).by_cell()
    return found if asked.by else {(): found.get((), NOTHING)}


def count_all(connection: Connection, asked: Question) -> Ledger:
    """The same in columns."""
    counted = counted_of(asked)
    parts = list(parts_of_calls(connection, asked, counted, _of_calls, len(asked.by)))
    if asked.counts_visits:
        time = Stretch(asked.company_id, asked.from_at, asked.until_at)
        visits = count_visits(connection, time, asked.by, asked.terms)
        parts += [
            *(_read(connection, each, asked, AMOUNTS_OF_FORMS) for each in forms_asked(asked)),
            Part(visits, AMOUNTS_OF_VISITS),
        ]
    return ledger_of(parts, len(asked.by), counted[0].scale)


def _read(connection: Connection, query: Select[*tuple[Any, ...]], asked: Question, names: Sequence[str]) -> Part:
    return Part(read_sums(connection.execute(query).all(), len(asked.by), len(names)), names)


def _of_calls(asked: Question, found: Counted) -> Select[*tuple[Any, ...]]:
    values = values_of(asked, found.columns)
    return calls_of(asked, found, *values, *call_figures(found)).group_by(*names_of(asked))
