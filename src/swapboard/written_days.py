"""Days as people of many countries write them."""

import re
from collections.abc import Iterable
from datetime import date, datetime

from swapboard.language import _

_SLASHED = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[./-]?(\d{2})[./-]?(\d{2})")
_NAMED = ("%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y", "%b %d %Y", "%a, %b %d, %Y", "%A, %B %d, %Y")


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
