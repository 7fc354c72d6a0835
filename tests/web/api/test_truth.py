"""At the API: calls weighed anew, words on matches, leads joined, parted and shared out."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert

from swapboard.attribution.curve import Curve
from swapboard.attribution.learned import Learned
from swapboard.attribution.touch import Model
from swapboard.storage.schema import curves
from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio

BOB = "+12125550122"


async def learn(house: House, company_id: str, version: int) -> None:
    """A night taught that nearly every call is nobody's."""
    curve = replace(Curve.prior(), nobody=1.0)

    def keep(connection: Connection) -> None:
        learned = Learned(version, curve).as_json()
        row = {"version": version, "learned_at": house.clock(), "calls": 20, "learned": learned}
        connection.execute(insert(curves).values(company_id=company_id, **row))

    await house.exchange.change(keep)


async def test_calls_are_weighed_anew_only_when_asked(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    call_id = await house.ring(ids["company"], visit.swaps[0].number)
    house.clock.pass_by(600)
    before = await house.get(f"/calls/{call_id}")
    await learn(house, ids["company"], 1)
    told = (await house.ask("POST", "/recomputes", {"days": 30})).json()
    assert (told["version"], told["calls"], told["changed"]) == (1, 1, 0)
    (change,) = told["changes"]
    assert change["call_id"] == call_id
    assert (change["was"]["session_id"], change["becomes"]["kind"]) == (visit.session_id, "unknown")
    assert await house.get(f"/calls/{call_id}") == before
    late = await house.ask("POST", "/recomputes", {"days": 30, "apply": True, "version": 0})
    assert (late.status_code, late.json()["code"]) == (409, "learned_since")
    done = (await house.ask("POST", "/recomputes", {"days": 30, "apply": True, "version": 1})).json()
    assert done["changed"] == 1
    assert (await house.get(f"/calls/{call_id}"))["attribution"]["kind"] == "unknown"
    (line,) = (await house.get("/recomputes", call_id=call_id))["data"]
    assert line["was"] == change["was"]
    assert line["became"] == change["becomes"]
    assert line["by"] == "key owner"
    assert (await house.get("/recomputes", call_id="0" * 32))["data"] == []
    assert (await house.ask("POST", "/recomputes", {"days": 0})).status_code == 422


async def test_a_word_on_a_match(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    call_id = await house.ring(ids["company"], visit.swaps[0].number)
    before = await house.get(f"/calls/{call_id}")
    said = (await house.ask("POST", f"/calls/{call_id}/match", {"right": False})).json()
    assert said == {
        "call_id": call_id,
        "session_id": visit.session_id,
        "right": False,
        "nobody": False,
        "confidence": before["attribution"]["confidence"],
    }
    assert await house.get(f"/calls/{call_id}") == before
    nobody = (await house.ask("POST", f"/calls/{call_id}/match", {"nobody": True})).json()
    assert (nobody["right"], nobody["nobody"], nobody["confidence"]) == (False, True, said["confidence"])
    both = await house.ask("POST", f"/calls/{call_id}/match", {"nobody": True, "right": True})
    assert both.status_code == 422
    taken_back = (await house.ask("POST", f"/calls/{call_id}/match", {"right": None})).json()
    assert (taken_back["right"], taken_back["session_id"]) == (None, None)
    billboard = await house.ring(ids["company"], BILLBOARD, ref="CA2")
    answer = await house.ask("POST", f"/calls/{billboard}/match", {"right": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_visit")


async def test_leads_are_joined_and_parted(house: House) -> None:
    ids = await house.furnish()
    first = await house.ring(ids["company"], BILLBOARD, ref="CA1")
    house.clock.pass_by(60)
    second = await house.ring(ids["company"], BILLBOARD, ref="CA2")
    (lead,) = (await house.get("/leads"))["data"]
    order = {"contacts": [{"kind": "call", "id": second}]}
    other = (await house.ask("POST", f"/leads/{lead['id']}/part", order)).json()
    assert [each["id"] for each in other["contacts"]] == [second]
    assert [each["id"] for each in (await house.get(f"/leads/{lead['id']}"))["contacts"]] == [first]
    assert (await house.ask("POST", f"/leads/{lead['id']}/part", order)).status_code == 422
    joined = (await house.ask("POST", f"/leads/{other['id']}/join", {"lead_id": lead["id"]})).json()
    assert joined["id"] == lead["id"]
    assert [each["id"] for each in joined["contacts"]] == [first, second]
    for unknown in (lead["id"], "0" * 32):
        answer = await house.ask("POST", f"/leads/{lead['id']}/join", {"lead_id": unknown})
        assert answer.status_code == 404


async def test_the_models_stand_side_by_side(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    house.clock.pass_by(30)
    await house.ring(ids["company"], visit.swaps[0].number)
    await house.ring(ids["company"], BILLBOARD, caller=BOB, ref="CA2")
    whole = await house.get("/leads/credit")
    assert whole["leads"] == 2
    credit = {each["channel"]: each["credit"] for each in whole["channels"]}
    models = {each.value for each in Model if each is not Model.DATA_DRIVEN}
    assert credit["Offline"] == dict.fromkeys(models, 1.0) == credit["Paid Search"]
    probable = await house.get("/leads/credit", by="probability")
    for model in models:
        assert sum(each["credit"][model] for each in probable["channels"]) == pytest.approx(2, abs=1e-9)
    assert 0 < {each["channel"]: each["credit"]["last"] for each in probable["channels"]}["Paid Search"] < 1
    assert (await house.get("/leads/credit", to="2026-11-01"))["leads"] == 0
    leads = (await house.get("/leads"))["data"]
    mine = next(each["id"] for each in leads if each["visitors"])
    (only,) = (await house.get(f"/leads/{mine}/credit"))["visits"]
    assert (only["session_id"], only["credit"]) == (visit.session_id, dict.fromkeys(models, 1.0))
