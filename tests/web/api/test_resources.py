"""Each resource's life at the API: made, listed, looked at, changed, removed; on both engines."""

from typing import Any

import pytest

from swapboard.accounts.keys import key_by_id
from swapboard.accounts.secrets import hash_api_key
from swapboard.numbers.conditions import Field
from swapboard.numbers.plan import load_plan
from swapboard.numbers.rule_store import change_rule
from swapboard.numbers.rules import Outcome, Rule
from tests.web.api.house import House

pytestmark = pytest.mark.anyio

BILLBOARD = "+12025550120"


def pointers(answer: Any) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["pointer"] for error in answer.json()["errors"]]


async def test_a_company_is_seen_and_changed(house: House) -> None:
    company = await house.get(f"/companies/{house.ids['us']}")
    assert company["name"] == "us"
    assert company["created_at"] == "2026-11-24T07:00:00.000Z"
    change = {"name": " Brightwater ", "country": "gb", "time_zone": "Europe/London"}
    changed = await house.patch(f"/companies/{house.ids['us']}", change | {"default_destination": "020 7946 0101"})
    assert changed["name"] == "Brightwater"
    assert changed["country"] == "GB"
    assert changed["default_destination"] == "+442079460101"
    assert await house.get(f"/companies/{house.ids['us']}") == changed
    assert house.exchange.directory.routes.companies[house.ids["us"]].default_destination == "+442079460101"
    cleared = await house.patch(f"/companies/{house.ids['us']}", {"default_destination": None})
    assert cleared["default_destination"] is None


async def test_how_long_quarantine_lasts(house: House) -> None:
    [company] = (await house.get("/companies"))["data"]
    path = f"/companies/{company['id']}"
    assert (await house.get(path))["quarantine_days"] == 30
    assert (await house.patch(path, {"quarantine_days": 10}))["quarantine_days"] == 10
    for wrong in (0, 366):
        assert (await house.ask("PATCH", path, {"quarantine_days": wrong})).status_code == 422


async def test_an_owner_makes_a_company_in_the_account_and_acts_in_it(house: House) -> None:
    house.clock.pass_by(1)
    made = await house.make("/companies", {"name": "Second", "country": "GB"})
    assert made["account_id"] == (await house.get(f"/companies/{house.ids['us']}"))["account_id"]
    assert [each["id"] for each in (await house.get("/companies"))["data"]] == [house.ids["us"], made["id"]]
    acting = {"Swapboard-Company": made["id"]}
    target = await house.make("/swap-targets", {"number": "020 7946 0100"}, headers=acting)
    assert (target["company_id"], target["number"]) == (made["id"], "+442079460100")
    assert (await house.get("/swap-targets"))["data"] == []
    assert (await house.ask("GET", f"/swap-targets/{target['id']}")).status_code == 404
    assert (await house.ask("GET", f"/swap-targets/{target['id']}", headers=acting)).status_code == 200
    changed = await house.patch(f"/companies/{made['id']}", {"ring_timeout_seconds": 60})
    assert changed["ring_timeout_seconds"] == 60
    assert house.exchange.directory.routes.companies[made["id"]].ring_timeout_seconds == 60


async def test_another_role_sees_its_own_company_only(house: House) -> None:
    made = await house.make("/companies", {"name": "Second"})
    assert [each["id"] for each in (await house.get("/companies", who="admin"))["data"]] == [house.ids["us"]]
    assert (await house.ask("GET", f"/companies/{made['id']}", who="admin")).status_code == 404
    acting = await house.ask("GET", "/sites", who="admin", headers={"Swapboard-Company": made["id"]})
    assert acting.status_code == 403


async def test_a_site_lives(house: House) -> None:
    new = {"name": "Shop", "hosts": ["https://WWW.Example.com/x", "www.example.com", "shop.example.com"]}
    site = await house.make("/sites", new)
    assert site["hosts"] == ["www.example.com", "shop.example.com"]
    assert site["consent"] == "always"
    assert site["first_seen_at"] is None
    key = site["site_key"]
    assert site["snippet"] == f'<script async src="http://api.example.com/t/{key}.js"></script>'
    entry = house.exchange.directory.site(key)
    assert entry is not None
    assert entry.site.hosts == ("www.example.com", "shop.example.com")
    changed = await house.patch(f"/sites/{site['id']}", {"hosts": [], "consent": "wait", "beat_seconds": 30})
    assert (changed["hosts"], changed["consent"], changed["beat_seconds"]) == ([], "wait", 30)
    assert changed["name"] == "Shop"
    assert (await house.get("/sites"))["data"] == [changed]
    await house.delete(f"/sites/{site['id']}")
    assert house.exchange.directory.site(key) is None
    assert (await house.ask("GET", f"/sites/{site['id']}")).status_code == 404


