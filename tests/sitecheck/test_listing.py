"""Structured data, held against the verified number and each other."""

import pytest

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.listing import consistency_findings, listing_findings
from swapboard.sitecheck.reasons import Severity
from swapboard.sitecheck.structured import Listing, StructuredData
from tests.sitecheck.local_site import NUMBER, TRACKING

BUSINESS = Business((NUMBER,), frozenset({TRACKING}))


def listing(telephone: str, name: str | None = "B", address: str | None = "1 Main St") -> Listing:
    return Listing("Plumber", name, address, telephone, "JSON-LD", "html > head > script")


@pytest.mark.parametrize("telephone", ["+1 202-555-0100", "(202) 555-0100", "tel:+12025550100", "2025550100"])
def test_the_verified_number(telephone: str) -> None:
    assert list(listing_findings(StructuredData((listing(telephone),), ()), BUSINESS)) == []


@pytest.mark.parametrize(
    ("telephone", "code"),
    [
        ("(202) 555-0143", "structured_data_tracking_number"),
        ("+1 312-555-0100", "structured_data_different"),
        ("call us", "structured_data_no_number"),
    ],
)
def test_what_is_wrong_with_it(telephone: str, code: str) -> None:
    (finding,) = listing_findings(StructuredData((listing(telephone),), ()), BUSINESS)
    assert (finding.code, finding.severity) == (code, Severity.PROBLEM)
    assert "+1 202-555-0100" in finding.what_to_do
    assert telephone in finding.details[0]


def test_a_national_number_of_another_country() -> None:
    british = Business(("+442079460958",))
    assert list(listing_findings(StructuredData((listing("020 7946 0958"),), ()), british)) == []


def test_broken_structured_data() -> None:
    (finding,) = listing_findings(StructuredData((), ("html > head > script: line 1",)), BUSINESS)
    assert (finding.code, finding.severity) == ("structured_data_broken", Severity.WARNING)


def test_pages_that_agree() -> None:
    told = [
        ("/a", listing(NUMBER)),
        ("/b", listing("(202) 555-0100", "b", "1 Main Street")),
        ("/c", listing(NUMBER, None)),
    ]
    assert list(consistency_findings(told, BUSINESS)) == []


def test_pages_that_differ() -> None:
    told = [("/a", listing(NUMBER)), ("/b", listing(NUMBER, "B Ltd", "2 Main St"))]
    name, address = consistency_findings(told, BUSINESS)
    assert (name.code, name.details) == ("name_differs", ("B (/a)", "B Ltd (/b)"))
    assert (address.code, address.details) == ("address_differs", ("1 Main St (/a)", "2 Main St (/b)"))


def test_branches_with_numbers_of_their_own_may_differ() -> None:
    told = [("/a", listing(NUMBER)), ("/b", listing("+1 312-555-0100", "B Chicago", "9 Lake St"))]
    assert list(consistency_findings(told, BUSINESS)) == []
