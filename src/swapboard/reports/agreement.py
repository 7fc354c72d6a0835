"""Our conversions beside what a platform says it counted, day by day, with a reason for each difference.

A platform may count a conversion on the day of its click (Google Ads and Microsoft, unless a column says "by
conv. time") or of the call itself (Analytics, Meta). What it shows beyond what it was told is its own: modelled
conversions, another tag. What it does not show though it took it: one for each click only, its window, consent.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from swapboard.conversions.outbox import State
from swapboard.language import _
from swapboard.reports.cost_columns import Table
from swapboard.reports.cost_numbers import amount_of, day_of, decimal_sign, is_empty, writes_month_first
from swapboard.spreadsheet import in_line

USUAL_WINDOW_DAYS = 30
"""How long after a click Google Ads counts a conversion unless the account says otherwise."""
_DAYS = ("day", "date", "tag", "datum", "day (segment)", "gregorian date")
_COUNTS = (
    *("conversions (by conv. time)", "conversions", "all conv.", "all conv. (by conv. time)", "results"),
    *("key events", "event count", "conv.", "ergebnisse", "schlüsselereignisse", "conversiones"),
)


@dataclass(frozen=True, slots=True)
class Ours:
    """One conversion of a destination, as it stands now."""

    kind: str
    contact_id: str
    call_day: date
    click_day: date | None
    click_id: str
    state: State
    words: str
    is_taken_back: bool

    def day(self, by_click: bool) -> date:
        """The day that it belongs to there."""
        return self.click_day or self.call_day if by_click else self.call_day

    @property
    def is_told(self) -> bool:
        return self.state is State.SENT and not self.is_taken_back


@dataclass(frozen=True, slots=True)
class Reason:
    """So many conversions, and why they are not there, or not on this day."""

    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One day."""

    day: date
    made: Sequence[Ours]
    """Those of which the platform should say that they are of this day."""
    told: int
    theirs: Decimal | None
    """None where the platform's file does not reach."""
    reasons: Sequence[Reason]

    @property
    def difference(self) -> Decimal | None:
        """Theirs less what we told."""
        return None if self.theirs is None else self.theirs - self.told


@dataclass(frozen=True, slots=True)
class Theirs:
    """What a platform's file says."""

    by_day: Mapping[date, Decimal]
    heading: str

    def on(self, day: date) -> Decimal | None:
        """What it counted on a day: exports leave out days with nothing. Beyond their ends nothing is known."""
        is_within = bool(self.by_day) and min(self.by_day) <= day <= max(self.by_day)
        return self.by_day.get(day, Decimal(0) if is_within else None)

    @property
    def is_by_call(self) -> bool:
        """Whether its column says that it counts by the conversion's own time."""
        return "conv. time" in self.heading.casefold()


def read_theirs(table: Table, country_month_first: bool) -> Theirs:
    """The counts by day in a file. Raises ValueError that says what is missing or wrong."""
    plain = [heading.casefold() for heading in table.headings]
    day_at = next((plain.index(name) for name in _DAYS if name in plain), None)
    count_at = next((plain.index(name) for name in _COUNTS if name in plain), None)
    if day_at is None or count_at is None:
        raise ValueError(_("The file needs a column Day and a column Conversions. Export the conversions by day."))
    rows = [
        row for row in table.rows if len(row.cells) > max(day_at, count_at) and _is_of_a_day(row.cells, day_at)
    ]
    month_first = writes_month_first([row.cells[day_at] for row in rows], country_month_first)
    decimal = decimal_sign([row.cells[count_at] for row in rows], table.separator)
    found: dict[date, Decimal] = defaultdict(Decimal)
    for row in rows:
        try:
            found[day_of(row.cells[day_at], month_first)] += amount_of(row.cells[count_at], decimal)
        except ValueError as error:
            raise ValueError(in_line(row.line, error)) from None
    return Theirs(dict(found), table.headings[count_at])


def compare(
    ours: Sequence[Ours], theirs: Theirs | None, days: Sequence[date], by_click: bool
) -> Sequence[Compared]:
    """Each of the days, the latest first."""
    by_day: dict[date, list[Ours]] = defaultdict(list)
    for each in ours:
        by_day[each.day(by_click)].append(each)
    moved = Counter(each.call_day for each in ours if each.is_told and each.day(by_click) != each.call_day)
    found = []
    for day in sorted(days, reverse=True):
        mine = by_day.get(day, [])
        told = sum(each.is_told for each in mine)
        counted = None if theirs is None else theirs.on(day)
        reasons = [*_untold(mine), *_elsewhere(moved[day]), *_rest(mine, told, counted)]
        found.append(Compared(day, mine, told, counted, reasons))
    return found


def _is_of_a_day(cells: Sequence[str], day_at: int) -> bool:
    text = cells[day_at]
    return not is_empty(text) and not text.casefold().startswith(("total", "gesamt", "grand total"))


def _untold(mine: Sequence[Ours]) -> Sequence[Reason]:
    """Why some were not told, in the words that were kept."""
    taken_back = sum(each.is_taken_back for each in mine)
    left = Counter((each.state, each.words) for each in mine if not each.is_taken_back and not each.is_told)
    reasons = [Reason(count, _why(state, words)) for (state, words), count in left.most_common()]
    if taken_back:
        reasons.append(Reason(taken_back, "were conversions, and are none after all."))
    return reasons


def _why(state: State, words: str) -> str:
    match state:
        case State.WAITING:
            return f"are not told yet. {words}".strip()
        case State.WITHHELD:
            return f"were not sent. {words}".strip()
        case State.FAILED:
            return f"were refused. {words}".strip()
        case State.SENT:
            return "were told."


def _is_late(each: Ours) -> bool:
    return each.click_day is not None and (each.call_day - each.click_day).days > USUAL_WINDOW_DAYS


def _elsewhere(moved: int) -> Sequence[Reason]:
    words = "calls of this day count on an earlier one, that of their click."
    return [Reason(moved, words)] if moved else []


def _rest(mine: Sequence[Ours], told: int, counted: Decimal | None) -> Sequence[Reason]:
    """What may explain the rest."""
    if counted is None or counted == told:
        return []
    if counted > told:
        more = "more than it was told: modelled by the platform, or counted by another tag or import."
        return [Reason(int((counted - told).to_integral_value(rounding="ROUND_CEILING")), more)]
    sent = [each for each in mine if each.is_told]
    clicks = Counter(each.click_id for each in sent if each.click_id)
    repeated = sum(count - 1 for count in clicks.values())
    # One for each click, which may be late: what shares its click is told of already.
    late = len({each.click_id or each.contact_id for each in sent if _is_late(each)})
    found = []
    if repeated:
        found.append(
            Reason(repeated, "share their click with another: an action that counts one a click leaves them out.")
        )
    if late:
        found.append(
            Reason(late, f"came over {USUAL_WINDOW_DAYS} days after the click: outside the usual window.")
        )
    unclear = int((told - counted).to_integral_value(rounding="ROUND_CEILING")) - repeated - late
    if unclear > 0:
        words = (
            "were taken but are not shown: no consent there, a shorter window, or not processed yet (up to a day)."
        )
        found.append(Reason(unclear, words))
    return found