async def test_a_swap_target_lives(house: House) -> None:
    target = await house.make("/swap-targets", {"number": "(202) 555-0100", "destination": "202.555.0101"})
    assert (target["number"], target["destination"]) == ("+12025550100", "+12025550101")
    assert target["name"] == "+12025550100"
    again = await house.ask("POST", "/swap-targets", {"number": "+1 202 555 0100"})
    assert (again.status_code, again.json()["code"]) == (409, "number_taken")
    moved = await house.patch(f"/swap-targets/{target['id']}", {"number": "(202) 555-0103"})
    assert (moved["number"], moved["name"]) == ("+12025550103", "+12025550103"), "nobody gave it a name"
    changed = await house.patch(f"/swap-targets/{target['id']}", {"name": "Main", "destination": "202 555 0102"})
    assert (changed["name"], changed["destination"]) == ("Main", "+12025550102")
    assert await house.get(f"/swap-targets/{target['id']}") == changed
    await house.delete(f"/swap-targets/{target['id']}")
    assert (await house.get("/swap-targets"))["data"] == []


async def test_a_target_in_use_stays_until_nothing_stands_in_its_place(house: House) -> None:
    ids = await house.furnish()
    path = f"/swap-targets/{ids['target']}"
    assert (await house.ask("DELETE", path)).status_code == 409
    await house.delete(f"/rules/{ids['rule']}")
    assert (await house.ask("DELETE", f"/pools/{ids['pool']}")).json()["code"] == "in_use"
    for number in (await house.get("/numbers"))["data"]:
        await house.delete(f"/numbers/{number['id']}")
    assert (await house.ask("DELETE", path)).status_code == 409
    await house.delete(f"/pools/{ids['pool']}")
    await house.delete(path)
    released = await house.get("/numbers", status="released")
    assert len(released["data"]) == 4
    assert {(each["pool_id"], each["target_id"]) for each in released["data"]} == {(None, None)}


