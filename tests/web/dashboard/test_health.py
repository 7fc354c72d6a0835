"""Does the database answer?"""

import pytest

from tests.building import without_database
from tests.web.dashboard.shop import Browser, Shop

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
