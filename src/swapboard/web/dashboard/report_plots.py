"""Calls day by day beside the days before, and the hours of the week, as the report pages draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from swapboard.language import weekday
from swapboard.reports.annotation import Annotation
from swapboard.reports.figures import Count, Figures
from swapboard.reports.ledger import together_read
from swapboard.reports.overview import Overview
from swapboard.reports.span import Day
from swapboard.web.dashboard.plots import Tick, few_counts

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 36, 8, 12, 24
_MOST_TICKS = 8
SHADES = 5


@dataclass(frozen=True, slots=True)
class DayBar:
    """One day's calls: the answered below, the missed on top of them, and then those that are neither."""

    at: float
    width: float
    top: float
    height: float
    missed_top: float
    missed_height: float
    answered_top: float
    answered_height: float
    day: Day
    figures: Figures


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day that has notes; `points` are those of a small triangle above its bar."""

    points: str
    day: Day
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class DayPlot:
    """Bars for the days; `before` is a line through the days before, at the same places."""

    bars: Sequence[DayBar]
    marks: Sequence[DayMark]
    before: str
    left: Sequence[Tick]
    across: Sequence[tuple[float, Day]]


def day_plot(found: Overview, notes: Sequence[Annotation]) -> DayPlot:
    """The plot of an overview's days, those with notes marked."""
    most = max(1, *(each.calls for _day, each in (*found.days, *found.days_before)))
    step = (WIDTH - LEFT - RIGHT) / len(found.days)
    bars = [_bar(place, step, day, figures, most) for place, (day, figures) in enumerate(found.days)]
    before = " ".join(
        f"{LEFT + (place + 0.5) * step:.1f},{_y(figures.calls / most):.1f}"
        for place, (_day, figures) in enumerate(found.days_before)
    )
    every = max(1, -(-len(bars) // _MOST_TICKS))
    across = [(bar.at + bar.width / 2, bar.day) for bar in bars[::every]]
    return DayPlot(
        bars,
        _marked(bars, notes),
        before,
        [Tick(_y(number / most), str(number)) for number in few_counts(most)],
        across,
    )


@dataclass(frozen=True, slots=True)
class HourCell:
    """The calls of one hour of the week, and how dark it is drawn: 0 for none."""

    figures: Figures
    shown: Figures
    """As they are read beside the others."""
    shade: int


def hour_rows(found: Overview) -> Sequence[Sequence[HourCell]]:
    """Seven days of twenty-four hours, from Monday on."""
    most = max(1, *(each.calls for each in found.hours))
    pairs = zip(found.hours, together_read(found.hours), strict=True)
    cells = [HourCell(each, shown, ceil(each.calls * SHADES / most)) for each, shown in pairs]
    return [cells[first : first + 24] for first in range(0, len(cells), 24)]


def weekdays() -> Sequence[str]:
    """What these days are called, in short."""
    monday = date(1970, 1, 5)
    return [weekday(monday + timedelta(place), short=True) for place in range(7)]


def _bar(place: int, step: float, day: Day, figures: Figures, most: Count) -> DayBar:
    gap = min(2.0, step / 4)
    settled = figures.calls - figures.unsettled
    top, missed_top, answered_top, floor = (
        _y(each / most) for each in (figures.calls, settled, figures.answered, 0)
    )
    at, width = round(LEFT + place * step + gap / 2, 2), round(step - gap, 2)
    return DayBar(
        at,
        width,
        top,
        floor - top,
        missed_top,
        floor - missed_top,
        answered_top,
        floor - answered_top,
        day,
        figures,
    )


def _marked(bars: Sequence[DayBar], notes: Sequence[Annotation]) -> Sequence[DayMark]:
    texts: dict[date, list[str]] = {}
    for note in notes:
        texts.setdefault(note.day, []).append(note.text)
    return [
        DayMark(_triangle(bar.at + bar.width / 2), bar.day, texts[bar.day.date])
        for bar in bars
        if bar.day.date in texts
    ]


def _triangle(middle: float) -> str:
    """Its point down, in the room above the highest bar."""
    return f"{middle - 5:.1f},1 {middle + 5:.1f},1 {middle:.1f},{TOP - 2}"


def _y(share: float | Decimal) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float(share), 2)
