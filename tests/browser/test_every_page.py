"""Every page of the dashboard, found by its own links: fit for assistive technology, a phone and a dark room.

What axe finds by itself of WCAG 2.2 AA is perhaps half of what the guidelines ask; people look at the other half.
https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from starlette.routing import Route

from benchmarks.layout import misplaced, misplaced_in_longer_words, shifts, unseen_focus
from benchmarks.paint import PAGES, look, sign_in
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from tests.browser.conftest import Demo
from tests.browser.test_spine import log_in
from tests.building import settings_of
from tests.patience import HANGS_AFTER_SECONDS

RULES: dict[Literal["light", "dark"], list[str]] = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast"],
}
"""A dark page differs by its colours alone."""
_AXE = Axe().axe_script
_BROKEN = """async (runOnly) => {
  const { violations } = await axe.run({ resultTypes: ["violations"], runOnly });
  return violations.map(({ help, nodes }) => [help, nodes.slice(0, 3).map(({ html }) => html.slice(0, 120))]);
}"""
"""What `Axe.run` asks, which loads axe for each look and has a page's every node told."""
NARROW, TABLET, WIDE = 360, 768, 1280
TIGHT = 680, TABLET, 1000
"""Just above the widths at which the layout changes, and a tablet's: there is the least room."""
COMPONENTS = Path(__file__).parents[2] / "docs" / "components.html"
NO_LINK_IN_THE_DEMO = {
    "/access/callback/{provider}": "where a platform's own sign-in comes back",
    "/access/{grant_id}": "the demo is signed in nowhere",
    "/access/{grant_id}/sign-in": "leads to a platform",
    "/brand/{colour}.css": "no page",
    "/calls/{call_id}/recordings/{recording_id}/sound": "the demo records nothing",
    "/costs/files/{draft_id}": "a file that was handed in",
    "/destinations/deliveries/{delivery_id}": "the demo tells no destination",
    "/destinations/{destination_id}/compare": "only platforms that count calls have it",
    "/forgotten": "the demo sends no mail",
    "/forgotten/{token}": "a link that was mailed",
    "/healthz": "for machines",
    "/join/{token}": "a link that was handed over",
    "/live/events": "for the page's script",
    "/login/code": "who has no second step is not asked",
    "/login/sso": "leads to a provider, which the demo has not",
    "/login/sso/callback": "where a provider's own log-in comes back",
    "/login/passkey": "no passkeys for the demo's address, which is no name; test_passkeys looks at it",
    "/me/second-step/code.svg": "a picture on its page",
    "/logos/{company_id}/{digest}": "a picture, which the demo has not",
    "/numbers/flows/sounds/{sound_id}/audio": "no page, and the demo has no sound",
    "/numbers/placements/{number_id}/print": "the demo's placements open no page; test_numbers_pages looks at it",
    "/numbers/placements/{number_id}/qr.svg": "a picture on the sheet to be printed",
    "/welcome": "for a server on which nobody can log in yet; test_first_run looks at it",
    "/people/{user_id}/remove": "the demo's owner is alone in it; a list with ticks, as on the page of keys",
    "/push-worker.js": "for the page's script",
    "/reports/by": "a form's answer, which leads to a report",
    "/reports/saved/{view_id}/report.pdf": "no page",
    "/reports/saved/{view_id}": "nobody has saved a report in the demo",
}


