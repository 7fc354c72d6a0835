"""What browsers are told to forbid, and where a form may come from."""

import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from tests.web.dashboard.shop import BILLBOARD, ORIGIN, PASSWORD, Browser, Shop

pytestmark = pytest.mark.anyio

FORM = {"email": "owner@example.com", "password": PASSWORD, "next": "/"}


async def every_page(owner: Browser, shop: Shop) -> list[str]:
    """The addresses of all pages there are."""
    admitted = await shop.visit()
    pool_call = await shop.ring(admitted.swaps[0].number)
    static_call = await shop.ring(BILLBOARD, ref="CA2")
    visit = f"/visits/{admitted.session_id}"
    calls = [f"/calls/{pool_call}", f"/calls/{static_call}"]
    return ["/", "/calls", *calls, visit, "/numbers", "/setup", "/nothing-here", "/login"]


async def test_every_page_forbids_what_it_does_not_need(owner: Browser, shop: Shop) -> None:
    for path in await every_page(owner, shop):
        headers = (await owner.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


async def test_no_page_has_a_script_or_style_of_its_own_or_asks_another_host(owner: Browser, shop: Shop) -> None:
    for path in await every_page(owner, shop):
        html = (await owner.get(path)).text
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        assert "<style" not in html
        assert not re.search(r"\s(?:style|on[a-z]+)=[\"']", html)
        fetched = re.findall(r"<(?:script|img|link|source|iframe)[^>]*\s(?:src|href)=\"([^\"]+)\"", html)
        assert fetched or path == "/login"
        assert all(address.startswith("/static/") for address in fetched)


async def test_a_static_file_is_kept_for_ever_under_its_digest(owner: Browser) -> None:
    html = (await owner.get("/calls")).text
    addresses = re.findall(r"\"(/static/[^\"]+)\"", html)

    assert {address.partition("?")[0].rpartition(".")[2] for address in addresses} == {"css", "js", "svg"}
    for address in addresses:
        answer = await owner.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await owner.get("/static/app.css")).headers["cache-control"] == "no-store"
    assert (await owner.get("/static/none.css?v=1")).headers["cache-control"] == "no-store"
    assert (await owner.get("/static/../app.py")).status_code == 404
    assert (await owner.get("/static/%2e%2e/app.py")).status_code == 404


ELSEWHERE: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": ORIGIN},
    {"Origin": "https://evil.example.com"},
    {"Origin": "http://evil.board.example.com"},
    {"Origin": "http://board.example.com.evil.example.com"},
    {"Origin": "null"},
    {"Origin": ""},
    {},
)
OURS: tuple[dict[str, str], ...] = (
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": ORIGIN},
    # Behind a proxy the host that we see may be another one than the browser's.
    {"Origin": ORIGIN, "Host": "10.0.0.7:8000"},
    # Or the person uses another name of the server than its public one.
    {"Origin": "http://localhost:8000", "Host": "localhost:8000"},
)


async def test_a_form_from_elsewhere_is_refused(owner: Browser) -> None:
    for headers in ELSEWHERE:
        for path in ("/login", "/logout"):
            answer = await owner.post(path, data=FORM, headers=headers)
            assert answer.status_code == 403, headers
            assert "set-cookie" not in answer.headers
    assert (await owner.get("/")).status_code == 200


async def test_no_form_of_ours_is_accepted_from_elsewhere(app: Starlette, owner: Browser) -> None:
    doors = [route.path for route in app.routes if isinstance(route, Route) and "POST" in (route.methods or ())]
    assert len(doors) > 15
    for path in doors:
        answer = await owner.post(re.sub(r"{\w+}", "0" * 32, path), headers={"Origin": "https://evil.example.com"})
        assert answer.status_code == 403, path
        assert "did not come from the dashboard" in answer.text


async def test_our_own_form_is_accepted(browser: Browser, shop: Shop) -> None:
    for headers in OURS:
        answer = await browser.post("/login", data=FORM, headers=headers)
        assert answer.status_code == 303, headers
