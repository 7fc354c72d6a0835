"""Wide pages on a phone, and the auto-scale form as a person fills it in."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_spine import log_in

pytestmark = pytest.mark.browser


WIDE = [
    "",
    "/numbers",
    "/numbers/sizing",
    "/numbers/scaling",
    "/reports",
    "/reports/by/campaign?and=keyword",
    "/words",
    "/leads/rules/new",
]


@pytest.mark.parametrize("path", WIDE)
def test_wide_pages_fit_a_phone(demo: Demo, page: Page, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, demo)
    page.goto(f"{demo.dashboard}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


_BASELINES = """row => [...row.cells].map((cell) => {
  const foot = cell.insertBefore(document.createElement("i"), cell.firstChild);
  foot.style.display = "inline-block";
  return Math.round(foot.getBoundingClientRect().bottom);
})"""
"""An empty box stands on the line that a cell's words stand on."""


def test_a_rows_head_stands_on_one_line_with_its_figures(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/sizing")
    row = page.locator(".plain-table tbody tr.marked").first
    row.scroll_into_view_if_needed()
    assert len(set(row.evaluate(_BASELINES))) == 1
    colours = row.evaluate("row => [...row.cells].map((cell) => getComputedStyle(cell).backgroundColor)")
    assert len(set(colours)) == 1, "the mark is on all of the row"


def test_a_placements_sheet_fits_a_phone(demo: Demo, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/placements")
    page.locator("main table a").first.click()
    page.wait_for_url("**/numbers/placements/*")
    page.goto(f"{page.url}/print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_auto_scale_is_set_by_its_form(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/scaling")
    page.get_by_label("Most numbers").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("The most numbers cannot be fewer than the least.")
    page.get_by_label("Most numbers").fill("99")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#scaling-log + ol li").first).to_contain_text("to 99 numbers")
    expect(page.get_by_text("It is off: nothing is bought or given up.")).to_be_visible()


def test_all_numbers_that_are_shown_are_chosen_at_once(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/inventory?q=555-013")
    boxes = page.locator("td .tick")
    expect(boxes).to_have_count(10)
    every = page.get_by_label("Choose all that are shown")
    every.check()
    assert all(box.is_checked() for box in boxes.all())
    boxes.first.uncheck()
    expect(every).not_to_be_checked()
    expect(every).to_have_js_property("indeterminate", True)
    every.check()
    every.uncheck()
    assert not any(box.is_checked() for box in boxes.all())
