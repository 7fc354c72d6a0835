"""Judges one page: everything that a search engine and a visitor get of the number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from swapboard.sitecheck.address import join, split
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.caches import caches_in_comments, caches_in_headers
from swapboard.sitecheck.document import Comment, Element, elements, walk
from swapboard.sitecheck.finding import Finding, note, problem, warning
from swapboard.sitecheck.installation import installation_findings
from swapboard.sitecheck.listing import listing_findings
from swapboard.sitecheck.occurrence import Fate, Occurrence, Place
from swapboard.sitecheck.occurrences import occurrences
from swapboard.sitecheck.reasons import EXPLANATIONS, Reason, Severity
from swapboard.sitecheck.seen import Seen, seen_occurrences
from swapboard.sitecheck.seen_findings import seen_findings
from swapboard.sitecheck.snippet import Snippet, base_url, snippets
from swapboard.sitecheck.structured import Listing, structured_data
from swapboard.sitecheck.swapping import DEFAULT_RULES, Rules


@dataclass(frozen=True, slots=True)
class PageReport:
    """What was found on one page."""

    url: str
    snippets: tuple[Snippet, ...]
    occurrences: tuple[Occurrence, ...]
    listings: tuple[Listing, ...]
    caches: tuple[str, ...]
    findings: tuple[Finding, ...]
    is_rendered: bool = False
    """Whether a browser showed it; otherwise what happens to the numbers is predicted."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page as it came."""

    url: str
    headers: Mapping[str, str]
    root: Element
    trouble: str | None = None
    is_framed: bool = False
    """Whether another page of the site shows it in a frame, where that page's script reaches it."""


def check_page(
    source: Source, business: Business, rules: Rules = DEFAULT_RULES, seen: Seen | None = None
) -> PageReport:
    """The page as its HTML tells, where what the script would do is predicted; or, if it was seen, as it is."""
    written = occurrences(source.root, business, rules)
    found = seen_occurrences(seen, business, rules) if seen else written
    tags = _tags(source, business, seen)
    data = structured_data(seen.crawler if seen else source.root)
    caches = page_caches(source)
    root = seen.visitor if seen else source.root
    findings = (
        *(
            installation_findings(source.url, source.headers, root, tags, business)
            if tags or not source.is_framed
            else ()
        ),
        *stored_findings(written, business, caches),
        *(each for each in number_findings(found, business) if not _is_told_already(each, seen)),
        *listing_findings(data, business),
        *(seen_findings(seen, tags, found, business, rules) if seen else ()),
        *_page_findings(source, caches),
    )
    is_rendered = seen is not None
    return PageReport(source.url, tuple(tags), tuple(found), data.listings, tuple(caches), findings, is_rendered)


def _tags(source: Source, business: Business, seen: Seen | None) -> list[Snippet]:
    written = snippets(source.root, source.url, business.site_key)
    if seen is None:
        return written
    known = {tag.load.url for tag in written}
    shown = snippets(seen.visitor, source.url, business.site_key)
    return [
        tag if tag.load.url in known else replace(tag, load=replace(tag.load, is_parser_inserted=False))
        for tag in shown
    ]


def _is_told_already(finding: Finding, seen: Seen | None) -> bool:
    """Without the script nothing is swapped, and that is a finding of its own."""
    return seen is not None and not seen.has_asked and finding.code == f"missed_{Reason.NOT_SEEN.value}"


def page_caches(source: Source) -> list[str]:
    """What says that the page was stored."""
    comments = [node.value for node in walk(source.root) if isinstance(node, Comment)]
    return caches_in_headers(source.headers) + caches_in_comments(comments)


def stored_findings(found: Sequence[Occurrence], business: Business, caches: Sequence[str]) -> Iterator[Finding]:
    """A tracking number in the page's own source: some visitor's, stored, or written there by hand."""
    stored = [each for each in found if each.number in business.tracking_numbers.difference(business.numbers)]
    if stored:
        how = f" The page came from a cache ({caches[0]})." if caches else ""
        yield problem(
            "tracking_number_stored",
            f"The page's source has a tracking number in it, so everybody and every search engine sees it.{how}",
            "Empty the page cache and the CDN. If somebody wrote the number there by hand or saved the page from a"
            " browser, put your own number in its place.",
            *(f"{each.written} ({each.path})" for each in stored),
        )


def number_findings(found: Sequence[Occurrence], business: Business) -> Iterator[Finding]:
    """Where the business's own number stays although somebody may ring it, a finding for each reason."""
    own = [each for each in found if each.number in business.numbers]
    shown = [each for each in own if each.is_read_by_people and each.place in {Place.TEXT, Place.LINK}]
    for reason in dict.fromkeys(each.reason for each in own if each.fate is Fate.MISSED):
        # What the script is not told of is a finding of the site.
        if reason is None or reason is Reason.NOT_LOOKED_FOR:
            continue
        told = EXPLANATIONS[reason]
        details = [f"{each.written} ({each.path})" for each in own if each.reason is reason]
        if reason is Reason.IMAGE and not shown:
            yield warning(
                "number_only_in_image",
                f"The page has the number in a picture only. {told.why}",
                told.what_to_do,
                *details,
            )
        else:
            is_all = told.severity is Severity.PROBLEM and not any(each.fate is Fate.SWAPPED for each in own)
            after = " Nothing else on the page is swapped." if is_all else ""
            yield Finding(
                f"missed_{reason.value}", told.severity, told.why + after, told.what_to_do, tuple(details)
            )


def _page_findings(source: Source, caches: Sequence[str]) -> Iterator[Finding]:
    if caches:
        yield note(
            "page_cached",
            "The page comes from a cache, which is fine: numbers are swapped in the browser.",
            "Nothing to do.",
            *caches,
        )
    if hosts := sorted(_foreign_frames(source)):
        yield note(
            "foreign_frame",
            "The page has frames from other sites. Their content cannot be seen here, nor be swapped.",
            "If one of them shows your number (a map or a booking form), put it on the page itself too.",
            *hosts,
        )
    if source.trouble:
        yield note(
            "page_cut", f"Of this page, {source.trouble}.", "Nothing to do, unless your number stands below."
        )


def _foreign_frames(source: Source) -> set[str]:
    own, base = split(source.url), base_url(source.root, source.url)
    addresses = (
        split(join(base, frame.attributes["src"].strip()))
        for frame in elements(source.root, "iframe")
        if "src" in frame.attributes and "srcdoc" not in frame.attributes
    )
    return {
        each.netloc
        for each in addresses
        if each.scheme in {"http", "https"} and (each.scheme, each.netloc) != (own.scheme, own.netloc)
    }
