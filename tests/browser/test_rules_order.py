"""Rules are put in order by drag and by keys alone; the order is kept, and said aloud."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_spine import log_in

pytestmark = pytest.mark.browser


def names(page: Page) -> list[str]:
    told: list[str] = page.eval_on_selector_all(".order-item", "items => items.map(item => item.dataset.name)")
    return told


def press(page: Page, place: int, way: str) -> None:
    page.locator(".order-item").nth(place).locator(f"button[value={way}]").focus()
    with page.expect_response("**/numbers/rules/order?*"):
        page.keyboard.press("Enter")


def test_rules_move_by_keys_and_the_focus_stays(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/rules")
    first, second = names(page)
    press(page, 0, "down")
    expect(page.locator("#order-said")).to_have_text(f"{first} is now rule 2.")
    assert names(page) == [second, first]
    # At the end of the list its other arrow has the focus.
    assert page.evaluate("document.activeElement.value") == "up"
    page.reload()
    assert names(page) == [second, first]
    press(page, 1, "up")
    expect(page.locator("#order-said")).to_have_text(f"{first} is now rule 1.")
    page.reload()
    assert names(page) == [first, second]


def test_rules_move_by_drag(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/rules")
    first, second = names(page)
    for expected in ([second, first], [first, second]):
        grip = page.locator(".grip").nth(1).bounding_box()
        place = page.locator(".order-item").nth(0).bounding_box()
        assert grip is not None
        assert place is not None
        page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
        page.mouse.down()
        page.mouse.move(place["x"] + 20, place["y"] + 5, steps=5)
        with page.expect_response("**/numbers/rules/order?*"):
            page.mouse.up()
        expect(page.locator("#order-said")).to_have_text(f"{expected[0]} is now rule 1.")
        page.reload()
        assert names(page) == expected


def test_the_editor_takes_more_lines_and_offers_the_words_of_each_fact(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/rules/new")
    before = page.locator(".line").count()
    page.get_by_role("button", name="Add a line").click()
    assert page.locator(".line").count() == before + 1
    page.locator("[name=asked]").last.select_option("channel")
    assert page.locator("[name=value]").last.get_attribute("list") == "words-channel"
    assert page.locator("#words-channel option").count() > 10


def test_a_form_says_whose_page_it_stands_on(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/rules/new")
    company = page.locator("body").get_attribute("data-company")
    assert company
    # A name of nothing but a space is refused, so that the demo's rules stay as they are.
    page.locator("main input[name=name]").fill(" ")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.locator("main form button.button-main").click()
    assert sent.value.url.endswith(f"/numbers/rules/new?page_of={company}")
    page.locator("main input[name=name]").fill("Of another company")
    page.evaluate("document.body.dataset.company = 'another'")
    with page.expect_request(lambda request: request.method == "POST") as sent_again:
        page.locator("main form button.button-main").click()
    expect(page.locator("body")).to_contain_text("Nothing was changed")
    # As the page says: nothing that was typed is lost. (Firefox asks first, where the test cannot answer.)
    if page.context.browser and page.context.browser.browser_type.name == "chromium":
        with page.expect_request(lambda request: request.method == "POST") as again:
            page.reload()
        assert again.value.post_data == sent_again.value.post_data
        expect(page.locator("body")).to_contain_text("Nothing was changed")


def test_a_drag_on_a_page_of_another_company_says_no_order(demo: Demo, page: Page) -> None:
    """It said that the rule was moved, and changed nothing."""
    log_in(page, demo)
    page.goto(f"{demo.dashboard}/numbers/rules")
    before = names(page)
    page.evaluate("document.body.dataset.company = 'another'")
    with page.expect_response("**/numbers/rules/order?*") as answered:
        page.locator(".order-item").nth(0).locator("button[value=down]").click()
    assert answered.value.status == 409
    page.wait_for_load_state()
    expect(page.locator("#order-said")).to_have_text("")
    assert names(page) == before
