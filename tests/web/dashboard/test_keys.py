"""Keys on their page: shown once, held to scopes, ended by time and by hand, and asked about when people go."""

import re
from contextlib import nullcontext
from html import unescape

import httpx
import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request

from swapboard.accounts.company import ApiKey
from swapboard.accounts.keys import list_keys
from swapboard.accounts.rights import Resource
from swapboard.clock import DAY, SECOND
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api import install_api
from swapboard.web.bodies import Refused
from swapboard.web.practice import Practice
from swapboard.web.visits import Visits
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import ORIGIN, Browser, Clock, Shop
from tests.web.dashboard.test_members import another_browser, member_id

pytestmark = [pytest.mark.anyio, ON_SQLITE]

WHOLE = {"name": "Nightly <b>", "role": "admin", "reach": "all", "days": "30"}


async def made(browser: Browser, **fields: str) -> str:
    """The secret of a new key."""
    answer = await browser.send_form("/keys", WHOLE | fields)
    found = re.search(r'<code id="secret">([^<]+)</code>', answer.text)
    assert found, answer.text
    return unescape(found[1])


async def asked(exchange: Exchange, secret: str, method: str, path: str) -> int:
    app = FastAPI()
    app.state.exchange, app.state.visits = exchange, Visits(exchange)
    install_api(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        headers = {"Authorization": f"Bearer {secret}"}
        body = {} if method != "GET" else None
        return (await client.request(method, f"/api/v1{path}", headers=headers, json=body)).status_code


async def keys_of(shop: Shop) -> list[ApiKey]:
    page = await shop.exchange.read(lambda connection: list_keys(connection, shop.company_id, 50))
    return list(page.rows)


async def test_a_key_is_shown_once_works_and_ends_by_itself(owner: Browser, shop: Shop, clock: Clock) -> None:
    secret = await made(owner)
    listed = (await owner.get("/keys")).text
    assert secret not in listed
    assert "Nightly &lt;b&gt;" in listed
    assert 'made_key,"Nightly <b>, admin"' in (await owner.get("/journal.csv")).text
    assert await asked(shop.exchange, secret, "POST", "/sites") == 422
    clock.pass_by(30 * DAY / SECOND - 1)
    assert await asked(shop.exchange, secret, "GET", "/calls") == 200
    clock.pass_by(1)
    assert await asked(shop.exchange, secret, "GET", "/calls") == 401
    await owner.log_in("owner@example.com")
    assert "Ended" in (await owner.get("/keys")).text


async def test_a_key_does_what_its_scopes_say_and_no_more(owner: Browser, shop: Shop) -> None:
    reads = await made(owner, reach="read")
    assert await asked(shop.exchange, reads, "GET", "/keys") == 200
    assert await asked(shop.exchange, reads, "POST", "/sites") == 403
    chosen = await made(owner, reach="chosen", **{"area-reports": "read", "area-numbers": "write"})
    for method, path, status in [
        ("GET", "/reports/views", 200),
        ("POST", "/reports/views", 403),
        ("GET", "/numbers", 200),
        ("POST", "/pools", 422),
        ("GET", "/calls", 403),
        ("POST", "/keys", 403),
    ]:
        assert await asked(shop.exchange, chosen, method, path) == status, (method, path)
    assert "changes: Numbers" in (await owner.get("/keys")).text


async def test_who_rings_practice_numbers_must_change_numbers_and_calls(
    owner: Browser, shop: Shop, app: Starlette
) -> None:
    practice = Practice(shop.exchange, app)
    calls, numbers = {"area-calls": "write"}, {"area-numbers": "write"}
    for fields, rings, looks in (
        ({"reach": "all"}, True, True),
        ({"reach": "read"}, False, True),
        ({"role": "analyst"}, False, True),
        ({"reach": "chosen"} | numbers, False, False),
        ({"reach": "chosen"} | calls, False, True),
        ({"reach": "chosen"} | calls | numbers, True, True),
    ):
        headers = [(b"authorization", f"Bearer {await made(owner, **fields)}".encode())]
        for method, is_let in (("POST", rings), ("GET", looks)):
            request = Request({"type": "http", "method": method, "headers": headers})
            for resource in (Resource.CALLS, Resource.TEXTS):
                with nullcontext() if is_let else pytest.raises(Refused, match="may not"):
                    assert (await practice.place(request, resource))[1] == shop.company_id
    await practice.aclose()


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"role": "boss"}, {"reach": "chosen"}, {"reach": ""}, {"days": "31"}, {"reach": "most"}],
)
async def test_what_is_chosen_wrong_is_said_and_makes_nothing(
    owner: Browser, shop: Shop, wrong: dict[str, str]
) -> None:
    answer = await owner.send_form("/keys", WHOLE | wrong)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert await keys_of(shop) == []


async def test_revoking_is_at_once_and_an_admin_makes_and_ends_no_owners_key(
    owner: Browser, shop: Shop, app: Starlette
) -> None:
    secret = await made(owner, role="owner", days="")
    key = (await keys_of(shop))[0]
    await owner.send_form(f"/people/{await member_id(shop, 'reader@example.com')}/role", {"role": "admin"})
    async with another_browser(app) as admin:
        await admin.log_in("reader@example.com")
        assert (await admin.send_form("/keys", WHOLE | {"role": "owner"})).status_code == 403
        assert (await admin.send_form(f"/keys/{key.key_id}/revoke", {})).status_code == 403
    assert await asked(shop.exchange, secret, "GET", "/calls") == 200
    assert (await owner.send_form(f"/keys/{key.key_id}/revoke", {})).status_code == 303
    assert await asked(shop.exchange, secret, "GET", "/calls") == 401
    assert (await owner.send_form("/keys/nobody/revoke", {})).status_code == 404
    assert "revoked_key" in (await owner.get("/journal.csv")).text


async def test_who_goes_is_asked_about_their_keys_and_links(owner: Browser, shop: Shop, app: Starlette) -> None:
    reader = await member_id(shop, "reader@example.com")
    await owner.send_form(f"/people/{reader}/role", {"role": "admin"})
    mine = await made(owner, name="Mine")
    async with another_browser(app) as admin:
        await admin.log_in("reader@example.com")
        stays, goes = await made(admin, name="Stays"), await made(admin, name="Goes")
        await admin.send_form("/reports/saved", {"name": "Paid", "address": "/reports"})
        saved = re.search(r"/reports/saved/(\w{32})", (await admin.get("/reports/saved")).text)
        assert saved
        shared = await admin.send_form(f"/reports/saved/{saved[1]}/links", {"days": "30"})
        assert "shown once" in shared.text
    page = (await owner.get(f"/people/{reader}/remove")).text
    assert [name in page for name in ("Stays", "Goes", "Mine", "Link to a saved report")] == [
        *(True, True),
        *(False, True),
    ]
    share = re.search(r'name="share" value="(\w+)"', page)
    assert share
    by_name = {key.name: key.key_id for key in await keys_of(shop)}
    chosen = {"key": [by_name["Goes"], by_name["Mine"]], "share": [share[1]]}
    assert (await owner.send_fields(f"/people/{reader}/remove", chosen)).status_code == 303
    # Nobody's but theirs goes with them, whatever the form says.
    statuses = [await asked(shop.exchange, secret, "GET", "/calls") for secret in (stays, goes, mine)]
    assert statuses == [200, 401, 200]
    assert "(no longer here)" in (await owner.get("/keys")).text
    assert f"revoked_link,{saved[1]}" in (await owner.get("/journal.csv")).text
    assert (await owner.get(f"/people/{reader}/remove")).status_code == 404
