"""Amounts and dates as people of many countries write them."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from swapboard.language import _

_EMPTY = frozenset(("", "--", "-", "—", "n/a", "N/A", "null"))
_MINUS = "\u2212"
"""The typographer's, which some locales write."""
_NOT_NUMBER = re.compile(r"[^\d.,+()-]")
_FAR_TOO_MUCH = 10**18
"""No database's whole number holds much more."""
_SLASHED = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[./-]?(\d{2})[./-]?(\d{2})")
_NAMED = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%a, %b %d, %Y", "%A, %B %d, %Y")


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
    if abs(amount) > _FAR_TOO_MUCH:
        raise ValueError(_("%(text)r is no amount.") % {"text": text[:30]})
    return -amount if is_negative else amount


def count_of(text: str, decimal: str) -> int:
    """A whole number in a cell. Raises ValueError."""
    return int(amount_of(text, decimal))


def writes_month_first(dates: Iterable[str], usual: bool) -> bool:
    """Whether 03/04/2026 is in March: by the days after the twelfth, else as is usual where the company is."""
    for text in dates:
        if found := _SLASHED.fullmatch(text.strip()):
            if found[2] == "." or int(found[1]) > 12:
                return False
            if int(found[3]) > 12:
                return True
    return usual


def day_of(text: str, month_first: bool) -> date:
    """The day in a cell; a time of day after it is left out. Raises ValueError."""
    text = text.strip().partition("T")[0] if _YEAR_FIRST.match(text.strip()) else text.strip()
    bare = re.sub(r"\s+\d{1,2}:\d{2}.*$", "", text)
    try:
        if found := _YEAR_FIRST.fullmatch(bare):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _SLASHED.fullmatch(bare):
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            month, day = (first, second) if month_first else (second, first)
            return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        raise ValueError(_("%(text)r is no day.") % {"text": text[:30]}) from None
    for written in _NAMED:
        try:
            return datetime.strptime(bare, written).date()  # noqa: DTZ007 a day has no time zone
        except ValueError:
            continue
    raise ValueError(_("%(text)r is no day.") % {"text": text[:30]})


def _bare(text: str) -> str:
    return _NOT_NUMBER.sub("", text.replace(_MINUS, "-"))
