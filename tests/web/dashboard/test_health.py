"""Does the database answer?"""

import httpx
import pytest
from starlette.applications import Starlette

from swapboard.switchboard.exchange import Exchange
from tests.building import without_database
from tests.web.dashboard.shop import ORIGIN, Browser, Shop

pytestmark = pytest.mark.anyio


async def test_health_needs_no_log_in(browser: Browser) -> None:
    answer = await browser.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok")


async def test_without_its_database_the_dashboard_says_so(owner: Browser, shop: Shop, database_url: str) -> None:
    with without_database(database_url, shop.exchange.engine):
        health = await owner.get("/healthz")
        page = await owner.get("/calls")
        form = await owner.log_in("owner@example.com")

    assert (health.status_code, health.text) == (503, "the database does not answer")
    for answer in (page, form):
        assert answer.status_code == 503
        assert "Calls still get through" in answer.text
        assert answer.headers["retry-after"] == "5"
    assert (await owner.get("/healthz")).status_code == 200
    assert (await owner.get("/calls")).status_code == 200


async def test_a_fault_of_ours_is_a_page_that_gives_nothing_away(
    app: Starlette, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_look: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(exchange, "read", fail)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with Browser(transport=transport, base_url=ORIGIN) as browser:
        answer = await browser.get("/login")

    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "secret" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