async def test_a_pool_lives(house: House) -> None:
    ids = await house.furnish()
    pool = await house.get(f"/pools/{ids['pool']}")
    assert pool["numbers"] == {"active": 3, "live": 0, "paused": 0}
    assert pool["overflow"] == "channel_static"
    fallback = {"overflow": "fallback", "fallback_number_id": ids["billboard"], "name": "Everybody"}
    changed = await house.patch(f"/pools/{ids['pool']}", fallback)
    assert changed | fallback == changed
    assert (await house.ask("DELETE", f"/numbers/{ids['billboard']}")).status_code == 409
    assert pointers(await house.ask("PATCH", f"/pools/{ids['pool']}", {"fallback_number_id": None})) == [
        "#/fallback_number_id"
    ]
    assert (await house.ask("DELETE", f"/pools/{ids['pool']}")).status_code == 409
    await house.visit(ids["company"], ids["site"])
    assert (await house.get(f"/pools/{ids['pool']}"))["numbers"] == {"active": 3, "live": 1, "paused": 0}
    house.clock.pass_by(1)
    taken = await house.ask("POST", "/pools", {"name": " Everybody ", "target_id": ids["target"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    empty = await house.make("/pools", {"name": "Empty", "target_id": ids["target"], "overflow": "original"})
    assert empty["numbers"] == {"active": 0, "live": 0, "paused": 0}
    assert (await house.ask("PATCH", f"/pools/{empty['id']}", {"name": "Everybody"})).status_code == 409
    assert (await house.patch(f"/pools/{empty['id']}", {"name": "Empty"}))["name"] == "Empty"
    assert [each["name"] for each in (await house.get("/pools"))["data"]] == ["Everybody", "Empty"]
    await house.delete(f"/pools/{empty['id']}")


@pytest.mark.parametrize("number", ["pool number", "another target's", "released", "unknown"])
async def test_a_fallback_must_be_a_static_number_of_the_target(house: House, number: str) -> None:
    ids = await house.furnish()
    other = await house.make("/swap-targets", {"number": "+12025550109"})
    static = await house.make("/numbers", {"number": "+12025550121", "target_id": other["id"]})
    gone = await house.make("/numbers", {"number": "+12025550122", "target_id": ids["target"]})
    await house.delete(f"/numbers/{gone['id']}")
    known = {"pool number": ids["number"], "another target's": static["id"], "released": gone["id"]}
    change = {"fallback_number_id": known.get(number, "0" * 32)}
    assert pointers(await house.ask("PATCH", f"/pools/{ids['pool']}", change)) == ["#/fallback_number_id"]


async def test_a_static_number_lives(house: House) -> None:
    ids = await house.furnish()
    number = await house.get(f"/numbers/{ids['billboard']}")
    assert (number["number"], number["kind"], number["status"]) == (BILLBOARD, "static", "active")
    change = {"placement": "Flyer", "channel": "paid search", "source": "flyer", "campaign": None}
    changed = await house.patch(f"/numbers/{ids['billboard']}", change)
    assert (changed["placement"], changed["channel"], changed["source"]) == ("Flyer", "Paid Search", "flyer")
    paused = await house.patch(f"/numbers/{ids['billboard']}", {"status": "paused"})
    assert (paused["status"], paused["placement"]) == ("paused", "Flyer")
    routes = house.exchange.directory.routes.companies[ids["company"]]
    assert routes.destinations[BILLBOARD] == "+12025550101"
    await house.delete(f"/numbers/{ids['billboard']}")
    released = await house.get(f"/numbers/{ids['billboard']}")
    assert (released["status"], released["released_at"]) == ("released", "2026-11-24T07:00:00.000Z")
    assert BILLBOARD not in house.exchange.directory.routes.companies[ids["company"]].destinations
    house.clock.pass_by(60)
    await house.delete(f"/numbers/{ids['billboard']}")
    assert await house.get(f"/numbers/{ids['billboard']}") == released
    refused = await house.ask("PATCH", f"/numbers/{ids['billboard']}", {"status": "active"})
    assert (refused.status_code, refused.json()["code"]) == (409, "released")
    again = await house.make("/numbers", {"number": BILLBOARD, "target_id": ids["target"]})
    assert again["id"] != ids["billboard"]
    assert len((await house.get("/numbers", number="(202) 555-0120"))["data"]) == 1


async def test_numbers_are_added_all_or_none(house: House) -> None:
    ids = await house.furnish()
    many = ["+12025550140", "202-555-0130", "+12025550141"]
    taken = await house.ask("POST", "/numbers/bulk", {"numbers": many, "pool_id": ids["pool"]})
    assert taken.status_code == 409
    assert [each["pointer"] for each in taken.json()["errors"]] == ["#/numbers/1"]
    wrong = await house.ask("POST", "/numbers/bulk", {"numbers": ["+12025550140", "x"], "pool_id": ids["pool"]})
    assert pointers(wrong) == ["#/numbers/1"]
    twice = {"numbers": ["+12025550140", "(202) 555-0140"], "pool_id": ids["pool"]}
    assert pointers(await house.ask("POST", "/numbers/bulk", twice)) == ["#/numbers/1"]
    assert len((await house.get("/numbers"))["data"]) == 4
    carrier = house.ids[f"carrier of {house.ids['us']}"]
    added = await house.make(
        "/numbers/bulk",
        {"numbers": ["+12025550141", "+12025550140"], "pool_id": ids["pool"], "carrier_id": carrier},
    )
    assert [each["number"] for each in added["data"]] == ["+12025550141", "+12025550140"]
    assert {each["carrier_id"] for each in added["data"]} == {carrier}
    assert len((await house.get("/numbers", kind="pool", pool_id=ids["pool"]))["data"]) == 5


@pytest.mark.parametrize(
    ("purpose", "where"),
    [
        ({}, ["#/pool_id"]),
        ({"pool_id": "pool", "target_id": "target"}, ["#/pool_id"]),
        ({"pool_id": "nothing"}, ["#/pool_id"]),
        ({"target_id": "nothing"}, ["#/target_id"]),
        ({"pool_id": "pool", "placement": "Flyer", "channel": "Offline"}, ["#/channel", "#/placement"]),
        ({"target_id": "target", "carrier_id": "nothing"}, ["#/carrier_id"]),
    ],
)
async def test_a_number_needs_one_purpose(house: House, purpose: dict[str, str], where: list[str]) -> None:
    ids = await house.furnish() | {"nothing": "0" * 32}
    new = {key: ids[value] if key.endswith("_id") else value for key, value in purpose.items()}
    assert pointers(await house.ask("POST", "/numbers", {"number": "+12025550150", **new})) == where


async def test_calls_cannot_go_in_circles(house: House) -> None:
    ids = await house.furnish()
    for number in ("+12025550100", "+12025550101"):
        assert pointers(await house.ask("POST", "/numbers", {"number": number, "pool_id": ids["pool"]})) == [
            "#/number"
        ]
    target = {"number": "+12025550109", "destination": BILLBOARD}
    assert pointers(await house.ask("POST", "/swap-targets", target)) == ["#/destination"]
    assert pointers(await house.ask("PATCH", f"/swap-targets/{ids['target']}", {"destination": BILLBOARD})) == [
        "#/destination"
    ]
    company = f"/companies/{house.ids['us']}"
    assert pointers(await house.ask("PATCH", company, {"default_destination": BILLBOARD})) == [
        "#/default_destination"
    ]
    await house.patch(company, {"default_destination": "+12025550109"})
    assert pointers(await house.ask("POST", "/numbers", {"number": "+12025550109", "pool_id": ids["pool"]})) == [
        "#/number"
    ]


async def test_a_pool_number_takes_its_facts_from_the_visit(house: House) -> None:
    ids = await house.furnish()
    refused = await house.ask("PATCH", f"/numbers/{ids['number']}", {"source": "flyer", "status": "paused"})
    assert pointers(refused) == ["#/source"]
    assert (await house.patch(f"/numbers/{ids['number']}", {"status": "paused"}))["status"] == "paused"
    assert (await house.get(f"/pools/{ids['pool']}"))["numbers"] == {"active": 2, "live": 0, "paused": 1}


async def test_releasing_a_live_number_ends_its_lease(house: House) -> None:
    ids = await house.furnish()
    admitted = await house.visit(ids["company"], ids["site"])
    [live] = [each for each in (await house.get("/numbers"))["data"] if each["session_id"]]
    assert live["session_id"] == admitted.session_id
    house.clock.pass_by(5)
    await house.delete(f"/numbers/{live['id']}")
    released = await house.get(f"/numbers/{live['id']}")
    assert (released["session_id"], released["left_at"]) == (None, "2026-11-24T07:00:05.000Z")
    session = await house.get(f"/sessions/{admitted.session_id}")
    assert [(each["number"], each["until"]) for each in session["numbers"]] == [
        (live["number"], "2026-11-24T07:00:05.000Z")
    ]
    again = await house.visit(ids["company"], ids["site"])
    assert again.swaps[0].number != live["number"]


async def test_a_rule_lives(house: House) -> None:
    ids = await house.furnish()
    conditions = {"channel": ["paid search"], "campaign": ["spring*", "summer"]}
    new = {"name": "Flyer", "conditions": conditions, "outcome": "static", "number_id": ids["billboard"]}
    rule = await house.make("/rules", new)
    assert (rule["conditions"], rule["position"], rule["number_id"]) == (conditions, 2, ids["billboard"])
    assert (await house.ask("DELETE", f"/numbers/{ids['billboard']}")).status_code == 409
    ordered = await house.ask("POST", "/rules/order", {"rule_ids": [rule["id"], ids["rule"]]})
    assert ordered.status_code == 200, ordered.text
    assert [each["id"] for each in (await house.get("/rules"))["data"]] == [rule["id"], ids["rule"]]
    changed = await house.patch(f"/rules/{rule['id']}", {"outcome": "leave", "name": "Nobody"})
    assert (changed["outcome"], changed["number_id"], changed["position"]) == ("leave", None, 1)
    assert changed["conditions"] == conditions
    assert await house.get(f"/rules/{rule['id']}") == changed
    plan = await house.exchange.read(lambda connection: load_plan(connection, ids["company"]))
    assert [each.rule_id for each in plan.rules] == [rule["id"], ids["rule"]]
    await house.delete(f"/rules/{rule['id']}")
    await house.delete(f"/numbers/{ids['billboard']}")
    assert [each["id"] for each in (await house.get("/rules"))["data"]] == [ids["rule"]]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"outcome": "static"}, ["#/number_id"]),
        ({"outcome": "static", "number_id": "pool number"}, ["#/number_id"]),
        ({"pool_id": None}, ["#/pool_id"]),
        ({"number_id": "billboard"}, ["#/number_id"]),
        ({"outcome": "leave", "pool_id": "pool"}, ["#/pool_id"]),
        ({"conditions": {"channel": ["Paid Search", "Payed*"]}}, ["#/conditions/channel/1"]),
        ({"conditions": {"device": ["phone", "!Phone"]}}, ["#/conditions/device"]),
        ({"conditions": {"colour": ["red"]}}, ["#/conditions/colour"]),
        ({"conditions": {"source": []}}, ["#/conditions/source"]),
        ({"conditions": {"source": ["x"] * 101}}, ["#/conditions/source"]),
        ({"conditions": {"source": "google"}}, ["#/conditions/source"]),
        ({"name": None, "colour": "red"}, ["#/name", "#/colour"]),
    ],
)  # fmt: skip
async def test_a_rule_that_could_do_nothing_is_refused(
    house: House, change: dict[str, Any], where: list[str]
) -> None:
    ids = await house.furnish()
    ids["pool number"] = ids["number"]
    sent = {
        key: ids[value] if key in {"pool_id", "number_id"} and value else value for key, value in change.items()
    }
    before = await house.get(f"/rules/{ids['rule']}")
    assert pointers(await house.ask("PATCH", f"/rules/{ids['rule']}", sent)) == where
    assert await house.get(f"/rules/{ids['rule']}") == before


