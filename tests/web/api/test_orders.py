"""Numbers over the API: looked for, bought once, led through their life; what each costs and where it stands."""

import pytest
from sqlalchemy import Connection, update

from swapboard.storage.schema import carriers, numbers
from tests.web.api.house import BILLBOARD, POOL, House

pytestmark = pytest.mark.anyio


async def with_carrier(house: House) -> dict[str, str]:
    ids = await house.furnish()
    sealed = house.exchange.vault.seal({"account_sid": "AC1", "auth_token": "t"})

    def seal(connection: Connection) -> None:
        row = carriers.c.company_id == house.ids["us"]
        connection.execute(update(carriers).where(row).values(credentials=sealed))

    await house.exchange.change(seal)
    return {**ids, "carrier": house.ids[f"carrier of {house.ids['us']}"]}


async def test_numbers_are_looked_for_and_one_is_bought_once(house: House) -> None:
    ids = await with_carrier(house)
    wanted = {"carrier_id": ids["carrier"], "pool_id": ids["pool"]}
    before = len((await house.get("/numbers"))["data"])
    found = await house.ask("POST", "/numbers/search", {**wanted, "limit": 5})
    offers = found.json()["data"]
    assert found.status_code == 200
    assert all(each["number"].startswith("+1202") and each["mismatch"] is None for each in offers)
    assert len((await house.get("/numbers"))["data"]) == before

    order = {**wanted, "number": offers[0]["number"], "monthly_cents": 115}
    headers = {"Idempotency-Key": "one"}
    for _ in range(3):
        bought = await house.ask("POST", "/numbers/orders", order, headers=headers)
        assert bought.status_code == 201, bought.text
        assert bought.json()["state"] == "bought"
    number = await house.get(f"/numbers/{bought.json()['number_id']}")
    assert (number["pool_id"], number["monthly_cents"]) == (ids["pool"], 115)
    assert len((await house.get("/numbers"))["data"]) == before + 1
    reused = await house.ask("POST", "/numbers/orders", {**order, "number": "+12025550188"}, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")


async def test_without_a_key_nothing_is_bought(house: House) -> None:
    ids = await with_carrier(house)
    order = {"carrier_id": ids["carrier"], "pool_id": ids["pool"], "number": "+12025550170"}
    answer = await house.ask("POST", "/numbers/orders", order)
    assert answer.status_code == 422
    assert (await house.get("/numbers", number="+12025550170"))["data"] == []


async def test_a_refusal_is_told_in_the_carriers_words(house: House) -> None:
    ids = await with_carrier(house)
    order = {"carrier_id": ids["carrier"], "pool_id": ids["pool"], "number": "+12025551234"}
    answer = await house.ask("POST", "/numbers/orders", order, headers={"Idempotency-Key": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "carrier_refused")
    assert "invented numbers only" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/numbers/search", "/numbers/orders"])
async def test_what_it_is_for_and_where_must_be_ours(house: House, path: str) -> None:
    ids = await with_carrier(house)
    headers = {"Idempotency-Key": "x"}
    good = {"carrier_id": ids["carrier"], "pool_id": ids["pool"], "number": "+12025550170"}
    if path.endswith("search"):
        del good["number"]
    for bad in (
        {"carrier_id": "nowhere"},
        {"pool_id": "nowhere"},
        {"target_id": ids["target"]},
        {"pool_id": None},
    ):
        answer = await house.ask("POST", path, {**good, **bad}, headers=headers)
        assert answer.status_code == 422, (bad, answer.text)


async def test_the_life_of_numbers(house: House) -> None:
    await house.furnish()
    numbers = {each["number"]: each["id"] for each in (await house.get("/numbers"))["data"]}
    chosen = [numbers[POOL[0]], numbers[POOL[1]]]
    answer = await house.ask("POST", "/numbers/actions", {"action": "quarantine", "number_ids": chosen})
    assert [each["status"] for each in answer.json()["data"]] == ["quarantined", "quarantined"]
    assert answer.json()["data"][0]["quarantined_at"]
    paused = await house.ask("POST", "/numbers/actions", {"action": "pause", "number_ids": chosen})
    assert (paused.status_code, paused.json()["code"]) == (409, "not_possible")
    back = await house.ask("PATCH", f"/numbers/{chosen[0]}", {"status": "active"})
    assert (back.status_code, back.json()["code"]) == (409, "quarantined")
    for _ in range(2):
        answer = await house.ask("POST", "/numbers/actions", {"action": "activate", "number_ids": chosen})
        assert [each["status"] for each in answer.json()["data"]] == ["active", "active"]


async def test_what_a_placement_costs_and_when_it_runs(house: House) -> None:
    ids = await house.furnish()
    told = {"placement_cents": 120_000, "monthly_cents": 115, "starts_on": "2026-11-01", "ends_on": "2026-12-31"}
    changed = await house.patch(f"/numbers/{ids['billboard']}", told)
    assert {name: changed[name] for name in told} == told
    assert changed["number"] == BILLBOARD
    assert changed["short_link"] is None
    for bad in ({"starts_on": "soon"}, {"placement_cents": -1}, {"ends_on": "2026-10-31"}):
        assert (await house.ask("PATCH", f"/numbers/{ids['billboard']}", bad)).status_code == 422
    backwards = {"number": "+12025550171", "target_id": ids["target"], **told, "ends_on": "2026-10-31"}
    refused = await house.ask("POST", "/numbers", backwards)
    assert (refused.status_code, "ends before it starts" in refused.text) == (422, True)
    linked = await house.patch(f"/numbers/{ids['billboard']}", {"short_url": "https://example.com/spring"})
    assert linked["short_link"]
    moved = await house.patch(f"/numbers/{ids['billboard']}", {"short_url": "https://example.com/autumn"})
    assert moved["short_link"] == linked["short_link"], "what is printed stays true"
    bare = await house.patch(f"/numbers/{ids['billboard']}", {"short_url": "www.example.com/autumn"})
    assert bare["short_url"] == "https://www.example.com/autumn"
    assert (await house.ask("PATCH", f"/numbers/{ids['billboard']}", {"short_url": "ftp:x"})).status_code == 422
    pool = await house.ask("PATCH", f"/numbers/{ids['number']}", {"placement_cents": 5})
    assert pool.status_code == 422
    assert (await house.patch(f"/numbers/{ids['number']}", {"monthly_cents": 5}))["monthly_cents"] == 5


async def test_a_target_may_share_anothers_number(house: House) -> None:
    ids = await house.furnish()
    sharing = {"number": "+12025550108", "shares_with": ids["target"]}
    second = await house.make("/swap-targets", sharing)
    assert second["shares_with"] == ids["target"]
    for bad in (second["id"], "nowhere"):
        chain = {"number": "+12025550109", "shares_with": bad}
        assert (await house.ask("POST", "/swap-targets", chain)).status_code == 422
    third = await house.make("/swap-targets", {"number": "+12025550110"})
    chained = await house.ask("PATCH", f"/swap-targets/{ids['target']}", {"shares_with": third["id"]})
    assert chained.json()["code"] == "in_use", "what the company's file would be refused for"
    assert second["name"] in chained.json()["detail"]
    alone = await house.patch(f"/swap-targets/{second['id']}", {"shares_with": None})
    assert alone["shares_with"] is None


async def test_a_released_number_goes_back_to_its_carrier_unless_it_is_kept(house: House) -> None:
    ids = await with_carrier(house)
    number = (await house.get("/numbers", number=POOL[1]))["data"][0]
    path = f"/numbers/{number['id']}/return"
    assert (await house.ask("POST", path, {"action": "now"})).json()["code"] == "over"
    await house.exchange.change(lambda connection: put_at(connection, house.ids["us"], ids["carrier"]))
    assert (await house.ask("DELETE", f"/numbers/{number['id']}")).status_code == 204
    [shown] = (await house.get("/numbers/returns"))["data"]
    assert (shown["state"], shown["problem"], shown["number"]) == ("waiting", None, POOL[1])
    soon = await house.ask("POST", path, {"action": "now"})
    assert soon.status_code == 200, soon.text
    assert soon.json()["due_at"] < shown["due_at"]
    assert (await house.ask("POST", path, {"action": "keep"})).json()["state"] == "kept"
    over = await house.ask("POST", path, {"action": "now"})
    assert (over.status_code, over.json()["code"]) == (409, "over")


async def test_a_number_is_pointed_here(house: House) -> None:
    ids = await with_carrier(house)
    number = (await house.get("/numbers", number=POOL[1]))["data"][0]
    path = f"/numbers/{number['id']}/point-here"
    nowhere = await house.ask("POST", path)
    assert (nowhere.status_code, nowhere.json()["code"]) == (409, "not_there")
    await house.exchange.change(lambda connection: put_at(connection, house.ids["us"], ids["carrier"]))
    assert (await house.ask("POST", path)).status_code == 204


def put_at(connection: Connection, company_id: str, carrier_id: str) -> None:
    connection.execute(update(numbers).where(numbers.c.company_id == company_id).values(carrier_id=carrier_id))
