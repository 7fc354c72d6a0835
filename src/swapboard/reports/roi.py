"""What was spent beside what came of it: each amount is a whole number of millionths, each ratio exact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Count, Figures, total
from swapboard.reports.filter import Term

Cell = tuple[str, ...]
CENT_MICROS = 10_000
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


@dataclass(frozen=True, slots=True)
class Expense:
    """A sum that was spent, in the company's currency (millionths), and what it was spent on, as it was told.

    Without a rate of exchange it is 0, and `unconverted` says how much of which currency it was.
    """

    micros: int
    known: Mapping[Dimension, str]
    unconverted: tuple[str, int] | None = None


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
    place_by_forms: int | None = None
    """By what a form cost, which is all that one sees without calls."""
    place: int | None = None
    """By what a new person cost, who called or wrote."""


@dataclass(frozen=True, slots=True)
class Roi:
    """All lines, the dearest first, and their sum."""

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


def has_costs(dimensions: Iterable[Dimension]) -> bool:
    """Whether costs are told apart by all of these."""
    return OF_COSTS.issuperset(dimensions)


def spent_on(
    expenses: Iterable[Expense],
    by: Sequence[Dimension],
    terms: Sequence[Term],
    spelled: Callable[[Dimension, str], str],
) -> Mapping[Cell, int]:
    """Millionths for each combination, where all terms are met; values as the visits spell them.

    A platform may write a name in other capitals than the visits do, so a term asks for neither.
    """
    found: dict[Cell, int] = {}
    for expense in expenses:
        if all(_is_met(term, expense.known[term.dimension]) for term in terms):
            cell = tuple(spelled(each, expense.known[each]) for each in by)
            found[cell] = found.get(cell, 0) + expense.micros
    return found


def spelling(cells: Mapping[Cell, Figures], by: Sequence[Dimension]) -> Callable[[Dimension, str], str]:
    """How the calls and visits write what costs may write in other capitals: as most of them do."""
    known: dict[tuple[Dimension, str], str] = {}
    for cell, _figures in sorted(cells.items(), key=lambda each: (each[1].visits, each[1].calls, each[0])):
        for dimension, value in zip(by, cell, strict=True):
            known[dimension, value.casefold()] = value
    return lambda dimension, value: known.get((dimension, value.casefold()), value)


def lines_of(
    spent: Mapping[Cell, int],
    counted: Mapping[Cell, Figures],
    spent_before: Mapping[Cell, int],
    counted_before: Mapping[Cell, Figures],
) -> Sequence[RoiLine]:
    """A line for each combination that cost something or that something came of."""
    lines = [
        RoiLine(
            cell,
            Return(spent.get(cell, 0), counted.get(cell, NOTHING)),
            Return(spent_before.get(cell, 0), counted_before.get(cell, NOTHING)),
        )
        for cell in {**spent, **counted, **spent_before, **counted_before}
    ]
    lines = [line for line in lines if _is_something(line.now) or _is_something(line.before)]
    by_forms = _places(lines, lambda each: each.per_form)
    by_leads = _places(lines, lambda each: each.per_lead)
    placed = by_forms.keys() | by_leads.keys()
    lines = [
        replace(each, place_by_forms=by_forms.get(each.cell), place=by_leads.get(each.cell))
        if each.cell in placed
        else each
        for each in lines
    ]
    return sorted(lines, key=lambda each: (-each.now.cost_micros, -each.now.figures.calls, each.cell))


def total_of(lines: Sequence[RoiLine]) -> RoiLine:
    """The lines' sum."""
    return RoiLine((), _sum_of([each.now for each in lines]), _sum_of([each.before for each in lines]))


def paid_of(lines: Sequence[RoiLine]) -> RoiLine:
    """The sum of the lines that cost something, of each period on its own."""
    return RoiLine(
        (),
        _sum_of([each.now for each in lines if each.now.cost_micros]),
        _sum_of([each.before for each in lines if each.before.cost_micros]),
    )


def _sum_of(found: Sequence[Return]) -> Return:
    return Return(sum(each.cost_micros for each in found), total([each.figures for each in found]))


def _is_met(term: Term, value: str) -> bool:
    if not term.is_exact:
        return term.met_by(value)
    return (value.casefold() == term.value.casefold()) is not term.is_turned


def _is_something(found: Return) -> bool:
    return bool(found.cost_micros) or found.figures != NOTHING


def _places(lines: Sequence[RoiLine], price: Callable[[Return], int | None]) -> Mapping[Cell, int]:
    """The cheapest first; alike ones share a place. What cost something and brought nothing has none."""
    prices = {line.cell: found for line in lines if (found := price(line.now)) is not None}
    place_of: dict[int, int] = {}
    for place, found in enumerate(sorted(prices.values()), start=1):
        place_of.setdefault(found, place)
    return {cell: place_of[found] for cell, found in prices.items()}
