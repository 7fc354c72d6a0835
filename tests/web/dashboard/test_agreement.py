"""Ours and theirs in the dashboard: reasons, drill-down to the calls, and a file that is compared."""

from datetime import date
from decimal import Decimal

import httpx
import pytest

from swapboard.reports.counted_store import keep_counted, keep_trouble
from swapboard.storage.engine import writing
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
    assert "Nothing was sent yet." in (await owner.get(f"{where}/compare")).text
    call_id = await a_call(shop, 61)
    clock.pass_by(600)
    await shop.exchange.deliverer.look()
    page = (await owner.get(f"{where}/compare")).text
    assert f'href="/calls/{call_id}"' in page
    assert "were not sent. <bdi>There is no Google Analytics cookie" in page
    answer = await compared(owner, where, b"Day,Event count\n2026-11-24,2\n2026-11-23,1\n")
    assert answer.status_code == 200
    assert "more than it was told: modelled by the platform" in answer.text
    assert "2026-11-23" in answer.text
    wrong = await compared(owner, where, b"Day,Cost\n2026-11-24,2\n")
    assert (wrong.status_code, "a column Conversions" in wrong.text) == (422, True)
    assert f'href="{where}/compare"' in (await owner.get(where)).text
    assert "Connect the ad account" not in answer.text, "Analytics cannot be asked"
    await browser.log_in("stranger@example.com")
    assert (await browser.get(f"{where}/compare")).status_code == 404


async def test_what_the_platform_said_when_it_was_asked_stands_beside_ours(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    where = await made(owner, kind="google_ads_feed", **{"setting-conversion_name": "Phone call"})
    asks = (await owner.get(f"{where}/compare")).text
    assert 'href="/costs#accounts"' in asks
    destination_id, company_id = where.rpartition("/")[2], shop.company_id
    days = {date(2026, 11, 22): Decimal(0), date(2026, 11, 23): Decimal("1.5")}
    with writing(shop.exchange.engine) as connection:
        keep_counted(connection, company_id, destination_id, days, clock())
    page = (await owner.get(f"{where}/compare")).text
    assert "Asked once a day; the last answer is of" in page
    assert 'data-label="Counted there">1.5<' in page
    assert "2 more than it was told" in page.replace("<bdi>", "")
    with writing(shop.exchange.engine) as connection:
        keep_trouble(connection, company_id, destination_id, "Google: <b>no</b>")
    page = (await owner.get(f"{where}/compare")).text
    assert "Google: &lt;b&gt;no&lt;/b&gt;" in page
    assert 'data-label="Counted there">1.5<' in page
    answer = await compared(owner, where, b"Day,Conversions\n2026-11-23,4\n")
    assert 'data-label="Counted there">4<' in answer.text, "a file that is sent comes first"
