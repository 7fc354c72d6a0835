"""Who comes to a page, and how often: crawlers, people who decline, second tabs, and people who come back."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser.conftest import launched
from tests.browser.gallery.business import DIRECT_STATIC, WASHINGTON, Gallery
from tests.browser.gallery.visit import EAR, GOOGLEBOT, Look, look_at, states_of, wait_for

pytestmark = pytest.mark.browser

Visitor = Callable[..., BrowserContext]
OWN = "(202) 555-0100"
OWNS = re.compile(r"202\W*555\W*0100")
FRAMES = 30
"""So many the page of the first paint keeps."""


def arrive(context: BrowserContext, origin: str, name: str = "us-brackets.html") -> Look:
    look = look_at(context)
    look.page.goto(f"{origin}/live/{name}")
    return look


def shown(look: Look) -> str:
    """The number on the page, once it is not the business's own any more."""
    wait_for(lambda: own_number(look) != OWN, look)
    return own_number(look)


def own_number(look: Look) -> str:
    return look.page.locator("h1").inner_text().removeprefix("Ring ").removesuffix(" today")


def posted(look: Look, door: str, words: str = "") -> list[str]:
    """What the page, one of `heard`, has asked the server, as far as it waits for an answer."""
    return [body for path, body in look.page.evaluate("window.posted") if path == door and words in body]


def told_twice(look: Look) -> bool:
    """Whether a visit was told again with no new number: a busy machine's page may show its number late."""
    visits = [json.loads(body)["targets"] for body in posted(look, "visit")]
    return len(visits) != len({tuple(targets) for targets in visits})


def stored(look: Look) -> bool:
    return "_swb" in str(look.page.context.storage_state())


def test_a_crawler_sees_the_page_as_it_was_written(
    gallery: Gallery, origin: str, reference: Look, googlebot: BrowserContext
) -> None:
    written = states_of(reference, f"{origin}/plain/never-json-ld.html")
    before = gallery.count("sessions")
    live = arrive(googlebot, origin, "never-json-ld.html")

    assert live.page.evaluate("navigator.userAgent") == GOOGLEBOT
    assert live.numbers(WASHINGTON, are_expected=False) == list(WASHINGTON)
    live.settle()
    live.becomes(written.texts[0])
    assert live.said == []
    assert gallery.count("sessions") == before
    assert not stored(live)


def test_a_second_tab_shows_the_same_number(origin: str, visitor: Visitor) -> None:
    context = visitor()
    first = arrive(context, origin)
    number = shown(first)
    second = look_at(context)
    second.page.goto(first.page.url)

    assert shown(second) == number
    assert own_number(first) == number
    first.page.reload()
    assert shown(first) == number


def test_a_known_number_is_there_before_anything_is_painted(origin: str, visitor: Visitor) -> None:
    context = visitor()
    number = shown(arrive(context, origin, "first-paint.html"))
    again = arrive(context, origin, "first-paint.html")

    wait_for(lambda: len(again.page.evaluate("window.painted")) == FRAMES, again)
    assert {text.strip() for text in again.page.evaluate("window.painted")} - {""} == {f"Ring {number} today"}


def test_where_the_page_does_not_wait_a_known_number_comes_without_moving_anything(
    origin: str, reference: Look, visitor: Visitor
) -> None:
    written = states_of(reference, f"{origin}/plain/us-brackets.html")
    context = visitor()
    number = shown(arrive(context, origin))
    again = arrive(context, origin)

    assert shown(again) == number
    again.settle()
    assert again.boxes() == written.boxes
    assert again.shift() == 0


def test_screen_readers_hear_the_number_that_is_shown(gallery: Gallery, origin: str, visitor: Visitor) -> None:
    live = arrive(visitor(), origin, "attributes.html")
    number = live.numbers(WASHINGTON)[0]
    ours = re.compile(r"\W*".join(number[2:]))
    wait_for(lambda: bool(ours.search(live.page.locator("body").aria_snapshot())), live)
    heard = live.page.locator("body").aria_snapshot()

    # A button, a picture, a field, a link and a drawing.
    assert len(ours.findall(heard)) >= 5
    assert not OWNS.search(heard)


def test_back_and_forward_keep_the_number(origin: str, visitor: Visitor) -> None:
    """In a window that its opener looks into: Firefox's tester loses sight of a page that goes back."""
    context = visitor()
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    live = look_at(context)
    live.page.goto(f"{origin}/plain/us-dots.html")
    live.page.evaluate("window.child = open('../live/us-brackets.html'), null")
    number = in_child(live, "us-brackets.html")
    live.page.evaluate("child.location = '../live/us-dots.html'")
    dotted = in_child(live, "us-dots.html")
    for where, name, expected in [
        ("back", "us-brackets.html", number),
        ("forward", "us-dots.html", dotted),
        ("back", "us-brackets.html", number),
    ]:
        live.page.evaluate(f"child.history.{where}()")
        assert in_child(live, name) == expected
    assert said == []


