"""Destinations and what they are told, by the API."""

import base64
from typing import Any

import pytest
from sqlalchemy import update

from swapboard.conversions.store import destination_by_id
from swapboard.storage.engine import writing
from swapboard.storage.schema import access_grants
from tests.access.provider import DATA_MANAGER
from tests.one_server import on_one_server
from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
HOOK: dict[str, Any] = {
    "kind": "webhook",
    "name": "Our CRM",
    "settings": {"url": "http://127.0.0.1:1/nobody", "secret": SECRET},
    "rule": {"least_talk_seconds": 60, "tag_cents": {"sale": 5_000}},
}


async def test_a_destination_is_made_read_changed_and_removed(house: House) -> None:
    made = await house.make("/destinations", HOOK)
    assert made["settings"] == {"url": "http://127.0.0.1:1/nobody"}
    assert SECRET not in str(made)
    assert made["rule"]["least_talk_seconds"] == 60
    assert (await house.get("/destinations"))["data"] == [made]
    changed = await house.patch(f"/destinations/{made['id']}", {"settings": {"url": "https://example.com/new"}})
    assert changed["settings"] == {"url": "https://example.com/new"}, "the secret stays and is not asked for again"
    assert (await house.patch(f"/destinations/{made['id']}", {"is_on": False}))["is_on"] is False
    await house.delete(f"/destinations/{made['id']}")
    assert (await house.ask("GET", f"/destinations/{made['id']}")).status_code == 404


async def test_the_kinds_say_what_they_need(house: House) -> None:
    kinds = {each["kind"]: each for each in (await house.get("/destinations/kinds"))["data"]}
    assert kinds["google_analytics"]["is_advertising"]
    asked = {field["name"]: field["secret"] for field in kinds["webhook"]["fields"]}
    assert (asked["url"], asked["secret"], asked["public_key"]) == (False, True, False)
    assert "call.before_answer" in kinds["webhook"]["hears"]
    assert kinds["google_analytics"]["hears"] == []


@on_one_server(
    ("change", "pointer", "words"),
    [
        ({"kind": "fax"}, "#/kind", "There is no destination 'fax'; installed are: "),
        ({"settings": {"url": ""}}, "#/settings", "Fill in Address."),
        (
            {"settings": {**HOOK["settings"], "colour": "red"}},
            "#/settings/colour",
            "no such setting",
        ),
        ({"rule": {"calls": False, "forms": False}}, "#/rule", "Choose calls, forms, or something else"),
        ({"rule": {"events": ["call.danced"]}}, "#/rule/events/0", "call.before_answer"),
        (
            {
                "kind": "google_analytics",
                "settings": {"measurement_id": "G-AB12CD34EF", "api_secret": "x"},
                "rule": {"events": ["call.ended"]},
            },
            "#/rule/events",
            "not of what happens to each call",
        ),
        ({"rule": {"least_confidence": 2}}, "#/rule/least_confidence", "1"),
    ],
)
async def test_what_cannot_be_is_refused(house: House, change: dict[str, Any], pointer: str, words: str) -> None:
    answer = await house.ask("POST", "/destinations", {**HOOK, **change})
    assert answer.status_code == 422
    assert any(each["pointer"] == pointer and words in each["detail"] for each in answer.json()["errors"])
    assert (await house.get("/destinations"))["data"] == []


async def test_a_test_says_what_is_wrong(house: House) -> None:
    made = await house.make("/destinations", HOOK)
    told = (await house.ask("POST", f"/destinations/{made['id']}/test")).json()
    assert not told["works"]
    assert told["words"].startswith("No answer: ")


async def test_why_a_call_did_not_convert(house: House) -> None:
    ids = await house.furnish()
    made = await house.make("/destinations", HOOK)
    short = await house.ring(ids["company"], BILLBOARD, talk_seconds=41)
    (told,) = (await house.get(f"/calls/{short}/conversions"))["data"]
    assert not told["counts"]
    assert [each["words"] for each in told["reasons"] if not each["is_met"]] == [
        "They talked for 41 s, less than the 60 s that are asked for."
    ]
    assert told["told"] == []
    assert (await house.get("/conversions"))["data"] == []

    good = await house.ring(ids["company"], BILLBOARD, ref="CA2", talk_seconds=61)
    (told,) = (await house.get(f"/calls/{good}/conversions"))["data"]
    assert (told["counts"], told["destination_id"], told["objection"]) == (True, made["id"], None)
    (delivery,) = told["told"]
    assert (await house.get("/conversions", state="waiting"))["data"] == [delivery]
    assert (await house.get("/conversions", destination_id=made["id"]))["data"] == [delivery]
    assert (await house.get("/conversions", state="sent"))["data"] == []


