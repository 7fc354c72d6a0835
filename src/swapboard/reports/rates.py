"""What a currency was worth on a day: the European Central Bank's file, or rates of one's own."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cached_property
from xml.etree import ElementTree

from swapboard.language import _
from swapboard.spreadsheet import in_line, read_rows
from swapboard.written_days import day_of

EURO = "EUR"
OLDEST_DAYS = 10
"""A rate holds on the days after it on which there is none: banks are closed at weekends and over holidays."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `base` was `worth` units of `quote`."""

    day: date
    base: str
    quote: str
    worth: Decimal


@dataclass(frozen=True)
class Rates:
    """All known rates."""

    known: Sequence[Rate]

    @cached_property
    def _by_pair(self) -> Mapping[tuple[str, str], tuple[list[date], list[Fraction]]]:
        found: dict[tuple[str, str], tuple[list[date], list[Fraction]]] = defaultdict(lambda: ([], []))
        for rate in sorted(self.known, key=lambda each: each.day):
            days, worths = found[rate.base, rate.quote]
            days.append(rate.day)
            worths.append(Fraction(rate.worth))
        return dict(found)

    def convert(self, micros: int, currency: str, wanted: str, day: date) -> int | None:
        """The amount in another currency by the day's rate, or the last before it; None where there is none."""
        if currency == wanted:
            return micros
        worth = self._direct(currency, wanted, day) or self._by_euro(currency, wanted, day)
        return None if worth is None else round(micros * worth)

    def _by_euro(self, currency: str, wanted: str, day: date) -> Fraction | None:
        to_euro, from_euro = self._direct(currency, EURO, day), self._direct(EURO, wanted, day)
        return to_euro * from_euro if to_euro and from_euro else None

    def _direct(self, base: str, quote: str, day: date) -> Fraction | None:
        if worth := self._latest(base, quote, day):
            return worth
        inverse = self._latest(quote, base, day)
        return 1 / inverse if inverse else None

    def _latest(self, base: str, quote: str, day: date) -> Fraction | None:
        days, worths = self._by_pair.get((base, quote), ([], []))
        place = bisect_right(days, day) - 1
        if place < 0 or (day - days[place]).days > OLDEST_DAYS:
            return None
        return worths[place]


def read_rates(text: str) -> Sequence[Rate]:
    """Rates in the ECB's files (worth of a euro), or in lines `day,base,quote,worth`.

    Raises ValueError with the line that cannot be.
    """
    if text.lstrip().startswith("<"):
        return list(_of_bank_in_xml(text))
    rows = [[cell.strip() for cell in row] for row in read_rows(text) if any(map(str.strip, row))]
    if not rows:
        raise ValueError(_("There are no rates in it."))
    head = [cell.casefold() for cell in rows[0]]
    if head[:4] == ["day", "base", "quote", "worth"]:
        return list(_own(rows[1:]))
    if head[0] == "date" and len(head) > 1:
        return list(_of_bank(rows[0], rows[1:]))
    raise ValueError(
        _("The first line is `day,base,quote,worth`, or it is one of the European Central Bank's files.")
    )


def _own(rows: Iterable[Sequence[str]]) -> Iterable[Rate]:
    for number, row in enumerate(rows, 2):
        if len(row) < 4:
            raise ValueError(in_line(number, _("there must be a day, two currencies and a number.")))
        yield Rate(
            _day(row[0], number), _currency(row[1], number), _currency(row[2], number), _worth(row[3], number)
        )


def _of_bank(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[Rate]:
    """https://www.ecb.europa.eu/stats/eurofxref: a column each currency, N/A where it was not quoted."""
    for number, row in enumerate(rows, 2):
        day = _day(row[0], number)
        for name, text in zip(head[1:], row[1:], strict=False):
            if name and text not in {"", "N/A"}:
                yield Rate(day, EURO, _currency(name, 1), _worth(text, number))


def _of_bank_in_xml(text: str) -> Iterable[Rate]:
    """Its files in XML, as eurofxref-hist-90d.xml: a Cube of each day, in it one of each currency."""
    # A document type could define entities that unfold to gigabytes; the bank's file has none.
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError(_("That is not the European Central Bank's file."))
    try:
        days = [each for each in ElementTree.fromstring(text.encode()).iter() if "time" in each.attrib]  # noqa: S314
    except ElementTree.ParseError as error:
        raise ValueError(in_line(error.position[0], _("this is not XML."))) from None
    if not days:
        raise ValueError(_("There are no rates in it."))
    for number, told in enumerate(days, 1):
        day = _day(told.attrib["time"], number)
        for each in told:
            currency, worth = each.attrib.get("currency", ""), each.attrib.get("rate", "")
            yield Rate(day, EURO, _currency(currency, number), _worth(worth, number))


def _day(text: str, line: int) -> date:
    try:
        return day_of(text, month_first=False)
    except ValueError as error:
        raise ValueError(in_line(line, error)) from None


def _currency(text: str, line: int) -> str:
    if len(text) != 3 or not (text.isascii() and text.isalpha()):
        raise ValueError(
            in_line(line, _("%(text)r is no currency: it has three letters, like USD.") % {"text": text[:20]})
        )
    return text.upper()


def _worth(text: str, line: int) -> Decimal:
    try:
        worth = Decimal(text)
    except InvalidOperation:
        raise ValueError(in_line(line, _("%(text)r is no number.") % {"text": text[:20]})) from None
    if not (worth.is_finite() and 0 < worth < Decimal(10) ** 9):
        raise ValueError(in_line(line, _("%(text)r cannot be a rate.") % {"text": text[:20]}))
    return worth
