"""What a keyboard does with the pages' own devices."""

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


def test_without_a_script_the_reports_are_all_there(demo: Demo, browser: Browser) -> None:
    with browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False) as context:
        page = context.new_page()
        log_in(page, demo)
        page.goto(f"{demo.dashboard}/reports")
        expect(page.get_by_role("navigation", name="Reports")).to_be_visible()
        expect(page.get_by_role("button", name="Reports · Overview")).to_be_hidden()