@dataclass
class Walk:
    """A signed-in person who opens one page of each kind."""

    home: str
    context: BrowserContext
    routes: list[Route]
    seen: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def begin(self, page: Page) -> None:
        self.context.set_default_timeout(HANGS_AFTER_SECONDS * 1000)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        self.context.on("request", lambda request: self._stays_here(request.url))

    def go(self, page: Page, fullest: str) -> None:
        """Open one page for each route, by the links of those opened before; of its kind `fullest` is the one."""
        paths = deque([fullest, "/"])
        while paths:
            path = paths.popleft()
            route = self._route(urlsplit(path).path)
            if route is None or route in self.seen:
                continue
            self.seen.add(route)
            if not self._is_page(path):
                continue
            page.goto(self.home + path)
            paths.extend(self._links(page))
            self.examine(page, path)

    def _route(self, path: str) -> str | None:
        return next((each.path for each in self.routes if each.path_regex.match(path)), None)

    def _is_page(self, path: str) -> bool:
        """Whether it is no file to be taken home; `NO_LINK_IN_THE_DEMO` are not asked for."""
        if self._route(urlsplit(path).path) in NO_LINK_IN_THE_DEMO:
            return False
        # Between two pages the server may have closed the connection, which is known by asking only.
        answer = self.context.request.head(self.home + path, max_retries=2)
        if answer.status == 405:
            answer = self.context.request.get(self.home + path, max_retries=2)
        if not answer.ok:
            self.faults.append(f"{path}: answers {answer.status}")
        return answer.headers.get("content-type", "").startswith("text/html")

    def examine(self, page: Page, path: str) -> None:
        page.evaluate(_AXE)
        for scheme, rules in RULES.items():
            page.emulate_media(color_scheme=scheme)
            for broken, nodes in page.evaluate(_BROKEN, rules):
                self.faults.append(f"{path} ({scheme}): {broken}: {'; '.join(nodes)}")
        self._look(page, path)

    def _look(self, page: Page, path: str) -> None:
        """At how it lies in windows of three widths; on a phone and where it is tight also in longer words."""
        for width in (WIDE, TABLET, NARROW):
            page.set_viewport_size({"width": width, "height": 740})
            self.faults += [f"{path} at {width}: {each}" for each in misplaced(page)]
        self.faults += [f"{path}: {each}" for each in shifts(page)]
        self.faults += [f"{path}: {each}" for each in unseen_focus(page)]
        self.faults += [f"{path} in longer words: {each}" for each in misplaced_in_longer_words(page, "rtl")]
        # Words of one line may be in two pieces from right to left, which looks as if one were broken.
        page.evaluate("document.documentElement.dir = 'ltr'")
        for width in TIGHT:
            page.set_viewport_size({"width": width, "height": 740})
            self.faults += [f"{path} in longer words at {width}: {each}" for each in misplaced(page)]

    def _links(self, page: Page) -> Iterator[str]:
        for link in page.eval_on_selector_all("a[href]", "links => links.map(each => each.getAttribute('href'))"):
            url = urljoin(page.url, link)
            if url.startswith(self.home + "/"):
                yield url.removeprefix(self.home).split("#")[0]

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.faults.append(f"{said.location['url']}: {said.text}")

    def _stays_here(self, url: str) -> None:
        if not url.startswith((self.home + "/", "data:", "blob:")):
            self.faults.append(f"asks another host: {url}")


@pytest.fixture
def destination(demo: Demo) -> Iterator[str]:
    """A destination in the demo, switched off."""
    headers = {"Authorization": f"Bearer {demo.api_key}"}
    made = {"kind": "webhook", "name": "Our CRM", "is_on": False, "settings": {"url": "http://127.0.0.1:1/nobody"}}
    with httpx.Client(base_url=f"{demo.dashboard}/api/v1", headers=headers) as client:
        answer = client.post("/destinations", json=made).raise_for_status()
        yield answer.json()["id"]
        client.delete(f"/destinations/{answer.json()['id']}").raise_for_status()


@pytest.fixture
def person(demo: Demo) -> Iterator[str]:
    """The page of somebody whose calls can be parted: two people who called, joined while the test runs."""
    headers = {"Authorization": f"Bearer {demo.api_key}"}
    with httpx.Client(base_url=f"{demo.dashboard}/api/v1", headers=headers) as client:
        one, other = client.get("/leads", params={"limit": 2}).raise_for_status().json()["data"]
        joined = client.post(f"/leads/{one['id']}/join", json={"lead_id": other["id"]}).raise_for_status().json()
        yield f"/leads/{joined['id']}"
        contacts = [{"kind": each["kind"], "id": each["id"]} for each in other["contacts"]]
        client.post(f"/leads/{joined['id']}/part", json={"contacts": contacts}).raise_for_status()


