"""Visits a site's pages one after the other, politely: by its robots.txt, with a pause, up to a limit."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx

from swapboard.amount import whole_of
from swapboard.sitecheck.address import join, split
from swapboard.sitecheck.document import Element, elements, parse_html
from swapboard.sitecheck.fetch import PAGE_BYTES, Fetched, Fetcher, MayFetch
from swapboard.sitecheck.frontier import Frontier, normalized, origin_host
from swapboard.sitecheck.robots import LONGEST_ROBOTS_BYTES, Robots, read_robots
from swapboard.sitecheck.sitemap import LONGEST_BYTES, MOST_SITEMAPS, read_sitemap
from swapboard.sitecheck.snippet import base_url

_BUSY = frozenset({429, 503})
_LONGEST_WAIT_SECONDS = 60.0


class CannotCheck(Exception):
    """The site cannot be checked at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a search engine fetches it."""

    fetched: Fetched
    root: Element
    is_framed: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A page that was not checked, and why."""

    url: str
    why: str


@dataclass(slots=True)
class Crawl:
    """One site's visit. `pages` yields each page once it is there."""

    start: str
    fetcher: Fetcher
    most_pages: int
    delay_seconds: float
    sleep: Callable[[float], None]
    skipped: list[Skipped] = field(default_factory=list)
    left: int = 0
    """Pages that were found, but lie behind the limit."""
    _robots: dict[str, Robots] = field(default_factory=dict)
    _framed: set[str] = field(default_factory=set)
    _asked: int = 0

    def pages(self) -> Iterator[Page]:
        """The start page, what it links to, what the sitemap lists, and so on. Raises CannotCheck."""
        first = self._visit(self.start)
        if first.status is None or first.status >= 400 or not first.is_page:
            raise CannotCheck(_no_start(self.start, first))
        frontier = Frontier({origin_host(self.start), origin_host(first.url)})
        frontier.mark(self.start)
        frontier.mark(first.url)
        page = Page(first, parse_html(first.text))
        self._add_links(frontier, page)
        self._add_sitemaps(frontier, first.url)
        yield page
        yield from self._further(frontier)
        self.left = len(frontier)

    def _further(self, frontier: Frontier) -> Iterator[Page]:
        checked = 1
        while checked < self.most_pages and (url := frontier.next()):
            fetched = self._visit(url, frontier.hosts)
            if fetched.url != url and not frontier.mark(fetched.url) and _differ(fetched.url, url):
                continue
            if not fetched.is_page:
                self.skipped.append(Skipped(url, _why_skipped(fetched)))
                continue
            checked += 1
            page = Page(fetched, parse_html(fetched.text), url in self._framed)
            self._add_links(frontier, page)
            yield page

    def _add_links(self, frontier: Frontier, page: Page) -> None:
        base = base_url(page.root, page.fetched.url)
        framed = (join(base, each.attributes.get("src", "")) for each in elements(page.root, "iframe"))
        self._framed.update(filter(None, map(normalized, framed)))
        for address in links_of(page.root, page.fetched.url):
            frontier.add(address)

    def _visit(self, url: str, hosts: set[str] | None = None) -> Fetched:
        def may_fetch(address: str) -> str | None:
            if hosts is not None and origin_host(address) not in hosts:
                return f"it leads to another site ({origin_host(address)})"
            return self._refusal(address)

        fetched = self._get(url, may_fetch)
        if fetched.status in _BUSY:
            self.sleep(_wait_seconds(fetched.headers.get("retry-after", "")))
            fetched = self._get(url, may_fetch)
        return fetched

    def _get(self, url: str, may_fetch: MayFetch, most_bytes: int = PAGE_BYTES) -> Fetched:
        robots = self._robots_of(url)
        if self._asked:
            self.sleep(robots.delay_seconds(self.delay_seconds))
        self._asked += 1
        return self.fetcher.get(url, may_fetch, most_bytes)

    def _refusal(self, url: str) -> str | None:
        robots = self._robots_of(url)
        return None if robots.allows(url) else robots.why or "robots.txt does not allow it"

    def _robots_of(self, url: str) -> Robots:
        parts = split(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            answer = self.fetcher.get(f"{site}/robots.txt", most_bytes=LONGEST_ROBOTS_BYTES)
            text = answer.body.decode("utf-8-sig", "replace")
            self._robots[site] = read_robots(answer.status, text, answer.trouble or "")
        return self._robots[site]

    def _add_sitemaps(self, frontier: Frontier, url: str) -> None:
        waiting = [*self._robots_of(url).sitemaps, join(url, "/sitemap.xml")]
        seen: set[str] = set()
        while waiting and len(seen) < MOST_SITEMAPS:
            address = join(url, waiting.pop(0))
            if address in seen or origin_host(address) not in frontier.hosts:
                continue
            seen.add(address)
            answer = self._get(address, self._refusal, LONGEST_BYTES)
            sitemap = read_sitemap(answer.body if answer.status == httpx.codes.OK else b"")
            waiting.extend(sitemap.sitemaps)
            for page in sitemap.pages:
                frontier.add(page)


def links_of(root: Element, page_url: str) -> Iterator[str]:
    """The addresses that a page asks search engines to follow, its frames and its AMP version among them."""
    if any(_is_robots_meta(each, "nofollow") for each in elements(root, "meta")):
        return
    base = base_url(root, page_url)
    for element in elements(root, "a", "area", "iframe", "link"):
        told = element.attributes.get("rel", "").lower().split()
        if "nofollow" in told or (element.tag == "link" and not {"amphtml", "next", "prev"}.intersection(told)):
            continue
        address = element.attributes.get("src" if element.tag == "iframe" else "href", "").strip()
        if address:
            yield join(base, address)


def _is_robots_meta(meta: Element, word: str) -> bool:
    is_robots = meta.attributes.get("name", "").lower() == "robots"
    told = re.split(r"[\s,]+", meta.attributes.get("content", "").lower())
    return is_robots and (word in told or "none" in told)


def _differ(one: str, other: str) -> bool:
    return one.partition("://")[2] != other.partition("://")[2]


def _wait_seconds(retry_after: str) -> float:
    asked = whole_of(retry_after.strip(), 2**31)
    return 5.0 if asked is None else min(float(asked), _LONGEST_WAIT_SECONDS)


def _why_skipped(fetched: Fetched) -> str:
    if fetched.trouble and fetched.status is None:
        return fetched.trouble
    if fetched.status != httpx.codes.OK:
        return f"the server answers HTTP {fetched.status}"
    return f"it is no page ({fetched.headers.get('content-type') or 'of no stated kind'})"


def _no_start(url: str, fetched: Fetched) -> str:
    why = _why_skipped(fetched)
    if "robots.txt" in why:
        return (
            f"{url} may not be fetched: {why}."
            " Is the address right? Let SwapboardBot in by robots.txt there, or repair the file."
        )
    return f"{url} cannot be checked: {why}. Is the address right?"
