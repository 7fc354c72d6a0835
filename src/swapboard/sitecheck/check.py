"""Checks a site: page after page as they come in, with the script's own set-up as soon as it is known."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import httpx

from swapboard.numbers.e164 import international
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.citations import Citation, check_citations, citation_differences
from swapboard.sitecheck.crawl import Crawl, Page
from swapboard.sitecheck.fetch import Fetched, Fetcher
from swapboard.sitecheck.finding import Finding, problem, warning
from swapboard.sitecheck.page import PageReport, Source, check_page
from swapboard.sitecheck.script import ScriptSetup, read_setup
from swapboard.sitecheck.seen import Seen
from swapboard.sitecheck.site import SiteReport, site_findings
from swapboard.sitecheck.snippet import snippets
from swapboard.sitecheck.swapping import DEFAULT_RULES, Rules


class NoBrowser(Exception):
    """There is no browser to show pages in; the message says how to get one."""


class NotShown(Exception):
    """The browser could not show a page; the message says why."""


class Renderer(Protocol):
    """Shows a page in a browser."""

    def show(self, url: str, business: Business) -> Seen:
        """The page as a visitor and a search engine see it. Raises NotShown."""


@dataclass(slots=True)
class _Scripts:
    """The scripts that pages load, each fetched once."""

    fetcher: Fetcher
    business: Business
    findings: list[Finding] = field(default_factory=list)
    _setups: dict[str, ScriptSetup | None] = field(default_factory=dict)

    def rules_of(self, url: str) -> Rules:
        if url not in self._setups:
            self._setups[url] = self._read(url)
        setup = self._setups[url]
        return setup.rules if setup else DEFAULT_RULES

    def _read(self, url: str) -> ScriptSetup | None:
        fetched = self.fetcher.get(url)
        setup = read_setup(fetched.text) if fetched.status == httpx.codes.OK else None
        self.findings.extend(_script_findings(url, fetched, setup, self.business))
        return setup


def check_site(
    crawl: Crawl,
    business: Business,
    citations: list[Citation],
    renderer: Renderer | None,
    tell: Callable[[int, str], None],
) -> SiteReport:
    """Visit and judge all pages; `tell` hears of each, with its number. Raises CannotCheck."""
    scripts = _Scripts(crawl.fetcher, business)
    pages: list[PageReport] = []
    for number, page in enumerate(crawl.pages(), 1):
        tell(number, page.fetched.url)
        pages.append(_judge(page, business, scripts, renderer))
    findings = (
        *scripts.findings,
        *site_findings(pages, business, crawl.skipped, crawl.left),
        *citation_differences(citations),
    )
    return SiteReport(
        crawl.start,
        business,
        tuple(pages),
        findings,
        tuple(check_citations(citations, business)),
        tuple(crawl.skipped),
        crawl.left,
        renderer is not None,
    )


def _judge(page: Page, business: Business, scripts: _Scripts, renderer: Renderer | None) -> PageReport:
    fetched = page.fetched
    source = Source(fetched.url, fetched.headers, page.root, fetched.trouble, page.is_framed)
    tags = snippets(page.root, fetched.url, business.site_key)
    rules = scripts.rules_of(tags[0].load.url) if tags else DEFAULT_RULES
    try:
        return check_page(source, business, rules, renderer.show(fetched.url, business) if renderer else None)
    except NotShown as trouble:
        return _predicted(check_page(source, business, rules), trouble)


def _predicted(report: PageReport, trouble: NotShown) -> PageReport:
    told = warning(
        "page_not_shown",
        "The browser could not show this page, so what the script would do is predicted.",
        "Open the page yourself: does it load, and does it answer to clicks?",
        str(trouble),
    )
    return replace(report, findings=(*report.findings, told))


def _script_findings(
    url: str, fetched: Fetched, setup: ScriptSetup | None, business: Business
) -> Iterator[Finding]:
    if setup is None:
        told = fetched.trouble or (
            f"HTTP {fetched.status}" if fetched.status != httpx.codes.OK else "another file"
        )
        yield problem(
            "script_does_not_load",
            f"The script does not come from where the pages ask for it: {told}.",
            "Check that Swapboard runs there and that the site key is right.",
            url,
        )
        return
    for number in business.numbers:
        if number not in setup.targets:
            yield problem(
                "script_lacks_number",
                f"The script does not look for {international(number)}, so it is not swapped anywhere.",
                "Add the number as a swap target in the set-up.",
                url,
            )
