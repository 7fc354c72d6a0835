"""Puts the pages' reports together: what is true of the site as a whole."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swapboard.numbers.e164 import international
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.citations import CheckedCitation
from swapboard.sitecheck.crawl import Skipped
from swapboard.sitecheck.finding import Finding, note, problem
from swapboard.sitecheck.listing import consistency_findings
from swapboard.sitecheck.occurrence import Fate
from swapboard.sitecheck.page import PageReport
from swapboard.sitecheck.reasons import Severity


@dataclass(frozen=True, slots=True)
class SiteReport:
    """All that the check found."""

    url: str
    business: Business
    pages: tuple[PageReport, ...]
    findings: tuple[Finding, ...]
    citations: tuple[CheckedCitation, ...]
    skipped: tuple[Skipped, ...]
    left: int
    """Pages behind the limit."""
    is_rendered: bool

    @property
    def all_findings(self) -> list[Finding]:
        """Those of the site, its pages and its citations."""
        of_pages = [finding for page in self.pages for finding in page.findings]
        return [*self.findings, *of_pages, *(each.finding for each in self.citations if each.finding)]

    @property
    def is_fine(self) -> bool:
        """Whether there is no problem; warnings and notes are none."""
        return not any(finding.severity is Severity.PROBLEM for finding in self.all_findings)

    def count(self, severity: Severity) -> int:
        """How many findings there are of one severity."""
        return sum(finding.severity is severity for finding in self.all_findings)

    def count_fate(self, fate: Fate) -> int:
        """How many occurrences of the business's own numbers share a fate."""
        own = (each for page in self.pages for each in page.occurrences if each.number in self.business.numbers)
        return sum(each.fate is fate for each in own)


def site_findings(
    pages: Sequence[PageReport], business: Business, skipped: Sequence[Skipped], left: int
) -> Iterator[Finding]:
    """What no single page tells."""
    shown = {each.number for page in pages for each in page.occurrences}
    for number in business.numbers:
        if number not in shown:
            yield problem(
                "number_nowhere",
                f"{international(number)} stands on none of the pages, so there is nothing to swap.",
                "Check the number that you gave. If the pages are made by a program in the browser, use --render.",
            )
    listings = [(page.url, listing) for page in pages for listing in page.listings]
    yield from consistency_findings(listings, business)
    if not listings:
        yield note(
            "no_structured_data",
            "No page tells search engines your telephone (schema.org's LocalBusiness in JSON-LD).",
            "Add it, with name, address and your own number; it helps them to tell you from others.",
        )
    if skipped:
        told = (f"{each.url}: {each.why}" for each in skipped)
        yield note("pages_skipped", "Some addresses were not checked.", "Look whether they should work.", *told)
    if left:
        yield note("pages_left", f"{left} more pages were found, but not checked.", "Give a higher --pages.")
