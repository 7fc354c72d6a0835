"""Lines and bars as points of an SVG, drawn by the server: no script is needed to see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from swapboard.attribution.calibration import Reliability
from swapboard.language import decimal, percent
from swapboard.numbers.advice import Advice, Peak
from swapboard.switchboard.filed_rehearsals import Rehearsed
from swapboard.web.dashboard import written

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 44, 56, 22, 40
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis, at a place (SVG units), with its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class SizePlot:
    """Overflow and accuracy (left scale, shares) and cost (right scale) against the number of numbers."""

    overflow: str
    kept_back: str
    accuracy: str
    cost: str
    knee: float
    across: Sequence[Tick]
    left: Sequence[Tick]
    right: Sequence[Tick]


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: where its bar begins and how high it is, and whether the pool was full."""

    at: float
    width: float
    top: float
    height: float
    is_full: bool
    peak: Peak


@dataclass(frozen=True, slots=True)
class PeakPlot:
    """How full the pool was, hour by hour; `line` is where it is full."""

    bars: Sequence[Bar]
    line: float
    left: Sequence[Tick]


@dataclass(frozen=True, slots=True)
class Dot:
    """So many calls, at how sure we were and how often that was right."""

    x: float
    y: float
    radius: float
    label: str


@dataclass(frozen=True, slots=True)
class TrustPlot:
    """Confidence against what proved right; on the diagonal both are the same."""

    dots: Sequence[Dot]
    diagonal: str
    across: Sequence[Tick]
    left: Sequence[Tick]


def trust_plot(found: Reliability) -> TrustPlot:
    """The plot of the checks; a dot's area goes with its calls."""
    most = max((each.calls for each in found.bins), default=1)
    parts = [part / _TICKS for part in range(_TICKS + 1)]
    return TrustPlot(
        dots=[
            Dot(
                round(_x(each.confidence, 1), 1),
                round(_y(each.right), 1),
                round(max(4.0, 14.0 * (each.calls / most) ** 0.5), 1),
                f"{written.percent(each.confidence)} / {percent(each.right)} ({decimal(each.calls)})",
            )
            for each in found.bins
        ],
        diagonal=f"{_x(0, 1):.1f},{_y(0):.1f} {_x(1, 1):.1f},{_y(1):.1f}",
        across=[Tick(_x(part, 1), percent(part)) for part in parts],
        left=[Tick(_y(part), percent(part)) for part in parts],
    )


@dataclass(frozen=True, slots=True)
class RehearsalPlot:
    """Calls credited alike and visits without a number, as shares, by pool size."""

    right: str
    overflow: str
    across: Sequence[Tick]
    left: Sequence[Tick]


def rehearsal_plot(results: Sequence[Rehearsed]) -> RehearsalPlot:
    """The plot of two or more sizes, evenly apart."""
    last = len(results) - 1

    def line(shares: Sequence[float | None]) -> str:
        return " ".join(
            f"{_x(place, last):.1f},{_y(share):.1f}" for place, share in enumerate(shares) if share is not None
        )

    return RehearsalPlot(
        right=line([each.right for each in results]),
        overflow=line([each.overflow / each.visits if each.visits else None for each in results]),
        across=[Tick(_x(place, last), str(each.numbers)) for place, each in enumerate(results)],
        left=[Tick(_y(part / _TICKS), percent(part / _TICKS)) for part in range(_TICKS + 1)],
    )


def size_plot(advice: Advice) -> SizePlot:
    """The plot of an advice."""
    sizes = advice.sizes
    most = sizes[-1].numbers
    dearest = max(1, sizes[-1].monthly_cents)

    def line(shares: Sequence[float]) -> str:
        return " ".join(
            f"{_x(size.numbers, most):.1f},{_y(share):.1f}" for size, share in zip(sizes, shares, strict=True)
        )

    return SizePlot(
        overflow=line([size.overflow for size in sizes]),
        kept_back=line([size.kept_back for size in sizes]),
        accuracy=line([size.accuracy for size in sizes]),
        cost=line([size.monthly_cents / dearest for size in sizes]),
        knee=_x(advice.recommended, most),
        across=[Tick(_x(number, most), str(number)) for number in _steps(most)],
        left=[Tick(_y(part / _TICKS), percent(part / _TICKS)) for part in range(_TICKS + 1)],
        right=[Tick(_y(part / _TICKS), _amount(dearest * part / _TICKS, dearest)) for part in range(_TICKS + 1)],
    )


def peak_plot(peaks: Sequence[Peak], numbers: int) -> PeakPlot:
    """The plot of how full a pool of `numbers` was."""
    most = max(1, numbers, *(peak.live for peak in peaks))
    width = (WIDTH - LEFT - RIGHT) / max(1, len(peaks))
    bars = [
        _bar(LEFT + place * width, width, peak, numbers, most) for place, peak in enumerate(peaks) if peak.live
    ]
    return PeakPlot(bars, _y(numbers / most), [Tick(_y(number / most), str(number)) for number in _steps(most)])


def _bar(at: float, width: float, peak: Peak, numbers: int, most: int) -> Bar:
    top = _y(peak.live / most)
    return Bar(at, width, top, _y(0) - top, peak.live >= numbers, peak)


def _x(number: float, most: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * number / most


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share


def _amount(cents: float, dearest: int) -> str:
    """Whole units, but where an axis has only a few of them."""
    return decimal(cents / 100, 0 if dearest >= 2_000 else 2)


def _steps(most: int) -> list[int]:
    """A few whole numbers from nought, evenly apart, of a kind that people count in."""
    for step in (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000):
        if most / step <= 6:
            return list(range(0, most + 1, step))
    return [0, most]


def few_counts(most: float | Decimal) -> Sequence[int]:
    """Nought, the most, and a whole number in the middle."""
    top = ceil(most)
    return sorted({0, top // 2, top} if top > 1 else {0, top})
