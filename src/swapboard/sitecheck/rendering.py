"""Shows pages in a real browser, as a visitor and as a search engine. Needs Playwright, the extra `render`."""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Response, Route, sync_playwright
from playwright.sync_api import Frame as BrowserFrame

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.check import NoBrowser, NotShown
from swapboard.sitecheck.document import Element, parse_html
from swapboard.sitecheck.network import refusal
from swapboard.sitecheck.robots import USER_AGENT
from swapboard.sitecheck.seen import Frame, Seen, stand_ins
from swapboard.sitecheck.snippet import snippets, tag_managers
from swapboard.sitecheck.traffic import Way, swapped_numbers, visit_answer, way_of

_SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_LOAD_MS = 30_000
_ASK_SECONDS = 4.0
_POLL_MS = 50
_IDLE_MS = 3_000
_SETTLE_MS = 300
_ANSWER_MS = 30_000
"""A page whose programs never rest gets this long to say what it shows."""
# With the content of open shadow roots, which `outerHTML` leaves out.
_SERIALIZE = """(html) => {
  const roots = [];
  const look = (root) => root.querySelectorAll("*").forEach((element) => {
    if (element.shadowRoot) { roots.push(element.shadowRoot); look(element.shadowRoot); }
  });
  look(document);
  const shell = html.cloneNode(false).outerHTML;
  return "<!doctype html>" + shell.replace(/<\\/html>$/, () => html.getHTML({ shadowRoots: roots }) + "</html>");
}"""


# Without slots: Playwright keeps notes of its own on the owner of a handler.
@dataclass
class _Visit:
    """One page shown once, and what was noticed meanwhile."""

    stand_ins: dict[str, str]
    site_key: str | None
    named_hosts: frozenset[str]
    is_crawler: bool
    has_asked: bool = False
    trouble: list[str] = field(default_factory=list)
    swaps: list[str] = field(default_factory=list)
    stopped: set[str] = field(default_factory=set)
    """What we did not let go out, which is no trouble of the page's."""

    def decide(self, route: Route) -> None:
        request = route.request
        way = way_of(request.method, request.url, request.resource_type, request.post_data)
        self.has_asked = self.has_asked or way is Way.VISIT
        if way is Way.STOP or (way is Way.GO and self._is_refused(request.url)):
            self.stopped.add(request.url)
            route.abort()
        elif way is Way.GO or self.is_crawler:
            route.continue_()
        else:
            answer = visit_answer(request.post_data, self.stand_ins) if way is Way.VISIT else ""
            route.fulfill(status=200 if answer else 204, body=answer, headers=_allowing(request.headers))

    def hear(self, response: Response) -> None:
        request = response.request
        if way_of(request.method, request.url, request.resource_type, request.post_data) is Way.VISIT:
            self.swaps.extend(swapped_numbers(response.text()))

    def _is_refused(self, url: str) -> bool:
        host = url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0]
        return url.startswith(("http:", "https:")) and refusal(host, self.named_hosts) is not None


@dataclass(slots=True)
class BrowserRenderer:
    """A running browser."""

    browser: Browser
    named_hosts: frozenset[str]

    def show(self, url: str, business: Business) -> Seen:
        """The page as both see it. Raises NotShown."""
        given = stand_ins(business)
        visitor, frames, visit = self._visit(
            url, _Visit(given, business.site_key, self.named_hosts, is_crawler=False)
        )
        crawler, _, crawl = self._visit(url, _Visit(given, business.site_key, self.named_hosts, is_crawler=True))
        swaps = tuple(crawl.swaps)
        return Seen(visitor, crawler, frames, given, visit.has_asked, tuple(visit.trouble), swaps)

    def _visit(self, url: str, visit: _Visit) -> tuple[Element, tuple[Frame, ...], _Visit]:
        agent: dict[str, Any] = {"user_agent": USER_AGENT} if visit.is_crawler else {}
        context = self.browser.new_context(service_workers="block", **agent)
        try:
            page = _watched(context, visit)
            page.goto(url, wait_until="load", timeout=_LOAD_MS)
            _wait(page, visit)
            return _read(page.main_frame), _frames(page), visit
        except Error as error:
            raise NotShown(error.message.splitlines()[0]) from error
        finally:
            context.close()


@contextmanager
def open_browser(file: Path | None, named_hosts: frozenset[str]) -> Iterator[BrowserRenderer]:
    """Start a browser: the given one, Playwright's own, or one that is installed. Raises NoBrowser."""
    with sync_playwright() as playwright:
        browser = _launch(playwright, file)
        try:
            yield BrowserRenderer(browser, named_hosts)
        finally:
            browser.close()


def _launch(playwright: Playwright, file: Path | None) -> Browser:
    installed = [path for name in _SYSTEM_BROWSERS if (path := shutil.which(name))]
    candidates: list[str | None] = [str(file)] if file else [None, *installed]
    # Chromium refuses to run as root with its sandbox.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    for candidate in candidates:
        try:
            return playwright.chromium.launch(executable_path=candidate, args=arguments)
        except Error:
            continue
    raise NoBrowser("No browser starts. Run `playwright install chromium`, or give one with --browser.")


def _allowing(headers: Mapping[str, str]) -> dict[str, str]:
    """What a server answers to a page of another origin that may send its cookies (Fetch, CORS protocol)."""
    origin = headers.get("origin", "null")
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}


def _watched(context: BrowserContext, visit: _Visit) -> Page:
    page = context.new_page()
    page.route("**/*", visit.decide)
    page.on("console", lambda said: visit.trouble.append(said.text) if "Content Security" in said.text else None)
    page.on("requestfailed", lambda failed: _note_failure(visit, failed.url, failed.resource_type))
    if visit.is_crawler:
        page.on("response", visit.hear)
    return page


def _note_failure(visit: _Visit, url: str, kind: str) -> None:
    if kind == "script" and url not in visit.stopped:
        visit.trouble.append(f"{url} did not load")


def _wait(page: Page, visit: _Visit) -> None:
    """Until the script has asked, or had time to, and what it got is on the page."""
    root = _read(page.main_frame)
    may_ask = snippets(root, page.url, visit.site_key) or tag_managers(root)
    until = time.monotonic() + _ASK_SECONDS
    while may_ask and not visit.has_asked and time.monotonic() < until:
        page.wait_for_timeout(_POLL_MS)
    # The script fetches its further parts when the page needs them.
    with suppress(Error):
        page.wait_for_load_state("networkidle", timeout=_IDLE_MS)
    page.wait_for_timeout(_SETTLE_MS)


def _read(frame: BrowserFrame) -> Element:
    """What a frame shows now. Raises Error when it does not answer: a frame's own `evaluate` waits for ever."""
    return parse_html(str(frame.locator(":root").evaluate(_SERIALIZE, timeout=_ANSWER_MS)))


def _frames(page: Page) -> tuple[Frame, ...]:
    found: list[Frame] = []
    for frame in page.frames[1:]:
        try:
            found.append(Frame(frame.url, _read(frame)))
        except Error:
            continue
    return tuple(found)
