"""The bars of a sheet as an SVG draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.reports.sheet import Bar

WIDTH, HEIGHT, FLOOR, TOP = 720, 200, 176, 8
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
    most, step = max(1.0, *(bar.calls for bar in bars)), WIDTH / len(bars)
    every = -(-len(bars) // _MOST_LABELS)
    return [
        _drawn(bar, place * step, step, most, bar.label if place % every == 0 else "")
        for place, bar in enumerate(bars)
    ]


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
