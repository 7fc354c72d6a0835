"""Rates of currencies: the European Central Bank's file, one's own, and what is done where there is none."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.reports.rates import Rate, Rates, read_rates

FRIDAY = date(2026, 11, 27)
BANK = "Date, USD, JPY, BGN, \n27 November 2026, 1.1000, 170.00, N/A, \n"
HISTORY = "Date,USD,GBP,\n2026-11-27,1.1000,0.8800,\n2026-11-26,1.2000,0.9000,\n"

IN_XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01"
 xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>
<Cube><Cube time="2026-11-27"><Cube currency="USD" rate="1.1000"/><Cube currency="GBP" rate="0.8800"/></Cube>
<Cube time="2026-11-26"><Cube currency="USD" rate="1.2000"/></Cube></Cube></gesmes:Envelope>"""


def test_the_bank_s_file_of_a_day_and_of_all_days() -> None:
    assert list(read_rates(BANK)) == [
        Rate(FRIDAY, "EUR", "USD", Decimal("1.1000")),
        Rate(FRIDAY, "EUR", "JPY", Decimal("170.00")),
    ]
    assert len(read_rates(HISTORY)) == 4
    assert {*read_rates(IN_XML)} < {*read_rates(HISTORY)}
    assert len(read_rates(IN_XML)) == 3


def test_by_the_day_and_over_the_weekend_and_by_the_euro() -> None:
    rates = Rates(read_rates(HISTORY))
    assert rates.convert(1_000_000, "EUR", "USD", FRIDAY) == 1_100_000
    assert rates.convert(1_200_000, "USD", "EUR", date(2026, 11, 26)) == 1_000_000
    assert rates.convert(880_000, "GBP", "USD", date(2026, 11, 29)) == 1_100_000, "Sunday: as on Friday"
    assert rates.convert(1, "USD", "USD", date(2000, 1, 1)) == 1


def test_there_is_none_before_the_first_long_after_the_last_or_of_an_unknown_currency() -> None:
    rates = Rates(read_rates(HISTORY))
    assert rates.convert(1, "EUR", "USD", date(2026, 11, 25)) is None
    assert rates.convert(1, "EUR", "USD", date(2026, 12, 8)) is None
    assert rates.convert(1, "CHF", "USD", FRIDAY) is None


def test_rates_of_ones_own() -> None:
    assert list(read_rates("day,base,quote,worth\n2026-11-27,usd,eur,0.9\n")) == [
        Rate(FRIDAY, "USD", "EUR", Decimal("0.9"))
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no rates"),
        ("a,b\n", "first line"),
        ("day,base,quote,worth\n2026-11-27,USD\n", "Line 2"),
        ("day,base,quote,worth\n2026-11-27,USD,EURO,1\n", "three letters"),
        ("day,base,quote,worth\nsoon,USD,EUR,1\n", "Line 2: 'soon' is no day"),
        ("day,base,quote,worth\n2026-11-27,USD,EUR,0\n", "cannot be a rate"),
        ("day,base,quote,worth\n2026-11-27,USD,EUR,NaN\n", "cannot be a rate"),
        ("Date,USD\n2026-11-27,much\n", "no number"),
        (f'day,base,quote,worth\n"{"x" * 200_000}"\n', "cannot be read as a table near line 2"),
    ],
)
def test_what_is_wrong_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_rates(text)


@given(st.integers(-(10**12), 10**12), st.decimals("0.01", 100, places=4))
def test_there_and_back_is_the_same_but_for_rounding(micros: int, worth: Decimal) -> None:
    rates = Rates([Rate(FRIDAY, "EUR", "USD", worth)])
    there = rates.convert(micros, "EUR", "USD", FRIDAY)
    assert there is not None
    back = rates.convert(there, "USD", "EUR", FRIDAY)
    assert back is not None
    assert abs(back - micros) <= 1 / float(worth) + 1
