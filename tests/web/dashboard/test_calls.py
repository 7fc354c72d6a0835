"""The list of calls: its filters, its permanent links, its pages, and what it says when there is nothing."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from swapboard.calls.call import EventKind
from swapboard.clock import DAY, SECOND
from swapboard.visits.visit import Presence
from swapboard.web.dashboard.calls import CALLS_PER_PAGE
from tests.web.dashboard.shop import BILLBOARD, Browser, Clock, Shop

pytestmark = pytest.mark.anyio


async def listed(browser: Browser, path: str) -> list[str]:
    """The ids of the calls that the list shows, in its order."""
    answer = await browser.get(path)
    assert answer.status_code == 200, path
    return re.findall(r"href=\"/calls/([0-9a-f]{32})\"", answer.text)


async def links(browser: Browser, path: str) -> dict[str, str]:
    """The buttons below the list, by what they say."""
    html = (await browser.get(path)).text.replace("&amp;", "&")
    return {
        label: address
        for address, label in re.findall(r"<a class=\"button\" href=\"([^\"]+)\"[^>]*>([^<]+)<", html)
    }


@pytest.fixture
async def calls(shop: Shop, clock: Clock) -> dict[str, str]:
    """A call forty days ago, one yesterday, and three today: their ids by what they are."""
    made = {}
    clock.now -= 40 * DAY
    made["old"] = await shop.ring(BILLBOARD, "+442079460123", ref="CA-old")
    await shop.hang_up("CA-old")
    clock.now += 39 * DAY
    made["yesterday"] = await shop.ring(BILLBOARD, "+12125550122", "R. Example", ref="CA-yesterday")
    await shop.hang_up("CA-yesterday", talk_seconds=20)
    clock.now += DAY
    ad = await shop.visit()
    made["ad"] = await shop.ring(ad.swaps[0].number, "+12125550133", ref="CA-ad")
    clock.pass_by(60)
    made["missed"] = await shop.ring(BILLBOARD, "+12125550144", ref="CA-missed")
    await shop.hang_up("CA-missed")
    clock.pass_by(60)
    mail = await shop.visit(
        "https://shop.example.com/?utm_source=news&utm_medium=email&utm_campaign=Caf%C3%A9+%26+Co"
    )
    made["mail"] = await shop.ring(mail.swaps[0].number, None, ref="CA-mail")
    return made


async def test_filters_narrow_the_list(owner: Browser, calls: dict[str, str]) -> None:
    for query, expected in {
        "": ["mail", "missed", "ad", "yesterday"],
        "?period=today": ["mail", "missed", "ad"],
        "?period=yesterday": ["yesterday"],
        "?period=7d": ["mail", "missed", "ad", "yesterday"],
        "?period=all": ["mail", "missed", "ad", "yesterday", "old"],
        "?status=missed": ["missed"],
        "?status=missed&period=all": ["missed", "old"],
        "?status=ringing": ["mail", "ad"],
        "?channel=Paid+Search": ["ad"],
        "?channel=Offline&period=today": ["missed"],
        "?campaign=Caf%C3%A9+%26+Co": ["mail"],
        "?campaign=caf": [],
        "?q=plumber": ["ad"],
        "?q=EMERGENCY+plumber": ["ad"],
        "?q=Cj0KCQ-test": ["ad"],
        "?q=(212)+555-0144": ["missed"],
        "?q=212.555.0144": ["missed"],
        "?q=020+7946+0123&period=all": ["old"],
        "?q=7946+0199&period=all": [],
        "?q=%2B44+20+7946+0123&period=all": ["old"],
        "?q=r.+example": ["yesterday"],
        "?q=100%25": [],
        "?q=%25_%25": [],
        "?q=plumber&status=missed": [],
    }.items():
        assert await listed(owner, f"/calls{query}") == [calls[name] for name in expected], query


async def test_the_form_repeats_what_is_asked_and_what_there_is(owner: Browser, calls: dict[str, str]) -> None:
    html = (await owner.get("/calls?period=all&status=missed&channel=Offline&q=%22%3E%3Cb%3E&campaign=Gone")).text

    assert '<option value="all" selected>All time</option>' in html
    assert '<option value="missed" selected>Missed (2)</option>' in html
    assert '<option value="Offline" selected>Offline (3)</option>' in html
    assert "<option selected>Gone</option>" in html
    assert '<option value="Café &amp; Co">Café &amp; Co (1)</option>' in html
    assert 'value="&#34;&gt;&lt;b&gt;"' in html
    assert 'method="get" action="/calls"' in html


async def test_an_empty_list_says_what_to_do(owner: Browser, calls: dict[str, str]) -> None:
    offered = await links(owner, "/calls?period=today&status=busy")
    assert offered["Clear the filters"] == "/calls?period=today"
    assert offered["Look at all time"] == "/calls?period=all&status=busy"
    assert "No call fits these filters." in (await owner.get("/calls?q=nothing")).text


async def test_no_call_at_all_says_how_to_begin(owner: Browser) -> None:
    for period in ("", "?period=all"):
        page = (await owner.get(f"/calls{period}")).text
        assert "No calls yet." in page
        assert 'href="/setup"' in page


async def test_days_without_calls_of_a_company_that_had_some(
    owner: Browser, calls: dict[str, str], clock: Clock
) -> None:
    clock.now += 200 * DAY
    await owner.log_in("owner@example.com")
    page = (await owner.get("/calls?period=7d")).text
    assert "No calls in these days. Last call: " in page
    assert (await links(owner, "/calls?period=7d"))["Look at all time"] == "/calls?period=all"
    assert "Once your site" not in page
    overview = (await owner.get("/reports")).text
    assert "No calls in these days, nor in those before.</p>" in overview


async def test_nonsense_in_the_address_is_as_if_it_were_not_there(owner: Browser, calls: dict[str, str]) -> None:
    usual = await listed(owner, "/calls")
    for query in (
        "?period=never",
        "?status=<script>",
        "?status=",
        "?nothing=1",
        "?q=%00",
        "?q=",
        "?period=7d&period=x",
    ):
        assert await listed(owner, f"/calls{query}") == usual, query
    assert await listed(owner, f"/calls?q={'x' * 5000}") == []
    assert await listed(owner, "/calls?q=%F0%9F%92%A3%ff") == []
    assert await listed(owner, "/calls?channel=' OR 1=1 --") == []


async def test_a_cursor_that_is_none_is_refused(owner: Browser) -> None:
    for cursor in ("x", "%00", "bnVsbA", "WzEsIjxzY3JpcHQ-Il0", "1" * 5000):
        answer = await owner.get(f"/calls?cursor={cursor}")
        assert answer.status_code == 400
        assert "Open the list again" in answer.text


async def test_a_long_list_has_pages_that_neither_repeat_nor_skip(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    made = []
    for number in range(CALLS_PER_PAGE + 7):
        # Several in the same millisecond: the id decides.
        clock.now += (number % 3 == 0) * SECOND
        made.append(await shop.tell(f"CA{number}", EventKind.ARRIVED, dialled=BILLBOARD, caller="+12125550111"))

    address = "/calls?channel=Offline&period=7d"
    first, below = await listed(owner, address), await links(owner, address)
    assert set(below) == {"Older calls"}
    asked = parse_qs(urlsplit(below["Older calls"]).query)
    assert (asked["channel"], asked["period"]) == (["Offline"], ["7d"])
    second, below = await listed(owner, below["Older calls"]), await links(owner, below["Older calls"])
    assert below == {"Newest calls": "/calls?period=7d&channel=Offline"}
    assert (len(first), len(second)) == (CALLS_PER_PAGE, 7)
    assert set(first + second) == set(made)


async def test_a_call_that_nobody_from_the_site_made_is_credited_to_nobody(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    admitted = await shop.visit()
    await shop.beat(admitted.session_id, Presence.GONE)
    clock.pass_by(5 * 24 * 3600)
    call_id = await shop.ring(admitted.swaps[0].number)

    page = (await owner.get(f"/calls/{call_id}")).text
    assert "More probably, nobody from the site called" in page
    assert "Who may have called" in page


async def test_a_call_on_another_day_than_its_visit_says_so(owner: Browser, shop: Shop, clock: Clock) -> None:
    # From noon to two minutes before midnight.
    clock.pass_by(12 * 3600 - 120)
    admitted = await shop.visit()
    clock.pass_by(60)
    await shop.beat(admitted.session_id, Presence.GONE)
    clock.pass_by(180)
    call_id = await shop.ring(admitted.swaps[0].number)
    for path in (f"/calls/{call_id}", f"/visits/{admitted.session_id}"):
        times = re.findall(r"<time[^>]*>([^<]+)</time>", (await owner.get(path)).text.split("timeline-days")[1])
        assert times[0] == "Yesterday, 11:58\u00a0pm"
        assert "12:02\u00a0am" in times


async def test_a_doubtful_call_says_so_in_the_list(owner: Browser, shop: Shop, clock: Clock) -> None:
    admitted = await shop.visit()
    await shop.beat(admitted.session_id, Presence.GONE)
    clock.pass_by(3900)
    await shop.ring(admitted.swaps[0].number)

    assert re.search(r"class=\"doubt\">[^<]+, \d\d%", (await owner.get("/calls")).text)


async def test_a_call_whose_end_was_never_heard_says_so(owner: Browser, shop: Shop, clock: Clock) -> None:
    call_id = await shop.ring(BILLBOARD, "+12125550133", ref="CA-lost")
    assert "never heard the end" not in (await owner.get(f"/calls/{call_id}")).text
    await shop.tell("CA-lost", EventKind.GIVEN_UP)
    lost = (await owner.get(f"/calls/{call_id}")).text
    assert "never heard the end" in lost
    assert "hx-trigger" not in lost.partition('id="call-page"')[2].partition(">")[0]
    await shop.hang_up("CA-lost")
    assert "never heard the end" not in (await owner.get(f"/calls/{call_id}")).text
