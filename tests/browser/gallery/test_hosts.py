"""Sessions on hosts of all kinds: where the cookie is kept, who shares it, how a session gets to another host."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright

from tests.browser.conftest import CHROMIUM_FLAGS, launched
from tests.browser.gallery.business import Gallery
from tests.browser.gallery.test_visitors import OWN, own_number, shown
from tests.browser.gallery.visit import Look, look_at, wait_for
from tests.local_server import answering

pytestmark = pytest.mark.browser

# Every name is this machine, as far as these browsers know.
_FLAGS = [*CHROMIUM_FLAGS, "--host-resolver-rules=MAP * 127.0.0.1"]
_HOSTS = (
    "www.example.com",
    "example.com",
    "blog.example.com",
    "calls.example.com",
    "shop.example.org",
    "www.example.net",
    "a.b.example.co.uk",
    "example.co.uk",
    "bakery.github.io",
)
_NAMED = {"network.dns.localDomains": ",".join(_HOSTS)}
_REFUSED = "Cookie “_swb” has been rejected for invalid domain."
_BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}

Profile = Callable[..., BrowserContext]


@pytest.fixture(params=["chromium", "firefox"])
def profile(request: pytest.FixtureRequest, playwright: Playwright, tmp_path: Path) -> Iterator[Profile]:
    """Opens a browser with a profile of its own, perhaps one that keeps no cookies."""
    with ExitStack() as opened:

        def fresh(*, is_blocking: bool = False) -> BrowserContext:
            if request.param == "firefox":
                return opened.enter_context(_firefox(playwright, is_blocking))
            return opened.enter_context(_chromium(playwright, tmp_path, is_blocking))

        yield fresh


@contextmanager
def _firefox(playwright: Playwright, is_blocking: bool) -> Iterator[BrowserContext]:
    settings = _NAMED | ({"network.cookie.cookieBehavior": 2} if is_blocking else {})
    with launched(playwright, "firefox", firefox_settings=settings) as running:
        yield running.new_context()


@contextmanager
def _chromium(playwright: Playwright, folder: Path, is_blocking: bool) -> Iterator[BrowserContext]:
    (folder / "Default").mkdir()
    (folder / "Default/Preferences").write_text(json.dumps(_BLOCKED if is_blocking else {}))
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path="/usr/bin/chromium", args=_FLAGS
    )
    try:
        yield context
    finally:
        context.close()


class _Page(BaseHTTPRequestHandler):
    """The business's page, at any address of any host."""

    def __init__(self, page: bytes, *rest: object) -> None:
        self._page = page
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self._page)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@dataclass(frozen=True, slots=True)
class Website:
    """A browser at the business's website."""

    look: Look
    port: int

    def address(self, host: str, path: str = "/page") -> str:
        return f"http://{host}:{self.port}{path}"

    def open(self, host: str, path: str = "/page") -> None:
        self.look.page.goto(self.address(host, path))

    def ids(self, visits: int) -> list[str]:
        """The visitor and the session that the page keeps, after so many visits were answered."""
        wait_for(lambda: sum(each.url.endswith("/visit") for each in self.look.answers) == visits, self.look)
        look = self.look
        wait_for(lambda: "_swb=" in str(look.page.evaluate("document.cookie")), look)
        return str(cookie_of(look, domain=self.domain())["value"]).split("/")[:2]

    def domain(self) -> str:
        """Where the page's cookie may be."""
        return ".".join(str(self.look.page.evaluate("location.hostname")).split(".")[-2:])


@contextmanager
def website(context: BrowserContext, script: str, body: str = "") -> Iterator[Website]:
    """Any address of any host has the business's page; `⟦port⟧` in the body is the website's."""
    with answering(_Page) as server:
        head = f'<link rel="icon" href="data:,"><script async src="{script}"></script>'
        body = body.replace("⟦port⟧", str(server.server_port))
        page = f"<!doctype html><title>Shop</title>{head}<h1>Ring {OWN} today</h1>{body}"
        server.RequestHandlerClass = partial(_Page, page.encode())
        yield Website(look_at(context), server.server_port)


