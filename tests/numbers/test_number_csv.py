"""Numbers as CSV: what goes out comes in again, and no cell becomes a formula."""

from dataclasses import replace

import pytest

from swapboard.numbers.inventory import NumberKind, NumberStatus
from swapboard.numbers.listing import NumberRecord
from swapboard.numbers.number_csv import NumberLine, from_csv, to_csv
from tests.building import NOW

RECORD = NumberRecord(
    number_id="n1",
    company_id="c1",
    number="+12025550120",
    kind=NumberKind.STATIC,
    status=NumberStatus.PAUSED,
    pool_id=None,
    target_id="t1",
    carrier_id=None,
    carrier_ref=None,
    placement='=cmd|"/c calc"!A1',
    channel="Offline",
    source="billboard",
    medium=None,
    campaign="Route 9, north",
    live_session_id=None,
    left_at=None,
    created_at=NOW,
    released_at=None,
    monthly_cents=115,
    placement_cents=120_000,
    starts_on="2026-11-24",
)


def test_there_and_back() -> None:
    text = to_csv([RECORD], {}, {"t1": "+12025550100"})
    assert "'=cmd" in text
    [line], faults = from_csv(text, "US")
    assert faults == []
    assert line.number == RECORD.number
    assert line.status is NumberStatus.PAUSED
    assert line.facts["placement"] == RECORD.placement
    assert line.facts["campaign"] == "Route 9, north"
    assert line.facts["target"] == "+12025550100"
    assert (line.cents("monthly_price"), line.cents("placement_cost"), line.cents("nothing")) == (
        115,
        120_000,
        None,
    )


@pytest.mark.parametrize("status", NumberStatus)
def test_a_status_is_read_or_refused(status: NumberStatus) -> None:
    text = to_csv([replace(RECORD, status=status)], {}, {"t1": "+12025550100"})
    lines, faults = from_csv(text, "US")
    if status is NumberStatus.RELEASED:
        assert (lines, faults) == ([], ["Line 2: The status is active, paused or quarantined, or left out."])
    else:
        assert ([line.status for line in lines], faults) == ([status], [])


def test_a_status_as_people_write_it() -> None:
    text = "number,status\n202-555-0120,Paused\n202-555-0121,\n202-555-0122,asleep\n"
    lines, faults = from_csv(text, "US")
    assert [line.status for line in lines] == [NumberStatus.PAUSED, NumberStatus.ACTIVE]
    assert faults == ["Line 4: The status is active, paused or quarantined, or left out."]


def test_a_list_without_headings_in_national_form() -> None:
    lines, faults = from_csv("(202) 555-0120\n\n +44 20 7946 0000 \n", "US")
    assert [line.number for line in lines] == ["+12025550120", "+442079460000"]
    assert faults == []


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_spreadsheets_own_separator_is_read(separator: str) -> None:
    rows = (("Number", "Pool"), ("(202) 555-0120", "Website visitors"))
    [line], faults = from_csv("\r\n".join(map(separator.join, rows)), "US")
    assert (line.number, line.facts, faults) == ("+12025550120", {"pool": "Website visitors"}, [])


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
        ("number,ends_on\n2025550120,31.12.2026", "Line 2: Write days like 2026-11-24."),
        ("number,starts_on,ends_on\n2025550120,2026-12-01,2026-11-01", "Line 2: It ends before it starts."),
    ],
)
def test_what_cannot_be_brought_in(text: str, said: str) -> None:
    assert said in " ".join(from_csv(text, "US")[1])


@pytest.mark.parametrize(("typed", "cents"), [("1,200", 120_000), ("1.200,50", 120_050), ("1,5", 150), ("0", 0)])
def test_an_amount_is_read_as_everywhere(typed: str, cents: int) -> None:
    assert NumberLine(1, "+12025550171", {"monthly_price": typed}).cents("monthly_price") == cents


@pytest.mark.parametrize("typed", ["1e999", "-5", "nan", "abc", "21474836.48"])
def test_what_is_no_amount_is_said_in_our_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"Line 1: Write an amount like 40 or 40\.50"):
        NumberLine(1, "+12025550171", {"monthly_price": typed}).cents("monthly_price")
