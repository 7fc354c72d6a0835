"""Amounts of money, and other numbers, as people type them."""

import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from swapboard.language import _

MOST_CENTS = 10**12
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?:,\d{3})+|(?:\.\d{3})+)")
"""`1,200` and `1.200`, as the one or the other country writes it: few amounts have a thousandth of anything."""
_THREE_PLACES = 3
_LONGEST_NUMBER = 20
"""More digits are not read at all: Python refuses thousands of them."""
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
"""What the Swiss part thousands with."""
_SIGNS = frozenset({"Sc", "Zs"})


def places_of(currency: str) -> int:
    """How many digits people write behind the point: none of yen, three of dinars, else mostly two."""
    return get_currency_precision(currency)


def cents_of(text: str, places: int = 2) -> int | None:
    """An amount in cents: `40`, `40,50`, `1,250.50`, `1.250,50 €` or `$1,250`; None for none, or too much.

    With three `places` behind a point, as dinars have and some programs write, `1.250` is 1.25; else it is 1250.
    """
    text = "".join(each for each in text if unicodedata.category(each) not in _SIGNS and each not in _APOSTROPHES)
    if "." in text and "," in text:
        text = text.replace("," if text.rindex(".") > text.rindex(",") else ".", "")
    elif _THOUSANDS.fullmatch(text) and not (places >= _THREE_PLACES and may_be_thousands(text)):
        text = text.replace(",", "").replace(".", "")
    try:
        cents = Decimal(text.replace(",", ".")) * 100
    except InvalidOperation:
        return None
    is_amount = cents.is_finite() and 0 <= cents <= MOST_CENTS and cents == cents.to_integral_value()
    return int(cents) if is_amount else None


def how_to_write() -> str:
    """What to tell whoever typed no such amount. Of dinars, too, only two digits are kept."""
    return _("Write an amount with at most two digits behind the point, like 40 or 1250.50.")


def typed_amount(cents: int, currency: str) -> str:
    """Cents as they are typed in: `1250.50`; of yen `1250`."""
    return f"{cents // 100}" if not (cents % 100 or places_of(currency)) else f"{cents // 100}.{cents % 100:02}"


def whole_of(text: str, most: int) -> int | None:
    """A whole number in plain digits; None for anything else, and for more than `most`."""
    is_one = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER and int(text) <= most
    return int(text) if is_one else None


def may_be_thousands(text: str) -> bool:
    """Whether `1.200` may be 1200, or a number and a fifth."""
    return text.count(".") == 1 and _THOUSANDS.fullmatch(text) is not None


def number_of(text: str, most: float = math.inf) -> float | None:
    """A number with a comma or a point; `1,200` and `1.200` are both 1200. None for what is no number.

    Where 1200 is more than anything could be, `1.200` is 1.2.
    """
    whole = text.replace(",", "").replace(".", "")
    is_whole = _THOUSANDS.fullmatch(text) is not None and not (may_be_thousands(text) and float(whole) > most)
    try:
        number = float(whole if is_whole else text.replace(",", "."))
    except ValueError:
        return None
    return None if math.isnan(number) else number
