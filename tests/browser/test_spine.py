"""The main job, as a person does it: a visit rings."""

from collections.abc import Callable
from time import monotonic

import httpx
import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from swapboard.demo.business import EMAIL, PASSWORD, POOL
from swapboard.numbers.e164 import international, national
from tests.browser.conftest import Demo, until_loaded
from tests.patience import HANGS_AFTER_SECONDS

pytestmark = pytest.mark.browser

OWN = "(202) 555-0100"


def test_a_visit_rings(demo: Demo, profile: Callable[[], BrowserContext]) -> None:
    board = profile().new_page()
    log_in(board, demo)
    visitor = arrive(profile().new_page(), demo)
    shown = number_on(visitor)

    assert shown in POOL
    assert shown_everywhere(visitor, shown)
    other = number_on(arrive(profile().new_page(), demo))
    assert other in POOL
    assert other != shown

    with visitor.expect_popup() as opened:
        visitor.click("header .call")
    phone = opened.value
    expect(phone.get_by_label("Number to ring")).to_have_value(shown)
    # Nobody in the demo's past rings from this area.
    caller = f"+16465550{shown[-3:]}"
    phone.get_by_label("You are calling from").fill(caller)
    phone.get_by_role("button", name="Call", exact=True).click()

    board.bring_to_front()
    call = board.locator("li[data-call]", has_text=national(caller))
    expect(call).to_contain_text("emergency plumber near me")
    expect(call).to_have_attribute("data-status", "ringing")
    expect(call).to_have_attribute("data-status", "in_progress")
    phone.bring_to_front()
    phone.get_by_role("button", name="Hang up").click()
    expect(phone.get_by_role("status")).to_have_text("The call has ended.")

    click_id = visitor.evaluate("new URL(location.href).searchParams.get('gclid')")
    board.goto(f"{demo.dashboard}/calls?q={click_id}")
    board.locator("a[href*='/calls/']").first.click()
    page = board.locator("main")
    for fact in ("Paid Search", "emergency-2026", "emergency plumber near me", click_id, "/emergency"):
        expect(page).to_contain_text(fact)
    expect(page).to_contain_text(national(shown))


def test_the_same_visitor_sees_the_same_number_on_every_page(demo: Demo, page: Page) -> None:
    shown = number_on(arrive(page, demo))
    for link in ("Drains", "Contact", "Emergencies"):
        page.get_by_role("link", name=link).first.click()
        page.wait_for_load_state()
        assert number_on(page) == shown


def test_a_visitor_who_leaves_is_gone(demo: Demo, page: Page) -> None:
    """A browser says of a page that leaves that it is gone, and then that it is hidden."""
    with page.expect_response("**/visit") as answer:
        arrive(page, demo)
    session = answer.value.json()["session"]
    page.goto("about:blank")

    address, headers = f"{demo.dashboard}/api/v1/sessions/{session}", {"Authorization": f"Bearer {demo.api_key}"}
    begun = monotonic()
    while httpx.get(address, headers=headers).raise_for_status().json()["state"] != "gone":
        assert monotonic() - begun < HANGS_AFTER_SECONDS
        page.wait_for_timeout(100)


def test_the_page_is_not_harmed(demo: Demo, page: Page) -> None:
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    arrive(page, demo)

    structured = page.locator("script[type='application/ld+json']").text_content() or ""
    assert demo.target in structured
    assert said == []


def test_the_number_stays_when_the_server_does_not_answer(demo: Demo, page: Page) -> None:
    page.route("**/visit", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.goto(f"{demo.site}/contact")

    assert page.locator("header .call").inner_text() == OWN


def log_in(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.dashboard}/login")
    # The demo's own log-in stands there already.
    expect(page.get_by_label("E-mail")).to_have_value(EMAIL)
    expect(page.get_by_label("Password")).to_have_value(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(f"{demo.dashboard}/")
    until_loaded(page)


def arrive(page: Page, demo: Demo) -> Page:
    """Click on the ad, and wait for the number to be swapped."""
    page.goto(f"{demo.site}/arrivals")
    page.get_by_role("link", name="Search ad: emergency").click()
    return page


def number_on(page: Page) -> str:
    """The number in the page's head, once it is not the business's own any more."""
    expect(page.locator("header .call")).not_to_have_text(OWN)
    link = page.locator("header .call").get_attribute("href") or ""
    return link.removeprefix("tel:")


def shown_everywhere(page: Page, number: str) -> bool:
    """In each of the formats in which the page had its own number, and that one nowhere."""
    dotted = national(number).replace("(", "").replace(") ", ".").replace("-", ".")
    text = page.locator("body").inner_text()
    formats = (national(number), dotted, international(number))
    own = (OWN, "202.555.0100", "+1 202-555-0100")
    return all(each in text for each in formats) and not any(each in text for each in own)
