"""Leads at the API, and what is said of calls."""

import pytest

from tests.web.api.house import BILLBOARD, CALLER, House

pytestmark = pytest.mark.anyio


async def test_several_calls_of_one_person_are_one_lead(house: House) -> None:
    ids = await house.furnish()
    first = await house.ring(ids["company"], BILLBOARD, ref="CA1")
    house.clock.pass_by(60)
    again = await house.ring(ids["company"], BILLBOARD, ref="CA2")
    (lead,) = (await house.get("/leads"))["data"]
    assert lead["phones"] == [CALLER]
    assert lead["began_as"] == "call"
    assert [contact["id"] for contact in lead["contacts"]] == [first, again]
    assert lead["created_at"] == "2026-11-24T07:00:00.000Z"
    assert lead["last_at"] == "2026-11-24T07:01:00.000Z"
    assert await house.get(f"/leads/{lead['id']}") == lead
    assert (await house.ask("GET", f"/leads/{'0' * 32}")).status_code == 404


async def test_leads_are_found_by_number_in_their_own_company_only(house: House) -> None:
    ids = await house.furnish()
    await house.ring(ids["company"], BILLBOARD, ref="CA1")
    for text, count in (("", 1), (CALLER[2:], 1), ("nobody", 0)):
        assert len((await house.get("/leads", q=text))["data"]) == count, text
    stranger = await house.ask("GET", f"/leads?q={CALLER[2:]}", who="stranger")
    assert stranger.json()["data"] == []
    assert (await house.ask("GET", f"/leads?q={'x' * 201}")).status_code == 422


async def test_a_visitor_who_surely_called_is_part_of_the_lead(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    await house.ring(ids["company"], visit.swaps[0].number)
    (lead,) = (await house.get("/leads"))["data"]
    assert lead["visitors"] == [visit.visitor_id]


async def test_a_call_is_judged_part_by_part(house: House) -> None:
    ids = await house.furnish()
    call_id = await house.ring(ids["company"], BILLBOARD)
    call = await house.patch(f"/calls/{call_id}", {"qualified": True, "value": 1250.5, "tags": ["roof", " roof"]})
    assert (call["qualified"], call["value"], call["tags"]) == (True, 1250.5, ["roof"])
    (lead,) = (await house.get("/leads"))["data"]
    assert lead["qualified_at"] == "2026-11-24T07:00:00.000Z"
    call = await house.patch(f"/calls/{call_id}", {"qualified": None})
    assert (call["qualified"], call["value"], call["tags"]) == (None, 1250.5, ["roof"])
    (lead,) = (await house.get("/leads"))["data"]
    assert lead["qualified_at"] is None


@pytest.mark.parametrize(
    "said",
    [
        {"value": -1},
        {"value": "much"},
        {"value": 1e300},
        {"tags": ["x" * 51]},
        {"tags": "roof"},
        {"status": "busy"},
    ],
)
async def test_nonsense_is_refused(house: House, said: dict[str, object]) -> None:
    ids = await house.furnish()
    call_id = await house.ring(ids["company"], BILLBOARD)
    before = await house.get(f"/calls/{call_id}")
    assert (await house.ask("PATCH", f"/calls/{call_id}", said)).status_code == 422
    assert await house.get(f"/calls/{call_id}") == before


async def test_a_call_that_is_not_there_cannot_be_judged(house: House) -> None:
    assert (await house.ask("PATCH", f"/calls/{'0' * 32}", {"qualified": True})).status_code == 404
