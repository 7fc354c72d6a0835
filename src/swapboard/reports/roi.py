"""What was spent beside what came of it: each amount is a whole number of millionths, each ratio exact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from swapboard.reports.costs import CENT_MICROS, read_unit
from swapboard.reports.costs import nearest as nearest_units
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Count, Figures
from swapboard.reports.filter import Term
from swapboard.reports.ledger import CALLS, FORMS, LEADS, VISITS, Ledger
from swapboard.reports.lines import Lines
from swapboard.reports.question import Question
from swapboard.reports.rounding import rounded
from swapboard.reports.sums import Cell, Cells, Sums, Whole, aligned, read_sums, together

OF_COSTS = frozenset(
    {
        Dimension.CHANNEL,
        Dimension.SOURCE,
        Dimension.MEDIUM,
        Dimension.CAMPAIGN,
        Dimension.AD_GROUP,
        Dimension.KEYWORD,
        Dimension.PLACEMENT,
    }
)
"""What costs are told apart by; by anything else a call has no cost."""


class Spent(NamedTuple):
    """What was spent, in the company's currency (millionths), by these things, as it was told."""

    by: Sequence[Dimension]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Return:
    """What some calls cost, and what they were."""

    cost_micros: int = 0
    figures: Figures = NOTHING

    def __add__(self, other: "Return") -> "Return":
        return Return(self.cost_micros + other.cost_micros, self.figures + other.figures)

    @property
    def revenue_micros(self) -> int:
        """What people said that the calls were worth."""
        return round(Fraction(self.figures.value_cents) * CENT_MICROS)

    @property
    def per_call(self) -> int | None:
        return self._per(self.figures.calls)

    @property
    def per_first_time_caller(self) -> int | None:
        return self._per(self.figures.first_time)

    @property
    def per_qualified(self) -> int | None:
        return self._per(self.figures.qualified)

    @property
    def per_lead(self) -> int | None:
        """For each new person, by call or by form."""
        return self._per(self.figures.leads)

    @property
    def per_form(self) -> int | None:
        """What it seems to be to who sees forms only."""
        return self._per(self.figures.forms)

    @property
    def roas(self) -> Fraction | None:
        """Revenue for each unit spent; None where nothing was."""
        return Fraction(self.revenue_micros, self.cost_micros) if self.cost_micros else None

    def _per(self, count: Count) -> int | None:
        """Millionths for each, to the nearest; None where nothing was spent, or nothing came of it."""
        return round(Fraction(self.cost_micros) / Fraction(count)) if self.cost_micros and count else None


@dataclass(frozen=True, slots=True)
class RoiLine:
    """One combination of values. The places say which line with a cost is cheapest: 1, 2, …"""

    cell: Cell
    now: Return
    before: Return
    shown: Return
    """What is read of `now`: lines are rounded so that they make the sums below them."""
    place_by_forms: int | None = None
    """By what a form cost, which is all that one sees without calls."""
    place: int | None = None
    """By what a new person cost, who called or wrote."""


@dataclass(frozen=True, slots=True)
class Roi:
    """All lines, the dearest first, and their sums."""

    by: Sequence[Dimension]
    currency: str
    lines: Sequence[RoiLine]
    total: RoiLine
    paid: RoiLine
    """The sum of those that cost something: what came by itself would make ads look better than they are."""
    unconverted: Mapping[str, int]
    """Millionths, by currency, of these days that are in no sum: there is no rate."""
    counts_costs: bool
    """Whether costs are told apart by all that is asked; if not they are 0."""
    counts_forms: bool


def costs_by(query: Mapping[str, str]) -> tuple[Dimension, ...]:
    """By what an address (`by`, `and`) asks for returns; by campaign where it asks for nothing that costs know."""
    said = (query.get("by", ""), query.get("and", ""))
    return tuple(dict.fromkeys(Dimension(each) for each in said if each in OF_COSTS)) or (Dimension.CAMPAIGN,)


def paid_by(said: str) -> tuple[Dimension, ...]:
    """By what an address (`campaign,keyword`) asks for the calls of lines that cost something."""
    return tuple(dict.fromkeys(Dimension(each) for each in said.split(",") if each in OF_COSTS))[:2]


def has_costs(dimensions: Iterable[Dimension]) -> bool:
    """Whether costs are told apart by all of these."""
    return OF_COSTS.issuperset(dimensions)


def spent_on(
    spent: Spent, by: Sequence[Dimension], terms: Sequence[Term], spelled: Callable[[Dimension, str], str]
) -> Sums:
    """Millionths for each combination, where all terms are met; values as the visits spell them.

    A platform may write a name in other capitals than the visits do, so a term asks for neither.
    """
    (words, codes), amounts = spent.sums
    kept = np.ones(len(codes), np.bool_)
    for term in terms:
        place = spent.by.index(term.dimension)
        kept &= np.array([_is_met(term, word) for word in words[place]], np.bool_)[codes[:, place]]
    places = [spent.by.index(each) for each in by]
    as_visits = [[spelled(spent.by[place], word) for word in words[place]] for place in places]
    return together([Sums(Cells(as_visits, codes[kept][:, places]), amounts[kept])], len(by), 1)


