"""What becomes of tabs: left and come back to, asleep, duplicated, and prepared before anybody looks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from swapboard.web.collector import ENDED
from tests.browser.conftest import launched
from tests.browser.gallery.business import Gallery
from tests.browser.gallery.test_visitors import OWN, Visitor, arrive, own_number, posted, shown
from tests.browser.gallery.unattended import left_alone, told
from tests.browser.gallery.visit import EAR, Look, look_at, wait_for

pytestmark = pytest.mark.browser

_DAY = "24:00:00"
_LOSES_ITS_SESSION = """() => {
  const { fetch } = window;
  window.fetch = (url, options) => {
    const body = options.body.replace(/"session":"\\w+"/, '"session":"lost"');
    return fetch(url, url.endsWith("/beat") ? { ...options, body } : options);
  };
}"""


@pytest.fixture
def remembering(playwright: Playwright, browser: Browser) -> Iterator[BrowserContext]:
    """A profile of a browser that has its back-forward cache, which Playwright switches off."""
    settings = {"fission.bfcacheInParent": True, "browser.sessionhistory.max_total_viewers": 8}
    with launched(
        playwright,
        browser.browser_type.name,
        unwanted=["--disable-back-forward-cache"],
        firefox_settings=settings,
        is_whole=True,
    ) as running:
        context = running.new_context()
        context.add_init_script(EAR)
        yield context


def test_a_page_that_comes_back_frozen_beats_again_and_keeps_its_number(
    origin: str, remembering: BrowserContext
) -> None:
    """The page itself leaves, comes back and tells: Firefox's tester loses sight of one that comes back frozen."""
    said: list[str] = []
    remembering.on("console", lambda message: said.append(message.text))
    live = look_at(remembering)
    live.page.goto(f"{origin}/plain/us-dots.html")
    live.page.evaluate("open('../live/returning.html#leave', '_blank', 'noopener') && null")

    wait_for(lambda: bool(live.page.evaluate("localStorage.returned")), live)
    told = json.loads(live.page.evaluate("localStorage.returned"))
    assert told["isFrozen"]
    assert told["number"] == told["before"] != f"Ring {OWN} today"
    assert told["visits"] == told["visitsBefore"]
    assert said == []


def test_a_tab_that_slept_for_a_day_beats_once_and_goes_on(origin: str, heard: BrowserContext) -> None:
    live = look_at(heard)
    live.page.clock.install()
    live.page.goto(f"{origin}/live/us-brackets.html")
    number = shown(live)
    before = len(posted(live, "beat"))

    live.page.clock.fast_forward(_DAY)
    wait_for(lambda: len(posted(live, "beat")) > before, live)
    live.settle()
    assert len(posted(live, "beat")) == before + 1
    assert own_number(live) == number
    assert live.said == []


def test_a_tab_whose_session_ended_while_it_slept_visits_anew(
    gallery: Gallery, origin: str, heard: BrowserContext
) -> None:
    live = look_at(heard)
    live.page.clock.install()
    live.page.goto(f"{origin}/live/us-brackets.html")
    shown(live)
    before = len(live.asked("/visit"))
    # A day passes for the page only: the server hears of a session that it does not know, as it would after one.
    live.page.evaluate(_LOSES_ITS_SESSION)

    live.page.clock.fast_forward(_DAY)
    wait_for(lambda: len([each for each in live.answers if each.url.endswith("/visit")]) > before, live)
    number = live.numbers(gallery.targets("us"))[0]
    wait_for(lambda: own_number(live) == f"({number[2:5]}) {number[5:8]}-{number[8:]}", live)
    assert ENDED in [each.status for each in live.answers]
    assert live.said == []


def test_a_duplicated_tab_has_the_same_session_and_number(gallery: Gallery, origin: str, visitor: Visitor) -> None:
    before = gallery.count("sessions")
    first = arrive(visitor(), origin)
    number = shown(first)
    with first.page.expect_popup() as opened:
        first.page.evaluate("window.open(location.href) && null")
    copy = Look(opened.value)

    assert shown(copy) == number
    assert own_number(first) == number
    assert gallery.count("sessions") == before + 1


def test_a_prepared_page_is_a_visit_once_it_is_looked_at(gallery: Gallery, origin: str, tmp_path: Path) -> None:
    before = gallery.count("sessions")
    with (
        told(lambda: gallery.count("sessions")) as (ear, heard),
        left_alone(tmp_path, f"{origin}/plain/assets/preparing.html?tell={ear}"),
    ):
        assert heard.get(timeout=60) == (f"prepared, true, function, Ring {OWN} today", before)
        assert heard.get(timeout=60)[0].startswith("looked at, false, function")
        words, sessions = heard.get(timeout=60)
    assert words.startswith("seen, false, function, Ring (")
    assert sessions == before + 1