async def test_a_rule_with_what_is_refused_today_is_shown_and_renamed(house: House) -> None:
    ids = await house.furnish()
    old = Rule(ids["rule"], "Islands", Outcome.LEAVE, {Field.COUNTRY: ("UK",)})
    await house.exchange.configure(ids["company"], lambda connection: change_rule(connection, ids["company"], old))
    assert (await house.get(f"/rules/{ids['rule']}"))["conditions"] == {"country": ["UK"]}
    renamed = await house.patch(f"/rules/{ids['rule']}", {"name": "Britain"})
    assert (renamed["name"], renamed["conditions"]) == ("Britain", {"country": ["UK"]})
    again = await house.ask("PATCH", f"/rules/{ids['rule']}", {"conditions": {"country": ["UK"]}})
    assert pointers(again) == ["#/conditions/country/0"]


async def test_an_order_names_every_rule_once(house: House) -> None:
    ids = await house.furnish()
    other = await house.make("/rules", {"name": "Leave", "outcome": "leave"})
    for rule_ids, where in (
        ([ids["rule"]], ["#/rule_ids"]),
        ([ids["rule"], ids["rule"]], ["#/rule_ids/1"]),
        ([ids["rule"], "0" * 32, other["id"]], ["#/rule_ids/1"]),
    ):
        assert pointers(await house.ask("POST", "/rules/order", {"rule_ids": rule_ids})) == where


