"""The plugin in a real WordPress: from the download to a page whose number is the visitor's own."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from swapboard.demo.business import POOL
from swapboard.numbers.e164 import national
from tests.browser.conftest import Demo
from tests.browser.wordpress.office import Office

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser", ["chromium"], indirect=True)]

OWN = "(202) 555-0100"
SHOWN = {national(number) for number in POOL}


def test_the_download_knows_its_server(plugin: Office, demo: Demo) -> None:
    page = plugin.settings()

    assert page.get_by_label("Your line from Swapboard").input_value() == f"{demo.dashboard}/t/{demo.site_key}.js"
    assert page.get_by_label("Your phone number").input_value() == OWN


def test_visitors_see_a_number_of_their_own(
    plugin: Office, demo: Demo, profile: Callable[[], BrowserContext]
) -> None:
    plugin.configure(script=line(demo), number=OWN)
    address = plugin.publish("Contact", "<p>Ring (202) 555-0100.</p>[swapboard text='Call {number} now']")

    page = profile().new_page()
    page.goto(address)
    link = page.locator("a.swapboard-number")
    expect(link).not_to_contain_text(OWN)
    shown = (link.text_content() or "").removeprefix("Call ").removesuffix(" now")
    assert shown in SHOWN
    expect(page.locator(".entry-content p").first).to_have_text(f"Ring {shown}.")


def line(demo: Demo) -> str:
    """As it stands on the set-up page."""
    return f'<script async src="{demo.dashboard}/t/{demo.site_key}.js"></script>'
