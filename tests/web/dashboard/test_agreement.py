"""Ours and theirs in the dashboard: reasons, drill-down to the calls, and a file that is compared."""

import httpx
import pytest

from tests.web.dashboard.shop import ORIGIN, Browser, Clock, Shop
from tests.web.dashboard.test_destinations import a_call, made

pytestmark = pytest.mark.anyio


async def compared(browser: Browser, where: str, content: bytes) -> httpx.Response:
    file = {"file": ("theirs.csv", content)}
    return await browser.post(f"{where}/compare", files=file, headers={"Origin": ORIGIN})


async def test_each_call_is_there_with_its_reason(
    owner: Browser, browser: Browser, shop: Shop, stranger: Shop, clock: Clock
) -> None:
    where = await made(
        owner, kind="google_analytics", **{"setting-measurement_id": "G-AB12CD34EF", "setting-api_secret": "x"}
    )
    assert "Nothing yet." in (await owner.get(f"{where}/compare")).text
    call_id = await a_call(shop, 61)
    clock.pass_by(600)
    await shop.exchange.deliverer.look()
    page = (await owner.get(f"{where}/compare")).text
    assert f'href="/calls/{call_id}"' in page
    assert "were not sent. There is no Google Analytics cookie" in page
    answer = await compared(owner, where, b"Day,Event count\n2026-11-24,2\n2026-11-23,1\n")
    assert answer.status_code == 200
    assert "more than it was told: modelled by the platform" in answer.text
    assert "2026-11-23" in answer.text
    wrong = await compared(owner, where, b"Day,Cost\n2026-11-24,2\n")
    assert (wrong.status_code, "a column Conversions" in wrong.text) == (422, True)
    assert f'href="{where}/compare"' in (await owner.get(where)).text
    await browser.log_in("stranger@example.com")
    assert (await browser.get(f"{where}/compare")).status_code == 404