async def test_a_key_lives(house: House) -> None:
    made = await house.make("/keys", {"name": "Nightly", "role": "analyst"})
    secret = made.pop("key")
    assert secret.startswith("sb_")
    house.keys["new"] = secret
    assert (await house.get("/calls", who="new"))["data"] == []
    seen = await house.get(f"/keys/{made['id']}")
    assert seen == made | {"last_used_at": "2026-11-24T07:00:00.000Z"}
    assert (await house.patch(f"/keys/{made['id']}", {"name": "Weekly"}))["name"] == "Weekly"
    found = await house.exchange.read(lambda connection: key_by_id(connection, house.ids["us"], made["id"]))
    assert found is not None
    assert found[1] == hash_api_key(secret)
    await house.delete(f"/keys/{made['id']}")
    assert (await house.ask("GET", "/calls", who="new")).status_code == 401
    assert (await house.get(f"/keys/{made['id']}"))["revoked_at"] is not None
    await house.delete(f"/keys/{made['id']}")


async def test_no_key_hands_on_more_than_it_has(house: House) -> None:
    end = "2026-12-24T07:00:00.000Z"
    held = {"name": "x", "role": "admin", "scopes": ["write:people", "read:calls"], "expires_at": end}
    made = await house.make("/keys", held)
    house.keys["held"] = made["key"]
    assert (made["scopes"], made["expires_at"], made["made_by"]) == (
        ["read:calls", "write:people"],
        end,
        "key owner",
    )
    for more in ({"scopes": []}, {"scopes": ["write:calls"]}, {"expires_at": None}, {"role": "owner"}):
        assert (await house.ask("POST", "/keys", held | more, who="held")).status_code == 403, more
    less = held | {"scopes": ["read:people"], "expires_at": "2026-12-01"}
    assert (await house.make("/keys", less, "held"))["made_by"] == "key x"
    for wrong in ({"scopes": ["reads"]}, {"expires_at": "2026-11-24T06:59:59Z"}, {"expires_at": "2040-01-01"}):
        answer = await house.ask("POST", "/keys", held | wrong)
        assert (answer.status_code, pointers(answer)[0][:10]) == (422, "#/" + next(iter(wrong))[:8]), wrong
    refused = await house.ask("GET", "/sessions", who="held")
    assert "read:visits or read or write:visits or write" in refused.json()["detail"]


