"""Our conversions beside a platform's count, by the API."""

import base64
from datetime import date
from decimal import Decimal

import pytest

from swapboard.reports.counted_store import keep_counted
from swapboard.storage.engine import writing
from tests.web.api.house import BILLBOARD, House
from tests.web.api.test_rights import WEBHOOK

pytestmark = pytest.mark.anyio


def count(text: str) -> dict[str, str]:
    return {"content": base64.b64encode(text.encode()).decode()}


async def test_each_day_has_both_counts_and_why_they_differ(house: House) -> None:
    ids = await house.furnish()
    destination = await house.make("/destinations", WEBHOOK)
    path = f"/destinations/{destination['id']}/compare"
    assert (await house.get(path))["days"] == []
    visit = await house.visit(ids["company"], ids["site"])
    await house.ring(ids["company"], visit.swaps[0].number)
    [waiting] = (await house.get(path))["days"]
    assert (waiting["day"], waiting["made"], waiting["told"], waiting["theirs"]) == ("2026-11-24", 1, 0, None)
    assert [each["count"] for each in waiting["reasons"]] == [1]
    answer = await house.ask("POST", path, count("Day,Conversions\n2026-11-24,2\n2026-11-23,1\n"))
    told = answer.json()
    assert (answer.status_code, told["heading"], told["by_click"]) == (200, "Conversions", False)
    assert [(each["day"], each["theirs"], each["difference"]) for each in told["days"]] == [
        ("2026-11-24", 2, 2),
        ("2026-11-23", 1, 1),
    ]
    wrong = await house.ask("POST", path, count("Day,Cost\n2026-11-24,2\n"))
    assert wrong.status_code == 422
    assert "a column Conversions" in wrong.json()["errors"][0]["detail"]


async def test_what_was_told_stands_beside_what_the_platform_counted(house: House) -> None:
    ids = await house.furnish()
    feed = {"kind": "google_ads_feed", "name": "Google Ads", "settings": {"conversion_name": "Phone call"}}
    made = await house.make("/destinations", feed)
    await house.ring(ids["company"], BILLBOARD)
    with writing(house.exchange.engine) as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'sent', ended_at = said_at")
    path = f"/destinations/{made['id']}/compare"
    before = await house.get(path)
    assert (before["can_be_asked"], before["asked_at"], before["trouble"]) == (True, None, None)
    day = {"day": "2026-11-24", "made": 1, "told": 1, "theirs": None, "difference": None, "reasons": []}
    assert before["days"] == [day]
    with writing(house.exchange.engine) as connection:
        counted = {date(2026, 11, 24): Decimal("0.5")}
        keep_counted(connection, ids["company"], made["id"], counted, house.clock())
    after = await house.get(path)
    assert (after["asked_at"], after["by_click"]) == ("2026-11-24T07:00:00.000Z", False)
    assert [(each["theirs"], each["reasons"][0]["count"]) for each in after["days"]] == [(0.5, 1)]
    assert (await house.ask("GET", f"/destinations/{'0' * 32}/compare")).status_code == 404
