"""The calls of each hour of a clock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, case, literal_column

from swapboard.clock import HOUR
from swapboard.reports.asked_calls import calls_of, counted_of
from swapboard.reports.call_figures import call_figures, parts_of_calls
from swapboard.reports.expected import Counted
from swapboard.reports.figures import Figures
from swapboard.reports.ledger import ledger_of
from swapboard.reports.question import Question
from swapboard.reports.span import LocalHour, offsets
from swapboard.storage.schema import calls


def calls_by_hour(connection: Connection, asked: Question, clock: tzinfo) -> Mapping[LocalHour, Figures]:
    """The calls of each hour of a clock in which there were any."""
    # An hour is the same for all shares of a call: where no filter asks of visits, whole calls are counted.
    asked = replace(asked, by=())

    def by_hour(asked: Question, found: Counted) -> Select[*tuple[Any, ...]]:
        hour = _local(calls.c.started_at, asked, clock) // _number(HOUR)
        return calls_of(asked, found, hour.label("hour"), *call_figures(found)).group_by("hour")

    counted = counted_of(asked)
    parts = list(parts_of_calls(connection, asked, counted, by_hour, 1, clock))
    found_hours = ledger_of(parts, 1, counted[0].scale).by_cell()
    return {int(hour): figures for (hour,), figures in found_hours.items()}


def _local(at: ColumnElement[int], asked: Question, clock: tzinfo) -> ColumnElement[int]:
    """The instant as milliseconds since 1970 on that clock."""
    *changes, last = offsets(clock, asked.from_at, asked.until_at)
    until = [(at < _number(each.until_at), _number(each.ahead)) for each in changes]
    return at + (case(*until, else_=_number(last.ahead)) if until else _number(last.ahead))


def _number(value: int) -> ColumnElement[int]:
    """No parameter: PostgreSQL does not see that two expressions with parameters are the same."""
    return literal_column(str(value), BigInteger())