def cookie_of(look: Look, name: str = "_swb", domain: str = "") -> dict[str, object]:
    def found() -> list[dict[str, object]]:
        kept = (dict(each) for each in look.page.context.cookies() if each["name"] == name)
        return [each for each in kept if str(each["domain"]).endswith(domain)]

    wait_for(lambda: len(found()) == 1, look)
    return found()[0]


@pytest.mark.parametrize(
    ("host", "domain", "sibling"),
    [
        ("www.example.com", ".example.com", "blog.example.com"),
        ("example.com", ".example.com", "www.example.com"),
        ("a.b.example.co.uk", ".example.co.uk", "example.co.uk"),
        ("bakery.github.io", ".bakery.github.io", None),
        ("localhost", "localhost", None),
        ("127.0.0.1", "127.0.0.1", None),
    ],
)
def test_the_cookie_is_on_the_widest_domain_that_is_the_sites_own(
    gallery: Gallery, profile: Profile, host: str, domain: str, sibling: str | None
) -> None:
    with website(profile(), gallery.script("everywhere")) as site:
        live = site.look
        site.open(host)
        number = shown(live)
        assert cookie_of(live)["domain"] == domain
        first = site.ids(1)
        site.open(sibling or host, "/page/2")
        assert shown(live) == number
        assert site.ids(2) == first
        # What is tried first is the domain and one label above it: of others Firefox notes each that it refused.
        assert live.said == [] or domain not in {".example.com", "localhost"}
        assert set(live.said) <= {_REFUSED}


def test_a_link_to_the_businesss_other_host_takes_the_session_along(gallery: Gallery, profile: Profile) -> None:
    links = (
        '<a id=own href="http://shop.example.org:⟦port⟧/page?from=us">Shop</a>'
        '<a id=foreign href="http://www.example.net:⟦port⟧/page">Friends</a>'
    )
    with website(profile(), gallery.script("everywhere"), links) as site:
        live = site.look
        site.open("www.example.com")
        number, first = shown(live), site.ids(1)
        live.page.click("#own")
        live.page.wait_for_url("**/page?from=us*")
        wait_for(lambda: live.page.url == site.address("shop.example.org", "/page?from=us"), live)
        assert shown(live) == number
        assert site.ids(2) == first
        live.page.click("#foreign")
        live.page.wait_for_url(site.address("www.example.net"))
        assert live.said == []


def test_a_browser_that_keeps_no_cookies_swaps_as_long_as_the_page_is_there(
    gallery: Gallery, profile: Profile
) -> None:
    with website(profile(is_blocking=True), gallery.script("everywhere")) as site:
        live = site.look
        site.open("www.example.com")
        shown(live)
        assert live.page.evaluate("document.cookie = 'a=b', document.cookie") == ""
        assert live.page.context.cookies() == []
        live.page.evaluate("history.pushState({}, '', '/page/2')")
        wait_for(lambda: len(live.asked("/beat")) > 0, live)
        assert len(live.asked("/visit")) == 1
        assert live.said == []


def test_the_server_on_the_sites_own_domain_knows_who_lost_the_scripts_cookie(
    gallery: Gallery, profile: Profile
) -> None:
    """Safari takes what a script stored away after a week (ITP)."""
    script = gallery.script("own").replace("127.0.0.1", "calls.example.com")
    with website(profile(), script) as site:
        live = site.look
        site.open("www.example.com")
        live.page.evaluate("swapboard('consent', 'granted')")
        shown(live)
        kept = cookie_of(live, "_swbv")
        assert (kept["domain"], kept["httpOnly"], kept["sameSite"]) == (".example.com", True, "Lax")
        live.page.context.clear_cookies(name="_swb")
        live.page.evaluate("localStorage.clear()")
        site.open("www.example.com")
        live.page.evaluate("swapboard('consent', 'granted')")
        shown(live)
        assert site.ids(2)[0] == kept["value"]

        # Who declines before anything is known of them on this page is forgotten all the same.
        live.page.context.clear_cookies(name="_swb")
        live.page.evaluate("localStorage.clear()")
        site.open("www.example.com")
        live.page.wait_for_load_state("networkidle")
        live.page.evaluate("swapboard('consent', 'denied')")
        wait_for(lambda: live.page.context.cookies() == [], live)
        wait_for(lambda: not gallery.listed("sessions", visitor_id=str(kept["value"])), live)
        assert own_number(live) == OWN
        assert live.said == []
