"""What a keyboard does with the pages' own devices."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_spine import log_in


def test_on_a_phone_the_reports_fold_behind_a_button(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{demo.dashboard}/reports")
    button = page.get_by_role("button", name="Reports · Overview")
    reports = page.get_by_role("navigation", name="Reports")
    expect(reports).to_be_hidden()

    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(reports.get_by_role("link", name="Overview")).to_be_focused()
    page.keyboard.press("Escape")
    expect(reports).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize(
    ("path", "name"),
    [("/calls", "Search and filter · Last 30 days"), ("/reports", "Days and filters · Last 30 days")],
)
def test_on_a_phone_the_filters_fold_behind_a_button(demo: Demo, page: Page, path: str, name: str) -> None:
    log_in(page, demo)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo.dashboard + path)
    filters = page.get_by_role("search")
    expect(filters).to_be_hidden()
    page.get_by_role("button", name=name).press("Enter")
    expect(filters).to_be_visible()
    filters.get_by_role("combobox").first.press("Escape")
    expect(filters).to_be_hidden()
    page.set_viewport_size({"width": 768, "height": 740})
    expect(filters).to_be_visible()


def test_without_a_script_the_reports_are_all_there(demo: Demo, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        # Debian's Firefox runs scripts all the same where a context is told not to.
        page.route(re.compile(r"\.js(\?|$)"), lambda route: route.abort())
        log_in(page, demo)
        page.goto(f"{demo.dashboard}/reports")
        expect(page.get_by_role("navigation", name="Reports")).to_be_visible()
        expect(page.get_by_role("button", name="Reports · Overview")).to_be_hidden()


WENT = """(() => {
  const [before, now] = [window.focusedBefore, document.activeElement];
  window.focusedBefore = now;
  if (!before?.isConnected || now.contains(before)) return now === document.body ? "out" : "on";
  return before.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING ? "on" : "back";
})()"""
"""Whether the keyboard went on in the page's order; a field for a date has several places of its own."""
MOST_STOPS = 600


@pytest.mark.parametrize("path", ["/", "/reports", "/numbers/rules", "/calls"])
def test_a_keyboard_goes_through_a_page_in_order_and_out_of_it(
    demo: Demo, browser: Browser, page: Page, path: str
) -> None:
    if browser.browser_type.name != "chromium":
        pytest.skip("the order does not depend on the browser")
    log_in(page, demo)
    page.goto(demo.dashboard + path)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.evaluate(WENT)
    stops = 0
    while (went := tab(page)) == "on" and stops < MOST_STOPS:
        stops += 1
    assert went == "out" or page.evaluate("document.activeElement.matches('.skip')")
    assert 10 < stops < MOST_STOPS

    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_escape_closes_the_menu(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    menu = page.locator("details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Your log-in")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Your log-in")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def tab(page: Page) -> str:
    page.keyboard.press("Tab")
    went: str = page.evaluate(WENT)
    return went
