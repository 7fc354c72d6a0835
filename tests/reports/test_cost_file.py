"""Files of costs: what is recognised, what is left out, and what is told of the rest."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.reports.cost_columns import Column, Layout, guess, table_of
from swapboard.reports.cost_file import Read, read_costs
from swapboard.reports.cost_numbers import amount_of, decimal_sign
from swapboard.reports.cost_sheet import BadSheet, read_sheet
from swapboard.reports.costs import CostLine, Platform, micros_of, spread
from swapboard.written_days import day_of, writes_month_first
from tests.reports import exports

FIRST, SECOND = date(2026, 11, 1), date(2026, 11, 2)


def read(content: bytes, layout: Layout | None = None, currency: str = "USD") -> Read:
    table = table_of(read_sheet(content))
    return read_costs(table, layout or guess(table), currency, country_month_first=True)


def platform(content: bytes) -> Platform:
    return guess(table_of(read_sheet(content))).platform


def test_google_ads() -> None:
    told = read(exports.GOOGLE_ADS)
    assert platform(exports.GOOGLE_ADS) is Platform.GOOGLE_ADS
    assert (told.faults, told.totals) == ([], 2)
    drain = CostLine(
        FIRST,
        1_237_560_000,
        "USD",
        "Emergency",
        "",
        "Drains",
        "blocked drain",
        "Paid Search",
        "google",
        "cpc",
        1207,
        20010,
    )
    assert told.lines[0] == drain, "two match types of one keyword are one line"
    assert sum(line.micros for line in told.lines) == 1_252_260_000, "the export's own total"
    assert [line.campaign for line in told.lines] == ["Emergency", "Emergency", "Boiler, new"]


def test_google_ads_for_excel_in_german() -> None:
    told = read(exports.GOOGLE_ADS_FOR_EXCEL)
    assert platform(exports.GOOGLE_ADS_FOR_EXCEL) is Platform.GOOGLE_ADS
    assert (told.faults, told.totals) == ([], 1)
    assert [(line.day, line.micros, line.currency, line.clicks) for line in told.lines] == [
        (FIRST, 1_234_560_000, "EUR", 1204),
        (SECOND, 2_500_000, "EUR", 3),
    ]


def test_microsoft() -> None:
    told = read(exports.MICROSOFT)
    assert platform(exports.MICROSOFT) is Platform.MICROSOFT
    assert (told.faults, told.totals) == ([], 2)
    assert [(line.day, line.keyword, line.micros, line.source) for line in told.lines] == [
        (FIRST, "blocked drain", 45_100_000, "bing"),
        (date(2026, 11, 13), "burst pipe", 4_900_000, "bing"),
    ]


def test_meta_over_several_days() -> None:
    told = read(exports.META)
    assert platform(exports.META) is Platform.META
    assert (told.faults, told.totals) == ([], 1)
    spring = [line for line in told.lines if line.campaign == "Spring, again"]
    assert [line.day.day for line in spring] == [1, 2, 3]
    assert sum(line.micros for line in spring) == 100_000_000
    assert sum(line.impressions for line in spring) == 2999
    assert {line.currency for line in told.lines} == {"EUR"}
    assert {line.channel for line in told.lines} == {"Paid Social"}


def test_a_table_of_ones_own_needs_to_be_told_the_rest() -> None:
    assert "Say which column holds: cost." in read(exports.OWN).faults[0]
    layout = Layout({Column.DAY: "Datum", Column.CAMPAIGN: "Radio", Column.COST: "Betrag in Euro"}, currency="EUR")
    told = read(exports.OWN, layout)
    assert [(line.day, line.campaign, line.micros) for line in told.lines] == [
        (date(2026, 11, 3), "Morgensendung", 1_500_000_000),
        (date(2026, 11, 4), "Morgensendung", 750_500_000),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Campaign,Cost\nA,1\n", "export the table by day"),
        (b"Day,Cost\n2026-11-01,cheap\n", "Line 2: 'cheap' is no amount."),
        # Taken for 1.25.
        (b"Day,Cost\n2026-11-01,1.2E5\n", "Line 2: '1.2E5' is no amount."),
        (b"Day,Cost\n2026-13-01,1\n", "Line 2: '2026-13-01' is no day."),
        (b"Day,Cost,Currency\n2026-11-01,1,Dollars\n", "Line 2: there is no currency"),
        (b"Reporting starts,Reporting ends,Cost\n2026-11-05,2026-11-01,1\n", "must not come before"),
        (b"Reporting starts,Reporting ends,Cost\n1026-11-05,2026-11-01,1\n", "at most"),
    ],
)
def test_faults_name_the_line_and_what_to_do(content: bytes, words: str) -> None:
    assert words in " ".join(read(content).faults)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04rest", "Excel file or a zip"),
        (b"a\0b,c\0d\n\0", "letters cannot be read"),
        (b"ab,\0d\n", "something else than text"),
        (b"just words\nand more\n", "only one column"),
        (b'Day,Cost\n"2026', "cannot be read as a table|no costs|Say"),
    ],
)
def test_what_is_no_table_is_told(content: bytes, words: str) -> None:
    try:
        told = " ".join(read(content).faults) or "no costs"
    except BadSheet as error:
        told = str(error)
    assert re.search(words, told)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    try:
        told = read(content)
    except BadSheet:
        return
    assert told.lines or told.faults or told.totals or not table_of(read_sheet(content)).rows


@given(st.integers(-(10**15), 10**15), st.integers(0, 400))
def test_a_spread_amount_is_whole_and_even(amount: int, more: int) -> None:
    shares = [share for _day, share in spread(amount, FIRST, FIRST + timedelta(more))]
    assert sum(shares) == amount
    assert max(shares) - min(shares) <= 1
    assert len(shares) == more + 1


@given(st.lists(st.decimals(0, 10**7, places=2), min_size=1), st.sampled_from([",", "."]))
def test_amounts_are_read_as_they_were_written(amounts: list[Decimal], sign: str) -> None:
    other = "." if sign == "," else ","
    written = [f"{amount:,.2f}".replace(",", "_").replace(".", sign).replace("_", other) for amount in amounts]
    found = decimal_sign(written, ",")
    assert found == sign
    assert [amount_of(text, found) for text in written] == amounts


@pytest.mark.parametrize(
    ("amounts", "separator", "sign"),
    [
        (["1,234"], ",", "."),
        (["1.234"], ";", ","),
        (["1.234"], ",", "."),
        (["1,234", "0,5"], "\t", ","),
        (["1.234.567"], "\t", ","),
        (["$1,234.50"], ",", "."),
        (["0,125"], ";", ","),
        (["12"], ";", ","),
    ],
)
def test_the_decimal_sign(amounts: list[str], separator: str, sign: str) -> None:
    assert decimal_sign(amounts, separator) == sign


@pytest.mark.parametrize(
    "text", ["2026-11-01", "20261101", "11/1/2026", "Nov 1, 2026", "1 November 2026", "11/1/26"]
)
def test_days(text: str) -> None:
    assert day_of(text, month_first=True) == FIRST


def test_which_comes_first_in_a_date() -> None:
    assert not writes_month_first(["01/02/2026", "13/02/2026"], usual=True)
    assert writes_month_first(["01/02/2026", "02/13/2026"], usual=False)
    assert writes_month_first(["01/02/2026"], usual=True)
    assert not writes_month_first(["01.02.2026"], usual=True)


def test_negative_amounts_in_both_ways() -> None:
    assert amount_of("(1.50)", ".") == amount_of("-1.50", ".") == Decimal("-1.50")
    assert micros_of(Decimal("0.0000005")) == 0
