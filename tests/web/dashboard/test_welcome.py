"""The first page of a new server, through its doors: whoever has the code becomes the owner, once."""

import re

import httpx
import pytest
from starlette.applications import Starlette

from swapboard.accounts.people import has_people
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard.login import TRIES_AT_ONCE
from swapboard.web.dashboard.welcome import first_run_code
from tests.web.dashboard.shop import ORIGIN, PASSWORD, Browser

pytestmark = pytest.mark.anyio


def form(exchange: Exchange, **changed: str) -> dict[str, str]:
    return {
        "code": first_run_code(exchange.vault),
        "person": "Olga Owner",
        "email": "Owner@Example.com",
        "password": PASSWORD,
        "again": PASSWORD,
        "name": "Brightwater",
        "time_zone": "America/New_York",
        "country": "us",
    } | changed


async def test_a_new_server_is_set_up_by_whoever_has_the_code(browser: Browser, exchange: Exchange) -> None:
    asked = await browser.get("/")
    assert asked.headers["location"].startswith("/login")
    assert (await browser.get("/login")).headers["location"] == "/welcome"
    assert "The code in the server" in (await browser.get("/welcome")).text
    code = first_run_code(exchange.vault)
    assert "Your company" in (await browser.get(f"/welcome?code={code}")).text

    made = await browser.send_form("/welcome", form(exchange))
    assert made.headers["location"] == "/setup/start"
    page = await browser.get("/setup/start")
    assert "Brightwater" in page.text
    assert "Six short steps" in page.text
    assert "owner@example.com, owner" in (await browser.get("/journal.csv")).text
    assert (await browser.log_in("owner@example.com")).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("code", "", "not the code"),
        ("code", "00000000000000000000", "not the code"),
        ("code", "ü", "not the code"),
        ("email", "nobody", "e-mail address"),
        ("email", "one,two@example.com", "e-mail address"),
        ("person", " ", "Write your name"),
        ("name", "", "company&#39;s name"),
        ("time_zone", "Mars/Olympus", "time zone"),
        ("country", "Austria", "two letters, such as US"),
        ("again", "another password", "not the same"),
        ("password", "short", "at least 10 characters"),
    ],
)
async def test_what_cannot_be_is_said_and_nobody_is_made(
    browser: Browser, exchange: Exchange, field: str, value: str, said: str
) -> None:
    answer = await browser.send_form("/welcome", form(exchange, **{field: value}))
    assert answer.status_code == 422
    assert said in answer.text
    assert not await exchange.read(has_people)


async def test_a_countrys_name_is_not_cut_to_another_countrys_letters(
    browser: Browser, exchange: Exchange
) -> None:
    """Of Austria a browser that counts letters leaves AU, which is Australia."""
    page = await browser.get(f"/welcome?code={first_run_code(exchange.vault)}")
    [longest] = re.findall(r'name="country"[^>]* maxlength="(\d+)"', page.text)
    assert int(longest) >= len("British Indian Ocean Territory")


async def test_a_short_password_is_told_at_its_field_with_all_else_that_is_wrong(
    browser: Browser, exchange: Exchange
) -> None:
    answer = await browser.send_form("/welcome", form(exchange, password="short", again="short", person=""))
    assert "Write your name" in answer.text
    assert (
        'minlength="10" autocomplete="new-password" aria-invalid="true" aria-describedby="password-fault"'
        in answer.text
    )
    assert 'id="password-fault">A password needs at least 10 characters.' in answer.text


async def test_the_code_cannot_be_tried_without_end(browser: Browser, exchange: Exchange) -> None:
    for _ in range(40):
        answer = await browser.get("/welcome?code=wrong")
    assert "Too many tries" in answer.text


async def test_a_stranger_who_tries_keeps_nobody_out(browser: Browser, exchange: Exchange, app: Starlette) -> None:
    transport = httpx.ASGITransport(app, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as stranger:
        for _ in range(TRIES_AT_ONCE + 1):
            answer = await stranger.get("/welcome?code=wrong")
    assert "Too many tries" in answer.text
    assert (await browser.send_form("/welcome", form(exchange))).status_code == 303


async def test_once_somebody_is_there_it_is_gone(browser: Browser, exchange: Exchange) -> None:
    assert (await browser.send_form("/welcome", form(exchange))).status_code == 303
    second = await browser.send_form("/welcome", form(exchange, email="thief@example.com"))
    assert second.status_code == 409
    assert (await browser.get("/welcome")).headers["location"] == "/login"
    assert (await browser.log_in("thief@example.com")).status_code == 401
