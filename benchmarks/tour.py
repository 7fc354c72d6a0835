"""A way through the demo's pages: by their links, and then by what a person first has to do to see the rest."""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Page

from benchmarks.colleagues import PASSWORD, colleagues

_NO_PAGE = re.compile(r"\.(csv|pdf|png|svg|zip|parquet)$|^/(static|logos|brand|logout|healthz|live/events)")
_ID = re.compile(r"[0-9a-f]{32}")
_EMPTY = (
    "/",
    "/calls",
    "/leads",
    "/reports",
    "/reports/missed",
    "/reports/roi",
    "/reports/paths",
    "/numbers",
    "/numbers/rules",
    "/costs",
    "/destinations",
    "/numbers/flows",
)
_OWN_NUMBER = "+12025550100"
_COSTS = (
    b"Day,Campaign,Cost,Currency code\n2026-11-23,emergency-2026,41.50,USD\n2026-11-24,emergency-2026,38.25,USD\n"
)
_ARRIVALS = (
    "/?utm_source=newsletter&utm_medium=email&utm_campaign=winter-care",
    "/emergency?utm_source=chatgpt.com",
    "/emergency?utm_source=google&utm_medium=cpc&utm_campaign=emergency-2026"
    "&utm_term=emergency+plumber+near+me&gclid=Cj0KCQ",
)
"""The last of them calls."""
_STEPS = ("", "/number", "/carrier", "/numbers", "/site", "/call", "/analytics")


def stops(browser: Browser, page: Page, home: str) -> Iterator[tuple[str, Page]]:
    """Each page's name with a window that shows it; the window may be made narrower and loaded anew.

    `page` belongs to the demo's owner, who is signed in. Makes a colleague, a shared report and a second company.
    """
    for path in linked(page, home):
        page.goto(home + path)
        yield name_of(path), page
    yield from _alive(browser, page, home)
    yield from _without_visit(page, home)
    yield from _things(page, home)
    yield from _strangers(browser, page, home)
    yield from colleagues(browser, page, home)
    yield from _shared(browser, page, home)
    yield from _newcomer(page, home)


def linked(page: Page, home: str) -> list[str]:
    """One address for each kind of page, found by each other's links."""
    waiting, seen, found = deque(["/"]), set[str](), list[str]()
    while waiting:
        path = waiting.popleft()
        shape = _ID.sub("ID", urlsplit(path).path)
        if shape in seen or _NO_PAGE.search(shape):
            continue
        seen.add(shape)
        answer = page.context.request.get(home + path)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.goto(home + path)
        found.append(path)
        links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(each => each.href)")
        own = [url for url in (urljoin(page.url, each) for each in links) if url.startswith(f"{home}/")]
        waiting.extend(url.removeprefix(home).split("#")[0] for url in own)
    return found


def name_of(path: str) -> str:
    """`/calls/0123…` → `calls-one`."""
    return re.sub(r"[^a-z0-9]+", "-", _ID.sub("one", urlsplit(path).path).lower()).strip("-") or "live"


def _without_visit(page: Page, home: str) -> Iterator[tuple[str, Page]]:
    """A call that came by a placement, to which no visit belongs."""
    page.goto(f"{home}/calls?channel=Offline&period=all")
    page.locator("#results .row-link").first.click()
    yield "calls-no-visit", page


def _strangers(browser: Browser, page: Page, home: str) -> Iterator[tuple[str, Page]]:
    with browser.new_context() as context:
        stranger = context.new_page()
        for path in ("/login", "/forgotten"):
            stranger.goto(home + path)
            yield name_of(path), stranger
        stranger.goto(f"{home}/login")
        stranger.get_by_label("Password").fill("not the password")
        stranger.get_by_role("button", name="Log in").click()
        yield "login-refused", stranger
        stranger.goto(f"{home}/join/no-such-invitation")
        yield "join-over", stranger
    page.goto(f"{home}/no-such-page")
    yield "error-not-found", page
    for path in ("/access/new?provider=microsoft&use=costs&back=%2Fcosts", "/destinations/new?kind=webhook"):
        page.goto(home + path)
        yield name_of(path), page
    page.goto(f"{home}/costs")
    page.locator("main details").evaluate_all("all => all.forEach(each => each.open = true)")
    yield "costs-forms", page


