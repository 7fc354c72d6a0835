"""The business's entries elsewhere (Google Business Profile, directories), held against the verified number.

On the Google Business Profile a static tracking number may be the primary one as long as the real number is one of
the additional ones, by which Google knows the business. Directories and structured data keep the real number.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from swapboard.numbers.e164 import NotANumber, international, parse_number
from swapboard.sitecheck.address import split
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.finding import Finding, note, problem, warning
from swapboard.sitecheck.structured import comparable

COLUMNS = ("name", "url", "phone")
_GOOGLE_HOSTS = ("business.google.com", "maps.google.com", "g.page", "maps.app.goo.gl", "goo.gl")


class BadCitations(ValueError):
    """The file cannot be read; the message says which line or column, and what to write."""


class Standing(StrEnum):
    """How an entry's number compares with the verified one."""

    CORRECT = "correct"
    TRACKING = "tracking"
    DIFFERENT = "different"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Citation:
    """One entry as the file tells it. Empty texts where the file says nothing."""

    name: str
    url: str
    phone: str
    additional_phones: tuple[str, ...] = ()
    business_name: str = ""
    address: str = ""

    @property
    def is_google(self) -> bool:
        """Whether it is the Google Business Profile."""
        host = split(self.url).hostname or ""
        on_maps = host.startswith("www.google.") and "/maps" in self.url
        return "google" in self.name.casefold() or host in _GOOGLE_HOSTS or on_maps


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """An entry and what is to be said of it."""

    citation: Citation
    standing: Standing
    finding: Finding | None


def read_citations(text: str) -> list[Citation]:
    """The entries of a CSV with the columns name, url, phone, and optionally additional_phones (separated by `;`),
    business_name and address. Raises BadCitations."""
    try:
        dialect = csv.Sniffer().sniff(text.splitlines()[0] if text.strip() else ",", ",;\t")
    except csv.Error:
        dialect = csv.excel
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), dialect=dialect)
    try:
        given = [name.strip().lower() for name in rows.fieldnames or ()]
    except csv.Error as error:
        raise BadCitations(f"line {rows.line_num}: {error}") from error
    if missing := [name for name in COLUMNS if name not in given]:
        raise BadCitations(
            f"the first line must name the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}"
        )
    rows.fieldnames = given
    try:
        return [_citation(row) for row in rows if any(value for value in row.values() if isinstance(value, str))]
    except csv.Error as error:
        raise BadCitations(f"line {rows.line_num}: {error}") from error


def check_citations(citations: list[Citation], business: Business) -> list[CheckedCitation]:
    """Each entry's standing, with guidance where it is not as it should be."""
    return [_check(each, business) for each in citations]


def citation_differences(citations: list[Citation]) -> Iterator[Finding]:
    """Names and addresses that differ between the entries."""
    for what, values in (
        ("name", [(each.business_name, each.name) for each in citations]),
        ("address", [(each.address, each.name) for each in citations]),
    ):
        variants: dict[str, list[str]] = {}
        for value, where in values:
            if value:
                variants.setdefault(comparable(value) or "", []).append(f"{value} ({where})")
        if len(variants) > 1:
            yield warning(
                f"citation_{what}_differs",
                f"The {what} of the business is written in different ways in your entries.",
                f"Write the {what} in the same way everywhere, as in your Google Business Profile.",
                *(places[0] for places in variants.values()),
            )


def _check(citation: Citation, business: Business) -> CheckedCitation:
    number = _number(citation.phone, business)
    if number in business.numbers:
        return CheckedCitation(citation, Standing.CORRECT, None)
    if not citation.phone.strip():
        return CheckedCitation(citation, Standing.MISSING, _missing(citation, business))
    if number not in business.tracking_numbers:
        return CheckedCitation(citation, Standing.DIFFERENT, _different(citation, business))
    return CheckedCitation(citation, Standing.TRACKING, _tracking(citation, business))


def _missing(citation: Citation, business: Business) -> Finding:
    return warning(
        "citation_missing",
        f"{citation.name} shows no phone number.",
        f"Add {_verified(business)} there.",
        citation.url,
    )


def _different(citation: Citation, business: Business) -> Finding:
    return problem(
        "citation_different",
        f"{citation.name} shows {citation.phone}, which is neither your number nor a tracking number.",
        f"Change it to {_verified(business)}.",
        citation.url,
    )


def _tracking(citation: Citation, business: Business) -> Finding:
    if not citation.is_google:
        return problem(
            "citation_tracking",
            f"{citation.name} shows a tracking number. Other directories copy it, and search engines take it for"
            " another business.",
            f"Change it to {_verified(business)}. Directories keep the real number.",
            citation.url,
        )
    if any(_number(each, business) in business.numbers for each in citation.additional_phones):
        return note(
            "citation_google_tracking",
            f"{citation.name} has a tracking number as its primary number and your own as an additional one.",
            "Nothing to do, if it is a static number of its own: a pool's number would ring for others too.",
            citation.url,
        )
    return problem(
        "citation_google_no_own_number",
        f"{citation.name} has a tracking number, and your own is not among its additional numbers.",
        f"Add {_verified(business)} there as an additional number, so that Google still knows that it is you.",
        citation.url,
    )


def _verified(business: Business) -> str:
    return " or ".join(international(each) for each in business.numbers)


def _number(text: str, business: Business) -> str | None:
    country = business.country or phonenumbers.region_code_for_number(phonenumbers.parse(business.numbers[0]))
    try:
        return parse_number(text.strip(), country)
    except NotANumber:
        return None


def _citation(row: Mapping[str | None, str | list[str] | None]) -> Citation:
    def cell(name: str) -> str:
        value = row.get(name)
        return value.strip() if isinstance(value, str) else ""

    others = tuple(each.strip() for each in cell("additional_phones").split(";") if each.strip())
    return Citation(cell("name"), cell("url"), cell("phone"), others, cell("business_name"), cell("address"))
