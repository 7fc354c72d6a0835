"""The bars of a sheet as an SVG draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from swapboard.reports.sheet import Bar
from swapboard.web.dashboard.plots import Tick, few_counts

WIDTH, HEIGHT, FLOOR, TOP, LEFT = 720, 200, 176, 8, 36
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """One day: the answered below, all of them behind."""

    bar: Bar
    x: float
    width: float
    y: float
    height: float
    answered_y: float
    answered_height: float
    label: str
    """Empty where there is no room for one."""


def sheet_bars(bars: Sequence[Bar]) -> Sequence[DrawnBar]:
    """Where each is drawn."""
    if not bars:
        return ()
    most, step = _most(bars), (WIDTH - LEFT) / len(bars)
    every = -(-len(bars) // _MOST_LABELS)
    return [
        _drawn(bar, LEFT + place * step, step, most, bar.label if place % every == 0 else "")
        for place, bar in enumerate(bars)
    ]


def sheet_scale(bars: Sequence[Bar]) -> Sequence[Tick]:
    """How many calls a height stands for."""
    most = _most(bars)
    return [Tick(round(FLOOR - (FLOOR - TOP) * number / most, 2), str(number)) for number in few_counts(most)]


def _most(bars: Sequence[Bar]) -> int:
    return max([1, *(ceil(bar.calls) for bar in bars)])


def _drawn(bar: Bar, x: float, step: float, most: float, label: str) -> DrawnBar:
    height, answered = ((FLOOR - TOP) * count / most for count in (bar.calls, bar.answered))
    place = (round(x + step * 0.1, 2), round(step * 0.8, 2))
    return DrawnBar(
        bar,
        *place,
        round(FLOOR - height, 2),
        round(height, 2),
        round(FLOOR - answered, 2),
        round(answered, 2),
        label,
    )
