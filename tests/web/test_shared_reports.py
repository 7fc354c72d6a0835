"""A shared report: who has the link sees that report and nothing else, until it ends."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from swapboard.accounts.company import Role
from swapboard.clock import DAY, MINUTE
from swapboard.reports.report_kind import Kind
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app
from tests.building import rows_of
from tests.web.dashboard.shop import BILLBOARD, ORIGIN, Browser, Clock, Shop, settings_for
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio
CALLER = "+12125550111"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[Exchange]:
    exchange = Exchange(settings_for(migrated_url, tmp_path), clock)
    await exchange.start()
    yield exchange
    await exchange.stop()


@pytest.fixture
def app(exchange: Exchange) -> Starlette:
    return create_app(exchange)


@pytest.fixture
async def shop(exchange: Exchange, clock: Clock) -> Shop:
    shop = await Shop(exchange, clock).open([("owner@example.com", Role.OWNER)])
    await shop.ring(BILLBOARD, CALLER, ref="CA1")
    await shop.hang_up("CA1", 0)
    return shop


@pytest.fixture
async def owner(app: Starlette, shop: Shop) -> AsyncIterator[Browser]:
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        assert (await browser.log_in("owner@example.com")).status_code == 303
        yield browser


@pytest.fixture
async def guest(app: Starlette) -> AsyncIterator[Browser]:
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        yield browser


async def shared(owner: Browser, address: str = "/reports?days=7d", **more: str) -> tuple[str, str]:
    """The saved report's page, and the link's path."""
    saved = await owner.send_form("/reports/saved", {"name": "<i>Ours</i>", "address": address})
    view = saved.headers["location"]
    made = await owner.send_form(f"{view}/links", {"days": "7", **more})
    assert made.status_code == 200, made.text
    (link,) = re.findall(rf'<code id="new-link"[^>]*>{ORIGIN}([^<]+)</code>', made.text)
    return view, link


@pytest.mark.parametrize(
    "address", [f"{kind}number?days=7d" if kind is Kind.BREAKDOWN else f"{kind}?days=7d" for kind in Kind]
)
async def test_it_shows_that_report_and_nothing_else(
    owner: Browser, guest: Browser, exchange: Exchange, address: str
) -> None:
    view, link = await shared(owner, address)
    assert (await guest.head(link)).status_code == 200
    assert "last opened" not in words_of((await owner.get(view)).text), "it was only asked whether it is there"
    answer = await guest.get(f"{link}?days=90d&filter=channel:x")
    assert answer.status_code == 200
    assert "Nov 18 to Nov 24, 2026" in words_of(answer.text)
    assert "&lt;i&gt;Ours&lt;/i&gt;" in answer.text
    assert "2125550111" not in re.sub(r"\D", "", answer.text)
    assert not re.findall(r'<a [^>]*href="/', answer.text)
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert (await guest.get("/reports")).status_code == 303
    secret = link.removeprefix("/shared/")
    assert secret not in str(rows_of(exchange.engine, "report_shares"))
    page = words_of((await owner.get(view)).text)
    assert "last opened" in page
    assert "a link was opened" in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("days=7d&filter=keyword:pump", "Nothing fits the filter in these days."),
        ("days=today", "Nothing in these days."),
    ],
    ids=["filter", "days"],
)
async def test_an_empty_one_says_why(owner: Browser, guest: Browser, clock: Clock, query: str, told: str) -> None:
    _view, link = await shared(owner, f"/reports/by/keyword?{query}")
    clock.now += 3 * DAY
    assert told in words_of((await guest.get(link)).text)


async def test_it_ends_by_itself_by_being_revoked_and_with_its_report(
    owner: Browser, guest: Browser, clock: Clock
) -> None:
    view, link = await shared(owner)
    page = (await owner.get(view)).text
    assert link.removeprefix("/shared/") not in page
    (share_id,) = re.findall(r'name="share_id" value="(\w+)"', page)
    assert (await owner.send_form(f"{view}/links/revoke", {"share_id": share_id})).status_code == 303
    assert (await owner.send_form(f"{view}/links/revoke", {"share_id": share_id})).status_code == 404
    assert (await guest.get(link)).status_code == 404
    _other, ending = await shared(owner)
    clock.pass_by(7 * DAY / 1000 - 1)
    assert (await guest.get(ending)).status_code == 200
    clock.pass_by(1)
    assert (await guest.get(ending)).status_code == 404
    gone, last = await shared(owner)
    await owner.send_form(f"{gone}/delete", {})
    assert (await guest.get(last)).status_code == 404
    assert (await guest.get(last[:-1])).status_code == 404


async def test_a_password_is_asked_for_once_and_cannot_be_guessed(
    owner: Browser, guest: Browser, clock: Clock
) -> None:
    _view, link = await shared(owner, password="open sesame please")
    _other_view, other = await shared(owner, password=" as typed, with blanks ")
    assert (await guest.post(other, data={"password": " as typed, with blanks "})).status_code == 200
    guest.cookies.clear()
    assert "This report has a password" in (await guest.get(link)).text
    assert (await guest.post(link, data={"password": "wrong"})).status_code == 401
    assert "Not answered" not in (await guest.get(link)).text
    shown = await guest.post(link, data={"password": "open sesame please"})
    assert "Calls day by day" in shown.text
    assert "HttpOnly" in shown.headers["set-cookie"]
    assert "Calls day by day" in (await guest.get(link)).text
    # The proof is of that link, and forged ones are none.
    cookie = shown.headers["set-cookie"].partition(";")[0]
    assert "has a password" in (await guest.get(other, headers={"Cookie": cookie})).text
    guest.cookies.clear()
    for forged in ("9999999999999.", "9999999999999.abc", ".", "x.y"):
        answer = await guest.get(link, headers={"Cookie": f"swapboard-shared={forged}"})
        assert "has a password" in answer.text
    many = await guest.post(link, data={str(field): "x" for field in range(12)})
    assert (many.status_code, many.headers["referrer-policy"]) == (401, "no-referrer")
    answers = [(await guest.post(link, data={"password": "wrong"})).status_code for _each in range(10)]
    assert answers[-1] == 429
    clock.pass_by(MINUTE / 1000)
    assert (await guest.post(link, data={"password": "open sesame please"})).status_code == 200


async def test_it_is_not_looked_at_without_end(owner: Browser, guest: Browser, clock: Clock) -> None:
    _view, link = await shared(owner)
    answers = {(await guest.get(f"{link}x")).status_code for _each in range(61)}
    assert answers == {404, 429}
    clock.pass_by(2)
    assert (await guest.get(link)).status_code == 200


@pytest.mark.parametrize(
    ("form", "words"), [({"days": "366"}, "for how long"), ({"days": "7", "password": "short"}, "10 characters")]
)
async def test_what_cannot_be_shared_is_said(owner: Browser, form: dict[str, str], words: str) -> None:
    view, _link = await shared(owner)
    answer = await owner.send_form(f"{view}/links", form)
    assert answer.status_code == 422
    assert words in answer.text
    calls = await owner.send_form("/reports/saved", {"name": "Calls", "address": "/reports/calls"})
    assert (await owner.send_form(f"{calls.headers['location']}/links", {"days": "7"})).status_code == 422
