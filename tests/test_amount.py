"""Amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.amount import MOST_CENTS, cents_of, places_of, whole_of


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("40", 4_000),
        ("40.5", 4_050),
        ("40,50", 4_050),
        ("1,250", 125_000),
        ("1,250.50", 125_050),
        ("1.250,50", 125_050),
        ("1 250,50", 125_050),
        ("1.250", 125_000),
        ("$1,250", 125_000),
        ("1 250,50 €", 125_050),
        ("1\N{NARROW NO-BREAK SPACE}250,50 €", 125_050),
        ("£40", 4_000),
        ("1'250.50", 125_050),
        ("0.120", 12),
        ("0,120", 12),
        ("€", None),
        ("0", 0),
        ("0.001", None),
        ("-1", None),
        ("lots", None),
        ("nan", None),
        ("1e99", None),
        ("1.2.3", None),
        ("", None),
    ],
)
def test_as_people_type_them(text: str, cents: int | None) -> None:
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    ("text", "cents"), [("1.250", 125), ("1,250", 125_000), ("1.250,500", 125_050), ("1.250.000", 125_000_000)]
)
def test_three_places_of_a_currency_are_no_thousands(text: str, cents: int) -> None:
    assert cents_of(text, places=places_of("KWD")) == cents


@given(st.integers(0, MOST_CENTS))
def test_what_we_write_is_read(cents: int) -> None:
    assert cents_of(f"{cents // 100}.{cents % 100:02}") == cents
    assert cents_of(f"{cents / 100:,.2f}") == cents


@given(st.text(max_size=40))
def test_anything_may_be_typed(text: str) -> None:
    found = cents_of(text)
    assert found is None or 0 <= found <= MOST_CENTS


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("60", 60),
        ("007", 7),
        ("61", None),
        ("", None),
        ("-1", None),
        ("6.0", None),
        ("\N{SUPERSCRIPT TWO}", None),
        ("9" * 5_000, None),
    ],
)
def test_whole_numbers_in_plain_digits(text: str, number: int | None) -> None:
    assert whole_of(text, 60) == number
