"""Our conversions beside a platform's count, by the API."""

import base64

import pytest

from tests.web.api.house import House
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
