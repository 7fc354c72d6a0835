"""What visitors see on a real WordPress site: straight from the server, first party, and from a page cache."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from swapboard.demo.business import POOL
from swapboard.numbers.e164 import national
from tests.browser.conftest import Demo
from tests.browser.wordpress.conftest import OWN, WINDOW, line
from tests.browser.wordpress.office import Office, choose_permalinks

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser", ["chromium"], indirect=True)]

SHOWN = {national(number) for number in POOL}
CONTENT = """<!-- wp:paragraph {"className":"words"} -->
<p class="words">Ring (202) 555-0100.</p>
<!-- /wp:paragraph -->
<!-- wp:paragraph --><p>[swapboard text="Call {number} now"]</p><!-- /wp:paragraph -->"""


def test_visitors_see_a_number_of_their_own(
    plugin: Office, demo: Demo, profile: Callable[[], BrowserContext]
) -> None:
    plugin.configure(line(demo), OWN)
    page = profile().new_page()
    page.set_viewport_size(WINDOW)
    asked = hosts_asked(page)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))

    page.goto(plugin.publish("Contact", CONTENT))
    shown = number_on(page)
    plugin.camera.take(page, "5-page")

    assert shown in SHOWN
    expect(page.locator("p.words")).to_have_text(f"Ring {shown}.")
    assert page.locator("a.swapboard-number").get_attribute("href") == f"tel:{re.sub(r'[^0-9]', '', shown)}"
    assert asked == {host_of(plugin.stack.url), host_of(demo.dashboard)}
    assert errors == []


def test_a_page_cache_gives_everybody_the_same_page_and_a_number_of_their_own(
    plugin: Office, demo: Demo, profile: Callable[[], BrowserContext]
) -> None:
    plugin.configure(line(demo), OWN)
    address = plugin.publish("Cached", CONTENT)
    fetched = [httpx.get(address) for _ in range(2)]
    numbers = []
    for _ in range(2):
        page = profile().new_page()
        answer = page.goto(address)
        assert answer is not None
        assert answer.header_value("x-page-cache") == "HIT"
        numbers.append(number_on(page))

    assert [each.headers["x-page-cache"] for each in fetched] == ["MISS", "HIT"]
    assert fetched[0].text == fetched[1].text
    assert OWN in fetched[0].text
    assert not any(number in fetched[0].text for number in (*POOL, *SHOWN))
    assert len(set(numbers)) == 2
    assert set(numbers) <= SHOWN


@pytest.mark.parametrize("permalinks", ["Post name", "Plain"])
def test_first_party_asks_this_site_only(
    plugin: Office, demo: Demo, profile: Callable[[], BrowserContext], permalinks: str
) -> None:
    choose_permalinks(plugin, permalinks)
    try:
        plugin.configure(line(demo), OWN, first_party=True)
        page = profile().new_page()
        asked = hosts_asked(page)
        page.goto(plugin.publish("First party", CONTENT))
        shown = number_on(page)
        beat = page.locator("a.swapboard-number")
        with page.expect_response(lambda answer: answer.url.endswith("/beat")) as told:
            page.evaluate("dispatchEvent(new Event('pagehide'))")
    finally:
        choose_permalinks(plugin, "Post name")

    assert shown in SHOWN
    expect(beat).to_contain_text(shown)
    assert told.value.status == 204
    assert asked == {host_of(plugin.stack.url)}


def test_first_party_brings_the_scripts_parts_too(
    plugin: Office, demo: Demo, profile: Callable[[], BrowserContext]
) -> None:
    plugin.configure(line(demo), OWN, first_party=True)
    page = profile().new_page()
    with page.expect_response(re.compile(rf"{plugin.stack.url}/t/{demo.site_key}/[a-z]+\.js")) as part:
        page.goto(f"{plugin.publish('Explained', CONTENT)}#swapboard-debug")

    assert part.value.status == 200
    assert (part.value.header_value("content-type") or "").startswith("text/javascript")


def test_administrators_see_their_own_number_unless_they_want_to_look(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), OWN)
    address = plugin.publish("For administrators", CONTENT)
    plugin.page.goto(address)
    expect(plugin.page.locator("#swapboard-js")).to_have_count(0)

    plugin.configure(line(demo), OWN, skip_admins=False)
    plugin.page.goto(address)
    assert number_on(plugin.page) in SHOWN


def test_without_a_server_a_page_has_no_script(plugin: Office, profile: Callable[[], BrowserContext]) -> None:
    plugin.configure("", OWN)
    page = profile().new_page()
    page.goto(plugin.publish("No server", CONTENT))

    expect(page.locator("#swapboard-js")).to_have_count(0)
    expect(page.locator("a.swapboard-number")).to_have_text(f"Call {OWN} now")


def number_on(page: Page) -> str:
    """The number in the shortcode's link, once it is not the business's own any more."""
    link = page.locator("a.swapboard-number")
    expect(link).not_to_contain_text(OWN)
    return (link.text_content() or "").removeprefix("Call ").removesuffix(" now")


def hosts_asked(page: Page) -> set[str]:
    """The hosts that the page asks; it grows as it does."""
    hosts: set[str] = set()

    def note(request: Request) -> None:
        if request.url.startswith("http"):
            hosts.add(host_of(request.url))

    page.on("request", note)
    return hosts


def host_of(address: str) -> str:
    return urlsplit(address).netloc
