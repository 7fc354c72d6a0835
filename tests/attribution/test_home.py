"""Where a number was issued, by a small table of our own that says what the library's large one says."""

import subprocess
import sys

import pytest

from swapboard.attribution.area_codes import REGION_OF, SHARED
from swapboard.attribution.home import home_of

STATES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA", "Colorado": "CO",
    "Connecticut": "CT", "Delaware": "DE", "Washington D.C.": "DC", "Florida": "FL", "Georgia": "GA",
    "Hawaii": "HI", "Idaho": "ID", "Illinois": "IL", "Indiana": "IN", "Iowa": "IA", "Kansas": "KS",
    "Kentucky": "KY", "Louisiana": "LA", "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA",
    "Michigan": "MI", "Minnesota": "MN", "Mississippi": "MS", "Missouri": "MO", "Montana": "MT",
    "Nebraska": "NE", "Nevada": "NV", "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM",
    "New York": "NY", "North Carolina": "NC", "North Dakota": "ND", "Ohio": "OH", "Oklahoma": "OK",
    "Oregon": "OR", "Pennsylvania": "PA", "Rhode Island": "RI", "South Carolina": "SC", "South Dakota": "SD",
    "Tennessee": "TN", "Texas": "TX", "Utah": "UT", "Vermont": "VT", "Virginia": "VA", "Washington": "WA",
    "Washington State": "WA", "West Virginia": "WV", "Wisconsin": "WI", "Wyoming": "WY",
    "Alberta": "AB", "British Columbia": "BC", "British Colombia": "BC", "Manitoba": "MB", "New Brunswick": "NB",
    "Newfoundland and Labrador": "NL", "Nova Scotia": "NS", "Ontario": "ON", "Prince Edward Island": "PE",
    "Quebec": "QC", "Saskatchewan": "SK",
}  # fmt: skip


def described() -> list[tuple[str, str]]:
    """The library's prefixes, and the state that each names in English."""
    from phonenumbers.geodata import GEOCODE_DATA

    found = []
    for prefix, names in GEOCODE_DATA.items():
        last = names.get("en", "").rpartition(", ")[2]
        state = STATES.get(last, last)
        if len(state) == 2 and state.isupper():
            found.append((prefix, state))
    return found


def test_the_table_says_what_the_library_says() -> None:
    known = [(prefix, state) for prefix, state in described() if prefix[0] == "1" and prefix[1:4] not in SHARED]
    assert {prefix[1:4] for prefix, _ in known} == set(REGION_OF)
    differing = [(prefix, state) for prefix, state in known if REGION_OF[prefix[1:4]][3:] != state]
    assert len(differing) <= 1, "one exchange of New Jersey's 201 is New York's"


def test_only_mexico_tells_a_state_elsewhere() -> None:
    ambiguous = {"Florida", "Montana", "Texas", "Washington"}
    from phonenumbers.geodata import GEOCODE_DATA

    elsewhere = {prefix for prefix, _ in described() if prefix[0] != "1"}
    assert {prefix[:2] for prefix in elsewhere if GEOCODE_DATA[prefix]["en"] not in ambiguous} == {"52"}


@pytest.mark.parametrize(
    ("number", "home"),
    [
        ("+12125550111", "US-NY"),
        ("+12065550111", "US-WA"),
        ("+14165550111", "CA-ON"),
        ("+18005550101", "US"),
        ("+18765550101", "JM"),
        ("+17875550101", "PR"),
        ("+19028925555", "CA-PE"),
        ("+442079460111", "GB"),
        ("+4930123456", "DE"),
        ("+528115551234", "MX-NL"),
        ("+999123", None),
        ("nonsense", None),
    ],
)
def test_homes(number: str, home: str | None) -> None:
    assert home_of(number) == home


def test_the_libraries_places_are_not_loaded_for_most_numbers() -> None:
    code = (
        "import sys; from swapboard.attribution.home import home_of; "
        "print(home_of('+12125550111'), home_of('+442079460111'), 'phonenumbers.geodata' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["US-NY", "GB", "False"]
