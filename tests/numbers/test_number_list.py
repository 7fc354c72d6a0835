"""Lists of numbers that people have already, as carriers and spreadsheets write them."""

import pytest

from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.number_list import NumberLine, from_csv


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("Paused", NumberStatus.PAUSED),
        ("", NumberStatus.ACTIVE),
        ("in-use", NumberStatus.ACTIVE),
        ("Aktiv", NumberStatus.ACTIVE),
        ("désactivé", NumberStatus.PAUSED),
        ("quarantined", NumberStatus.QUARANTINED),
    ],
)
def test_a_status_as_people_write_it(told: str, status: NumberStatus) -> None:
    read = from_csv(f"number,status\n202-555-0120,{told}\n", "US")
    assert [line.status for line in read.lines] == [status]
    assert (read.faults, list(read.notes)) == ([], [])


def test_a_status_that_nobody_knows_is_told_and_its_number_shown_to_nobody() -> None:
    read = from_csv("number,status\n202-555-0120,asleep\n202-555-0121,asleep\n202-555-0122,active\n", "US")
    assert [line.status for line in read.lines] == [NumberStatus.PAUSED, NumberStatus.PAUSED, NumberStatus.ACTIVE]
    assert read.faults == []
    assert list(read.notes) == [
        "Not known here is the status “asleep”: such numbers came in paused, so nobody is shown them."
    ]


def test_numbers_that_were_given_up_are_left_out_and_counted() -> None:
    read = from_csv("number,status\n202-555-0120,released\n202-555-0121,active\n", "US")
    assert [line.number for line in read.lines] == ["+12025550121"]
    assert list(read.notes) == ["Left out, as the list says that they are given up: 1."]
    assert from_csv("number,status\n202-555-0120,released\n", "US").faults == ["There is no number in it."]


def test_columns_that_mean_nothing_here_are_told() -> None:
    read = from_csv("Phone Number,Friendly name,SID,\n202-555-0120,Flyer,PN1,\n", "US")
    assert [line.number for line in read.lines] == ["+12025550120"]
    assert list(read.notes) == ["Columns that were not read: “Friendly name”, “SID”."]


def test_a_number_that_nobody_can_have_is_told() -> None:
    assert list(from_csv("1202555014\n", "US").notes) == [
        "Look again at +11202555014: by the numbering plan there is no such number."
    ]


@pytest.mark.parametrize(
    ("country", "written", "day"),
    [
        ("US", "11/24/2026", "2026-11-24"),
        ("US", "03/04/2026", "2026-03-04"),
        ("GB", "03/04/2026", "2026-04-03"),
        ("DE", "31.12.2026", "2026-12-31"),
        ("DE", "2026-12-31", "2026-12-31"),
    ],
)
def test_a_day_as_a_spreadsheet_of_the_country_writes_it(country: str, written: str, day: str) -> None:
    [line] = from_csv(f"number;starts_on\n+12025550120;{written}\n", country).lines
    assert line.facts["starts_on"] == day


def test_a_list_without_headings_in_national_form() -> None:
    read = from_csv("(202) 555-0120\n\n +44 20 7946 0000 \n", "US")
    assert [line.number for line in read.lines] == ["+12025550120", "+442079460000"]
    assert read.faults == []


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_spreadsheets_own_separator_is_read(separator: str) -> None:
    rows = (("Number", "Pool"), ("(202) 555-0120", "Website visitors"))
    read = from_csv("\r\n".join(map(separator.join, rows)), "US")
    [line] = read.lines
    assert (line.number, line.facts, read.faults) == ("+12025550120", {"pool": "Website visitors"}, [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no number"),
        ("hello", "Line 1"),
        ("\n\nnumber,pool\n\nhello,Website", "Line 5"),
        ("2025550120\rhello\r", "Line 2"),
        ("x" * 200_000, "cannot be read as a table near line 1"),
        ("2025550120\n202-555-0120", "twice"),
        ("2025550120\n" * 1_002, "1000 numbers at a time"),
        ("number,starts_on\n2025550120,next week", "Line 2: Write days like 2026-11-24."),
        ("number,ends_on\n2025550120,31.13.2026", "Line 2: Write days like 2026-11-24."),
        ("number,pool\n1.20256E+10,", "Line 2: 1.20256E+10: the spreadsheet has cut this number short."),
        ("number\n1,20256E+10", "Line 2: 1,20256E+10: the spreadsheet has cut this number short."),
        ("Hotline,Ort\n2025550120,Bonn", "Line 1 has headings, but none of them is “number”."),
        ("number,starts_on,ends_on\n2025550120,2026-12-01,2026-11-01", "Line 2: It ends before it starts."),
    ],
)
def test_what_cannot_be_brought_in(text: str, said: str) -> None:
    assert said in " ".join(from_csv(text, "US").faults)


@pytest.mark.parametrize(("typed", "cents"), [("1,200", 120_000), ("1.200,50", 120_050), ("1,5", 150), ("0", 0)])
def test_an_amount_is_read_as_everywhere(typed: str, cents: int) -> None:
    assert NumberLine(1, "+12025550171", {"monthly_price": typed}).cents("monthly_price") == cents


@pytest.mark.parametrize(
    ("separator", "written", "cents"),
    [(",", "1.150", 115), (";", "1.150", 115_000), (",", '"1,150"', 115_000), (",", "1.150.000", 115_000_000)],
)
def test_a_programs_price_is_no_thousand(separator: str, written: str, cents: int) -> None:
    table = (("number", "monthly_price"), ("+12025550120", written))
    [line] = from_csv("\n".join(map(separator.join, table)), "US").lines
    assert line.cents("monthly_price") == cents


@pytest.mark.parametrize("typed", ["1e999", "-5", "nan", "abc", "10000000000.01"])
def test_what_is_no_amount_is_said_in_our_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Line 1: Write an amount with at most two digits"):
        NumberLine(1, "+12025550171", {"monthly_price": typed}).cents("monthly_price")
