"""Numbers that people read and the script does not."""

import pytest

from swapboard.sitecheck.reasons import Reason
from swapboard.sitecheck.spotting import sight

US = "+12025550100"
FLOWERS = "+18003569377"
GB = "+442079460958"
# As Japanese keyboards write digits.
FULLWIDTH = "".join(chr(ord(each) + 0xFEE0) if each.isdigit() else each for each in "202-555-0100")


@pytest.mark.parametrize(
    ("text", "number", "written", "reason"),
    [
        ("Call (202) 555-0100.", US, "(202) 555-0100", Reason.NOTATION),
        (FULLWIDTH, US, FULLWIDTH, Reason.NOTATION),
        ("+44 (0)20 7946 0958", GB, "+44 (0)20 7946 0958", Reason.NOTATION),
        ("Call 1-800-FLOWERS now", FLOWERS, "1-800-FLOWERS", Reason.LETTERS),
        ("Call 800 FLOWERS now", FLOWERS, "800 FLOWERS", Reason.LETTERS),
        ("Call 555-0100 today", US, "555-0100", Reason.NO_AREA_CODE),
    ],
)
def test_sightings(text: str, number: str, written: str, reason: Reason) -> None:
    (sighting,) = sight(text, [number])
    assert text[sighting.spot.start : sighting.spot.end] == written
    assert (sighting.spot.number, sighting.reason) == (number, reason)


@pytest.mark.parametrize(
    "text",
    [
        "(312) 555-0100",
        "312-555-0100",
        "order 4555-0100",
        "INV2025550100",
        "order #2025550100",
        "555-01001",
        "1-800-FLOWERY",
        "$555-0100x",
        "",
        "no digits",
    ],
)
def test_what_is_another_number_or_none(text: str) -> None:
    assert list(sight(text, [US, FLOWERS])) == []


def test_a_country_reads_national_numbers() -> None:
    assert [each.spot.number for each in sight("020 7946 0958", [GB, US], "GB")] == [GB]
