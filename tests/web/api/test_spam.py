"""Spam by the API: callers, policy, and a call's own say."""

import pytest

from swapboard.calls import caller_word_store
from tests.web.api.house import House

pytestmark = pytest.mark.anyio


async def test_callers_are_blocked_changed_listed_and_freed(house: House) -> None:
    made = await house.ask("POST", "/spam/callers", {"pattern": "+1 900 *", "note": "premium"})
    assert made.status_code == 201
    entry = made.json()
    assert (entry["pattern"], entry["word"], entry["note"]) == ("+1900*", "block", "premium")
    again = (await house.ask("POST", "/spam/callers", {"pattern": "+1900*", "word": "allow"})).json()
    assert (again["id"], again["word"]) == (entry["id"], "allow")
    listed = (await house.ask("GET", "/spam/callers")).json()
    assert [each["id"] for each in listed["data"]] == [entry["id"]]
    assert (await house.ask("GET", f"/spam/callers/{entry['id']}")).json()["pattern"] == "+1900*"
    assert (await house.ask("DELETE", f"/spam/callers/{entry['id']}")).status_code == 204
    for method in ("GET", "DELETE"):
        assert (await house.ask(method, f"/spam/callers/{entry['id']}")).status_code == 404


async def test_what_was_said_of_a_caller_changes_where_there_is_no_room_for_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caller_word_store, "MOST_WORDS", 1)
    asked = [{"pattern": "+1900*"}, {"pattern": "+1900*", "word": "allow"}, {"pattern": "+1976*"}]
    answers = [await house.ask("POST", "/spam/callers", each) for each in asked]
    assert [answer.status_code for answer in answers] == [201, 201, 409]


@pytest.mark.parametrize("pattern", ["nonsense", "*", "+1x*", "12"])
async def test_what_is_no_pattern_is_said_at_its_field(house: House, pattern: str) -> None:
    answer = await house.ask("POST", "/spam/callers", {"pattern": pattern})
    assert answer.status_code == 422
    assert "pattern" in answer.text


async def test_the_policy_is_changed_field_by_field(house: House) -> None:
    assert (await house.ask("GET", "/spam/policy")).json() == {
        "mark_from": 0.8,
        "reject_from": None,
        "cap_minutes": None,
        "cap_cents": None,
        "cents_a_minute": None,
    }
    changed = await house.ask("PATCH", "/spam/policy", {"reject_from": None, "cap_minutes": 600})
    assert changed.status_code == 200
    assert (await house.ask("GET", "/spam/policy")).json() == changed.json()
    assert (changed.json()["mark_from"], changed.json()["reject_from"], changed.json()["cap_minutes"]) == (
        0.8,
        None,
        600,
    )
    for wrong in ({"mark_from": 1.5}, {"cap_minutes": 0}, {"cap_cents": 100}, {"unknown": 1}, {"mark_from": None}):
        assert (await house.ask("PATCH", "/spam/policy", wrong)).status_code == 422, wrong


async def test_a_number_that_nobody_is_shown_is_a_honeypot(house: House) -> None:
    ids = await house.furnish()
    trap = await house.make("/numbers", {"number": "+12025550149", "target_id": ids["target"], "placement": "-"})
    path = f"/spam/honeypots/{trap['id']}"
    assert (await house.ask("PUT", path)).status_code == 204
    listed = (await house.ask("GET", "/spam/honeypots")).json()["data"]
    assert listed == [{"number_id": trap["id"], "number": "+12025550149"}]
    assert house.exchange.directory.routes.companies[ids["company"]].honeypots == {"+12025550149"}
    assert (await house.ask("DELETE", path)).status_code == 204
    assert (await house.ask("GET", "/spam/honeypots")).json()["data"] == []


async def test_a_number_that_somebody_is_shown_is_no_honeypot(house: House) -> None:
    ids = await house.furnish()
    assert (await house.ask("PUT", f"/spam/honeypots/{ids['number']}")).status_code == 404, "it is in a pool"
    await house.patch(f"/pools/{ids['pool']}", {"fallback_number_id": ids["billboard"]})
    refused = await house.ask("PUT", f"/spam/honeypots/{ids['billboard']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "falls back on" in refused.json()["detail"]
