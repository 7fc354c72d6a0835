"""Changing a password, and getting a new one by e-mail: once, for an hour, and nobody learns who has a log-in."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from swapboard.accounts.people import person_by_email
from swapboard.clock import SECOND
from swapboard.storage.schema import emails
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import login, passwords
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import ORIGIN, PASSWORD, Browser, Clock, Shop

pytestmark = [pytest.mark.anyio, ON_SQLITE]

NEW = "another good password"
TWICE = {"password": NEW, "again": NEW}


@pytest.fixture
async def other(app: Starlette, shop: Shop) -> AsyncIterator[Browser]:
    """A second browser in which the owner is logged in."""
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        await browser.log_in("owner@example.com")
        yield browser


async def link_sent(exchange: Exchange) -> str:
    [letter] = await exchange.read(lambda connection: connection.execute(select(emails)).all())
    assert "/forgotten/" not in str(letter), "its link stands nowhere in the open"
    found = re.search(rf"{ORIGIN}(/forgotten/\S+)", exchange.vault.unseal(letter.sealed)["plain"])
    assert found
    return found[1]


async def test_another_password_ends_all_other_log_ins(owner: Browser, other: Browser, shop: Shop) -> None:
    saved = await owner.send_form("/me/password", {"now": PASSWORD, **TWICE})
    assert (saved.status_code, saved.headers["location"]) == (303, "/me?saved=yes")
    assert (await owner.get("/me?saved=yes")).status_code == 200
    assert (await other.get("/")).headers["location"].startswith("/login")
    assert (await other.log_in("owner@example.com")).status_code == 401
    assert (await other.log_in("owner@example.com", NEW)).status_code == 303


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"now": "wrong", **TWICE}, "not your current password"),
        ({"now": PASSWORD, "password": NEW, "again": NEW + "x"}, "not the same"),
        ({"now": PASSWORD, "password": "short", "again": "short"}, "at least 10 characters"),
        ({}, "not your current password"),
    ],
)
async def test_what_is_wrong_is_said_and_changes_nothing(
    owner: Browser, shop: Shop, fields: dict[str, str], says: str
) -> None:
    answer = await owner.send_form("/me/password", fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert (await owner.log_in("owner@example.com")).status_code == 303


async def test_a_stolen_browser_cannot_guess_for_ever(
    owner: Browser, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "password_fits", lambda _password, _hash: False)
    answers = [(await owner.send_form("/me/password", {"now": "x"})).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.usefixtures("mailing")
async def test_the_e_mailed_link_sets_a_password_once(
    browser: Browser, other: Browser, shop: Shop, exchange: Exchange
) -> None:
    sent = await browser.send_form("/forgotten", {"email": " Owner@example.com"})
    assert "If somebody logs in with this address" in sent.text
    link = await link_sent(exchange)
    assert (await browser.get(link)).status_code == 200
    assert (await browser.send_form(link, {"password": NEW, "again": "x"})).status_code == 422
    assert (await browser.send_form(link, TWICE)).status_code == 200
    assert (await browser.get(link)).status_code == 410
    assert (await browser.send_form(link, TWICE)).status_code == 410
    assert (await other.get("/")).headers["location"].startswith("/login")
    assert (await browser.log_in("owner@example.com", NEW)).status_code == 303
    left = await exchange.read(lambda connection: connection.execute(select(emails)).all())
    assert left == []
    person = await exchange.read(lambda connection: person_by_email(connection, "owner@example.com"))
    assert person
    assert person.verified_at


@pytest.mark.usefixtures("mailing")
async def test_nobody_learns_who_can_log_in(browser: Browser, shop: Shop, exchange: Exchange) -> None:
    known = await browser.send_form("/forgotten", {"email": "owner@example.com"})
    unknown = await browser.send_form("/forgotten", {"email": "nobody@example.com"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    for _ in range(10):
        assert (await browser.send_form("/forgotten", {"email": "reader@example.com"})).text == known.text
    written = await exchange.read(lambda connection: connection.execute(select(emails)).all())
    assert sorted(letter.recipient for letter in written) == ["owner@example.com", "reader@example.com"]


@pytest.mark.usefixtures("mailing")
async def test_a_link_runs_out_and_a_made_up_one_opens_nothing(
    browser: Browser, shop: Shop, exchange: Exchange, clock: Clock
) -> None:
    await browser.send_form("/forgotten", {"email": "owner@example.com"})
    link = await link_sent(exchange)
    for wrong in (link + "x", link[:-3], "/forgotten/x", "/forgotten/e30.x"):
        assert (await browser.get(wrong)).status_code == 410, wrong
    clock.pass_by(passwords.LINK_LASTS / SECOND + 1)
    assert (await browser.send_form(link, TWICE)).status_code == 410


async def test_without_a_mail_server_it_says_what_to_do(browser: Browser, shop: Shop, exchange: Exchange) -> None:
    assert "swapboard user password" in (await browser.get("/forgotten")).text
    assert (
        "swapboard user password" in (await browser.send_form("/forgotten", {"email": "owner@example.com"})).text
    )
    assert await exchange.read(lambda connection: connection.execute(select(emails)).all()) == []
