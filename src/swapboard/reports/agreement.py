"""Our conversions beside what a platform says it counted, day by day, with a reason for each difference.

A platform may count a conversion on the day of its click (Google Ads and Microsoft, unless a column says "by
conv. time") or of the call itself (Analytics, Meta). What it shows beyond what it was told is its own: modelled
conversions, another tag. What it does not show though it took it: one for each click only, its window, consent.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from swapboard.conversions.outbox import State
from swapboard.language import _
from swapboard.reports.cost_columns import Table
from swapboard.reports.cost_numbers import amount_of, decimal_sign, is_empty
from swapboard.spreadsheet import in_line
from swapboard.written_days import day_of, writes_month_first

USUAL_WINDOW_DAYS = 30
"""How long after a click Google Ads counts a conversion unless the account says otherwise."""
_DAYS = (
    *("day", "date", "day (segment)", "gregorian date", "tag", "datum", "día", "dia", "fecha", "jour"),
    *("reporting starts", "beginn der berichterstattung", "inicio del informe", "début des rapports"),
)
_COUNTS = (
    *("conversions", "conversiones", "conversionen", "conv."),
    *("all conv.", "alle conv.", "todas las conv.", "toutes les conv."),
    *("results", "ergebnisse", "resultados", "résultats"),
    *("key events", "event count", "schlüsselereignisse", "eventos clave", "événements clés"),
)
_BY_CALL = re.compile(r"\s*\([^)]*\bconv\b[^)]*\)$")
"""What Google adds to a heading whose conversions are of their own day: by conv. time, por tiempo de conv., …"""
_TOTALS = ("total", "grand total", "gesamt")


_MORE = "more than it was told: modelled by the platform, or counted by another tag or import."
_REPEATED = "share their click with another: an action that counts one a click leaves them out."
_LATE = "came over {days} days after the click: outside the usual window."
_TAKEN_BACK = "were conversions, and are none after all."
_ELSEWHERE = "calls of this day count on an earlier one, that of their click."
_UNTOLD = {
    State.WAITING: "are not told yet.",
    State.WITHHELD: "were not sent.",
    State.FAILED: "were refused.",
}
_UNCLEAR = "were taken but are not shown: no consent there, a shorter window, or not processed yet (up to a day)."


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
    """A template, and what stands in it."""
    detail: str = ""
    """What was kept of it: the platform's own words, or ours."""
    figures: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.words.format(**self.figures)} {self.detail}".strip()


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
        return _BY_CALL.search(self.heading.casefold()) is not None


def read_theirs(table: Table, country_month_first: bool) -> Theirs:
    """The counts by day in a file. Raises ValueError that says what is missing or wrong."""
    plain = [heading.replace("\u2019", "'").strip().casefold() for heading in table.headings]
    day_at = next((plain.index(name) for name in _DAYS if name in plain), None)
    count_at = _column_of_counts(plain)
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


def _column_of_counts(headings: Sequence[str]) -> int | None:
    """Where the counts stand; those by their own time before the others, which cannot be laid beside the calls."""
    for name in _COUNTS:
        of_name = [place for place, heading in enumerate(headings) if _BY_CALL.sub("", heading) == name]
        if of_name:
            return max(of_name, key=lambda place: headings[place] != name)
    return None


def compare(
    ours: Sequence[Ours], theirs: Theirs | None, days: Sequence[date], by_click: bool
) -> Sequence[Compared]:
    """Each of the days, the latest first."""
    by_day: dict[date, list[Ours]] = defaultdict(list)
    for each in ours:
        by_day[each.day(by_click)].append(each)
    moved = Counter(each.call_day for each in ours if each.is_told and each.day(by_click) != each.call_day)
    repeats = _repeats(ours)
    found = []
    for day in sorted(days, reverse=True):
        mine = by_day.get(day, [])
        told = sum(each.is_told for each in mine)
        counted = None if theirs is None else theirs.on(day)
        reasons = [*_untold(mine), *_elsewhere(moved[day]), *_rest(mine, repeats, told, counted)]
        found.append(Compared(day, mine, told, counted, reasons))
    return found


def _is_of_a_day(cells: Sequence[str], day_at: int) -> bool:
    text = cells[day_at]
    return not is_empty(text) and not text.casefold().startswith(_TOTALS)


def _untold(mine: Sequence[Ours]) -> Sequence[Reason]:
    """Why some were not told, in the words that were kept."""
    taken_back = sum(each.is_taken_back for each in mine)
    left = Counter((each.state, each.words) for each in mine if not each.is_taken_back and not each.is_told)
    reasons = [Reason(count, _UNTOLD[state], words) for (state, words), count in left.most_common()]
    return [*reasons, Reason(taken_back, _TAKEN_BACK)] if taken_back else reasons


def _is_late(each: Ours) -> bool:
    return each.click_day is not None and (each.call_day - each.click_day).days > USUAL_WINDOW_DAYS


def _elsewhere(moved: int) -> Sequence[Reason]:
    return [Reason(moved, _ELSEWHERE)] if moved else []


def _repeats(ours: Sequence[Ours]) -> frozenset[str]:
    """The contacts of those that share their click with one that was told before, on whichever day."""
    told = sorted((each for each in ours if each.is_told and each.click_id), key=lambda each: each.call_day)
    first = {each.click_id: each.contact_id for each in reversed(told)}
    return frozenset(each.contact_id for each in told if first[each.click_id] != each.contact_id)


def _rest(mine: Sequence[Ours], repeats: Collection[str], told: int, counted: Decimal | None) -> Sequence[Reason]:
    """What may explain the rest: never more than there is to explain."""
    if counted is None or counted == told:
        return []
    left = int(abs(counted - told).to_integral_value(rounding="ROUND_CEILING"))
    if counted > told:
        return [Reason(left, _MORE)]
    sent = [each for each in mine if each.is_told]
    repeated = sum(each.contact_id in repeats for each in sent)
    late = sum(_is_late(each) and each.contact_id not in repeats for each in sent)
    found = []
    for count, words in ((repeated, _REPEATED), (late, _LATE), (left, _UNCLEAR)):
        if explained := min(count, left):
            found.append(Reason(explained, words, figures={"days": USUAL_WINDOW_DAYS} if words is _LATE else {}))
            left -= explained
    return found
