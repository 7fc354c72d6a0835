"""Invariant 7 as a guard: no row is read or written without its company.

While tests run, every statement that Swapboard's own code gives to the database is examined: each table with a
`company_id` must be held to a company, by a condition on its own `company_id` (a value, or the `company_id` of
a table that is held itself), or by the value that is inserted. A statement that is meant for all companies
says why: `execution_options(across_companies="reason")`. Statements of the tests themselves are let through.
"""

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.sql import operators
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ClauseElement,
    ColumnElement,
    Grouping,
    TextClause,
)
from sqlalchemy.sql.expression import Exists
from sqlalchemy.sql.selectable import (
    CTE,
    Alias,
    CompoundSelect,
    FromClause,
    FromGrouping,
    Join,
    Lateral,
    ScalarSelect,
    Select,
    SelectBase,
    SelectStatementGrouping,
    Subquery,
    TableClause,
)

import swapboard
from swapboard.storage.schema import metadata

OPTION = "across_companies"
COMPANY_ID = "company_id"
_PRODUCT = str(Path(swapboard.__file__).parent)
_TESTS = str(Path(__file__).parent.parent)
_TABLES = frozenset(name for name, table in metadata.tables.items() if COMPANY_ID in table.columns)


class Breach(AssertionError):
    """A statement that is not held to a company."""


@contextmanager
def guarding() -> Iterator[list[str]]:
    """Examines every statement of Swapboard's code; one that is a breach fails, and stands in the list besides.

    The list is needed because the code under test may catch the failure.
    """
    found: list[str] = []

    def on_core(
        _connection: Connection,
        statement: object,
        multiparams: Sequence[Any],
        params: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> None:
        if isinstance(statement, ClauseElement) and not options.get(OPTION) and is_ours(sys._getframe()):
            report(_known_breaches(statement, frozenset(_sent(multiparams, params))), statement)

    def on_driver(_c: Connection, _cursor: object, sql: str, _p: object, context: Any, _many: bool) -> None:
        if context is not None and context.compiled is None and is_ours(sys._getframe()):
            report(text_breaches(sql), sql)

    def report(breached: Collection[str], statement: object) -> None:
        if breached:
            found.append(f"{', '.join(sorted(breached))} without a company: {statement}")
            raise Breach(found[-1])

    event.listen(Engine, "before_execute", on_core)
    event.listen(Engine, "before_cursor_execute", on_driver)
    try:
        yield found
    finally:
        event.remove(Engine, "before_execute", on_core)
        event.remove(Engine, "before_cursor_execute", on_driver)


def is_ours(frame: FrameType | None) -> bool:
    """Whether Swapboard's code gave the statement, and not a test."""
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_PRODUCT):
            return True
        if file.startswith(_TESTS) and file != __file__:
            return False
        frame = frame.f_back
    return False


def breaches(statement: ClauseElement, sent: Collection[str] = ()) -> set[str]:
    """The tables that the statement touches without a company; `sent` are the columns given beside it."""
    match statement:
        case Insert():
            return _of_insert(statement, sent)
        case Update() | Delete():
            return _of_change(statement)
        case SelectBase() | SelectStatementGrouping():
            return _of_select(statement, frozenset())
        case TextClause():
            return set(text_breaches(statement.text))
        case _:
            return set()


_KNOWN: dict[tuple[object, frozenset[str]], set[str]] = {}


def _known_breaches(statement: ClauseElement, sent: frozenset[str]) -> set[str]:
    """As `breaches`, which takes longer than the statement itself: each shape of a statement is looked at once."""
    shape = statement._generate_cache_key()
    if shape is None:
        return breaches(statement, sent)
    key = shape.key, sent
    if key not in _KNOWN:
        _KNOWN[key] = breaches(statement, sent)
    return _KNOWN[key]


@cache
def text_breaches(sql: str) -> frozenset[str]:
    """The tables named in a statement that is plain text and names no company."""
    if COMPANY_ID in sql or re.match(r"\s*(CREATE|ALTER|DROP|PRAGMA)\b", sql, re.IGNORECASE):
        return frozenset()
    return frozenset(_TABLES.intersection(re.findall(r"\w+", sql)))


def _of_insert(statement: Insert, sent: Collection[str]) -> set[str]:
    written = {*sent, *(statement._select_names or ())}
    for values in (statement._values or {}, *(row for rows in statement._multi_values for row in rows)):
        written |= {getattr(column, "name", column) for column in values}
    missing = {statement.table.name} if statement.table.name in _TABLES and COMPANY_ID not in written else set()
    chosen = _of_select(statement.select, frozenset()) if statement.select is not None else set()
    return missing | chosen


