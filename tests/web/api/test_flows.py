"""Flows by the API: made, checked, changed, and taken by the calls to their numbers."""

from typing import Any

import pytest

from tests.web.api.house import BILLBOARD, DESTINATION, TARGET, House

pytestmark = pytest.mark.anyio

MENU: dict[str, Any] = {
    "name": "Shop",
    "start": "menu",
    "steps": {
        "menu": {"kind": "menu", "text": "Press 2.", "keys": {"2": "mailbox"}, "otherwise": "ring"},
        "ring": {"kind": "dial", "targets": [{"number": "destination"}], "otherwise": "mailbox"},
        "mailbox": {"kind": "voicemail", "text": "Speak."},
    },
    "numbers": [TARGET],
}


async def test_a_flow_is_made_read_changed_and_removed(house: House) -> None:
    ids = await house.furnish()
    made = await house.make("/flows", MENU)
    assert made["steps"]["ring"]["targets"][0] == {"number": "destination", "ring_seconds": 25, "weight": 1}
    assert made["numbers"] == [TARGET]
    assert (await house.get("/flows"))["data"] == [made]
    routes = house.exchange.directory.routes.companies[ids["company"]]
    assert routes.flow_of[BILLBOARD] == made["id"]
    changed = await house.ask("PATCH", f"/flows/{made['id']}", {"name": "Front desk", "numbers": [BILLBOARD]})
    assert changed.json() == {**made, "name": "Front desk", "numbers": [BILLBOARD]}
    assert (await house.ask("DELETE", f"/flows/{made['id']}")).status_code == 204
    assert not house.exchange.directory.routes.companies[ids["company"]].flow_of


async def test_a_number_has_one_flow(house: House) -> None:
    await house.furnish()
    first = await house.make("/flows", MENU)
    second = await house.make("/flows", {**MENU, "name": "Other"})
    assert (await house.get(f"/flows/{first['id']}"))["numbers"] == []
    assert second["numbers"] == [TARGET]


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"start": "nowhere"}, "#/start", "no such step"),
        ({"numbers": ["+12025559999"]}, "#/numbers", "none of your numbers"),
        ({"steps": {**MENU["steps"], "ring": {"kind": "dial"}}}, "#/steps/ring", "leads nowhere"),
        ({"steps": {**MENU["steps"], "ring": {"kind": "dance"}}}, "#/steps/ring", "does not match any"),
        (
            {"steps": {**MENU["steps"], "ring": {"kind": "dial", "atonce": True}}},
            "#/steps/ring/dial/atonce",
            "nexpected",
        ),
        (
            {
                "steps": {
                    **MENU["steps"],
                    "ring": {"kind": "dial", "targets": [{"number": BILLBOARD}], "otherwise": "mailbox"},
                }
            },
            "#/steps/ring",
            "circles",
        ),
    ],
)
async def test_what_would_lose_a_call_is_refused(
    house: House, change: dict[str, Any], pointer: str, words: str
) -> None:
    await house.furnish()
    answer = await house.ask("POST", "/flows", {**MENU, **change})
    assert answer.status_code == 422
    errors = answer.json()["errors"]
    assert any(each["pointer"] == pointer and words in each["detail"] for each in errors), errors
    assert (await house.get("/flows"))["data"] == []


async def test_it_is_tried_without_a_call(house: House) -> None:
    ids = await house.furnish()
    await house.patch(f"/companies/{ids['company']}", {"default_destination": DESTINATION})
    path = f"/flows/{(await house.make('/flows', MENU))['id']}/dry-run"
    rung = await house.get(path, "analyst", caller="+12125550111")
    # It is asked twice before it goes on without a key.
    assert [(each["act"], each["numbers"], each["pressed"]) for each in rung["moments"][:3]] == [
        ("ask", [], ""),
        ("ask", [], ""),
        ("dial", [DESTINATION], None),
    ]
    assert (rung["moments"][0]["heard"], rung["ending"], rung["fault"]) == (["Press 2."], "person", "")
    assert (await house.get(path, answered="none"))["ending"] == "voicemail"
    pressed = await house.get(path, keys="2", at="2026-11-24T12:00:00Z")
    assert (pressed["ending"], pressed["moments"][0]["pressed"]) == ("voicemail", "2")
    for wrong in ({"at": "noon"}, {"keys": "x"}, {"caller": "911"}, {"answered": "yes"}, {"when": "now"}):
        refused = await house.ask("GET", path, params=wrong)
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, next(iter(wrong)))
    assert (await house.get("/calls"))["data"] == []