def in_child(live: Look, name: str) -> str:
    """The first line of the opened window when it has that page, and its number is not the business's own."""
    line = f"child.location.href.endsWith('/{name}') && child.document.querySelector('h1, p')?.innerText || ''"
    wait_for(lambda: bool(re.search(r"\d{4}", said := live.page.evaluate(line))) and not OWNS.search(said), live)
    return str(live.page.evaluate(line))


def test_a_new_route_is_told_of_once_and_keeps_the_number(
    gallery: Gallery, origin: str, heard: BrowserContext
) -> None:
    live = arrive(heard, origin)
    number = shown(live)
    before = gallery.count("sessions")
    live.page.evaluate("history.pushState({}, '', '?view=contact'), document.title = 'Contact'")

    wait_for(lambda: len(posted(live, "beat", "view=contact")) > 0, live)
    assert own_number(live) == number
    assert len(posted(live, "beat", "view=contact")) == 1
    assert gallery.count("sessions") == before


def test_two_lines_on_a_page_make_one_visit(gallery: Gallery, origin: str, heard: BrowserContext) -> None:
    before = gallery.count("sessions")
    live = arrive(heard, origin, "two-snippets.html")
    live.numbers(WASHINGTON)
    live.settle()

    assert gallery.count("sessions") == before + 1
    assert not told_twice(live)
    assert live.said == []


def test_nothing_is_sent_or_stored_before_consent(origin: str, visitor: Visitor) -> None:
    live = arrive(visitor(), origin, "consent-wait.html")
    live.page.wait_for_load_state("networkidle")
    assert live.asked("/visit") + live.asked("/beat") == []
    assert own_number(live) == OWN
    assert not stored(live)

    live.page.evaluate("swapboard('consent', 'granted')")
    shown(live)
    wait_for(lambda: stored(live), live)
    live.page.evaluate("swapboard('consent', 'denied')")
    wait_for(lambda: own_number(live) == OWN and not stored(live), live)
    assert live.said == []


def test_who_declines_may_be_shown_the_channels_number(origin: str, visitor: Visitor) -> None:
    live = arrive(visitor(), origin, "consent-static.html")
    live.page.evaluate("swapboard('consent', 'denied')")

    assert shown(live) == f"({DIRECT_STATIC[2:5]}) {DIRECT_STATIC[5:8]}-{DIRECT_STATIC[8:]}"
    assert not stored(live)
    assert live.said == []


def test_a_site_without_cookies_stores_nothing(origin: str, visitor: Visitor) -> None:
    live = arrive(visitor(), origin, "cookieless.html")

    shown(live)
    live.settle()
    assert not stored(live)
    assert live.said == []


def test_blocked_storage_does_not_stop_the_swap(origin: str, visitor: Visitor) -> None:
    live = arrive(visitor(), origin, "storage-blocked.html")

    shown(live)
    kept = live.page.context.storage_state()
    # What the server's own answer sets, the page's script cannot see: a browser that blocks cookies drops it.
    assert {cookie["name"] for cookie in kept["cookies"]} <= {"_swbv"}
    assert kept["origins"] == []
    assert live.said == []


def test_who_asked_their_browser_not_to_be_sold_sees_a_number_and_is_told_to_no_platform(
    gallery: Gallery, origin: str, playwright: Playwright, browser: Browser
) -> None:
    """A browser that says it to scripts (`navigator.globalPrivacyControl`) says it with each request, ours too."""
    headers = {} if browser.browser_type.name == "firefox" else {"extra_http_headers": {"Sec-GPC": "1"}}
    settings = {"privacy.globalprivacycontrol.enabled": True}
    with launched(playwright, browser.browser_type.name, firefox_settings=settings) as running:
        context = running.new_context(**headers)  # type: ignore[arg-type]
        context.add_init_script(EAR)
        context.add_cookies([{"name": "_fbp", "value": "fb.1.1596403881668.1116446470", "url": origin}])
        live = arrive(context, origin)
        shown(live)
        assert headers or live.page.evaluate("navigator.globalPrivacyControl")
        [visit] = posted(live, "visit")
        assert json.loads(visit)["cookies"] == {"_fbp": "fb.1.1596403881668.1116446470"}
        [answer] = [each.json() for each in live.answers if each.url.endswith("/visit")]
        [session] = gallery.listed("sessions", visitor_id=answer["visitor"])
        assert (session["opted_out"], session["click_ids"]) == (True, {})
        assert live.said == []


def test_forgotten_is_forgotten(gallery: Gallery, origin: str, heard: BrowserContext) -> None:
    live = arrive(heard, origin)
    other = arrive(heard, origin)
    shown(live), shown(other)
    [visitor_id] = {each.json()["visitor"] for each in live.answers + other.answers if "/visit" in each.url}
    live.page.evaluate("swapboard('forget')")
    wait_for(lambda: own_number(live) == OWN and not stored(live), live)
    wait_for(lambda: not gallery.listed("sessions", visitor_id=visitor_id), live)
    live.page.evaluate("document.querySelector('h1').textContent = 'Ring (202) 555-0100 today'")
    live.settle()

    assert own_number(live) == OWN
    assert not told_twice(live)
    # The other tab hears of it with its next beat.
    other.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_for(lambda: own_number(other) == OWN, other)
    assert not told_twice(other)
    assert not stored(live)
    assert live.said + other.said == []
