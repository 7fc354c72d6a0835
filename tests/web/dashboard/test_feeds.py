"""A file that Google Ads fetches: made in the dashboard, behind its password, without what must not be in it."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import Connection, update
from starlette.applications import Starlette

from swapboard.calls.verdict import Verdict
from swapboard.clock import HOUR, SECOND
from swapboard.storage.schema import sessions
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.forgetting import forget_visitors
from swapboard.switchboard.judging import judge
from swapboard.web.feeds import TRIES_AT_ONCE, FeedDoor
from tests.building import without_database
from tests.conversions.destinations.google_template import read_adjustments, read_conversions
from tests.web.dashboard.shop import ORIGIN, Browser, Clock, Shop

pytestmark = pytest.mark.anyio
FORM = {
    "kind": "google_ads_feed",
    "name": "Google Ads",
    "setting-conversion_name": "Phone call",
    "on": "yes",
    "calls": "yes",
    "answered": "yes",
    "talk": "60",
    "value": "40",
}


@pytest.fixture
async def google(exchange: Exchange) -> AsyncIterator[httpx.AsyncClient]:
    """Who fetches, without a password yet."""
    transport = httpx.ASGITransport(Starlette(routes=FeedDoor(exchange).routes()))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield client


class Feed:
    """The destination as its page shows it."""

    def __init__(self, where: str, page: str) -> None:
        self.where = where
        self.conversions, self.adjustments = re.findall(r"<code>(http[^<]+\.csv)</code>", page)
        shown = re.search(r"shown this once.</strong> <code>([^<]+)</code>", page)
        assert shown, "the page shows the password"
        self.key = ("swapboard", shown[1])


async def opened(owner: Browser) -> Feed:
    answer = await owner.send_form("/destinations", FORM)
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    assert "none yet: nobody can fetch the files" in (await owner.get(where)).text
    return Feed(where, (await owner.send_form(f"{where}/password", {})).text)


async def a_call_of_a_click(shop: Shop, ref: str = "CA1") -> tuple[str, str, str]:
    """(call, session, visitor) of a call that an ad's click made, long enough to count."""
    admitted = await shop.visit()
    await shop.ring(admitted.swaps[0].number, ref=ref, caller=f"+1212555010{len(ref)}")
    await shop.answer(ref)
    shop.clock.pass_by(70)
    call_id = await shop.hang_up(ref, 70)
    return call_id, admitted.session_id, admitted.visitor_id


async def six_hours_later(shop: Shop, clock: Clock) -> None:
    await shop.exchange.deliverer.look()
    clock.pass_by(6 * HOUR / SECOND)
    await shop.exchange.deliverer.look()


def then(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock() / 1000, UTC)


def last_fetched(page: httpx.Response) -> str:
    return page.text.partition("Last fetched")[2].partition("</dl>")[0]


async def test_a_call_is_fetched_once_as_it_stands_now(
    owner: Browser, shop: Shop, google: httpx.AsyncClient, clock: Clock
) -> None:
    feed = await opened(owner)
    call_id, _session, _visitor = await a_call_of_a_click(shop)
    await six_hours_later(shop, clock)
    assert (await google.head(feed.conversions, auth=feed.key)).status_code == 200
    assert "never" in last_fetched(await owner.get(feed.where)), "to ask whether it is there takes nothing"
    answer = await google.get(feed.conversions, auth=feed.key)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    (row,) = read_conversions(answer.text, then(clock))
    assert (row["Google Click ID"], row["Conversion Name"], row["Conversion Value"]) == (
        "Cj0KCQ-test",
        "Phone call",
        "40.00",
    )
    again = await google.get(feed.conversions, auth=feed.key)
    assert again.text == answer.text, "the same file until something happens"

    sale = Verdict(("sale",), 25_000, True)
    await shop.exchange.change(lambda c: judge(c, shop.company_id, call_id, sale, clock()))
    await shop.exchange.deliverer.look()
    (worth,) = read_conversions((await google.get(feed.conversions, auth=feed.key)).text, then(clock))
    assert (worth["Order ID"], worth["Conversion Value"]) == (row["Order ID"], "250.00")
    (changed,) = read_adjustments((await google.get(feed.adjustments, auth=feed.key)).text, then(clock))
    assert (changed["Order ID"], changed["Adjusted Value"]) == (row["Order ID"], "250.00")
    page = await owner.get(feed.where)
    assert "It stands in the file that Google Ads fetches." in page.text
    assert feed.key[1] not in page.text
    assert "never" not in last_fetched(page)


