"""`GET /rules/explain` tells what a visit would see, and it sees just that."""

import pytest

from tests.web.api.house import AD, BILLBOARD, TARGET, House

pytestmark = pytest.mark.anyio


async def reorder(house: House, rule_ids: list[str]) -> None:
    answer = await house.ask("POST", "/rules/order", {"rule_ids": rule_ids})
    assert answer.status_code == 200, answer.text


async def test_the_rule_that_decides_is_named_with_the_reasons_of_those_before(house: House) -> None:
    ids = await house.furnish()
    phones = {"name": "Phones at night", "outcome": "leave", "conditions": {"device": ["phone"], "hour": ["22-6"]}}
    ads = {
        "name": "Ads",
        "outcome": "static",
        "number_id": ids["billboard"],
        "conditions": {"click_id": ["gclid"]},
    }
    first, second = await house.make("/rules", phones), await house.make("/rules", ads)
    order = [first["id"], second["id"], ids["rule"]]
    await reorder(house, order)

    told = await house.get("/rules/explain", url=AD, target=TARGET)

    assert (told["rule_id"], told["outcome"], told["number"]) == (second["id"], "static", BILLBOARD)
    assert [step["verdict"] for step in told["steps"]] == ["no_match", "decided", "not_asked"]
    assert told["because"] == (
        "This visit would see the number of one placement, because rule 2, “Ads”, is the first that fits. "
        "Rule 1, “Phones at night”, does not fit: the device is “desktop”, not “phone”."
    )
    assert told["source"]["channel"] == "Paid Search"
    # A visit that really comes sees the same.
    admitted = await house.visit(ids["company"], ids["site"], AD)
    assert [swap.number for swap in admitted.swaps] == [BILLBOARD]


async def test_device_hour_visitor_and_place_can_be_tried(house: House) -> None:
    ids = await house.furnish()
    conditions = {"device": ["phone"], "hour": ["22-6"], "visitor": ["returning"], "country": ["GB"]}
    rule = await house.make("/rules", {"name": "Night owls", "outcome": "leave", "conditions": conditions})
    await reorder(house, [rule["id"], ids["rule"]])
    asked = {"url": AD, "device": "phone", "visitor": "returning", "time_zone": "Europe/London"}

    night = await house.get("/rules/explain", **asked, at="2026-11-24T04:00:00Z")
    day = await house.get("/rules/explain", **asked, at="2026-11-24T17:00:00Z")

    assert (night["rule_id"], day["rule_id"]) == (rule["id"], ids["rule"])


async def test_a_region_can_be_tried(house: House) -> None:
    ids = await house.furnish()
    texas = await house.make("/rules", {"name": "Texas", "outcome": "leave", "conditions": {"region": ["US-TX"]}})
    await reorder(house, [texas["id"], ids["rule"]])
    for region, rule_id in (("US-TX", texas["id"]), ("US-NY", ids["rule"]), ("US", ids["rule"])):
        assert (await house.get("/rules/explain", url=AD, region=region))["rule_id"] == rule_id
    wrong = await house.ask("GET", "/rules/explain", params={"url": AD, "region": "Texas"})
    assert wrong.status_code == 422


async def test_without_a_rule_the_page_keeps_its_number(house: House) -> None:
    ids = await house.furnish()
    await house.delete(f"/rules/{ids['rule']}")
    told = await house.get("/rules/explain", url=AD)
    assert (told["outcome"], told["rule_id"]) == ("leave", None)
    assert told["because"].endswith("because no rule fits it, so the page keeps its own number.")


async def test_what_cannot_be_explained(house: House) -> None:
    nothing = await house.ask("GET", "/rules/explain", params={"url": AD})
    assert nothing.status_code == 409
    await house.furnish()
    other = await house.ask("GET", "/rules/explain", params={"url": AD, "target": "+12025550199"})
    assert other.status_code == 422
    device = await house.ask("GET", "/rules/explain", params={"device": "watch"})
    assert device.status_code == 422


async def test_a_condition_that_no_visit_could_meet_is_refused(house: House) -> None:
    for conditions in (
        {"hour": ["noon"]},
        {"device": ["watch"]},
        {"channel": ["Paid Serach"]},
        {"weather": ["x"]},
    ):
        answer = await house.ask("POST", "/rules", {"name": "x", "outcome": "leave", "conditions": conditions})
        assert answer.status_code == 422, conditions
