"""Amounts of money as people type them."""

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

MOST_CENTS = 10**12
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+")


def places_of(currency: str) -> int:
    """How many digits people write behind the point: none of yen, three of dinars, else mostly two."""
    return get_currency_precision(currency)


def cents_of(text: str) -> int | None:
    """An amount in cents: `40`, `40.50`, `40,50`, `1,250.50` or `1.250,50`; None for what is none, or too much."""
    text = text.replace("\u00a0", "").replace(" ", "")
    if "." in text and "," in text:
        text = text.replace("," if text.rindex(".") > text.rindex(",") else ".", "")
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        cents = Decimal(text.replace(",", ".")) * 100
    except InvalidOperation:
        return None
    is_amount = cents.is_finite() and 0 <= cents <= MOST_CENTS and cents == cents.to_integral_value()
    return int(cents) if is_amount else None
