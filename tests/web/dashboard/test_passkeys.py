"""Passkeys by an authenticator in software: used once for each challenge, and no lie of a browser's lets in."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from html import unescape
from typing import Any

import httpx
import pytest

from swapboard.accounts.ceremony import CHALLENGE_LASTS, place_of
from swapboard.accounts.passkeys import passkeys_of
from swapboard.accounts.people import person_by_email, set_password
from swapboard.clock import SECOND
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from swapboard.web.dashboard.login import TRIES_AT_ONCE
from tests.authenticator import PRESENT, Authenticator
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import PASSWORD, Browser, Clock, Shop
from tests.web.dashboard.test_second_step import set_up

pytestmark = [pytest.mark.anyio, ON_SQLITE]

HOST = "board.example.com"
SECURE = f"https://{HOST}"


class SecureBrowser(Browser):
    async def send_form(self, path: str, fields: dict[str, str]) -> httpx.Response:
        return await self.post(path, data=fields, headers={"Origin": SECURE})


@pytest.fixture
async def secure(exchange: Exchange, shop: Shop) -> AsyncIterator[SecureBrowser]:
    """A browser in which the owner is logged in, at an address for which there are passkeys."""
    exchange.settings = replace(exchange.settings, public_url=SECURE)
    transport = httpx.ASGITransport(dashboard(exchange))
    async with SecureBrowser(transport=transport, base_url=SECURE, headers={"Accept": "text/html"}) as browser:
        await browser.log_in("owner@example.com")
        yield browser


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(SECURE, HOST)


def options_of(answer: httpx.Response) -> dict[str, Any]:
    found = re.search(r'data-options="([^"]+)"', answer.text)
    assert found, answer.text
    told: dict[str, Any] = json.loads(unescape(found[1]))
    return told


async def make(browser: Browser, device: Authenticator, name: str = "My <b>phone") -> httpx.Response:
    begun = await browser.send_form("/me/passkeys/new", {"now": PASSWORD})
    return await browser.send_form("/me/passkeys", {"name": name, "answer": device.make(options_of(begun))})


async def use(browser: Browser, device: Authenticator, wanted: str = "/calls") -> httpx.Response:
    asked = options_of(await browser.get(f"/login/passkey?next={wanted}"))
    return await browser.send_form("/login/passkey", {"next": wanted, "answer": device.sign(asked)})


async def test_it_lets_in_without_password_and_code_until_it_is_removed(
    secure: SecureBrowser, shop: Shop, device: Authenticator, clock: Clock
) -> None:
    assert (await secure.send_form("/me/passkeys/new", {"now": "wrong"})).status_code == 422
    assert (await make(secure, device)).status_code == 303
    await set_up(secure, clock)
    await secure.send_form("/logout", {})
    assert "/login/passkey?next=" in (await secure.get("/login")).text
    await secure.log_in("owner@example.com")
    assert "/login/passkey?next=" in (await secure.get("/login/code")).text
    clock.pass_by(1)
    assert (await use(secure, device)).headers["location"] == "/calls"
    page = (await secure.get("/me/passkeys")).text
    assert ("My &lt;b&gt;phone" in page, "last used" in page) == (True, True)
    found = re.search(r'name="passkey" value="(\w+)"', page)
    assert found
    assert (await secure.send_form("/me/passkeys/remove", {"passkey": found[1]})).status_code == 303
    assert (await secure.send_form("/me/passkeys/remove", {"passkey": found[1]})).status_code == 404
    journal = (await secure.get("/journal.csv")).text
    assert [act in journal for act in ("made_passkey", "removed_passkey")] == [True, True]
    await secure.send_form("/logout", {})
    assert (await use(secure, device)).status_code == 401


@pytest.mark.parametrize("counts", [True, False])
async def test_a_challenge_is_answered_once_and_soon(
    secure: SecureBrowser, shop: Shop, device: Authenticator, clock: Clock, counts: bool
) -> None:
    device.counts = counts
    await make(secure, device)
    asked = options_of(await secure.get("/login/passkey"))
    kept, answer = dict(secure.cookies), device.sign(asked)
    assert (await secure.send_form("/login/passkey", {"answer": answer})).status_code == 303
    # Even with the cookie of then.
    secure.cookies.clear()
    secure.cookies.update(kept)
    assert (await secure.send_form("/login/passkey", {"answer": answer})).status_code == 401
    begun = await secure.get("/login/passkey")
    clock.pass_by(CHALLENGE_LASTS / SECOND + 1)
    late = await secure.send_form("/login/passkey", {"answer": device.sign(options_of(begun))})
    assert "took too long" in late.text
    assert (await secure.send_form("/login/passkey", {"answer": answer})).status_code == 401


async def test_what_a_browser_makes_up_lets_nobody_in(
    secure: SecureBrowser, shop: Shop, device: Authenticator, clock: Clock
) -> None:
    await make(secure, device)
    lies = {
        "another site": replace(device, origin="https://evil.example.net", count=5),
        "another host": replace(device, host="evil.example.net", count=5),
        "not verified": replace(device, flags=PRESENT, count=5),
        "another key": replace(device, key=Authenticator(SECURE, HOST).key, count=5),
        "another person": replace(device, handle=b"somebody", count=5),
        "unknown": replace(device, credential_id=b"x" * 32),
    }
    await secure.send_form("/logout", {})
    for lie, made_up in lies.items():
        clock.pass_by(60)
        assert (await use(secure, made_up)).status_code == 401, lie
    for nonsense in ("", "{}", "null", '{"id": 1}', "x" * 30_000, "[" * 5_000):
        clock.pass_by(60)
        await secure.get("/login/passkey")
        assert (await secure.send_form("/login/passkey", {"answer": nonsense})).status_code == 401, nonsense[:9]
    device.count = 9
    assert (await use(secure, device)).status_code == 303
    # A copy that counts anew is a copy.
    device.count = 0
    assert (await use(secure, device)).status_code == 401


async def test_who_gets_in_by_it_may_come_as_often_as_they_like(
    secure: SecureBrowser, shop: Shop, device: Authenticator, clock: Clock
) -> None:
    await make(secure, device)
    for _ in range(TRIES_AT_ONCE + 1):
        clock.pass_by(1)
        assert (await use(secure, device)).status_code == 303


@pytest.mark.parametrize("key", [[1], {1: 2}, []])
async def test_a_key_that_is_none_is_not_kept(
    key: object, secure: SecureBrowser, shop: Shop, device: Authenticator
) -> None:
    device.cose = key
    assert (await make(secure, device)).status_code == 422


async def test_what_does_not_fit_is_not_kept_and_nothing_is_kept_twice(
    secure: SecureBrowser, shop: Shop, device: Authenticator
) -> None:
    for lie in (Authenticator("https://evil.example.net", HOST), Authenticator(SECURE, HOST, flags=PRESENT)):
        assert (await make(secure, lie)).status_code == 422
    assert (await secure.send_form("/me/passkeys", {"name": "x", "answer": "{}"})).status_code == 422
    assert (await make(secure, device)).status_code == 303
    assert (await make(secure, device)).status_code == 409


async def test_a_password_by_mail_drops_what_somebody_else_may_have_made(
    secure: SecureBrowser, shop: Shop, device: Authenticator
) -> None:
    await make(secure, device)

    def reset(connection: Any) -> int:
        person = person_by_email(connection, "owner@example.com")
        assert person
        set_password(connection, replace(person, verified_at=None), "another hash", verified_at=1)
        return len(passkeys_of(connection, person))

    assert await shop.exchange.change(reset) == 0


async def test_where_browsers_make_none_it_is_said(owner: Browser) -> None:
    assert "SWAPBOARD_PUBLIC_URL" in (await owner.get("/me/passkeys")).text
    assert "/login/passkey" not in (await owner.get("/login")).text
    assert (await owner.get("/login/passkey?next=/calls")).headers["location"] == "/login?next=%2Fcalls"
    places = [
        "http://a.example.com",
        "https://192.0.2.1",
        "https://[::1]:8",
        "https://a.example.com:8",
        "http://localhost:8",
    ]
    assert [place.host if (place := place_of(each)) else None for each in places] == [
        *(None, None, None),
        *("a.example.com", "localhost"),
    ]