@pytest.mark.slow(reason="eighty looks of axe at whole pages")
@pytest.mark.usefixtures("destination")
def test_every_page_is_fit_for_everybody(demo: Demo, browser: Browser, person: str, tmp_path: Path) -> None:
    if browser.browser_type.name != "chromium":
        pytest.skip("axe's rules do not depend on the browser")
    app = dashboard(Exchange(settings_of(tmp_path, f"sqlite:///{tmp_path}/unused.db")))
    routes = [each for each in app.routes if isinstance(each, Route) and "GET" in (each.methods or {"GET"})]
    with browser.new_context(viewport={"width": NARROW, "height": 740}) as context:
        page = context.new_page()
        walk = Walk(demo.dashboard, context, routes)
        walk.begin(page)
        page.goto(f"{demo.dashboard}/login")
        walk.examine(page, "/login")
        log_in(page, demo)
        walk.go(page, person)
    assert not walk.faults, "\n".join(walk.faults)
    assert {each.path for each in routes} - walk.seen - {"/login"} <= NO_LINK_IN_THE_DEMO.keys()


def _visit_that_called(page: Page, dashboard: str) -> str:
    """The visit of the first call that has one: calls of placements have none."""
    rows = page.eval_on_selector_all(".rows-calls a.row-link", "all => all.map(each => each.pathname)")
    for call in rows:
        page.goto(f"{dashboard}{call}")
        visit = page.locator("a[href^='/visits/']")
        if visit.count():
            return str(visit.first.get_attribute("href"))
    raise AssertionError("no call of a visit")


def test_many_calls_lie_well_in_german_and_with_long_campaigns(demo: Demo, browser: Browser) -> None:
    """As every call might be: the campaign of a company that names them at length, in long words."""
    if browser.browser_type.name != "chromium":
        pytest.skip("a browser of each kind lays the same boxes out")
    long = "Rohrreinigungsnotdienst-Sommerschlussverkaufskampagne_Berlin-Charlottenburg_2026"
    found = []
    with browser.new_context(storage_state=sign_in(browser, demo.dashboard), locale="de") as context:
        page = context.new_page()
        page.goto(f"{demo.dashboard}/calls")
        # A visit's calls have less room, beside where it came from.
        for path in ("/calls", _visit_that_called(page, demo.dashboard)):
            page.goto(f"{demo.dashboard}{path}")
            assert page.eval_on_selector_all(
                ".c-from bdi, .c-who .quiet bdi, [name=campaign] option",
                "(all, long) => all.map(each => each.textContent = long).length",
                long,
            )
            for width in (NARROW, *TIGHT, WIDE):
                page.set_viewport_size({"width": width, "height": 740})
                found += [f"{path} at {width}: {each}" for each in misplaced(page)]
    assert not found, "\n".join(found)


def test_the_page_of_components_is_fit_for_everybody(browser: Browser) -> None:
    if browser.browser_type.name != "chromium":
        pytest.skip("axe's rules do not depend on the browser")
    with browser.new_context(viewport={"width": NARROW, "height": 740}) as context:
        page = context.new_page()
        page.goto(COMPONENTS.as_uri())
        walk = Walk("", context, [])
        walk.examine(page, "components")
    assert not walk.faults, "\n".join(walk.faults)


