"""All calls and sessions as JSON Lines, page by page behind the door, and on from where it broke off."""

import json

import pytest

from swapboard.web.api import calls, sessions
from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio


async def lines(house: House, path: str, who: str = "owner", **params: str) -> list[dict[str, object]]:
    answer = await house.ask("GET", path, who=who, params=params)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson"), answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.fixture(autouse=True)
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (calls, sessions):
        monkeypatch.setattr(module, "LINES_AT_ONCE", 2)


async def test_every_call_and_session_is_there_as_the_lists_have_them(house: House) -> None:
    ids = await house.furnish()
    for number in range(5):
        # No lease ends meanwhile: the server would say so in the middle, between one answer and the next.
        house.clock.pass_by(1)
        await house.visit(ids["company"], ids["site"], f"https://shop.example.com/{number}?utm_source=news")
        await house.ring(ids["company"], BILLBOARD, caller=f"+1212555011{number}", ref=f"CA{number}")
    for path in ("/calls", "/sessions"):
        listed = (await house.get(path))["data"]
        assert len(listed) == 5
        assert await lines(house, f"{path}/export") == listed
        # On after any line that arrived, as after the second of these.
        assert await lines(house, f"{path}/export", after=listed[1]["id"]) == listed[2:]
        assert await lines(house, f"{path}/export", to=listed[0]["started_at"]) == listed[1:]
        assert await lines(house, f"{path}/export", "stranger") == []
        refused = await house.ask("GET", f"{path}/export", who="stranger", params={"after": listed[1]["id"]})
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "after")
    assert len(await lines(house, "/calls/export", status="missed")) == 0


async def test_who_takes_everything_out_is_in_the_journal(house: House) -> None:
    for path in ("/calls/export", "/sessions/export"):
        house.clock.pass_by(1)
        await lines(house, path)
    refused = await house.ask("GET", "/calls/export", params={"after": "0" * 32})
    assert refused.status_code == 422
    told = (await house.get("/journal?act=exported"))["data"]
    assert [(each["actor"], each["subject"]) for each in told] == [
        ("key owner", "GET /api/v1/sessions/export"),
        ("key owner", "GET /api/v1/calls/export"),
    ]
    assert (await house.get("/journal?act=exported", who="stranger"))["data"] == []
