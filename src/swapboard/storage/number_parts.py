"""Whole parts of numbers, cut by the database alike on either engine."""

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class millionths(FunctionElement[int]):  # noqa: N801 reads as the SQL function that it is
    """How many whole millionths are in a number from nought to one: `millionths(probability)`."""

    name = "millionths"
    type = BigInteger()
    inherit_cache = True


@compiles(millionths)
def _millionths(element: millionths, compiler: SQLCompiler, **options: Any) -> str:
    (number,) = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST({number} * 1000000 AS INTEGER)"


@compiles(millionths, "postgresql")
def _millionths_postgresql(element: millionths, compiler: SQLCompiler, **options: Any) -> str:
    # A cast alone would round.
    (number,) = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST(trunc({number} * 1000000) AS BIGINT)"
