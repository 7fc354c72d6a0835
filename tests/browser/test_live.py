"""The live page's connection: it is made again when it was never made, was lost, or hangs."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Demo
from tests.browser.test_spine import log_in

pytestmark = pytest.mark.browser

STREAM = "**/live/events"


def test_a_stream_that_was_not_made_is_made_as_soon_as_it_can(demo: Demo, page: Page) -> None:
    page.route(STREAM, lambda route: route.abort())
    log_in(page, demo)
    expect(page.locator("#line")).to_have_text(re.compile(r"Not up to date since .*\d"))

    page.unroute(STREAM)
    expect(page.locator("#line")).to_have_text("Up to date")


def test_a_stream_that_hangs_is_made_anew(demo: Demo, browser: Browser, page: Page) -> None:
    if browser.browser_type.name != "chromium":
        pytest.skip("by its own clock, which only Chromium lets us set")
    hanging: list[Route] = []
    page.route(STREAM, lambda route: hanging.append(route) if route.request.method == "GET" else route.continue_())
    page.clock.install()
    log_in(page, demo)
    expect(page.locator("#line")).to_have_attribute("data-state", "connecting")
    page.clock.run_for(14_000)
    expect(page.locator("#line")).to_have_attribute("data-state", "lost")

    page.unroute(STREAM)
    page.clock.run_for(6_000)
    expect(page.locator("#line")).to_have_text("Up to date")


def test_whoever_was_logged_out_meanwhile_is_asked_to_log_in(demo: Demo, page: Page) -> None:
    page.route(STREAM, lambda route: route.abort())
    log_in(page, demo)
    page.context.clear_cookies()
    page.unroute(STREAM)
    expect(page).to_have_url(re.compile("/login"))
