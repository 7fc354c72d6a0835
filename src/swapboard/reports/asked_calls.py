"""The calls that a question asks of, as statements."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, select, union

from swapboard.reports.columns import conditions
from swapboard.reports.dimension import Dimension
from swapboard.reports.expected import Counted, counted_calls
from swapboard.reports.question import Question
from swapboard.storage.schema import calls

FROM, UNTIL = "from_at", "until_at"
"""What a statement is told of another time than the question's."""


def calls_asked(asked: Question, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The columns of the calls that count, each once, however likely it is that it does."""
    first, *others = counted_of(asked)
    if not others:
        return calls_of(asked, first, *columns)
    ids = union(*(calls_of(asked, each, calls.c.call_id) for each in (first, *others)))
    return select(*columns).where(calls.c.company_id == asked.company_id, calls.c.call_id.in_(ids))


def counted_of(asked: Question) -> Sequence[Counted]:
    """The parts in which its calls are counted."""
    return list(counted_calls(asked.dimensions, asked.counted_by))


def calls_of(asked: Question, found: Counted, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """The columns of such a part's calls."""
    return (
        select(*columns)
        .select_from(found.source)
        .where(calls.c.company_id == asked.company_id, *_in_time(asked), *_as_filtered(asked, found))
    )


def values_of(asked: Question, columns: Mapping[Dimension, ColumnElement[str]]) -> Sequence[ColumnElement[str]]:
    """What tells its cells apart."""
    return [columns[dimension].label(name) for name, dimension in zip(names_of(asked), asked.by, strict=True)]


def names_of(asked: Question) -> Sequence[str]:
    """How a statement calls these."""
    return [f"value_{place}" for place in range(len(asked.by))]


def _in_time(asked: Question) -> Sequence[ColumnElement[bool]]:
    first, end = bindparam(FROM, asked.from_at, BigInteger()), bindparam(UNTIL, asked.until_at, BigInteger())
    return calls.c.started_at >= first, calls.c.started_at < end


def _as_filtered(asked: Question, found: Counted) -> Sequence[ColumnElement[bool]]:
    return (calls.c.is_spam.is_(False), *found.only, *conditions(asked.terms, found.columns))