def _of_change(statement: Update | Delete) -> set[str]:
    conditions = list(_conjuncts(statement.whereclause))
    mentioned = {column.table for each in conditions for column in _columns(each) if column.table is not None}
    froms = {statement.table, *mentioned}
    values = getattr(statement, "_values", None) or {}
    expressions = [*conditions, *(each for each in values.values() if isinstance(each, ClauseElement))]
    return _unheld(froms, conditions, frozenset()) | _of_nested(expressions, frozenset(froms))


def _of_select(statement: object, outer: frozenset[FromClause]) -> set[str]:
    match statement:
        case CompoundSelect():
            return {table for each in statement.selects for table in _of_select(each, outer)}
        case SelectStatementGrouping() | ScalarSelect() | Exists() | Grouping():
            return _of_select(statement.element, outer)
        case Select():
            return _of_plain_select(statement, outer)
        case _:
            return set()


def _of_plain_select(statement: Select[Any], outer: frozenset[FromClause]) -> set[str]:
    froms: list[FromClause] = []
    conditions = list(_conjuncts(statement.whereclause))
    for each in statement.get_final_froms():
        _flatten(each, froms, conditions)
    # SQLAlchemy leaves a table of the outer statement out of an inner FROM, and so do we.
    own = [each for each in froms if each not in outer]
    found = _unheld(own, conditions, outer)
    for each in own:
        if isinstance(each, (Subquery, CTE, Lateral)):
            found |= _of_select(each.element, outer if isinstance(each, Lateral) else frozenset())
    rest = [*statement.selected_columns, *statement._having_criteria, *statement._order_by_clauses]
    return found | _of_nested([*conditions, *rest], outer.union(own))


def _of_nested(expressions: Iterable[ClauseElement], outer: frozenset[FromClause]) -> set[str]:
    """Of the selects inside expressions, which may look at the outer tables."""
    found: set[str] = set()
    for each in expressions:
        if isinstance(each, (SelectBase, SelectStatementGrouping, ScalarSelect, Exists)):
            found |= _of_select(each, outer)
        else:
            found |= _of_nested(each.get_children(), outer)
    return found


def _flatten(each: FromClause, froms: list[FromClause], conditions: list[ClauseElement]) -> None:
    if isinstance(each, Join):
        conditions.extend(_conjuncts(each.onclause))
        _flatten(each.left, froms, conditions)
        _flatten(each.right, froms, conditions)
    elif isinstance(each, FromGrouping):
        _flatten(each.element, froms, conditions)
    else:
        froms.append(each)


def _unheld(
    froms: Collection[FromClause], conditions: Sequence[ClauseElement], outer: frozenset[FromClause]
) -> set[str]:
    """The tables among `froms` whose company no condition fixes."""
    pairs = [pair for each in conditions for pair in _equalities(each)]
    held = {*outer, *(each for each in froms if _table_name(each) not in _TABLES)}
    held |= {table for table, other in pairs if other is None}
    grown = True
    while grown:
        more = {table for table, other in pairs if other in held} - held
        held |= more
        grown = bool(more)
    return {str(_table_name(each)) for each in froms if each not in held}


def _equalities(condition: ClauseElement) -> Iterator[tuple[FromClause, FromClause | None]]:
    """(table, other) for `table.company_id = other.company_id`, (table, None) for `= value` and `IN (values)`."""
    if not isinstance(condition, BinaryExpression) or condition.operator not in {operators.eq, operators.in_op}:
        return
    sides = (condition.left, condition.right)
    for one, other in (sides, sides[::-1]):
        if _is_company(one) and isinstance(other, BindParameter):
            yield one.table, None
        elif _is_company(one) and _is_company(other) and condition.operator is operators.eq:
            yield one.table, other.table


def _is_company(element: Any) -> bool:
    return getattr(element, "name", None) == COMPANY_ID and getattr(element, "table", None) is not None


def _table_name(each: FromClause) -> str | None:
    while isinstance(each, Alias):
        each = each.element
    return each.name if isinstance(each, TableClause) else None


def _conjuncts(condition: object) -> Iterator[ClauseElement]:
    """The parts of a condition that must all hold; what stands in an OR holds nothing."""
    if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for each in condition.clauses:
            yield from _conjuncts(each)
    elif isinstance(condition, Grouping):
        yield from _conjuncts(condition.element)
    elif isinstance(condition, ClauseElement):
        yield condition


def _columns(expression: ClauseElement) -> Iterator[Any]:
    if isinstance(expression, (SelectBase, ScalarSelect, Exists)):
        return
    if isinstance(expression, ColumnElement) and getattr(expression, "table", None) is not None:
        yield expression
    for child in expression.get_children():
        yield from _columns(child)


def _sent(multiparams: Sequence[Any], params: Mapping[str, Any]) -> set[str]:
    rows: list[Any] = [row for row in multiparams if isinstance(row, Mapping)]
    rows += [row for rows in multiparams if isinstance(rows, (list, tuple)) for row in rows]
    return {str(name) for row in (*rows, params) if isinstance(row, Mapping) for name in row}
