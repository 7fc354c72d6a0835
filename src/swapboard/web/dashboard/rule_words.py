"""A rule's conditions, in words."""

from collections.abc import Mapping, Sequence

from swapboard.numbers.conditions import ANY, Field
from swapboard.numbers.explain import NAMES
from swapboard.web.dashboard.rule_lines import BEGINS, CONTAINS, IS, IS_NOT, Line, line_of
from swapboard.web.dashboard.translation import Words, _

FIELD: Mapping[Field, str] = NAMES
_SAYS: Mapping[str, str] = Words(
    {
        IS: _("is “%s”"),
        IS_NOT: _("is not “%s”"),
        BEGINS: _("begins with “%s”"),
        CONTAINS: _("contains “%s”"),
    }
)
_KNOWN: Mapping[str, str] = Words({IS: _("is known"), IS_NOT: _("is not known")})


def condition(asked: Field, values: Sequence[str]) -> str:
    """One condition as a sentence's part."""
    lines = [line_of(asked, value) for value in values]
    wanted = [_said(line) for line in lines if line.how != IS_NOT]
    excluded = [_said(line) for line in lines if line.how == IS_NOT]
    said = filter(None, (_(" or ").join(wanted), _(" and ").join(excluded)))
    return f"{FIELD[asked]} {_(' but ').join(said)}"


def _said(line: Line) -> str:
    return _KNOWN[line.how] if line.value == ANY else _SAYS[line.how] % line.value
