"""Hours of the day, as who reads them does."""

import pytest

from swapboard.hour_of_day import hour_name, hour_span
from swapboard.language import speaking


@pytest.mark.parametrize(
    ("hour", "twelve", "span"),
    [
        (0, "12\u00a0am", "12\u20131\u00a0am"),
        (9, "9\u00a0am", "9\u201310\u00a0am"),
        (11, "11\u00a0am", "11\u00a0am\u201312\u00a0pm"),
        (12, "12\u00a0pm", "12\u20131\u00a0pm"),
        (14, "2\u00a0pm", "2\u20133\u00a0pm"),
        (23, "11\u00a0pm", "11\u00a0pm\u201312\u00a0am"),
    ],
)
def test_hours_with_am_and_pm(hour: int, twelve: str, span: str) -> None:
    assert (hour_name(hour, "US"), hour_span(hour, "US")) == (twelve, span)


def test_hours_by_24() -> None:
    assert (hour_name(9, "GB"), hour_span(9, "GB")) == ("09:00", "09:00\u201310:00")
    assert hour_span(23, "DE") == "23:00\u201324:00"
    with speaking("de"):
        assert hour_span(14, "US") == "14:00\u201315:00"
