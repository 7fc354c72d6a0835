"""The number in a text: the block in WordPress's own editor, and the shortcode."""

import re
from collections.abc import Callable
from html import unescape

import httpx
import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from swapboard.demo.business import POOL
from tests.browser.conftest import Demo
from tests.browser.wordpress.conftest import OWN, line
from tests.browser.wordpress.office import Office
from tests.browser.wordpress.test_pages import SHOWN, number_on

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser", ["chromium"], indirect=True)]

BROWSER = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36"


def test_the_block_is_put_into_a_page_and_swapped(
    plugin: Office, demo: Demo, profile: Callable[[], BrowserContext]
) -> None:
    plugin.configure(line(demo), OWN)
    page = plugin.open("post-new.php")
    page.wait_for_function("window.wp?.blocks?.getBlockType('swapboard/number')")
    page.evaluate("wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false)")
    text = canvas(page)
    text.get_by_role("textbox", name="Add title").fill("Our number")
    page.keyboard.press("Enter")
    page.keyboard.type("/phone number")
    page.get_by_role("option", name="Phone number").click()
    block = text.locator("[data-type='swapboard/number']")
    expect(block).to_have_text(OWN)
    page.get_by_label("Text", exact=True).fill("Call {number} now")
    expect(block).to_have_text(f"Call {OWN} now")
    page.locator(".editor-post-publish-panel__toggle").click()
    page.locator(".editor-post-publish-button").click()
    published = page.locator(".post-publish-panel__postpublish-header a, .components-snackbar a").first
    address = published.get_attribute("href") or ""

    visitor = profile().new_page()
    visitor.goto(address)
    assert number_on(visitor) in SHOWN


def canvas(page: Page) -> Page | FrameLocator:
    """Where the text is written: newer editors have it in a frame."""
    page.wait_for_selector(".editor-post-title, iframe[name=editor-canvas]")
    is_framed = page.locator("iframe[name=editor-canvas]").count() > 0
    return page.frame_locator("iframe[name=editor-canvas]") if is_framed else page


WRITTEN = {
    "[swapboard]": '<a class="swapboard-number" href="tel:2025550100">(202) 555-0100</a>',
    "[swapboard link='no']": '<span class="swapboard-number">(202) 555-0100</span>',
    "[swapboard number='+44 (0)20 7946 0958 ext. 7']": (
        '<a class="swapboard-number" href="tel:+442079460958;ext=7">+44 (0)20 7946 0958 ext. 7</a>'
    ),
    "[swapboard number='1-800-FLOWERS']": '<a class="swapboard-number" href="tel:18003569377">1-800-FLOWERS</a>',
    "[swapboard number='202-555-0100' text='Ring &lt;{number}&gt;']": (
        '<a class="swapboard-number" href="tel:2025550100">Ring &lt;202-555-0100&gt;</a>'
    ),
    "[swapboard number='none']": "",
}


def test_the_shortcode_writes_a_number_that_can_be_dialled(plugin: Office) -> None:
    plugin.configure("", OWN)
    content = "".join(f"<div class='written'>{written}</div>" for written in WRITTEN)
    address = plugin.publish("Shortcode", f"<!-- wp:html -->{content}<!-- /wp:html -->")

    made = re.findall(r"<div class='written'>(.*?)</div>", httpx.get(address).text)
    assert made == list(WRITTEN.values())

    plugin.page.goto(address)
    expect(plugin.page.locator(".written").last).to_contain_text("write your phone number here")


def test_amp_pages_get_amps_own_call_tracking(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), "+1 202-555-0100")
    # What the AMP plugin says of a page.
    amp = plugin.stack.site / "wp-content/mu-plugins/amp.php"
    amp.write_text("<?php function amp_is_request() { return isset( $_GET['amp'] ); }")
    try:
        page = httpx.get(f"{plugin.publish('For AMP', '[swapboard]')}?amp=1").text
    finally:
        amp.unlink()
    (tracking,) = re.findall(
        r'<amp-call-tracking config="([^"]+)"><a [^>]+>\+1 202-555-0100</a></amp-call-tracking>', page
    )
    asked = unescape(tracking).replace("SOURCE_URL", "https%3A%2F%2Fwww.example.com%2F")
    answer = httpx.get(asked, headers={"AMP-Same-Origin": "true", "User-Agent": BROWSER})

    assert "swapboard-js" not in page
    assert answer.status_code == 200
    assert answer.json()["phoneNumber"] in POOL
    assert answer.json()["formattedPhoneNumber"] in {
        f"+1 {number[2:5]}-{number[5:8]}-{number[8:]}" for number in POOL
    }
