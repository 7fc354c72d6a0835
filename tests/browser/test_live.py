"""The live page: its connection is made again in every case, it tells of calls, and it hangs on walls."""

import re
from itertools import product

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from benchmarks.layout import misplaced_in_longer_words
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


REMEMBERING = """
  window.Notification = class {
    constructor(words) { document.body.dataset.shown = words; }
    addEventListener() {}
    static permission = "granted";
    static requestPermission() { return Promise.resolve("granted"); }
  };
"""
"""What the desktop would show, which a browser without one does not."""


def test_whoever_asked_for_it_is_told_of_a_call_as_it_rings_and_stays_so(demo: Demo, page: Page) -> None:
    page.add_init_script(REMEMBERING)
    log_in(page, demo)
    expect(page.locator("#line")).to_have_text("Up to date")
    dial(demo, "+12125550151")
    expect(page.locator("#announcer")).to_contain_text("(212) 555-0151")
    assert page.locator("body").get_attribute("data-shown") is None

    page.get_by_role("button", name="Tell me when it rings").click()
    page.reload()
    expect(page.get_by_role("button", name="You are told when it rings")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#line")).to_have_text("Up to date")
    dial(demo, "+12125550152")
    told = "Ringing: (212) 555-0152, Offline, Billboard, Route 9"
    expect(page.locator("body")).to_have_attribute("data-shown", told)


def test_a_busy_server_takes_nothing_off_a_page_that_asks_for_its_parts(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    asked = f"{demo.dashboard}/setup/start/call"
    page.goto(asked)
    with page.expect_response(lambda answer: answer.url == asked and answer.status == 503):
        page.route(asked, lambda route: route.fulfill(status=503, content_type="text/html", body="<p>Busy</p>"))
    page.unroute(asked)
    with page.expect_response(asked):
        expect(page.locator("#start")).to_be_visible()


def test_a_wall_is_dark_and_loads_itself_anew_for_another_release(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    page.evaluate("localStorage.setItem('swapboard-theme', 'light')")
    page.goto(f"{demo.dashboard}/live/wall")
    expect(page.locator("#line")).to_have_text("Up to date")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    for width in (360, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    told = "event: edition\ndata: another\n\n"
    page.route(STREAM, lambda route: route.fulfill(body=told, content_type="text/event-stream"))
    with page.expect_event("load"):
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


def test_in_long_words_from_right_to_left_a_number_lies_on_nothing(demo: Demo, page: Page) -> None:
    log_in(page, demo)
    dial(demo, "+14105550194", outcome="answered", talk_seconds=42, ring_seconds=0, hold_seconds=0)
    for width, path in product((360, 768, 1280), ("/", "/live/wall")):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(demo.dashboard + path)
        last = page.locator(".recent li", has_text="(410) 555-0194").first
        expect(last).to_contain_text("Answered 0:42")
        assert misplaced_in_longer_words(page, "rtl") == []


def test_on_a_phone_the_outcome_stands_in_one_line_beside_a_foreign_number(demo: Demo, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, demo)
    dial(demo, "+442079460958", outcome="answered", talk_seconds=42, ring_seconds=0, hold_seconds=0)
    outcome = page.locator(".recent li", has_text="7946 0958").first.locator(".pill")
    expect(outcome).to_have_text("Answered 0:42")
    high, line = outcome.evaluate("it => [it.clientHeight, parseFloat(getComputedStyle(it).lineHeight)]")
    assert high < 2 * line


ROOM = """() => {
  const line = document.getElementById("live-calls");
  line.querySelectorAll(".ringer ~ .ringer").forEach((each) => each.remove());
  const withOne = line.offsetHeight;
  line.innerHTML = '<p class="quiet-line">Quiet</p>';
  return [withOne, line.offsetHeight];
}"""
"""How high the calls are with one and with none, asked in one go, so that no news comes between."""


@pytest.mark.parametrize("path", ["/", "/live/wall"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_call_that_comes_in_moves_nothing(demo: Demo, page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, demo)
    page.goto(demo.dashboard + path)
    dial(demo, "+14105550195", outcome="answered", talk_seconds=9, ring_seconds=0, hold_seconds=0)
    page.locator(".ringer", has_text="(410) 555-0195").first.wait_for()
    with_one, with_none = page.evaluate(ROOM)
    assert with_one == with_none
    assert page.locator("#live > section").last.get_attribute("id") == "live-visitors"


def dial(demo: Demo, caller: str, **more: str | float) -> None:
    told = {"to": demo.static_number, "from": caller, "ring_seconds": 5, "outcome": "no-answer", **more}
    httpx.post(f"{demo.dashboard}/sandbox/calls", json=told, trust_env=False).raise_for_status()
