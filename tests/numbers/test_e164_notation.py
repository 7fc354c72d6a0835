"""A number in the notation in which another was written."""

import pytest

from swapboard.numbers.e164 import in_notation

US, OTHER_US = "+12025550100", "+12125550143"
GB, OTHER_GB = "+442079460100", "+442079460958"


@pytest.mark.parametrize(
    ("written", "target", "number", "shown"),
    [
        ("(202) 555-0100", US, OTHER_US, "(212) 555-0143"),
        ("202.555.0100", US, OTHER_US, "212.555.0143"),
        ("+1 202-555-0100", US, OTHER_US, "+1 212-555-0143"),
        ("1-202-555-0100", US, OTHER_US, "1-212-555-0143"),
        ("Call 2025550100 now", US, OTHER_US, "Call 2125550143 now"),
        ("020 7946 0100", GB, OTHER_GB, "020 7946 0958"),
        ("+44 (0)20 7946 0100", GB, OTHER_GB, "+44 (0)20 7946 0958"),
        ("0044 20 7946 0100", GB, OTHER_GB, "0044 20 7946 0958"),
        # Not the whole number, another number, nothing, or another country: its own country's notation.
        ("555-0100", US, OTHER_US, "(212) 555-0143"),
        ("202-555-0101", US, OTHER_US, "(212) 555-0143"),
        ("9 202 555 0100", US, OTHER_US, "(212) 555-0143"),
        ("", US, OTHER_US, "(212) 555-0143"),
        ("(202) 555-0100", US, GB, "020 7946 0100"),
        ("020 7946 0100", GB, US, "(202) 555-0100"),
        ("(202) 555-0100 ext. 7", US, OTHER_US, "(212) 555-0143"),
    ],
)
def test_in_notation(written: str, target: str, number: str, shown: str) -> None:
    assert in_notation(written, target, number) == shown
