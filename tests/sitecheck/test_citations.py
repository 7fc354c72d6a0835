"""Entries elsewhere, held against the verified number."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.citations import (
    BadCitations,
    Citation,
    Standing,
    check_citations,
    citation_differences,
    read_citations,
)
from tests.sitecheck.local_site import NUMBER, TRACKING

BUSINESS = Business((NUMBER,), frozenset({TRACKING}))
GOOGLE = "Google Business Profile"


def checked(name: str, phone: str, *others: str, url: str = "") -> tuple[Standing, str | None]:
    (each,) = check_citations([Citation(name, url, phone, others)], BUSINESS)
    return each.standing, each.finding.code if each.finding else None


@pytest.mark.parametrize(
    ("name", "phone", "standing", "code"),
    [
        ("Yellow", "(202) 555-0100", Standing.CORRECT, None),
        (GOOGLE, "+1 202-555-0100", Standing.CORRECT, None),
        ("Yellow", "(202) 555-0143", Standing.TRACKING, "citation_tracking"),
        ("Yellow", "(312) 555-0100", Standing.DIFFERENT, "citation_different"),
        ("Yellow", "call us", Standing.DIFFERENT, "citation_different"),
        ("Yellow", " ", Standing.MISSING, "citation_missing"),
        (GOOGLE, "(202) 555-0143", Standing.TRACKING, "citation_google_no_own_number"),
    ],
)
def test_standings(name: str, phone: str, standing: Standing, code: str | None) -> None:
    assert checked(name, phone) == (standing, code)


@pytest.mark.parametrize(
    ("name", "url"),
    [(GOOGLE, ""), ("Maps", "https://www.google.com/maps/place/x"), ("GBP", "https://g.page/x"), ("google", "x")],
)
def test_google_may_have_a_tracking_number_beside_the_real_one(name: str, url: str) -> None:
    told = checked(name, "(202) 555-0143", "(202) 555-0199", "(202) 555-0100", url=url)
    assert told == (Standing.TRACKING, "citation_google_tracking")


def test_a_directory_may_not() -> None:
    assert checked("Yellow", "(202) 555-0143", "(202) 555-0100") == (Standing.TRACKING, "citation_tracking")


@pytest.mark.parametrize(
    "text",
    [
        "name,url,phone\nYellow,https://yellow.example.com,(202) 555-0100\n",
        "\ufeffName;URL;Phone\nYellow;https://yellow.example.com;(202) 555-0100\n\n",
        'phone\tname\turl\n"(202) 555-0100"\tYellow\thttps://yellow.example.com\n',
        "name,url,phone,notes\r\nYellow,https://yellow.example.com,(202) 555-0100\r\n,,,\r\n",
    ],
)
def test_the_file(text: str) -> None:
    assert read_citations(text) == [Citation("Yellow", "https://yellow.example.com", "(202) 555-0100")]


def test_all_columns() -> None:
    text = 'name,url,phone,additional_phones,business_name,address\nG,u,1,2; 3,B,"1 Main St, Washington"\n'
    assert read_citations(text) == [Citation("G", "u", "1", ("2", "3"), "B", "1 Main St, Washington")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "name,url\nx,y\n"])
def test_a_file_without_its_columns(text: str) -> None:
    with pytest.raises(BadCitations, match="must name the columns name, url, phone"):
        read_citations(text)


@pytest.mark.parametrize("text", ["x" * 200_000 + ",url,phone", "name,url,phone\n" + "x" * 200_000])
def test_a_huge_cell_is_told_by_its_line(text: str) -> None:
    with pytest.raises(BadCitations, match=r"^line \d"):
        read_citations(text)


def test_entries_that_differ_in_name_and_address() -> None:
    entries = [
        Citation("G", "", NUMBER, (), "Brightwater", "1 Main Street"),
        Citation("Y", "", NUMBER, (), "Brightwater Plumbing", "1 Main St."),
        Citation("Z", "", NUMBER),
    ]
    (finding,) = citation_differences(entries)
    assert (finding.code, finding.details) == (
        "citation_name_differs",
        ("Brightwater (G)", "Brightwater Plumbing (Y)"),
    )


@given(st.text(max_size=60))
def test_any_text_is_a_file_or_is_refused(text: str) -> None:
    with suppress(BadCitations):
        check_citations(read_citations("name,url,phone\n" + text), BUSINESS)
