"""Amounts as people of many countries write them."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from swapboard.language import _

_EMPTY = frozenset(("", "--", "-", "—", "n/a", "N/A", "null"))
_MINUS = "\u2212"
"""The typographer's, which some locales write."""
_NOT_NUMBER = re.compile(r"[^\d.,+()-]")
_BROKEN_UP = re.compile(r"\d[^\W\d_]+\d")
"""`1.2E5`, or two numbers in one cell: without the letters it would be another amount."""
_FAR_TOO_MUCH = 10**18
"""No database's whole number holds much more."""


def is_empty(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip() in _EMPTY


def decimal_sign(amounts: Iterable[str], separator: str) -> str:
    """`.` or `,`: what stands before the fraction in a column of amounts.

    Where every amount could be read both ways (1,234), the comma parts thousands; in a file whose cells are parted
    by semicolons, as where the comma is the decimal sign, the dot does.
    """
    local = "," if separator == ";" else "."
    for text in map(_bare, amounts):
        comma, dot = text.rfind(","), text.rfind(".")
        if comma >= 0 and dot >= 0:
            return "," if comma > dot else "."
        sign = "," if comma >= 0 else "." if dot >= 0 else ""
        if not sign:
            continue
        if text.count(sign) > 1:
            return "." if sign == "," else ","
        if len(text) - 1 - text.rfind(sign) != 3 or text.startswith((sign, f"0{sign}")):
            return sign
    return local


def amount_of(text: str, decimal: str) -> Decimal:
    """The amount in a cell; 0 for an empty one. Raises ValueError."""
    if is_empty(text):
        return Decimal()
    bare = _bare(text)
    thousands = "," if decimal == "." else "."
    whole = bare.replace(thousands, "").replace(decimal, ".")
    is_negative = whole.startswith("(") and whole.endswith(")")
    try:
        amount = Decimal(whole.strip("()"))
    except InvalidOperation:
        raise ValueError(_("%(text)r is no amount.") % {"text": text[:30]}) from None
    if abs(amount) > _FAR_TOO_MUCH or _BROKEN_UP.search(text):
        raise ValueError(_("%(text)r is no amount.") % {"text": text[:30]})
    return -amount if is_negative else amount


def count_of(text: str, decimal: str) -> int:
    """A whole number in a cell. Raises ValueError."""
    return int(amount_of(text, decimal))


def _bare(text: str) -> str:
    return _NOT_NUMBER.sub("", text.replace(_MINUS, "-"))
