"""A page that really comes back from the browser's back-forward cache, frozen as it was left."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.gallery.test_visitors import arrive, own_number, shown
from tests.browser.gallery.visit import EYE, Look, wait_for

pytestmark = pytest.mark.browser

_WATCH = "addEventListener('pageshow', (event) => { window.isBack = event.persisted; });"


@pytest.fixture
def remembering(playwright: Playwright) -> Iterator[BrowserContext]:
    """A profile of a Chromium that has its back-forward cache, which Playwright switches off."""
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=CHROMIUM_FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = browser.new_context()
    context.add_init_script(EYE + _WATCH)
    yield context
    browser.close()


def _beats(live: Look) -> int:
    """How often the page said that it is looked at."""
    return sum('"state":"visible"' in (each.post_data or "") for each in live.asked("/beat"))


def test_a_page_that_comes_back_frozen_beats_again_and_keeps_its_number(
    origin: str, remembering: BrowserContext
) -> None:
    live = arrive(remembering, origin)
    number = shown(live)
    live.page.evaluate("window.mark = 'the same document'")
    live.page.goto(f"{origin}/nothing.js")
    before = _beats(live)
    live.page.go_back(wait_until="commit")

    wait_for(lambda: live.page.evaluate("window.mark === 'the same document' && window.isBack"), live)
    wait_for(lambda: _beats(live) > before, live)
    assert own_number(live) == number
    assert len(live.asked("/visit")) == 1
    assert live.said == []
