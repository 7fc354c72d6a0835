"""A pool's past played with other sizes, by the API."""

import asyncio

import pytest

from swapboard.switchboard.rehearsal import sizes_about
from tests.building import ON_SQLITE
from tests.web.api.house import House

pytestmark = [pytest.mark.anyio, ON_SQLITE]


async def test_it_begins_runs_and_tells_of_each_size(house: House) -> None:
    ids = await house.furnish()
    await house.visit(ids["company"], ids["site"])
    path = f"/pools/{ids['pool']}/rehearsal"
    assert (await house.get(path))["asked_at"] is None
    begun = await house.ask("POST", path)
    assert (begun.status_code, begun.json()["is_running"]) == (202, True)
    async with asyncio.timeout(60):
        while (told := await house.get(path))["is_running"]:
            await asyncio.sleep(0.05)
    assert told["failed"] is False
    assert [each["numbers"] for each in told["results"]] == told["sizes"] == sizes_about(3)
    assert {each["visits"] for each in told["results"]} == {1}
