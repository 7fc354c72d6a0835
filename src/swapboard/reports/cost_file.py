"""Costs out of a table: each row a line, totals left out, every fault with its line in the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from swapboard.language import _
from swapboard.reports.cost_columns import NEEDED, Column, Layout, Table
from swapboard.reports.cost_numbers import (
    amount_of,
    count_of,
    decimal_sign,
    is_empty,
)
from swapboard.reports.cost_sheet import Row
from swapboard.reports.costs import SOURCES, CostLine, Platform, micros_of, spread
from swapboard.spreadsheet import in_line
from swapboard.written_days import day_of, writes_month_first

MOST_FAULTS = 20
_BY_DAY = _("If there is none, export the table by day (in Google Ads: Segment, Time, Day).")
_MOST = 10**18
"""Of what a line says: more does not fit into the database."""
_TOTALS = ("total", "totals", "gesamt", "summe", "insgesamt", "results from", "ergebnisse aus", "resultados de")


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says."""

    lines: Sequence[CostLine]
    totals: int
    """Rows that only add others up."""
    faults: Sequence[str]

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last."""
        days = [line.day for line in self.lines]
        return (min(days), max(days)) if days else None


@dataclass(frozen=True, slots=True)
class _Reader:
    table: Table
    layout: Layout
    decimal: str
    month_first: bool
    currency: str

    def cell(self, row: Row, column: Column) -> str:
        heading = self.layout.columns.get(column, "")
        place = self.table.headings.index(heading) if heading in self.table.headings else len(row.cells)
        return row.cells[place] if place < len(row.cells) else ""

    def says(self, row: Row, column: Column, usual: str = "") -> str:
        """A text of the row; platforms write -- for what they do not know."""
        text = self.cell(row, column)
        return usual if is_empty(text) else text[:500]

    def lines(self, row: Row) -> Iterator[CostLine]:
        """What the row says, over its days. Raises ValueError."""
        first = day_of(self.cell(row, Column.DAY), self.month_first)
        until = self.says(row, Column.LAST_DAY)
        last = day_of(until, self.month_first) if until else first
        currency = self.says(row, Column.CURRENCY, self.currency).upper()
        if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
            raise ValueError(_("there is no currency: give it, as three letters like USD."))
        usual = SOURCES[self.layout.platform]
        shares = zip(
            spread(self._micros(row), first, last),
            spread(self._count(row, Column.CLICKS), first, last),
            spread(self._count(row, Column.IMPRESSIONS), first, last),
            strict=True,
        )
        for (day, micros), (_same, clicks), (_also, impressions) in shares:
            yield CostLine(
                day,
                micros,
                currency,
                self.says(row, Column.CAMPAIGN, self.layout.campaign),
                self.says(row, Column.CAMPAIGN_ID),
                self.says(row, Column.AD_GROUP),
                _keyword(self.says(row, Column.KEYWORD)),
                self.says(row, Column.CHANNEL, usual.channel),
                self.says(row, Column.SOURCE, usual.source),
                self.says(row, Column.MEDIUM, usual.medium),
                clicks,
                impressions,
            )

    def _micros(self, row: Row) -> int:
        amount = amount_of(self.cell(row, Column.COST), self.decimal)
        are_micros = "micros" in self.layout.columns[Column.COST].casefold()
        return int(amount) if are_micros else micros_of(amount)

    def _count(self, row: Row, column: Column) -> int:
        return count_of(self.cell(row, column), self.decimal)


def read_costs(table: Table, layout: Layout, currency: str, country_month_first: bool) -> Read:
    """The lines of a table that is laid out so; `currency` where neither it nor the layout says one."""
    lacking = [column.value for column in NEEDED if layout.columns.get(column) not in table.headings]
    if lacking:
        words = _("Say which column holds: %(columns)s.") % {"columns": ", ".join(map(_, lacking))}
        if Column.DAY in lacking:
            words = f"{words} {_(_BY_DAY)}"
        return Read((), 0, (words,))
    reader = _reader(table, layout, currency, country_month_first)
    lines: list[CostLine] = []
    faults: list[str] = []
    totals = 0
    for row in table.rows:
        if _only_adds_up(reader, row):
            totals += 1
            continue
        try:
            lines.extend(reader.lines(row))
        except ValueError as error:
            faults.append(in_line(row.line, error))
    summed = _together(lines)
    most = (max(map(abs, (each.micros, each.clicks, each.impressions))) for each in summed)
    faults.extend(_("%(text)r is no amount.") % {"text": f"{each}"[:30]} for each in most if each > _MOST)
    return Read(summed, totals, faults[:MOST_FAULTS])


def _reader(table: Table, layout: Layout, currency: str, country_month_first: bool) -> _Reader:
    plain = _Reader(table, layout, "", False, layout.currency or currency)
    amounts = [plain.cell(row, Column.COST) for row in table.rows]
    days = [plain.cell(row, column) for row in table.rows for column in (Column.DAY, Column.LAST_DAY)]
    month_first = layout.month_first
    if month_first is None:
        month_first = writes_month_first(days, country_month_first)
    decimal = layout.decimal or decimal_sign(amounts, table.separator)
    return _Reader(table, layout, decimal, month_first, layout.currency or currency)


def _only_adds_up(reader: _Reader, row: Row) -> bool:
    """Whether the row is a total, or a note below the table."""
    first = next(filter(None, row.cells), "").casefold()
    if first.startswith(_TOTALS) and not _is_day(reader, row):
        return True
    named = [reader.says(row, column).casefold() for column in (Column.CAMPAIGN, Column.AD_GROUP)]
    if any(text.startswith(("total: ", "results from ")) for text in named):
        return True
    if reader.layout.platform is Platform.META and Column.CAMPAIGN in reader.layout.columns:
        return not reader.says(row, Column.CAMPAIGN)
    # A copyright line, or a total without a day.
    return is_empty(reader.cell(row, Column.DAY)) or len(row.cells) == 1


def _is_day(reader: _Reader, row: Row) -> bool:
    try:
        day_of(reader.cell(row, Column.DAY), reader.month_first)
    except ValueError:
        return False
    return True


def _keyword(text: str) -> str:
    """Without the signs of its match type: [exact], "phrase", +modified."""
    return text.strip('[]"').replace("+", "").strip()


def _together(lines: Sequence[CostLine]) -> Sequence[CostLine]:
    """Rows that differ only in what is not kept (device, match type) as one line."""
    sums: dict[CostLine, CostLine] = {}
    for line in lines:
        key = replace(line, micros=0, clicks=0, impressions=0)
        known = sums.get(key, key)
        sums[key] = replace(
            known,
            micros=known.micros + line.micros,
            clicks=known.clicks + line.clicks,
            impressions=known.impressions + line.impressions,
        )
    return list(sums.values())