def spelling(by: Sequence[Dimension], counted: Sequence[Ledger]) -> Callable[[Dimension, str], str]:
    """How the calls and visits write what costs may write in other capitals: as most of them do."""
    known: dict[tuple[Dimension, str], str] = {}
    for place, dimension in enumerate(by):
        words = {word for ledger in counted for word in ledger.cells.words[place]}
        own = {(dimension, word.casefold()): word for word in sorted(words)}
        known |= own
        if len(own) < len(words):
            known |= _as_most(dimension, place, counted)
    return lambda dimension, value: known.get((dimension, value.casefold()), value)


def returned(counted: Sequence[Ledger], spent: Sequence[Sums], width: int) -> Sequence["Returned"]:
    """What was counted and spent, each pair of them by all combinations of any; without costs they are 0."""
    costs = spent or [read_sums((), width, 1)] * len(counted)
    cells, amounts = aligned([*(Sums(each.cells, each.amounts) for each in counted), *costs], width)
    pairs = zip(counted, amounts, amounts[len(counted) :], strict=False)
    return [Returned(Ledger(cells, figures, each.scale), micros[:, 0]) for each, figures, micros in pairs]


class Returned(NamedTuple):
    """Costs (millionths) beside figures, of many combinations."""

    counted: Ledger
    spent: Whole

    def at(self, place: int) -> Return:
        """Of the combination in that place."""
        return Return(int(self.spent[place]), self.counted.at(place))

    def total(self) -> Return:
        """Of all."""
        return Return(int(self.spent.sum()), self.counted.total())

    def of(self, kept: NDArray[np.bool_]) -> "Returned":
        """Those of the combinations that are kept."""
        return Returned(self.counted.of(kept), self.spent[kept])

    def read(self, currency: str) -> "Returned":
        """In cents and tenths, so that all make their sum, and so do those that cost something."""
        unit = read_unit(currency)
        sums = np.array([nearest_units(int(self.spent.sum()), unit) * unit])
        spent = rounded(self.spent[:, np.newaxis], np.array([unit]), sums)[:, 0]
        return Returned(self.counted.rounded(self.spent != 0, max(1, unit // CENT_MICROS)), spent)

    def is_something(self) -> NDArray[np.bool_]:
        """Which cost something, or had something come of them."""
        found: NDArray[np.bool_] = (self.spent != 0) | self.counted.amounts.any(axis=1)
        return found

    def each(self, amount: int) -> Mapping[int, int]:
        """What each of an amount cost, by the place of the combination; none where either is nothing."""
        counts, scale = self.counted.amounts[:, amount], self.counted.scale
        places = np.flatnonzero((self.spent != 0) & (counts != 0))
        found = zip(places.tolist(), self.spent[places].tolist(), counts[places].tolist(), strict=True)
        return {place: nearest(micros * scale, count) for place, micros, count in found}


def roi_of(asked: Question, currency: str, now: Returned, before: Returned, unconverted: Mapping[str, int]) -> Roi:
    """A line for each combination that cost something or that something came of, the dearest first; and sums."""
    by_forms, by_leads, cells = _places(now.each(FORMS)), _places(now.each(LEADS)), now.counted.cells
    read, is_paid = now.read(currency), now.spent != 0

    def line(place: int) -> RoiLine:
        found = now.at(place), before.at(place), read.at(place)
        return RoiLine(cells.at(place), *found, by_forms.get(place), by_leads.get(place))

    order = np.lexsort((*reversed(cells.ranks()), -now.counted.amounts[:, CALLS], -now.spent))
    is_line = now.is_something() | before.is_something()
    # The sum of what cost something is of each period on its own.
    paid = now.of(is_paid).total(), before.of(before.spent != 0).total(), read.of(is_paid).total()
    return Roi(
        by=asked.by,
        currency=currency,
        lines=Lines(line, order[is_line[order]].tolist()),
        total=RoiLine((), now.total(), before.total(), read.total()),
        paid=RoiLine((), *paid),
        unconverted=unconverted,
        counts_costs=has_costs(asked.dimensions),
        counts_forms=asked.counts_visits,
    )


def nearest(amount: int, count: int) -> int:
    """Their ratio to the nearest whole number; of two as near the even one."""
    whole, rest = divmod(amount, count)
    return whole + (2 * rest > count or (2 * rest == count and whole % 2))


def _as_most(dimension: Dimension, place: int, counted: Sequence[Ledger]) -> Mapping[tuple[Dimension, str], str]:
    """Of words that differ in capitals only, the one in the combination with most visits, then with most calls."""
    cells: dict[Cell, tuple[int, int]] = {}
    for ledger in counted:
        seen = ledger.amounts[:, (VISITS, CALLS)].tolist()
        cells |= {cell: (visits, calls) for cell, (visits, calls) in zip(ledger.cells.all(), seen, strict=True)}
    ordered = sorted(cells, key=lambda cell: (*cells[cell], cell))
    return {(dimension, cell[place].casefold()): cell[place] for cell in ordered}


def _is_met(term: Term, value: str) -> bool:
    if not term.is_exact:
        return term.met_by(value)
    return (value.casefold() == term.value.casefold()) is not term.is_turned


def _places(prices: Mapping[int, int]) -> Mapping[int, int]:
    """The cheapest first; alike ones share a place. What cost something and brought nothing has none."""
    place_of: dict[int, int] = {}
    for place, found in enumerate(sorted(prices.values()), start=1):
        place_of.setdefault(found, place)
    return {line: place_of[found] for line, found in prices.items()}
