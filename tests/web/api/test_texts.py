"""Text messages by the API."""

import pytest

from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio


async def test_what_missed_callers_are_written(house: House) -> None:
    ids = await house.furnish()
    assert await house.get("/texts/replies") == {"data": [{"number": None, "text": ""}], "next_cursor": None}
    await house.patch("/texts/replies/default", {"text": "Sorry. Ring {number}."})
    own = await house.patch(f"/texts/replies/{ids['billboard']}", {"text": ""})
    assert own == {"number": BILLBOARD, "text": ""}
    listed = (await house.get("/texts/replies"))["data"]
    assert listed == [{"number": None, "text": "Sorry. Ring {number}."}, own]
    await house.delete(f"/texts/replies/{ids['billboard']}")
    await house.delete("/texts/replies/default")
    assert await house.get("/texts/replies") == {"data": [{"number": None, "text": ""}], "next_cursor": None}


@pytest.mark.parametrize("text", ["x" * 321, "Hello {name}", None])
async def test_words_that_cannot_be_are_refused(house: House, text: str | None) -> None:
    answer = await house.ask("PATCH", "/texts/replies/default", {"text": text})
    assert (answer.status_code, "text" in answer.text) == (422, True)


async def test_who_wants_no_texts_can_be_said(house: House) -> None:
    await house.furnish()
    stopped = await house.ask("POST", "/texts/stops", {"number": "(212) 555-0111"})
    assert stopped.json() == {"number": "+12125550111", "stopped": True}
    assert [each["number"] for each in (await house.get("/texts/stops"))["data"]] == ["+12125550111"]
    await house.ask("POST", "/texts/stops", {"number": "+12125550111", "stopped": False})
    assert (await house.get("/texts/stops"))["data"] == []


async def test_a_missed_caller_stands_in_the_list(house: House) -> None:
    ids = await house.furnish()
    await house.patch("/texts/replies/default", {"text": "Sorry."})
    call_id = await house.ring(ids["company"], BILLBOARD, talk_seconds=0)
    texts = (await house.get("/texts"))["data"]
    said = [(each["call_id"], each["sender"], each["body"], each["state"]) for each in texts]
    assert said == [(call_id, BILLBOARD, "Sorry.", "waiting")], (await house.get(f"/calls/{call_id}"))["status"]


async def test_a_flow_has_a_text_of_its_own(house: House) -> None:
    await house.furnish()
    steps = {"ring": {"kind": "dial", "otherwise": "bye"}, "bye": {"kind": "hang_up"}}
    flow = await house.make("/flows", {"name": "Shop", "start": "ring", "steps": steps, "missed_text": "Sorry."})
    assert flow["missed_text"] == "Sorry."
    changed = await house.patch(f"/flows/{flow['id']}", {"name": "Front desk"})
    assert changed["missed_text"] == "Sorry."
    wrong = await house.ask("PATCH", f"/flows/{flow['id']}", {"missed_text": "Hello {name}"})
    assert wrong.status_code == 422
    assert "only {number} does" in wrong.text