async def test_who_asked_for_privacy_or_to_be_forgotten_is_in_no_file(
    owner: Browser, shop: Shop, google: httpx.AsyncClient, clock: Clock
) -> None:
    feed = await opened(owner)
    _call, session_id, _visitor = await a_call_of_a_click(shop)
    _call, _session, visitor_id = await a_call_of_a_click(shop, "CA02")
    await six_hours_later(shop, clock)
    before = await google.get(feed.conversions, auth=feed.key)
    assert len(read_conversions(before.text, then(clock))) == 2

    def opt_out(connection: Connection) -> None:
        mine = sessions.c.company_id == shop.company_id, sessions.c.session_id == session_id
        connection.execute(update(sessions).where(*mine).values(opted_out=True))

    await shop.exchange.change(opt_out)
    await shop.exchange.change(lambda c: forget_visitors(c, shop.company_id, [visitor_id], clock()))
    assert read_conversions((await google.get(feed.conversions, auth=feed.key)).text, then(clock)) == []


async def test_only_the_newest_password_opens_and_wrong_ones_are_limited(
    owner: Browser, google: httpx.AsyncClient, clock: Clock
) -> None:
    old = await opened(owner)
    new = Feed(old.where, (await owner.send_form(f"{old.where}/password", {})).text)
    asked = await google.get(new.conversions)
    assert (asked.status_code, asked.headers["www-authenticate"]) == (
        401,
        'Basic realm="Swapboard", charset="UTF-8"',
    )
    for header in ("Basic !", "Basic " + "eA==", "Bearer x"):
        assert (await google.get(new.conversions, headers={"Authorization": header})).status_code == 401
    for _try in range(2 * TRIES_AT_ONCE):
        assert (await google.get(new.conversions, auth=new.key)).status_code == 200, (
            "the right one is never limited"
        )
    unknown = new.conversions.replace(new.where.rpartition("/")[2], "0" * 32)
    wrong = [(new.conversions, old.key), (new.conversions, ("root", new.key[1])), (unknown, new.key)]
    for address, key in (wrong * TRIES_AT_ONCE)[:TRIES_AT_ONCE]:
        assert (await google.get(address, auth=key)).status_code == 401
    limited = await google.get(new.conversions, auth=old.key)
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "60")
    clock.pass_by(60)
    assert (await google.get(new.conversions, auth=new.key)).status_code == 200


async def test_what_is_switched_off_or_no_file_says_so(owner: Browser, google: httpx.AsyncClient) -> None:
    feed = await opened(owner)
    missing = await google.get(feed.conversions.replace("conversions", "calls"), auth=feed.key)
    assert (missing.status_code, missing.text) == (
        404,
        "There is no such file. Copy the address from the dashboard.",
    )
    assert (await owner.send_form(feed.where, FORM | {"on": ""})).status_code == 303
    off = await google.get(feed.conversions, auth=feed.key)
    assert (off.status_code, off.text) == (403, "This destination is switched off in the dashboard.")
    assert (await owner.send_form(f"{feed.where}/remove", {})).status_code == 303
    assert (await google.get(feed.conversions, auth=feed.key)).status_code == 401


async def test_only_who_may_change_makes_a_password_and_only_for_files(
    owner: Browser, browser: Browser, stranger: Shop
) -> None:
    where = (await opened(owner)).where
    hook = FORM | {"kind": "google_analytics", "setting-measurement_id": "G-AB12CD34EF"}
    other = await owner.send_form("/destinations", hook | {"setting-api_secret": "x"})
    assert (await owner.send_form(f"{other.headers['location']}/password", {})).status_code == 404
    for email, status in (("reader@example.com", 403), ("stranger@example.com", 404)):
        await browser.send_form("/logout", {})
        await browser.log_in(email)
        assert (await browser.send_form(f"{where}/password", {})).status_code == status


async def test_while_the_database_is_away_the_platform_is_asked_to_come_again(
    owner: Browser, google: httpx.AsyncClient, exchange: Exchange, migrated_url: str
) -> None:
    feed = await opened(owner)
    with without_database(migrated_url, exchange.engine):
        answer = await google.get(feed.conversions, auth=feed.key)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert (await google.get(feed.conversions, auth=feed.key)).status_code == 200
