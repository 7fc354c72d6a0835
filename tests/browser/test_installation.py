"""An installation, step by step, as docs/installation.md shows it; `make pictures` keeps its pictures."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from swapboard.demo.business import EMAIL, PASSWORD
from swapboard.numbers.e164 import national
from tests.browser.conftest import Demo
from tests.browser.test_spine import arrive, number_on

pytestmark = pytest.mark.browser

VIEW = {"width": 1280, "height": 720}
MOST_BYTES = 250_000


@pytest.fixture
def album(tmp_path: Path, browser: Browser) -> Path:
    """The folder for the pictures: the documents' own where SWAPBOARD_PICTURES names it."""
    wanted = os.environ.get("SWAPBOARD_PICTURES")
    return Path(wanted) if wanted and browser.browser_type.name == "chromium" else tmp_path


def test_installation(demo: Demo, profile: Callable[[], BrowserContext], album: Path) -> None:
    board = light(profile().new_page())
    board.goto(f"{demo.dashboard}/login")
    expect(board.get_by_label("E-mail")).to_have_value(EMAIL)
    expect(board.get_by_label("Password")).to_have_value(PASSWORD)
    keep(board, album / "install-1-log-in.png")
    board.get_by_role("button", name="Log in").click()

    board.get_by_role("link", name="Set-up").first.click()
    line = board.locator("[id^=line-]").first
    expect(line).to_have_text(f'<script async src="{demo.dashboard}/t/{demo.site_key}.js"></script>')
    keep(board, album / "install-2-one-line.png")

    visitor = arrive(light(profile().new_page()), demo)
    shown = number_on(visitor)
    expect(visitor.locator("header .call")).to_have_text(national(shown))
    keep(visitor, album / "install-3-swapped.png")

    board.goto(f"{demo.dashboard}/")
    with visitor.expect_popup() as opened:
        visitor.click("header .call")
    phone = opened.value
    caller = f"+12125550{shown[-3:]}"
    phone.get_by_label("You are calling from").fill(caller)
    phone.get_by_role("button", name="Call", exact=True).click()
    board.bring_to_front()
    call = board.locator("li[data-call]", has_text=national(caller))
    expect(call).to_have_attribute("data-status", "in_progress")
    keep(board, album / "install-4-live.png")

    call.locator("a[href*='/calls/']").first.click()
    expect(board.locator("main")).to_contain_text("emergency plumber near me")
    expect(board.locator("main")).to_contain_text(national(shown))
    keep(board, album / "install-5-call.png")
    phone.bring_to_front()
    phone.get_by_role("button", name="Hang up").click()


def light(page: Page) -> Page:
    """As most readers see it: light, and of a laptop's width."""
    page.set_viewport_size({"width": VIEW["width"], "height": VIEW["height"]})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return page


def keep(page: Page, file: Path) -> None:
    """A picture of what is seen, small enough for a document."""
    page.screenshot(path=file, caret="hide", animations="disabled")
    assert 1_000 < file.stat().st_size < MOST_BYTES
