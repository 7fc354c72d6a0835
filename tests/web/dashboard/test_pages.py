"""What each page shows, to whom, and how it bears what strangers write."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from swapboard.accounts.company import Role
from swapboard.calls.call import EventKind
from swapboard.clock import SECOND
from swapboard.storage.schema import sessions
from swapboard.switchboard.beating import Happening
from swapboard.switchboard.exchange import Exchange
from swapboard.visits.visit import EventKind as VisitEventKind
from swapboard.visits.visit import Presence
from tests.web.dashboard.shop import AD, BILLBOARD, POOL, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)> \N{BOMB} \u202egnirts "
    "\u05e9\u05dc\u05d5\u05dd {{7*7}}"
)
SHOP = "https://shop.example.com"


def words_of(html: str) -> str:
    """The text of a page, with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


async def words(browser: Browser, path: str) -> str:
    answer = await browser.get(path)
    assert answer.status_code == 200, path
    return words_of(answer.text)


async def test_live_shows_who_is_here_and_which_number_they_see(owner: Browser, shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit(title="Blocked drains")
    organic = await shop.visit(f"{SHOP}/", "https://www.google.com/", title="Home")
    page = Happening(VisitEventKind.PAGE, 0, f"{SHOP}/contact", "Write to us")
    clock.pass_by(5)
    await shop.beat(admitted.session_id, Presence.VISIBLE, [page])
    await shop.beat(organic.session_id, Presence.HIDDEN)

    said = await words(owner, "/")
    paid = "Paid Search Emergency · “emergency plumber” New York time"
    assert f"{paid} Write to us Looking (202) 555-0130 12:00 pm" in said
    assert "Organic Search google New York time Home In another tab (202) 555-0131" in said
    assert "2 live 0 cooling 1 idle" in said
    assert "The lines are quiet" in said

    await shop.beat(admitted.session_id, Presence.GONE)
    said = await words(owner, "/")
    assert "Write to us" not in said
    assert "1 live 1 cooling 1 idle" in said


async def test_a_visitor_who_fell_silent_is_not_on_the_site(owner: Browser, shop: Shop, clock: Clock) -> None:
    await shop.visit()
    assert "Blocked drains" in await words(owner, "/")
    clock.pass_by(61)
    assert "Nobody is on the site right now" in await words(owner, "/")


async def test_live_before_the_first_visit_says_what_to_do(
    exchange: Exchange, clock: Clock, browser: Browser
) -> None:
    await Shop(exchange, clock).open([("owner@example.com", Role.OWNER)], seen=False)
    await browser.log_in("owner@example.com")

    assert "Paste one line into your site" in await words(browser, "/")
    setup = await words(browser, "/setup")
    assert "Waiting for the first visit" in setup
    assert "Heard from it" not in setup


async def test_live_shows_a_call_from_ringing_to_its_end(owner: Browser, shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit()
    await shop.ring(admitted.swaps[0].number, name="R. Example")

    def line(page: str) -> str:
        return words_of(page.partition('id="live-calls"')[2].partition("</section>")[0])

    said = line((await owner.get("/")).text)
    assert "Ringing (212) 555-0111 R. Example · New York, NY · first call Paid Search" in said
    assert re.search(r"Emergency · “emergency plumber” Almost certain >?\d\d%", said)
    clock.pass_by(4)
    await shop.answer()
    assert "Talking (212) 555-0111" in line((await owner.get("/")).text)
    clock.pass_by(63)
    await shop.hang_up(talk_seconds=63)
    assert "Answered 1:03 (212) 555-0111" in line((await owner.get("/")).text)
    clock.pass_by(31)
    page = (await owner.get("/")).text
    assert "The lines are quiet" in line(page)
    assert "Calls 1 Answered 1 Missed 0" in words_of(page)


async def test_a_call_whose_end_was_lost_does_not_ring_for_ever(owner: Browser, shop: Shop, clock: Clock) -> None:
    await shop.ring(BILLBOARD)
    clock.pass_by(11 * 60)

    assert "The lines are quiet" in await words(owner, "/")


async def test_a_full_pool_says_so(owner: Browser, shop: Shop) -> None:
    for number in range(len(POOL) + 2):
        await shop.visit(f"{SHOP}/?gclid=click-{number}")

    assert "Every number is live: the next visitor gets the fallback number." in await words(owner, "/")
    assert "2 visits found no number today." in await words(owner, "/")
    said = await words(owner, "/numbers")
    assert "3 of 3 numbers are live." in said
    assert said.count("was shown (202) 555-0120") == 2


async def test_how_long_it_rang_is_one_figure(owner: Browser, shop: Shop, clock: Clock) -> None:
    call_id = await shop.ring(BILLBOARD)
    clock.pass_by(4.6)
    await shop.answer()
    clock.pass_by(63)
    await shop.hang_up(talk_seconds=63)
    said = await words(owner, f"/calls/{call_id}")
    assert ("Rang for 5 s" in said, "answered after 5 s" in said) == (True, True)


async def test_the_call_page_tells_what_brought_the_call(owner: Browser, shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit()
    clock.pass_by(30)
    tap = Happening(VisitEventKind.TAP, 2 * SECOND)
    page = Happening(VisitEventKind.PAGE, 20 * SECOND, f"{SHOP}/prices", "Prices")
    await shop.beat(admitted.session_id, Presence.VISIBLE, [page, tap])
    call_id = await shop.ring(admitted.swaps[0].number)
    clock.pass_by(4)
    await shop.answer()
    clock.pass_by(63)
    await shop.hang_up(talk_seconds=63)

    said = await words(owner, f"/calls/{call_id}")
    for fact in (
        "(212) 555-0111",
        "New York, NY · first call",
        "Answered 1:03",
        "The visitor: tapped or copied the number less than a minute before.",
        "Campaign Emergency",
        "Keyword emergency plumber",
        "Source google",
        "Medium cpc",
        "Landing page shop.example.com/drains",
        "GCLID Cj0KCQ-test",
        "Rang for 4 s",
        "Talked for 1 min 3 s",
        "Number dialled (202) 555-0130 from a pool",
        "Put through to (202) 555-0101",
        "Began Tuesday, Nov 24, 2026, 12:00:30 pm EST",
        "rung at 12:00:30 pm, answered after 4 s, over at 12:01:37 pm",
    ):
        assert fact in said
    assert re.search(r"Paid Search Almost certain, >?\d\d%", said)
    assert re.search(r"Nobody from the site A saved number or a misdial is always possible <?\d%", said)
    timeline = said[said.index("The visit") :]
    steps = [
        "Landed on Blocked drains",
        "Opened a page Prices",
        "Tapped the phone number",
        "Called (202) 555-0130",
    ]
    places = [timeline.index(step) for step in steps]
    assert places == sorted(places)
    assert '<time datetime="2026-11-24T12:00:30-05:00"' in (await owner.get(f"/calls/{call_id}")).text


async def test_runners_up_are_named_with_their_probabilities(owner: Browser, shop: Shop, clock: Clock) -> None:
    first = await shop.visit(f"{SHOP}/?utm_source=newsletter&utm_medium=email&utm_campaign=Winter")
    others = [await shop.visit(f"{SHOP}/?gclid=click-{number}") for number in range(2)]
    clock.pass_by(10)
    for admitted in (first, *others):
        await shop.beat(admitted.session_id, Presence.GONE)
    clock.pass_by(70)
    second = await shop.visit(AD)
    assert second.swaps == first.swaps
    clock.pass_by(20)
    call_id = await shop.ring(second.swaps[0].number)

    said = await words(owner, f"/calls/{call_id}")
    likely = re.search(r"Paid Search Emergency · “emergency plumber” \S+ pm On the page .*? (\d+)%", said)
    other = re.search(r"Email Winter \S+ pm Had this number until 2 minutes before (\d+)%", said)
    assert likely
    assert other
    assert int(likely[1]) > int(other[1])
    assert re.search(rf"Almost certain, {likely[1]}%", said)


async def test_a_static_number_shows_its_placement(owner: Browser, shop: Shop) -> None:
    call_id = await shop.ring(BILLBOARD)

    said = await words(owner, f"/calls/{call_id}")
    assert "Billboard, Route 9 Certain This number stands in one place only." in said
    assert "Channel Offline" in said
    assert "Number dialled (202) 555-0120 stands in one place only" in said
    assert "Who may have called" not in said


async def test_an_unknown_call_says_why(owner: Browser, shop: Shop) -> None:
    ours = await shop.ring(POOL[0], caller=None)
    foreign = await shop.ring("+442079460999", caller="+442079460123", ref="CA2")
    silent = await shop.tell("CA3", EventKind.ARRIVED, caller="+12125550111")

    said = await words(owner, f"/calls/{ours}")
    assert "Number withheld" in said
    assert "No visitor had been shown this number before it rang." in said
    said = await words(owner, f"/calls/{foreign}")
    assert "is not one of your tracking numbers" in said
    assert "+44 20 7946 0123" in said
    assert "did not say which number was dialled" in await words(owner, f"/calls/{silent}")


async def test_a_visit_has_a_page_of_its_own(owner: Browser, shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit()
    clock.pass_by(63)
    await shop.beat(admitted.session_id)
    call_id = await shop.ring(admitted.swaps[0].number)

    said = await words(owner, f"/visits/{admitted.session_id}")
    assert "Landed on Blocked drains" in said
    assert "Called (202) 555-0130 Ringing" in said
    assert "open for 1 min 3 s" in said
    assert "Time on the site 1 min 3 s" in said
    assert "(202) 555-0130 in place of (202) 555-0100 , from 12:00 pm, still live" in said
    assert "Time on the site 1 min 3 s" in await words(owner, f"/calls/{call_id}")


async def test_a_visit_says_its_region_where_a_proxy_told_it(owner: Browser, shop: Shop) -> None:
    visit = (await shop.visit()).session_id
    assert "Region" not in await words(owner, f"/visits/{visit}")
    told = sessions.update().where(sessions.c.company_id == shop.company_id).values(region="US-TX")
    await shop.exchange.change(lambda connection: connection.execute(told))
    assert "Region US-TX" in await words(owner, f"/visits/{visit}")


async def test_a_keyword_that_search_engines_keep_back_is_said_to_be_so(owner: Browser, shop: Shop) -> None:
    for url, referrer, said in (
        (f"{SHOP}/", "https://www.google.com/", "Keyword not provided: search engines keep it back"),
        (f"{SHOP}/", "https://www.google.com/search?q=drain", "Keyword drain"),
        (AD, "", "Keyword emergency plumber"),
        (f"{SHOP}/", "", None),
    ):
        admitted = await shop.visit(url, referrer)
        ref = f"CA-{admitted.session_id}"
        call_id = await shop.ring(admitted.swaps[0].number, ref=ref) if admitted.swaps else None
        pages = [f"/visits/{admitted.session_id}", *([f"/calls/{call_id}"] if call_id else [])]
        for page in pages:
            shown = await words(owner, page)
            assert said in shown if said else "Keyword" not in shown, (page, referrer)


async def test_numbers_tell_their_state_since_when_and_for_whom(owner: Browser, shop: Shop, clock: Clock) -> None:
    live, left = await shop.visit(), await shop.visit(f"{SHOP}/", "https://www.bing.com/")
    await shop.beat(left.session_id, Presence.GONE)
    await shop.pause(POOL[2])
    clock.pass_by(30)
    await shop.beat(live.session_id)

    said = await words(owner, "/numbers")
    assert "(202) 555-0130 Live 12:00 pm Paid Search Emergency" in said
    assert "(202) 555-0131 Cooling 12:00 pm last Organic Search" in said
    assert "(202) 555-0132 Paused" in said
    assert "1 of 2 numbers are live." in said
    assert "(202) 555-0120 Billboard, Route 9 Offline billboard / outdoor Main line In place" in said
    assert "Social keeps its number If the channel is “Organic Social” The page keeps its own number" in said
    assert "Everybody else Every visit A number of its own from “Website visitors”" in said
    assert "Never. Every visitor who needed a number got one." in said


async def test_a_pool_without_numbers_gave_nobody_one(owner: Browser, shop: Shop) -> None:
    for number in POOL:
        await shop.pause(number)
    said = await words(owner, "/numbers")
    assert "No pool has a number to give out." in said
    assert "Every visitor who needed a number got one" not in said


async def test_set_up_has_the_line_to_paste_and_the_carriers_addresses(owner: Browser, shop: Shop) -> None:
    said = await words(owner, "/setup")

    key = shop.site_id[-10:]
    assert f'<script async src="http://board.example.com/t/{key}.js"></script>' in said
    assert "Heard from it first time: 12:00 pm" in said
    assert f"http://board.example.com/carriers/{shop.carrier_id}/voice" in said
    assert f"http://board.example.com/carriers/{shop.carrier_id}/status" in said
    assert "Main line Number on the page (202) 555-0100 Calls ring at (202) 555-0101" in said
    assert "sealed" not in said


async def test_what_strangers_write_stays_text(owner: Browser, shop: Shop) -> None:
    tags = "&".join(f"utm_{name}={{}}" for name in ("source", "medium", "campaign", "term", "content"))
    written = quote(HOSTILE)
    url = f"{SHOP}/{quote('<b>')}?" + tags.format(*[written] * 5) + f"&gclid={written}"
    admitted = await shop.visit(url, "https://evil.example.com/<script>", title=HOSTILE)
    custom = Happening(VisitEventKind.CUSTOM, 0, properties={"name": HOSTILE})
    page = Happening(VisitEventKind.PAGE, 0, "javascript:alert(document.cookie)", HOSTILE)
    await shop.beat(admitted.session_id, Presence.VISIBLE, [page, custom])
    call_id = await shop.ring(admitted.swaps[0].number, name=HOSTILE)

    visit = f"/visits/{admitted.session_id}"
    for path in ("/", "/calls", f"/calls/{call_id}", visit, "/numbers", f"/calls?q={written}&campaign={written}"):
        answer = await owner.get(path)
        assert answer.status_code == 200
        html = answer.text
        assert "alert(1)" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "{{7*7}}" in html
        assert "\N{BOMB}" in html
        assert not re.search(r"href=\"\s*javascript:", html)
        assert re.search(r"<bdi>[^<]*\u05e9\u05dc\u05d5\u05dd", html) or "value=" in html


async def test_everybody_of_the_company_sees_the_same_and_nobody_else_anything(
    app: Starlette, browser: Browser, shop: Shop, stranger: Shop
) -> None:
    admitted = await shop.visit()
    call_id = await shop.ring(admitted.swaps[0].number, caller="+12125550177", name="Somebody private")
    theirs = (f"/calls/{call_id}", f"/visits/{admitted.session_id}")
    lists = ("/", "/calls?period=all", "/calls?q=private", "/calls?q=0177&period=all", "/numbers")

    for email in ("owner@example.com", "reader@example.com"):
        await browser.log_in(email)
        for path in theirs:
            assert (await browser.get(path)).status_code == 200
        for path in lists[:-1]:
            assert "(212) 555-0177" in await words(browser, path)
        assert "Paid Search" in await words(browser, "/numbers")

    await browser.log_in("stranger@example.com")
    for path in theirs:
        answer = await browser.get(path)
        assert answer.status_code == 404
        assert "private" not in answer.text
    for path in lists:
        said = await words(browser, path)
        assert "0177" not in said.replace("q=0177", "")
        assert "Somebody" not in said
        assert "Paid Search" not in said
    assert shop.carrier_id not in (await browser.get("/setup")).text


async def test_what_is_nowhere_is_not_found(owner: Browser) -> None:
    for path in (
        "/calls/none",
        f"/calls/{'0' * 32}",
        f"/calls/{'x' * 3000}",
        "/calls/a%00b",
        "/logos/a%00b/c",
        "/setup/sites/a%00b",
        "/calls/' OR 1=1",
        "/calls/<script>alert(1)</script>",
        "/calls/%F0%9F%92%A3",
        "/visits/none",
        "/wp-login.php",
        "/static/none.js",
    ):
        answer = await owner.get(path)
        assert answer.status_code == 404, path
        assert "alert(1)" not in answer.text
        assert answer.headers["content-security-policy"]
