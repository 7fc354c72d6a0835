"""Business hours: time zones, summer time, nights, and holidays."""

from datetime import date

import pytest

from swapboard.calls.hours import Day, Hours, is_open, known_zone
from swapboard.clock import from_iso

SHOP = Hours(
    "America/New_York",
    {Day.TUE: ("09:00-12:00", "13:00-17:00"), Day.FRI: ("22:00-02:00",), Day.SUN: ("00:00-24:00",)},
    (date(2026, 12, 25),),
)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-24T13:59:59Z", False),
        ("2026-11-24T14:00:00Z", True),
        ("2026-11-24T17:30:00Z", False),
        ("2026-11-24T21:59:59Z", True),
        ("2026-11-24T22:00:00Z", False),
        ("2026-07-07T12:59:59Z", False),
        ("2026-07-07T13:00:00Z", True),
        ("2026-11-28T04:00:00Z", True),
        ("2026-11-28T06:59:00Z", True),
        ("2026-11-28T07:00:00Z", False),
        ("2026-11-30T04:59:59Z", True),
        ("2026-12-26T04:00:00Z", False),
    ],
)
def test_open_and_closed(at: str, expected: bool) -> None:
    assert is_open(SHOP, from_iso(at)) is expected


def test_zones() -> None:
    assert known_zone("Europe/London")
    assert not any(map(known_zone, ("Mars/Olympus", "", "../etc/passwd", "/etc/passwd")))