async def test_an_admin_cannot_make_itself_an_owner(house: House) -> None:
    owner = house.ids["key of owner"]
    asked = [("POST", "/keys", {"name": "x", "role": "owner"}), ("DELETE", f"/keys/{owner}", None)]
    asked.append(("PATCH", f"/keys/{owner}", {"name": "mine"}))
    for method, path, body in asked:
        assert (await house.ask(method, path, body, who="admin")).status_code == 403
    assert (await house.make("/keys", {"name": "x", "role": "admin"}, who="admin"))["role"] == "admin"


async def test_a_keys_last_use_is_noted_at_most_once_an_hour(house: House) -> None:
    path = f"/keys/{house.ids['key of analyst']}"
    seen = []
    for seconds in (0, 3_599, 1):
        house.clock.pass_by(seconds)
        await house.get("/calls", who="analyst")
        seen.append((await house.get(path))["last_used_at"])
    assert seen == ["2026-11-24T07:00:00.000Z", "2026-11-24T07:00:00.000Z", "2026-11-24T08:00:00.000Z"]


async def test_a_call_is_the_document_of_the_contract(house: House) -> None:
    ids = await house.furnish()
    admitted = await house.visit(ids["company"], ids["site"])
    dialled = admitted.swaps[0].number
    house.clock.pass_by(10)
    call_id = await house.ring(ids["company"], dialled)
    call = await house.get(f"/calls/{call_id}")
    confidence = call["attribution"]["confidence"]
    assert 0.9 < confidence < 1
    assert call == {
        "id": call_id,
        "company_id": ids["company"],
        "started_at": "2026-11-24T07:00:10.000Z",
        "tracking_number": dialled,
        "destination": "+12025550101",
        "caller": {"number": "+12125550111", "withheld": False, "name": None, "place": "New York, NY"},
        "status": "answered",
        "greeting_seconds": 0,
        "ring_seconds": 4,
        "talk_seconds": 63,
        "voicemail_seconds": None,
        "flow_path": [],
        "first_time_caller": True,
        "recording": None,
        "recording_gone_because": None,
        "spam": {"is_spam": False, "score": pytest.approx(0.02), "reasons": [], "said": None},
        "tags": [],
        "value": None,
        "qualified": None,
        "judgement": {
            "qualified_by": None,
            "qualified_because": None,
            "value_by": None,
            "value_because": None,
            "score": {
                "score": 68,
                "reasons": [
                    {"sign": "talk", "count": 1, "points": 0.8, "words": []},
                    {"sign": "first_call", "count": 1, "points": 0.5, "words": []},
                    {"sign": "paid", "count": 1, "points": 0.3, "words": []},
                ],
            },
            "caller_share": None,
            "phrases": [],
        },
        "attribution": {
            "kind": "session",
            "confidence": confidence,
            "session_id": admitted.session_id,
            "visitor_id": admitted.visitor_id,
            "channel": "Paid Search",
            "source": "google",
            "medium": "cpc",
            "campaign": "Emergency",
            "keyword": "emergency plumber",
            "landing_page": call["attribution"]["landing_page"],
            "referrer": "",
            "click_ids": {"gclid": "Cj0KCQ-test"},
            "candidates": [{"session_id": admitted.session_id, "probability": confidence}],
        },
    }
    assert call["attribution"]["landing_page"].startswith("https://shop.example.com/drains")
    assert (await house.get("/calls"))["data"] == [call]


