"""Saved reports: whose they are, who sees and changes them, and that their days move on."""

import re

import pytest

from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user
from swapboard.clock import DAY, SECOND
from swapboard.storage.ids import new_id
from tests.one_server import on_one_server
from tests.web.dashboard.shop import PASSWORD_HASH, Browser, Clock, Shop
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio

PAID = {"name": "Paid ones", "address": "/reports/by/campaign?days=7d&filter=channel%3Apaid&and=keyword&was=x"}


async def saved(browser: Browser, **more: str) -> str:
    answer = await browser.send_form("/reports/saved", {**PAID, **more})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_a_report_is_saved_from_its_page_and_its_days_move_on(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    page = (await owner.get("/reports/by/campaign?days=7d&filter=channel%3Apaid&and=keyword")).text
    (address,) = re.findall(r'name="address" value="([^"]+)"', page)
    await saved(owner, address=address.replace("&amp;", "&"))
    listed = (await owner.get("/reports/saved")).text
    (link,) = re.findall(r'href="(/reports/by/[^"]+)"', listed)
    assert "Nov 18 to today" in words_of((await owner.get(link.replace("&amp;", "&"))).text)
    clock.pass_by(7 * DAY / SECOND)
    shown = words_of((await owner.get(link.replace("&amp;", "&"))).text)
    assert "Nov 25 to today" in shown
    assert "Campaign Keyword" in shown


async def test_ones_own_are_ones_own_and_shared_ones_everybodys(
    owner: Browser, shop: Shop, stranger: Shop
) -> None:
    own, shared = await saved(owner), await saved(owner, name="<b>All</b>", shared="yes")
    await owner.log_in("reader@example.com")
    assert (await owner.get(own)).status_code == 404
    assert "Paid ones" not in (await owner.get("/reports/saved")).text
    seen = await owner.get(shared)
    assert "&lt;b&gt;All&lt;/b&gt;" in seen.text
    assert "Delete" not in seen.text
    assert (await owner.send_form("/reports/saved", PAID)).status_code == 403
    await owner.log_in("stranger@example.com")
    assert (await owner.get(shared)).status_code == 404
    assert (await owner.send_form(f"{shared}/delete", {})).status_code == 404


async def test_it_is_renamed_shared_and_deleted(owner: Browser) -> None:
    own = await saved(owner)
    assert (await owner.send_form(own, {"name": " New   name ", "shared": "yes"})).status_code == 303
    assert "New name Everybody in the company" in words_of((await owner.get("/reports/saved")).text)
    assert (await owner.send_form(f"{own}/delete", {})).status_code == 303
    assert (await owner.get(own)).status_code == 404
    assert "Nothing is saved yet." in (await owner.get("/reports/saved")).text


async def test_whoever_shares_anothers_report_no_more_is_led_to_what_they_see(owner: Browser, shop: Shop) -> None:
    shared = await saved(owner, shared="yes")
    admin = User(new_id(shop.clock()), shop.company_id, "ada@example.com", "Ada", Role.ADMIN, shop.clock())
    await shop.exchange.change(lambda connection: add_user(connection, admin, PASSWORD_HASH))
    await owner.log_in("ada@example.com")
    answer = await owner.send_form(shared, {"name": "Paid ones"})
    assert answer.headers["location"] == "/reports/saved"
    await owner.log_in("owner@example.com")
    assert (await owner.get(shared)).status_code == 200


@on_one_server(
    ("form", "words"),
    [
        ({"name": " "}, "Give it a name"),
        ({"name": "x" * 101}, "Give it a name"),
        ({"address": "https://evil.example.com/reports"}, "Open the report"),
        ({"address": "//evil.example.com"}, "Open the report"),
        ({"address": "/calls"}, "Open the report"),
        ({"address": "/reports?filter=%00"}, "NUL"),
    ],
)
async def test_what_cannot_be_saved_is_said(owner: Browser, form: dict[str, str], words: str) -> None:
    answer = await owner.send_form("/reports/saved", {**PAID, **form})
    assert answer.status_code == 422
    assert words in answer.text
