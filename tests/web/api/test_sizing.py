"""How many numbers a pool needs, by the API: what the page of its sizing says."""

import pytest

from swapboard.numbers.own_traffic import FEWEST_STAYS
from tests.building import ON_SQLITE
from tests.web.api.house import House

pytestmark = [pytest.mark.anyio, ON_SQLITE]


async def test_its_own_visits_say_how_many(house: House) -> None:
    ids = await house.furnish()
    path = f"/pools/{ids['pool']}/sizing"
    empty = await house.get(path)
    assert (empty["active"], empty["advice"], empty["exhausted"]) == (3, None, 0)
    # Three of them at a time: one finds no number each time, and is counted.
    for _ in range(FEWEST_STAYS // 3 + 1):
        for _visitor in range(4):
            await house.visit(ids["company"], ids["site"])
        house.clock.pass_by(3600)
    told = await house.get(path)
    assert told["exhausted"] > 0
    assert {each["live"] for each in told["peaks"]} == {4}
    assert told["advice"]["visits"] >= FEWEST_STAYS
    advised = next(e for e in told["advice"]["sizes"] if e["numbers"] == told["advice"]["recommended"])
    assert advised["kept_back"] <= told["promise"]
    # Whoever may turn more away needs no more numbers, and what is asked is told back.
    lax = await house.get(path, promise=0.5, quiet_minutes=0)
    assert (lax["promise"], lax["quiet_minutes"]) == (0.5, 0)
    assert lax["advice"]["recommended"] <= told["advice"]["recommended"]
    assert (await house.ask("GET", path, params={"promise": 2})).status_code == 422
