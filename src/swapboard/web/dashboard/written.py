"""Figures as people read them, in the reader's language."""

from fractions import Fraction

from swapboard.language import decimal
from swapboard.language import percent as share
from swapboard.reports import costs
from swapboard.reports.figures import MANYFOLD, Count
from swapboard.reports.written import figure
from swapboard.web.dashboard.translation import _

__all__ = ["MANYFOLD", "confidence", "decimal", "figure", "percent", "points", "share", "worth"]

_SURE = (
    (0.95, _("Almost certain")),
    (0.80, _("Very likely")),
    (0.60, _("Likely")),
    (0.40, _("Possible")),
    (0.0, _("A guess")),
)


def confidence(probability: float) -> str:
    """A probability (0 to 1) in words."""
    return next(_(word) for least, word in _SURE if probability >= least)


def percent(probability: float, read: int | None = None) -> str:
    """`97%`; what is not certain is never 0% or 100%. `read` is what a column of several rounds it to."""
    if 0 < probability <= 0.005 if read is None else probability > 0 == read:
        return f"<{share(0.01)}"
    if 0.995 <= probability < 1 if read is None else probability < 1 and read == 100:
        return f">{share(0.99)}"
    return share(probability if read is None else read / 100)


def points(number: float) -> str:
    """`+1.5`: what speaks for something or against it."""
    sign = "+" if number >= 0 else "\N{MINUS SIGN}"
    return f"{sign}{decimal(abs(number), 1)}"


def worth(cents: Count, currency: str) -> str:
    """`1,250.50`, of yen `1,250`."""
    return costs.money(round(Fraction(cents) * costs.CENT_MICROS), currency)
