"""A visit of a gallery's page in a real browser, and what was seen of it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response

from tests.browser.gallery.business import Gallery
from tests.patience import HANGS_AFTER_SECONDS

EYE = (Path(__file__).parent / "eye.js").read_text()
EAR = (Path(__file__).parent / "ear.js").read_text()
GOOGLEBOT = (
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; "
    "+http://www.google.com/bot.html) Chrome/150.0.0.0 Safari/537.36"
)
_PAGE_HANGS_AFTER_SECONDS = HANGS_AFTER_SECONDS / 4
"""There are many pages: a tracker that changes none should not keep them all for so long."""
_READY = """ms => Promise.race([window.ready, new Promise((_, late) => {
  setTimeout(() => late(new Error("the page was never ready")), ms);
})])"""
_TWO_FRAMES = "new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))"


@dataclass
class Look:
    """A page that is open, and what it said and asked for since."""

    page: Page
    said: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)

    def forget(self) -> None:
        """As if the page had just been opened."""
        for heard in (self.said, self.requests, self.answers):
            heard.clear()

    def heard(self, message: ConsoleMessage) -> None:
        # React for development marks its work for the profiler's time line; Firefox tells of these as of words.
        kind: str = message.type
        if kind != "timeStamp":
            self.said.append(message.text)

    def failed(self, error: Error) -> None:
        self.said.append(str(error))

    def requested(self, request: Request) -> None:
        self.requests.append(request)

    def was_answered(self, response: Response) -> None:
        self.answers.append(response)

    def snapshot(self) -> str:
        """The whole document, a line for each node."""
        return str(self.page.evaluate("__eye.snapshot()"))

    def becomes(self, expected: str) -> None:
        """Wait until the document is that."""
        until = time.monotonic() + _PAGE_HANGS_AFTER_SECONDS
        while (now := self.snapshot()) != expected and time.monotonic() < until:
            self.page.wait_for_timeout(20)
        assert now == expected, "\n".join(
            unified_diff(expected.split("\n"), now.split("\n"), "expected", "seen", n=0)
        )

    def wait_until_ready(self, seconds: float = _PAGE_HANGS_AFTER_SECONDS) -> None:
        """Wait until the page has what comes by and by. Not from outside: some pages forbid what that needs."""
        self.page.evaluate(_READY, seconds * 1000)

    def settle(self) -> None:
        """Let the page do what it has begun: two frames are painted."""
        self.page.evaluate(_TWO_FRAMES)

    def do(self, step: int) -> None:
        """Let the page take one of its own steps."""
        self.page.evaluate("step => window.steps[step]()", step)

    def boxes(self) -> str:
        """Where each element begins, in pixels."""
        return str(self.page.evaluate("__eye.boxes()"))

    def lost_nodes(self) -> int:
        """How many of the nodes that were parsed are no longer there."""
        return int(self.page.evaluate("__eye.lost()"))

    def shift(self) -> float:
        """The cumulative layout shift, in browsers that measure it."""
        return float(self.page.evaluate("__eye.shift()"))

    def asked(self, kind: str) -> list[Request]:
        """Requests to the server whose path ends so."""
        return [request for request in self.requests if urlsplit(request.url).path.endswith(kind)]

    def numbers(self, targets: tuple[str, ...], are_expected: bool = True) -> list[str]:
        """What the server says to show for each target, which is the target itself where it says nothing."""
        wait_for(lambda: any(self._swaps()) if are_expected else bool(self._swaps()), self)
        swaps = self._swaps()[-1]
        return [swaps[target]["number"] if target in swaps else target for target in targets]

    def _swaps(self) -> list[dict[str, dict[str, str]]]:
        """Of each visit that was answered. A page whose number comes late tells of its visit twice."""
        visits = [each for each in self.answers if urlsplit(each.url).path.endswith("/visit") and each.ok]
        return [each.json()["swaps"] for each in visits]

    def unexpected(self, gallery: Gallery, origin: str, site: str, parts: tuple[str, ...]) -> list[str]:
        """Requests that nobody allowed."""
        key = gallery.site_keys[site]
        part = "|".join(map(re.escape, parts)) or "(?!)"
        allowed = re.compile(
            rf"GET {gallery.url}/t/{key}\.js|GET {gallery.url}/t/{key}/(?:{part})(?:[.-]\w+)?\.js(?:\?.*)?"
            rf"|POST {gallery.url}/t/{key}/(?:visit|beat)|GET {origin}/live/.*|GET (?:data|blob|about):.*"
        )
        made = [f"{request.method} {request.url}" for request in self.requests]
        return [each for each in made if not allowed.fullmatch(each)]


def look_at(context: BrowserContext) -> Look:
    """A new page that is watched."""
    page = context.new_page()
    look = Look(page)
    page.on("console", look.heard)
    page.on("pageerror", look.failed)
    page.on("request", look.requested)
    page.on("response", look.was_answered)
    return look


def wait_for(condition: Callable[[], bool], look: Look, seconds: float = _PAGE_HANGS_AFTER_SECONDS) -> None:
    """Wait, with the browser's events coming in, until the condition holds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, [f"{each.method} {each.url}" for each in look.requests]
        look.page.wait_for_timeout(10)


@dataclass(frozen=True, slots=True)
class States:
    """A page without the tracker: its document at first and after each step, and where things are at first."""

    texts: list[str]
    boxes: str
    shift: float
    """The layout shift that the page makes itself, before its first step."""


def states_of(reference: Look, url: str) -> States:
    """What the page at this address is by itself."""
    reference.page.goto(url)
    reference.wait_until_ready()
    reference.settle()
    texts, boxes, shift = [reference.snapshot()], reference.boxes(), reference.shift()
    for step in range(reference.page.evaluate("(window.steps || []).length")):
        reference.do(step)
        reference.settle()
        texts.append(reference.snapshot())
    return States(texts, boxes, shift)