async def test_the_exact_request_is_shown_without_its_secrets(house: House) -> None:
    ids = await house.furnish()
    settings = {"measurement_id": "G-AB12CD34EF", "api_secret": "very-secret"}
    await house.make("/destinations", {"kind": "google_analytics", "name": "GA4", "settings": settings})
    await house.ring(ids["company"], BILLBOARD)
    (delivery,) = (await house.get("/conversions"))["data"]
    whole = await house.get(f"/conversions/{delivery['id']}")
    (request,) = whole["requests"]
    assert request["url"].endswith("/mp/collect?measurement_id=G-AB12CD34EF&api_secret=•••")
    assert "very-secret" not in str(whole)


async def test_what_failed_is_sent_again(house: House) -> None:
    ids = await house.furnish()
    settings = {"measurement_id": "G-AB12CD34EF", "api_secret": "x"}
    await house.make("/destinations", {"kind": "google_analytics", "name": "GA4", "settings": settings})
    await house.ring(ids["company"], BILLBOARD)
    (delivery,) = (await house.get("/conversions"))["data"]
    again = f"/conversions/{delivery['id']}/again"
    assert (await house.ask("POST", again)).json()["code"] == "not_failed"
    house.clock.pass_by(600)
    await house.exchange.deliverer.look()
    whole = await house.get(f"/conversions/{delivery['id']}")
    assert (whole["state"], whole["tries"][0]["outcome"]) == ("withheld", "withheld")
    assert "no Google Analytics cookie" in whole["words"]
    assert (await house.ask("POST", again)).json()["state"] == "waiting"


async def test_a_call_that_is_none_has_no_reasons(house: House) -> None:
    assert (await house.ask("GET", f"/calls/{'a' * 32}/conversions")).status_code == 404


async def test_a_form_is_told_of_and_explained(house: House) -> None:
    ids = await house.furnish()
    await house.make("/destinations", HOOK)
    visit = await house.visit(ids["company"], ids["site"])
    form_id = await house.send_form(ids["company"], ids["site"], visit.session_id, {"email": "ann@example.com"})
    (told,) = (await house.get(f"/forms/{form_id}/conversions"))["data"]
    assert (told["counts"], [each["state"] for each in told["told"]]) == (True, ["waiting"])


async def test_a_destination_that_fetches_files_gets_a_password(house: House) -> None:
    feed = {"kind": "google_ads_feed", "name": "Google Ads", "settings": {"conversion_name": "Phone call"}}
    made = await house.make("/destinations", feed)
    first = (await house.ask("POST", f"/destinations/{made['id']}/password")).json()
    second = (await house.ask("POST", f"/destinations/{made['id']}/password")).json()
    assert first["user"] == "swapboard"
    assert first["password"] != second["password"]
    assert [each["url"].rpartition("/feeds/")[2] for each in first["files"]] == [
        f"{made['id']}/conversions.csv",
        f"{made['id']}/adjustments.csv",
    ]
    hook = await house.make("/destinations", HOOK)
    assert (await house.ask("POST", f"/destinations/{hook['id']}/password")).status_code == 409


async def test_a_secret_is_made_and_replaced(house: House) -> None:
    made = await house.make("/destinations", HOOK | {"settings": {"url": "http://127.0.0.1:1/nobody"}})
    first = made["made"]["Signing secret"]
    path = f"/destinations/{made['id']}"
    assert (await house.get(path))["made"] == {}
    replaced = (await house.ask("POST", f"{path}/rotate")).json()
    assert replaced["made"]["Signing secret"] != first
    assert replaced["settings"]["old_until"] > made["created_at"]
    settings = {"measurement_id": "G-AB12CD34EF", "api_secret": "x"}
    other = await house.make("/destinations", {"kind": "google_analytics", "name": "GA4", "settings": settings})
    assert (await house.ask("POST", f"/destinations/{other['id']}/rotate")).json()["code"] == "not_ours"


async def test_what_was_told_is_told_again_but_not_to_advertising(house: House) -> None:
    ids = await house.furnish()
    rule = {"calls": False, "forms": False, "events": ["call.ended"]}
    hook = await house.make("/destinations", HOOK | {"rule": rule})
    settings = {"measurement_id": "G-AB12CD34EF", "api_secret": "x"}
    other = await house.make("/destinations", {"kind": "google_analytics", "name": "GA4", "settings": settings})
    await house.ring(ids["company"], BILLBOARD)
    with writing(house.exchange.engine) as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'sent', ended_at = said_at")
    span = {"since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z"}
    again = f"/destinations/{hook['id']}/replay"
    assert (await house.ask("POST", again, span)).json() == {"count": 0}
    assert (await house.ask("POST", again, span | {"told_too": True})).json() == {"count": 1}
    answer = await house.ask("POST", f"/destinations/{other['id']}/replay", span | {"told_too": True})
    assert answer.json()["code"] == "told_already"
    (told,) = (await house.get("/conversions", destination_id=other["id"]))["data"]
    assert (await house.ask("POST", f"/conversions/{told['id']}/again")).json()["code"] == "not_failed"