def _shared(browser: Browser, page: Page, home: str) -> Iterator[tuple[str, Page]]:
    page.goto(f"{home}/reports")
    page.get_by_text("Save this report").click()
    page.get_by_label("Name").fill("Paid campaigns")
    page.get_by_role("button", name="Save", exact=True).click()
    saved = page.url
    yield "reports-saved-one", page
    for password, name in (("", "shared"), (PASSWORD, "shared-password")):
        page.goto(saved)
        page.locator("#links [name=password]").fill(password)
        page.get_by_role("button", name="Make a link").click()
        link = page.locator("#new-link").inner_text()
        with browser.new_context() as context:
            stranger = context.new_page()
            stranger.goto(link)
            yield name, stranger


def _newcomer(page: Page, home: str) -> Iterator[tuple[str, Page]]:
    page.goto(f"{home}/companies/new")
    page.locator("[name=name]").fill("Harbour Dental")
    page.get_by_role("button", name="Make it").click()
    for step in _STEPS:
        page.goto(f"{home}/setup/start{step}")
        yield name_of(f"/setup/start{step}"), page
    for path in _EMPTY:
        page.goto(home + path)
        yield f"empty-{name_of(path)}", page


def _things(page: Page, home: str) -> Iterator[tuple[str, Page]]:
    """What a person first has to make: a link to be printed, a file of costs, a destination, an access."""
    page.goto(f"{home}/numbers/placements")
    page.get_by_role("link", name="Flyer, spring round").click()
    page.locator("[name=short_url]").fill("https://www.example.com/offer")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Print").click()
    yield "numbers-placements-one-print", page
    page.goto(f"{home}/costs")
    page.locator("main details").evaluate_all("all => all.forEach(each => each.open = true)")
    export = {"name": "costs.csv", "mimeType": "text/csv", "buffer": _COSTS}
    page.locator("form[action='/costs/files'] [type=file]").set_input_files([export])
    page.locator("form[action='/costs/files'] button").click()
    page.wait_for_url("**/costs/files/*")
    yield "costs-files-one", page
    page.goto(f"{home}/destinations/new?kind=webhook")
    page.locator("[name=setting-url]").fill("https://hooks.example.com/calls")
    page.get_by_role("button", name="Make it").click()
    compare = page.locator("a[href$='/compare']").get_attribute("href") or ""
    page.goto(home + compare.removesuffix("/compare"))
    yield "destinations-one", page
    page.goto(home + compare)
    yield "destinations-one-compare", page
    app = {
        "provider": "microsoft",
        "name": "Our app",
        "client_id": "app-1",
        "client_secret": "kept",
        "use": "costs",
    }
    page.context.request.post(f"{home}/access", form=app, headers={"Origin": home}, max_redirects=0)
    page.goto(f"{home}/access")
    page.get_by_role("link", name="Our app").first.click()
    yield "access-one", page


def _alive(browser: Browser, page: Page, home: str) -> Iterator[tuple[str, Page]]:
    """A few on the site, and a call of one of them."""
    site = re.sub(r"\d+$", lambda port: str(int(port[0]) + 1), home)
    with ExitStack() as stack:
        windows = [stack.enter_context(browser.new_context()).new_page() for _each in _ARRIVALS]
        for visitor, arrival in zip(windows, _ARRIVALS, strict=True):
            visitor.goto(site + arrival)
        visitor.locator(f"header .call:not([href$='{_OWN_NUMBER}'])").wait_for()
        with visitor.expect_popup() as opened:
            visitor.click("header .call")
        opened.value.get_by_role("button", name="Call", exact=True).click()
        page.goto(f"{home}/")
        page.locator("li[data-call][data-status=in_progress]").wait_for()
        yield "live-call", page
        page.goto(f"{home}/live/wall")
        page.locator("li[data-call]").first.wait_for()
        yield "live-wall-call", page