def test_what_axe_finds_is_told(browser: Browser) -> None:
    if browser.browser_type.name != "chromium":
        pytest.skip("axe's rules do not depend on the browser")
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(
            "<html lang=en><title>Pale</title><style>:root { color-scheme: light dark }</style>"
            "<main><h1>Pale</h1><img src='data:,'><p style='color: #777; background: #888'>Pale words</p></main>"
        )
        walk = Walk("", context, [])
        walk.examine(page, "pale")
    for said in ("(light): Images must have", "(light): Elements must meet", "(dark): Elements must meet"):
        assert any(said in each for each in walk.faults), (said, walk.faults)


def test_what_lies_badly_is_found(browser: Browser) -> None:
    """Each of the walk's own looks can fail."""
    page = browser.new_page(viewport={"width": NARROW, "height": 740})
    page.set_content(
        "<main style='font: 16px/20px monospace; overflow-wrap: anywhere'>"
        "<p style='width: 500px'>wide</p><p style='width: 10px'>Broken</p>"
        "<p style='position: absolute; top: 300px'>Above</p><p style='position: absolute; top: 305px'>Below</p>"
        "<p style='width: 40px; overflow: hidden; white-space: nowrap'>Cut off here</p>"
        "<button class=button style='width: 50px; white-space: nowrap; outline: none'>Sticks far out</button>"
        "<a href='#' tabindex=1>Too early</a></main>"
    )
    found = misplaced(page) + unseen_focus(page)
    page.close()
    for said in (
        "508 wide",
        '"Broken" is broken',
        '"Above" overlaps "Below"',
        '"Cut off here" is cut',
        "sticks out",
        "does not show that a keyboard is on it",
        '"Too early" is out of order',
    ):
        assert any(said in each for each in found), (said, found)


def test_an_opened_menu_may_lie_above_the_page(browser: Browser) -> None:
    """Only there: what overlaps within it, or within the page below it, is found all the same."""
    page = browser.new_page(viewport={"width": NARROW, "height": 740})
    page.set_content(
        "<main style='font: 16px/20px monospace'>"
        "<style>.at { position: absolute; margin: 0; left: 8px }</style>"
        "<p class=at style='top: 100px'>Below it</p>"
        "<p class=at style='top: 200px'>Page one</p><p class=at style='top: 205px'>Page two</p>"
        "<details open><summary>Menu</summary><div class='menu-body at' style='top: 98px; background: white'>"
        "<p>In the menu</p><p class=at style='top: 60px'>Item one</p><p class=at style='top: 65px'>Item two</p>"
        "</div></details></main>"
    )
    found = misplaced(page)
    page.close()
    assert sorted(found) == ['"Item one" overlaps "Item two"', '"Page one" overlaps "Page two"'], found


def test_what_a_table_has_scrolled_out_of_view_lies_over_nothing(browser: Browser) -> None:
    """A person's last column did, beside it: only what is in view can."""
    page = browser.new_page(viewport={"width": WIDE, "height": 740})
    page.set_content(
        "<main style='font: 16px/20px monospace'>"
        "<style>.at { position: absolute; margin: 0; top: 100px }"
        "span { display: inline-block; width: 150px }</style>"
        "<div class='wide-table at' style='left: 0; width: 200px; overflow-x: auto; white-space: nowrap'>"
        "<span>First</span><span>Second</span><span>Third</span></div>"
        "<p class=at style='left: 302px'>Beside</p><p class=at style='left: 152px'>Upon</p></main>"
    )
    found = misplaced(page)
    page.close()
    assert found == ['"Second" overlaps "Upon"'], found


def test_a_first_view_is_small(demo: Demo, browser: Browser) -> None:
    """Wanted are 150 KB with all that a page asks for; compressed, it is 42, and that is to stay so."""
    if browser.browser_type.name != "chromium":
        pytest.skip("how much came over the line is told by Chromium only")
    signed_in = sign_in(browser, demo.dashboard)
    views = {path: look(browser, signed_in, demo.dashboard + path) for path in PAGES}
    assert max(view.received_bytes for view in views.values()) <= 60_000