async def test_calls_are_filtered(house: House) -> None:
    ids = await house.furnish()
    answered = await house.ring(ids["company"], BILLBOARD, ref="CA1")
    house.clock.pass_by(3_600)
    missed = await house.ring(ids["company"], BILLBOARD, caller=None, ref="CA2", talk_seconds=0)
    for params, found in (
        ({}, [missed, answered]),
        ({"status": "missed"}, [missed]),
        ({"from": "2026-11-24T08:00:00Z"}, [missed]),
        ({"to": "2026-11-24T09:00:00+01:00"}, [answered]),
        ({"from": "2026-11-24", "to": "2026-11-25"}, [missed, answered]),
        ({"channel": "Offline", "campaign": "Billboard, Route 9"}, [missed, answered]),
        ({"caller": "(212) 555-0111"}, [answered]),
        ({"tracking_number": BILLBOARD}, [missed, answered]),
        ({"q": "212 555"}, [answered]),
        ({"q": "offline 5550120"}, [missed, answered]),
        ({"q": "nobody"}, []),
    ):
        calls = await house.get("/calls", **params)
        assert [each["id"] for each in calls["data"]] == found, params
    unescaped = await house.ask("GET", "/calls?caller=+12125550111")
    assert [each["id"] for each in unescaped.json()["data"]] == [answered]


async def test_a_session_lasts_until_it_was_last_heard_of(house: House) -> None:
    ids = await house.furnish()
    admitted = await house.visit(ids["company"], ids["site"])
    assert (await house.get(f"/sessions/{admitted.session_id}"))["dwell_seconds"] == 0
    house.clock.pass_by(37)
    await house.send_form(ids["company"], ids["site"], admitted.session_id, {"name": "A visitor"})
    assert (await house.get(f"/sessions/{admitted.session_id}"))["dwell_seconds"] == 37


async def test_a_session_has_its_landing_page_first(house: House) -> None:
    ids = await house.furnish()
    admitted = await house.visit(ids["company"], ids["site"])
    session = await house.get(f"/sessions/{admitted.session_id}")
    assert session["region"] is None
    assert [(each["kind"], each["title"]) for each in session["timeline"]] == [("page", "Blocked drains")]
    assert session["keyword"] == "emergency plumber"
    assert session["numbers"][0]["number"] == admitted.swaps[0].number
    assert (session["numbers"][0]["from"], session["numbers"][0]["until"]) == ("2026-11-24T07:00:00.000Z", None)
    listed = (await house.get("/sessions", channel="Paid Search", visitor_id=admitted.visitor_id))["data"]
    assert listed == [{key: value for key, value in session.items() if key != "timeline"}]
    assert (await house.get("/sessions", channel="Direct"))["data"] == []


async def test_auto_scale_of_a_pool(house: House) -> None:
    ids = await house.furnish()
    path = f"/pools/{ids['pool']}/auto-scale"
    first = await house.get(path)
    assert (first["on"], first["floor"], first["trouble"], first["days"]) == (False, None, None, [])
    assert await house.patch(path, {}) == first
    assert pointers(await house.ask("PATCH", path, {"on": True, "floor": 2, "ceiling": 6})) == ["#/budget_cents"]
    wanted = {"on": True, "floor": 2, "ceiling": 6, "budget_cents": 900}
    found = await house.patch(path, wanted)
    assert {name: found[name] for name in wanted} == wanted
    assert found["number_cents"] == 115
    assert await house.get(path) == found
    for change, pointer in (
        ({"ceiling": 1}, "#/ceiling"),
        ({"floor": 0}, "#/floor"),
        ({"floor": None}, "#/floor"),
        ({"budget_cents": 0}, "#/budget_cents"),
        ({"number_cents": 2**31}, "#/number_cents"),
        ({"on": "perhaps"}, "#/on"),
        ({"celing": 3}, "#/celing"),
    ):
        assert pointers(await house.ask("PATCH", path, change)) == [pointer]
    assert (await house.ask("PATCH", "/pools/nowhere/auto-scale", wanted)).status_code == 404
    off = await house.patch(path, {"on": False})
    assert off == found | {"on": False}
