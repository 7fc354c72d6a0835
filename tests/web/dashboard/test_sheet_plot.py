"""A shared report's bars: each as high as its scale says, beside it."""

from swapboard.reports.sheet import Bar
from swapboard.web.dashboard.sheet_plot import FLOOR, LEFT, TOP, WIDTH, sheet_bars, sheet_scale


def test_bars_stand_right_of_their_scale_and_reach_its_marks() -> None:
    days = [Bar("Nov 23", 2, 6, 0), Bar("Nov 24", 3, 3, 0)]
    high, low = sheet_bars(days)
    assert [tick.label for tick in sheet_scale(days)] == ["0", "3", "6"]
    assert [tick.at for tick in sheet_scale(days)] == [FLOOR, low.y, high.y]
    assert high.y == TOP
    assert high.x > LEFT
    assert low.x + low.width < WIDTH


def test_no_days_have_a_scale_too() -> None:
    assert [tick.label for tick in sheet_scale([])] == ["0", "1"]
