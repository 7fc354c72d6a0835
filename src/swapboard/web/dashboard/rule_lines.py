"""A rule's conditions taken apart: a line for each value, and how it is compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from swapboard.numbers.conditions import ANY, NOT, Field
from swapboard.numbers.rules import Rule
from swapboard.web.dashboard.translation import Words, _

IS, IS_NOT, BEGINS, CONTAINS = "is", "is_not", "begins", "contains"
HOW: Mapping[str, str] = Words(
    {
        IS: _("is"),
        IS_NOT: _("is not"),
        BEGINS: _("begins with"),
        CONTAINS: _("contains"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One condition as the editor shows it: a fact, how it is compared, and one value."""

    asked: str
    how: str
    value: str


def lines_of(rule: Rule) -> list[Line]:
    """The rule's conditions, a line for each value."""
    return [line_of(asked, value) for asked, values in rule.conditions.items() for value in values]


def value_of(line: Line) -> str:
    """The value as a condition writes it."""
    if line.how == IS_NOT:
        return f"{NOT}{line.value}"
    if line.how == BEGINS:
        return f"{line.value}{ANY}"
    if line.how == CONTAINS:
        return f"{ANY}{line.value}{ANY}"
    return line.value


def line_of(asked: Field, value: str) -> Line:
    """A value as a condition writes it, taken apart."""
    if value.startswith(NOT):
        return Line(asked, IS_NOT, value[1:])
    inner = value.strip(ANY)
    if inner and ANY not in inner:
        if value == f"{ANY}{inner}{ANY}":
            return Line(asked, CONTAINS, inner)
        if value == f"{inner}{ANY}":
            return Line(asked, BEGINS, inner)
    return Line(asked, IS, value)
