"""Parts of a text, cut by the database on either engine."""

from typing import Any

from sqlalchemy import ColumnElement, String, func, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from swapboard.storage.engine import SMALL_LETTERS


class upto(FunctionElement[str]):  # noqa: N801 reads as the SQL function that it is
    """What stands before the first `mark`, or the whole text where there is none: `upto(text, mark)`."""

    name = "upto"
    type = String()
    inherit_cache = True


class beyond(FunctionElement[str]):  # noqa: N801 as above
    """What stands behind the first `mark`, or nothing where there is none: `beyond(text, mark)`."""

    name = "beyond"
    type = String()
    inherit_cache = True


class values_in(FunctionElement[str]):  # noqa: N801 as above
    """All values of a JSON object of texts, with spaces between them: `values_in(fields)`."""

    name = "values_in"
    type = String()
    inherit_cache = True


class small(FunctionElement[str]):  # noqa: N801 as above
    """The text in small letters, those beyond ASCII too, which SQLite's `lower` leaves alone: `small(text)`."""

    name = "small"
    type = String()
    inherit_cache = True


def in_small(text: ColumnElement[str], sought: str) -> ColumnElement[str]:
    """The text in small letters, as far as it takes to look for this in it: the database's own are quicker."""
    return func.lower(text) if sought.isascii() else small(text)


def host_in(address: ColumnElement[str]) -> ColumnElement[str]:
    """The host (with its port) of a web address."""
    return upto(beyond(address, _mark("//")), _mark("/"))


def path_of(address: ColumnElement[str]) -> ColumnElement[str]:
    """A web address without its query."""
    return upto(address, _mark("?"))


def region_in(place: ColumnElement[str]) -> ColumnElement[str]:
    """`DC` of `Washington, DC`; a place without a comma is its own."""
    return func.coalesce(func.nullif(beyond(place, _mark(", ")), _mark("")), place)


def _mark(text: str) -> ColumnElement[str]:
    """No parameter: PostgreSQL does not see that two expressions with parameters are the same."""
    return literal_column(f"'{text}'", String())


@compiles(upto)
def _upto(element: upto, compiler: SQLCompiler, **options: Any) -> str:
    text, mark = (compiler.process(each, **options) for each in element.clauses)
    return f"substr({text}, 1, instr({text} || {mark}, {mark}) - 1)"


@compiles(beyond)
def _beyond(element: beyond, compiler: SQLCompiler, **options: Any) -> str:
    text, mark = (compiler.process(each, **options) for each in element.clauses)
    return f"substr({text}, instr({text} || {mark}, {mark}) + length({mark}))"


@compiles(upto, "postgresql")
def _upto_postgresql(element: upto, compiler: SQLCompiler, **options: Any) -> str:
    text, mark = (compiler.process(each, **options) for each in element.clauses)
    return f"split_part({text}, {mark}, 1)"


@compiles(beyond, "postgresql")
def _beyond_postgresql(element: beyond, compiler: SQLCompiler, **options: Any) -> str:
    text, mark = (compiler.process(each, **options) for each in element.clauses)
    return f"substr({text}, strpos({text} || {mark}, {mark}) + length({mark}))"


@compiles(small)
def _small(element: small, compiler: SQLCompiler, **options: Any) -> str:
    (text,) = (compiler.process(each, **options) for each in element.clauses)
    return f"{SMALL_LETTERS}({text})"


@compiles(small, "postgresql")
def _small_postgresql(element: small, compiler: SQLCompiler, **options: Any) -> str:
    (text,) = (compiler.process(each, **options) for each in element.clauses)
    return f"lower({text})"


@compiles(values_in)
def _values_in(element: values_in, compiler: SQLCompiler, **options: Any) -> str:
    (fields,) = (compiler.process(each, **options) for each in element.clauses)
    return f"(SELECT coalesce(group_concat(value, ' '), '') FROM json_each({fields}))"  # noqa: S608 compiled


@compiles(values_in, "postgresql")
def _values_in_postgresql(element: values_in, compiler: SQLCompiler, **options: Any) -> str:
    (fields,) = (compiler.process(each, **options) for each in element.clauses)
    return f"(SELECT coalesce(string_agg(value, ' '), '') FROM jsonb_each_text({fields}))"  # noqa: S608 compiled
