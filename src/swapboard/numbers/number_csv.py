"""Numbers as CSV: a list to look through in a spreadsheet, and one to bring in."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from swapboard.amount import cents_of
from swapboard.clock import Millis
from swapboard.language import _
from swapboard.numbers.e164 import NotANumber, parse_number
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.listing import NumberRecord
from swapboard.numbers.running_days import fault_of_days
from swapboard.spreadsheet import FORMULA, NoTable, each_row, harmless, in_line, separator_of

COLUMNS = (
    "number",
    "status",
    "pool",
    "target",
    "placement",
    "channel",
    "source",
    "medium",
    "campaign",
    "monthly_price",
    "placement_cost",
    "starts_on",
    "ends_on",
)
MOST_LINES = 1_000
MOST_CENTS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A line that brings a number in; what it leaves empty is None."""

    line: int
    number: str
    facts: Mapping[str, str]
    status: NumberStatus = NumberStatus.ACTIVE

    def quarantined_at(self, now: Millis) -> Millis | None:
        """The list does not say since when, so its days begin now."""
        return now if self.status is NumberStatus.QUARANTINED else None

    def cents(self, column: str) -> int | None:
        """An amount of the line in cents. Raises ValueError."""
        text = self.facts.get(column)
        if not text:
            return None
        cents = cents_of(text)
        if cents is None or cents > MOST_CENTS:
            raise ValueError(in_line(self.line, _("Write an amount like 40 or 40.50.")))
        return cents


def to_csv(records: Iterable[NumberRecord], of_pool: Mapping[str, str], of_target: Mapping[str, str]) -> str:
    """The numbers with what they are for; `of_pool` has the pools' names, `of_target` the targets' numbers."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for each in records:
        told = (
            each.status.value,
            of_pool.get(each.pool_id or ""),
            each.placement,
            each.channel,
            each.source,
            each.medium,
            each.campaign,
            _money(each.monthly_cents),
            _money(each.placement_cents),
            each.starts_on,
            each.ends_on,
        )
        status, pool, *rest = (harmless(text or "") for text in told)
        writer.writerow([each.number, status, pool, of_target.get(each.target_id or "", ""), *rest])
    return file.getvalue()


def from_csv(text: str, country: str) -> tuple[list[NumberLine], list[str]]:
    """The lines, and what is wrong with others. Without headings each line begins with a number."""
    try:
        table = each_row(text.lstrip("\ufeff"), separator_of(text))
        rows = [(line, row) for line, row in table if any(cell.strip() for cell in row)]
    except NoTable as error:
        return [], [str(error)]
    if not rows:
        return [], [_("There is no number in it.")]
    if len(rows) > MOST_LINES + 1:
        return [], [_("Bring in %(most_lines)s numbers at a time.") % {"most_lines": MOST_LINES}]
    headings = [cell.strip().casefold().replace(" ", "_") for cell in rows[0][1]]
    has_headings = "number" in headings
    return _lines(rows[1:] if has_headings else rows, headings if has_headings else ["number"], country)


def _lines(
    rows: Sequence[tuple[int, Sequence[str]]], headings: Sequence[str], country: str
) -> tuple[list[NumberLine], list[str]]:
    found: list[NumberLine] = []
    faults: list[str] = []
    seen: set[str] = set()
    for place, row in rows:
        facts = {name: _plain(cell) for name, cell in zip(headings, row, strict=False) if _plain(cell)}
        try:
            number = parse_number(facts.pop("number", ""), country)
        except NotANumber as error:
            faults.append(in_line(place, error))
            continue
        status = _status(facts.pop("status", NumberStatus.ACTIVE))
        if status is None:
            faults.append(in_line(place, _("The status is active, paused or quarantined, or left out.")))
            continue
        if number in seen:
            faults.append(in_line(place, _("%(number)s stands here twice.") % {"number": number}))
        if wrong := fault_of_days(facts.get("starts_on"), facts.get("ends_on")):
            faults.append(in_line(place, wrong))
        seen.add(number)
        found.append(NumberLine(place, number, facts, status))
    return found, faults


def _status(text: str) -> NumberStatus | None:
    """None for what no number that comes in can be: a released one is gone."""
    try:
        status = NumberStatus(text.casefold())
    except ValueError:
        return None
    return None if status is NumberStatus.RELEASED else status


def _money(cents: int | None) -> str | None:
    return f"{cents / 100:.2f}" if cents is not None else None


def _plain(cell: str) -> str:
    stripped = cell.strip()
    return stripped[1:] if stripped.startswith("'") and stripped[1:].startswith(FORMULA) else stripped
