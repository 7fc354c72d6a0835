"""A site's report as JSON, as lines for a terminal, and as a page."""

from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from swapboard.numbers.e164 import international
from swapboard.sitecheck.citations import CheckedCitation
from swapboard.sitecheck.finding import Finding
from swapboard.sitecheck.occurrence import Fate, Occurrence
from swapboard.sitecheck.page import PageReport
from swapboard.sitecheck.reasons import EXPLANATIONS, Severity
from swapboard.sitecheck.site import SiteReport
from swapboard.sitecheck.structured import Listing

_MOST_DETAILS = 5
_MARKS = {Severity.PROBLEM: "✗", Severity.WARNING: "!", Severity.NOTE: "·"}
_METHODS = {
    False: "read as HTML: what the script would do is predicted from its rules",
    True: "shown in a browser: what the script did was seen",
}


def as_json(report: SiteReport) -> dict[str, object]:
    """The report for programs."""
    return {
        "url": report.url,
        "ok": report.is_fine,
        "method": "browser" if report.is_rendered else "html",
        "numbers": list(report.business.numbers),
        "site_key": report.business.site_key,
        "summary": _summary(report),
        "findings": [_finding(each) for each in report.findings],
        "pages": [_page(each) for each in report.pages],
        "citations": [_citation(each) for each in report.citations],
        "skipped": [{"url": each.url, "why": each.why} for each in report.skipped],
        "pages_left": report.left,
    }


def as_lines(report: SiteReport) -> Iterator[str]:
    """The report for a terminal, without control characters."""
    summary = _summary(report)
    numbers = ", ".join(international(each) for each in report.business.numbers)
    yield f"{report.url}: {summary['pages']} pages, for {numbers}"
    yield f"The pages were {_METHODS[report.is_rendered]}."
    would_be = "" if report.is_rendered else "would be "
    swapped, missed, kept = (summary[fate.value] for fate in Fate)
    yield f"{swapped} occurrences {would_be}swapped, {missed} missed, {kept} rightly kept."
    for finding, urls in grouped(report):
        yield ""
        yield from _finding_lines(finding, urls)
    if report.citations:
        yield ""
        yield from (f"{each.standing.value:>10}  {_plain(each.citation.name)}" for each in report.citations)
    yield ""
    yield _verdict(report)


def as_html(report: SiteReport) -> str:
    """The report as one page without scripts, for a browser or an e-mail."""
    template = _templates().get_template("report.html")
    return template.render(
        report=report,
        summary=_summary(report),
        method=_METHODS[report.is_rendered],
        verdict=_verdict(report),
        grouped=grouped(report),
        explanations=EXPLANATIONS,
        international=international,
    )


def grouped(report: SiteReport) -> list[tuple[Finding, list[str]]]:
    """Findings that say the same once, with the pages that they are true of; problems first."""
    found: dict[tuple[str, str], tuple[Finding, list[str]]] = {}
    everywhere = [(finding, page.url) for page in report.pages for finding in page.findings]
    beside = [*report.findings, *(each.finding for each in report.citations if each.finding)]
    for finding, url in [*((each, None) for each in beside), *everywhere]:
        _, urls = found.setdefault((finding.code, finding.message), (finding, []))
        if url:
            urls.append(url)
    order = list(Severity)
    return sorted(found.values(), key=lambda each: order.index(each[0].severity))


def _summary(report: SiteReport) -> dict[str, int]:
    return {
        "pages": len(report.pages),
        "swapped": report.count_fate(Fate.SWAPPED),
        "missed": report.count_fate(Fate.MISSED),
        "kept": report.count_fate(Fate.KEPT),
        "problems": report.count(Severity.PROBLEM),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
    }


def _verdict(report: SiteReport) -> str:
    problems = report.count(Severity.PROBLEM)
    if not problems:
        return "No problems found."
    return "1 problem found." if problems == 1 else f"{problems} problems found."


def _finding_lines(finding: Finding, urls: list[str]) -> Iterator[str]:
    yield f"{_MARKS[finding.severity]} {_plain(finding.message)}"
    yield f"  → {_plain(finding.what_to_do)}"
    told = urls or list(finding.details)
    for url in told[:_MOST_DETAILS]:
        yield f"    {_plain(url)}"
    if len(told) > _MOST_DETAILS:
        yield f"    … and {len(told) - _MOST_DETAILS} more"
    if urls and len(urls) == 1:
        yield from (f"      {_plain(each)}" for each in finding.details[:_MOST_DETAILS])


def _plain(text: str) -> str:
    # A page may hold anything, a terminal's escape codes too.
    return "".join(filter(str.isprintable, text))


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "what_to_do": finding.what_to_do,
        "details": list(finding.details),
    }


def _page(page: PageReport) -> dict[str, object]:
    return {
        "url": page.url,
        "seen_in": "browser" if page.is_rendered else "html",
        "scripts": [{"url": each.load.url, "site_key": each.site_key} for each in page.snippets],
        "occurrences": [_occurrence(each) for each in page.occurrences],
        "structured_data": [_listing(each) for each in page.listings],
        "caches": list(page.caches),
        "findings": [_finding(each) for each in page.findings],
    }


def _occurrence(occurrence: Occurrence) -> dict[str, object]:
    told = EXPLANATIONS[occurrence.reason] if occurrence.reason else None
    return {
        "number": occurrence.number,
        "written": occurrence.written,
        "place": occurrence.place.value,
        "path": occurrence.path,
        "excerpt": occurrence.excerpt,
        "fate": occurrence.fate.value,
        "reason": occurrence.reason.value if occurrence.reason else None,
        "why": told.why if told else None,
    }


def _listing(listing: Listing) -> dict[str, object]:
    return {
        "source": listing.source,
        "kind": listing.kind,
        "name": listing.name,
        "address": listing.address,
        "telephone": listing.telephone,
    }


def _citation(checked: CheckedCitation) -> dict[str, object]:
    return {
        "name": checked.citation.name,
        "url": checked.citation.url,
        "phone": checked.citation.phone,
        "standing": checked.standing.value,
        "finding": _finding(checked.finding) if checked.finding else None,
    }


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("swapboard.sitecheck"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
