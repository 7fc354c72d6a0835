"""A report as it is exported: named columns, and rows of plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import TypeAlias

MILLION = 1_000_000
Cell: TypeAlias = str | int | float | bool | Decimal | None
"""None where there is no such thing."""


class Kind(Enum):
    """What stands in a column."""

    TEXT = auto()
    WHOLE = auto()
    DECIMAL = auto()
    """Exact: at most six places."""
    SHARE = auto()
    """From 0 to 1."""
    FLAG = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """Its name is that of the API's field, where it has one."""

    name: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Grid:
    """Each row has a cell for each column."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def millionths(micros: int) -> Decimal:
    """An amount, exactly."""
    return Decimal(micros) / MILLION