async def test_a_secret_goes_to_no_other_address_than_the_one_it_was_typed_in_for(house: House) -> None:
    settings = {"url": "https://stats.example.com", "site_id": "1"}
    ours = {"kind": "matomo", "name": "Ours", "settings": {**settings, "token": "t" * 32}}
    where = f"/destinations/{(await house.make('/destinations', ours))['id']}"
    elsewhere = {**settings, "url": "https://else.example.com"}
    refused = await house.ask("PATCH", where, {"settings": elsewhere})
    assert refused.status_code == 422
    assert "type it in once more (Auth token)" in refused.text
    assert (await house.get(where))["settings"] == settings
    same = {**settings, "url": "https://stats.example.com/", "site_id": "2"}
    assert (await house.patch(where, {"settings": same}))["settings"]["site_id"] == "2"
    await house.patch(where, {"settings": {**elsewhere, "token": "u" * 32}})


ADS: dict[str, Any] = {
    "kind": "google_ads",
    "name": "Ads",
    "settings": {"customer_id": "1234567890", "conversion_action_id": "77", "people": "no", "consent": "unknown"},
}


async def signed_in(house: House, who: str, company_id: str, granted: tuple[str, ...] = (DATA_MANAGER,)) -> str:
    """An access of the company's, at which a person signed in."""
    asked = {"provider": "google", "name": "Ours", "client_id": "app", "client_secret": "hush"}
    made = await house.make("/grants", {**asked, "uses": ["google_ads"]}, who)
    secrets = house.exchange.vault.seal({"client_secret": "hush", "refresh_token": f"token of {who}"})
    its = access_grants.c.company_id == company_id, access_grants.c.grant_id == made["id"]
    signed = update(access_grants).where(*its)
    values = {"signed_in_at": house.clock(), "granted": list(granted), "credentials": secrets}
    await house.exchange.change(lambda connection: connection.execute(signed.values(values)))
    return str(made["id"])


async def test_an_access_of_the_company_fills_in_what_signing_in_gives(house: House) -> None:
    us, them = house.ids["us"], house.ids["them"]
    ours, theirs = await signed_in(house, "owner", us), await signed_in(house, "stranger", them)
    too_little = await signed_in(house, "owner", us, ())
    for wrong in (theirs, too_little, "0" * 32):
        refused = await house.ask("POST", "/destinations", {**ADS, "grant_id": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/grant_id"), refused.text
    hook = await house.make("/destinations", HOOK)
    assert (await house.ask("PATCH", f"/destinations/{hook['id']}", {"grant_id": ours})).status_code == 422
    made = await house.make("/destinations", {**ADS, "grant_id": ours})
    assert made["grant_id"] == ours
    assert await _token(house, made["id"]) == "token of owner"
    path = f"/destinations/{made['id']}"
    assert (await house.ask("PATCH", path, {"grant_id": theirs})).status_code == 422
    # What the access fills in stays as it has it, whatever is typed in beside it.
    elsewhere = {"client_id": "another app", "url": "https://else.example.com"}
    changed = await house.patch(path, {"settings": {**ADS["settings"], **elsewhere}})
    assert (changed["grant_id"], changed["settings"]["client_id"]) == (ours, "app")
    assert changed["settings"]["url"] == "", "its token goes to Google only"
    assert (await house.patch(path, {"grant_id": None}))["grant_id"] is None
    assert await _token(house, made["id"]) == "", "who leaves an access does not go on with its token"
    assert (await house.patch(path, {"grant_id": ours}))["grant_id"] == ours
    assert await _token(house, made["id"]) == "token of owner"
    own = {"grant_id": None, "settings": {**ADS["settings"], "client_id": "app", "refresh_token": "our own"}}
    assert (await house.patch(path, own))["grant_id"] is None
    assert await _token(house, made["id"]) == "our own"


async def _token(house: House, destination_id: str) -> str:
    us = house.ids["us"]
    record = await house.exchange.read(lambda connection: destination_by_id(connection, us, destination_id))
    assert record is not None
    return str(house.exchange.vault.unseal(record.credentials).get("refresh_token", ""))
