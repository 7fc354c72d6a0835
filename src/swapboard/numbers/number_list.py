"""A list of numbers that somebody has already, as CSV or one a line: what it says of each, and what is wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from swapboard.amount import cents_of, how_to_write
from swapboard.clock import Millis
from swapboard.language import MONTH_FIRST, _
from swapboard.numbers.e164 import NotANumber, is_valid, parse_number
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.list_words import HEADINGS, NUMBER, STATUS, STATUSES
from swapboard.numbers.number_csv import COLUMNS
from swapboard.numbers.running_days import fault_of_days
from swapboard.spreadsheet import FORMULA, NoTable, each_row, in_line, separator_of
from swapboard.written_days import day_of, writes_month_first

MOST_LINES = 1_000
MOST_NAMED = 5
_CUT_SHORT = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
"""What Excel makes of a long number."""
_DAYS = ("starts_on", "ends_on")
_PLACES = {",": 3}
"""Digits that may stand behind the point, by what parts the cells: 1.150 between commas is a program's 1.15."""

Row = tuple[int, Sequence[str]]
"""A row, and the line of the file that it stands in."""


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A line that brings a number in; what it leaves empty is None."""

    line: int
    number: str
    facts: Mapping[str, str]
    status: NumberStatus = NumberStatus.ACTIVE
    places: int = 2
    """How many digits may stand behind the point of its amounts."""

    def quarantined_at(self, now: Millis) -> Millis | None:
        """The list does not say since when, so its days begin now."""
        return now if self.status is NumberStatus.QUARANTINED else None

    def cents(self, column: str) -> int | None:
        """An amount of the line in cents. Raises ValueError."""
        text = self.facts.get(column)
        if not text:
            return None
        cents = cents_of(text, self.places)
        if cents is None:
            raise ValueError(in_line(self.line, how_to_write()))
        return cents


@dataclass(slots=True)
class NumberList:
    """What a list says. With a fault none of it is brought in; all else is to be told when it was."""

    lines: list[NumberLine] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    unread: Sequence[str] = ()
    """Headings of columns that mean nothing here."""
    strange_statuses: dict[str, None] = field(default_factory=dict)
    """Those that are not known, in their order: such numbers come in paused, which shows them to nobody."""
    left_out: int = 0
    """Numbers that the list says are given up."""

    @property
    def notes(self) -> Iterator[str]:
        """What is not as the list's writer may expect, in words."""
        if self.unread:
            yield _("Columns that were not read: %(names)s.") % {"names": _named(self.unread)}
        if self.strange_statuses:
            yield _(
                "Not known here is the status %(names)s: such numbers came in paused, so nobody is shown them."
            ) % {"names": _named(list(self.strange_statuses))}
        if self.left_out:
            yield _("Left out, as the list says that they are given up: %(count)s.") % {"count": self.left_out}
        if doubtful := [each.number for each in self.lines if not is_valid(each.number)]:
            yield _("Look again at %(numbers)s: by the numbering plan there is no such number.") % {
                "numbers": _named(doubtful, quoted=False)
            }


def from_csv(text: str, country: str) -> NumberList:
    """What the list says. Without headings each line begins with a number; `country` reads national forms."""
    try:
        separator = separator_of(text)
        table = each_row(text.lstrip("\ufeff"), separator)
        rows = [(line, row) for line, row in table if any(cell.strip() for cell in row)]
    except NoTable as error:
        return NumberList(faults=[str(error)])
    if not rows:
        return NumberList(faults=[_("There is no number in it.")])
    if len(rows) > MOST_LINES + 1:
        return NumberList(faults=[_("Bring in %(most_lines)s numbers at a time.") % {"most_lines": MOST_LINES}])
    headings = [_heading(cell) for cell in rows[0][1]]
    if NUMBER in headings:
        unread = [told.strip() for told, known in zip(rows[0][1], headings, strict=True) if known not in COLUMNS]
        found = _read(rows[1:], headings, country, _PLACES.get(separator, 2))
        found.unread = [each for each in unread if each]
        return found
    if len(rows) > 1 and len(headings) > 1 and not any(re.search(r"\d", cell) for cell in rows[0][1]):
        said = _("Line %(line)s has headings, but none of them is “number”.") % {"line": rows[0][0]}
        return NumberList(faults=[said])
    return _read(rows, [NUMBER], country)


def _heading(cell: str) -> str:
    name = cell.strip().casefold().replace(" ", "_")
    return HEADINGS.get(name, name)


def _read(rows: Sequence[Row], headings: Sequence[str], country: str, places: int = 2) -> NumberList:
    found = NumberList()
    table = [(line, row, _facts(headings, row)) for line, row in rows]
    days = (facts[name] for _line, _row, facts in table for name in _DAYS if name in facts)
    month_first = writes_month_first(days, country in MONTH_FIRST)
    seen: set[str] = set()
    for line, row, facts in table:
        try:
            number = _number(facts.pop(NUMBER, ""), country, row)
        except NotANumber as error:
            found.faults.append(in_line(line, error))
            continue
        status = _status(facts.pop(STATUS, ""), found)
        if status is NumberStatus.RELEASED:
            found.left_out += 1
            continue
        if number in seen:
            found.faults.append(in_line(line, _("%(number)s stands here twice.") % {"number": number}))
        seen.add(number)
        facts |= {name: _iso_day(facts[name], month_first) for name in _DAYS if name in facts}
        if wrong := fault_of_days(facts.get("starts_on"), facts.get("ends_on")):
            found.faults.append(in_line(line, wrong))
        found.lines.append(NumberLine(line, number, facts, status, places))
    if not (found.lines or found.faults):
        found.faults.append(_("There is no number in it."))
    return found


def _facts(headings: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    return {name: _plain(cell) for name, cell in zip(headings, row, strict=False) if _plain(cell)}


def _number(text: str, country: str, row: Sequence[str]) -> str:
    """Raises NotANumber."""
    # The comma of 1,2E+10 was taken for one between two cells where nothing else is in the row.
    for told in (text, ",".join(row).strip()):
        if _CUT_SHORT.fullmatch(told):
            said = _(
                "%(text)s: the spreadsheet has cut this number short. Make its column text, and write it anew."
            )
            raise NotANumber(said % {"text": told})
    return parse_number(text, country)


def _status(text: str, found: NumberList) -> NumberStatus:
    if not text:
        return NumberStatus.ACTIVE
    known = STATUSES.get(text.casefold())
    if known is None:
        found.strange_statuses[text] = None
        return NumberStatus.PAUSED
    return known


def _iso_day(text: str, month_first: bool) -> str:
    """The day as we write it; what is none stays, to be told."""
    try:
        return day_of(text, month_first).isoformat()
    except ValueError:
        return text


def _named(names: Sequence[str], *, quoted: bool = True) -> str:
    told = [_("“%s”") % name[:40] if quoted else name for name in names[:MOST_NAMED]]
    return ", ".join(told) + (" …" if len(names) > MOST_NAMED else "")


def _plain(cell: str) -> str:
    stripped = cell.strip()
    return stripped[1:] if stripped.startswith("'") and stripped[1:].startswith(FORMULA) else stripped
