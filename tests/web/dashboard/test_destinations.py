"""Destinations in the dashboard: made, tried, changed, removed, and why a call was told or not."""

import base64
import re

import pytest
from sqlalchemy import Engine

from swapboard.conversions.destinations.base import DestinationKind
from swapboard.conversions.store import destination_by_id, reseal_destination
from swapboard.storage.engine import reading, writing
from swapboard.web.dashboard import destinations
from swapboard.web.dashboard.destination_view import kind_named
from tests.one_server import on_one_server
from tests.web.dashboard.shop import BILLBOARD, Browser, Clock, Shop

pytestmark = pytest.mark.anyio

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
FORM = {
    "kind": "webhook",
    "name": "Our CRM",
    "setting-url": "http://127.0.0.1:1/nobody",
    "setting-secret": SECRET,
    "on": "yes",
    "calls": "yes",
    "answered": "yes",
    "talk": "60",
    "sure": "0",
    "tags": "",
    "value": "40",
    "tag_values": "sale = 250\nbig sale = 1,250.50",
}


async def made(owner: Browser, **changes: str) -> str:
    """The address of a destination that was made."""
    answer = await owner.send_form("/destinations", FORM | changes)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def a_call(shop: Shop, talk_seconds: int, ref: str = "CA1") -> str:
    """The id of a call that is over."""
    await shop.ring(BILLBOARD, ref=ref)
    await shop.answer(ref)
    return await shop.hang_up(ref, talk_seconds)


async def test_it_is_made_and_shows_everything_but_its_secret(owner: Browser) -> None:
    assert "Nobody is told yet" in (await owner.get("/destinations")).text
    assert 'name="setting-secret"' in (await owner.get("/destinations/new?kind=webhook")).text
    page = (await owner.get(await made(owner))).text
    assert 'value="http://127.0.0.1:1/nobody"' in page
    assert SECRET not in page
    assert re.search(r'name="talk" inputmode="numeric" value="60"', page)
    assert "sale = 250.00\nbig sale = 1250.50" in page
    assert re.search(r'name="calls" value="yes" checked', page)
    assert not re.search(r'name="forms" value="yes" checked', page)
    assert "Our CRM" in (await owner.get("/destinations")).text


async def test_a_dry_run_is_ticked_and_kept(owner: Browser) -> None:
    page = (await owner.get(await made(owner, dry="yes"))).text
    assert re.search(r'name="dry" value="yes" checked', page)


async def test_a_secret_that_is_not_typed_in_stays(owner: Browser) -> None:
    where = await made(owner)
    answer = await owner.send_form(where, FORM | {"setting-secret": "", "name": "Their CRM"})
    assert answer.status_code == 303, answer.text
    assert "Their CRM" in (await owner.get(where)).text


async def test_a_token_that_changes_while_the_form_is_saved_stays(
    owner: Browser, shop: Shop, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, vault = await made(owner), shop.exchange.vault
    destination_id = where.rpartition("/")[2]

    def renewed(name: str) -> DestinationKind:
        with writing(engine) as connection:
            record = destination_by_id(connection, shop.company_id, destination_id)
            assert record
            kept = vault.unseal(record.credentials) | {"refresh_token": "what came instead"}
            reseal_destination(connection, record, vault.seal(kept))
        return kind_named(name)

    monkeypatch.setattr(destinations, "kind_named", renewed)
    assert (await owner.send_form(where, FORM | {"setting-secret": "", "name": "Theirs"})).status_code == 303
    with reading(engine) as connection:
        record = destination_by_id(connection, shop.company_id, destination_id)
    assert record
    assert record.name == "Theirs"
    assert vault.unseal(record.credentials)["refresh_token"] == "what came instead"


@on_one_server(
    ("changes", "told"),
    [
        ({"name": ""}, "Give it a name."),
        ({"setting-url": "ftp://x"}, "must begin with https://"),
        ({"setting-secret": "whsec_x"}, "whsec_ and base64"),
        ({"talk": "a minute"}, "Write the least talk time in seconds."),
        ({"sure": "200"}, "a whole number from 0 to 100"),
        ({"value": "lots"}, "Write an amount with at most two digits behind the point, like 40 or 1250.50."),
        ({"tag_values": "sale"}, "like: sale = 50"),
        ({"calls": ""}, "Choose calls, forms, or something else that it is to be told of."),
        ({"tags": "x" * 51}, "at most 50 characters"),
    ],
)
async def test_what_cannot_be_is_told_and_kept_in_the_form(
    owner: Browser, changes: dict[str, str], told: str
) -> None:
    answer = await owner.send_form("/destinations", FORM | {"tag_values": "sale = 7"} | changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert "sale" in answer.text
    assert "Nobody is told yet" in (await owner.get("/destinations")).text


async def test_a_secret_beside_a_mistake_is_said_to_be_typed_once_more(owner: Browser) -> None:
    asked, mistake = "Type the secrets once more", {"talk": "often"}
    assert asked in (await owner.send_form("/destinations", FORM | mistake)).text
    where = await made(owner)
    assert asked in (await owner.send_form(where, FORM | mistake)).text
    assert asked not in (await owner.send_form(where, FORM | mistake | {"setting-secret": ""})).text


async def test_a_try_keeps_what_was_typed_and_is_not_saved(owner: Browser) -> None:
    where = await made(owner)
    page = (await owner.send_form(f"{where}/test", FORM | {"name": "Half typed", "tags": "sale"})).text
    assert 'value="Half typed"' in page
    assert "Type the secrets once more" in page
    assert "Half typed" not in (await owner.get(where)).text


async def test_a_try_says_what_is_wrong(owner: Browser) -> None:
    answer = await owner.send_form(f"{await made(owner)}/test", {})
    assert "It does not work." in answer.text
    assert "No answer: " in answer.text


async def test_a_call_s_page_says_who_was_told_and_why_not(owner: Browser, shop: Shop, clock: Clock) -> None:
    where = await made(owner)
    clock.pass_by(60)
    short = await a_call(shop, 41)
    page = (await owner.get(f"/calls/{short}")).text
    assert "Who was told of it, and why" in page
    assert "They talked for 41 s, less than the 60 s that are asked for." in page
    long = await a_call(shop, 61, "CA2")
    assert "<bdi>Our CRM</bdi>: waiting" in (await owner.get(f"/calls/{long}")).text
    page = (await owner.get(where)).text
    assert f'href="/calls/{long}"' in page
    assert f'href="/calls/{short}"' not in page
    assert "Waiting" in page.partition("What it was told")[2]


async def test_what_was_not_sent_is_sent_again(owner: Browser, shop: Shop, clock: Clock) -> None:
    where = await made(
        owner, kind="google_analytics", **{"setting-measurement_id": "G-AB12CD34EF", "setting-api_secret": "x"}
    )
    call_id = await a_call(shop, 61)
    clock.pass_by(600)
    await shop.exchange.deliverer.look()
    page = (await owner.get(where)).text
    assert "no Google Analytics cookie" in page
    again = re.search(r'action="(/destinations/deliveries/[0-9a-f]+/again)"', page)
    assert again
    answer = await owner.send_form(again[1], {})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{where}#told")
    assert again[1] not in (await owner.get(where)).text
    assert "no Google Analytics cookie" in (await owner.get(f"/calls/{call_id}")).text


async def test_it_is_removed_with_what_it_was_told(owner: Browser, shop: Shop) -> None:
    where = await made(owner)
    await a_call(shop, 61)
    assert (await owner.send_form(f"{where}/remove", {})).status_code == 303
    assert (await owner.get(where)).status_code == 404


async def test_readers_look_and_strangers_do_not(owner: Browser, browser: Browser, stranger: Shop) -> None:
    where = await made(owner)
    doors = {"/destinations": FORM, where: FORM, f"{where}/test": {}, f"{where}/remove": {}}
    await browser.send_form("/logout", {})
    await browser.log_in("reader@example.com")
    page = (await browser.get(where)).text
    assert "What it was told" in page
    assert "<input" not in page.partition("<main")[2]
    for door, fields in doors.items():
        assert (await browser.send_form(door, fields)).status_code == 403, door
    await browser.send_form("/logout", {})
    await browser.log_in("stranger@example.com")
    assert stranger.name in (await browser.get("/destinations")).text
    assert "Our CRM" not in (await browser.get("/destinations")).text
    for door, fields in doors.items():
        if door != "/destinations":
            assert (await browser.send_form(door, fields)).status_code == 404, door
    assert (await browser.get(where)).status_code == 404
    assert (await browser.get("/destinations/new?kind=fax")).status_code == 404


async def test_a_secret_is_made_and_replaced_and_shown_once(owner: Browser) -> None:
    answer = await owner.send_form("/destinations", FORM | {"setting-secret": "", "setting-signing": "both"})
    (first,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.text)
    (public,) = set(re.findall(r"whpk_[A-Za-z0-9+/=]+", answer.text))
    assert "Copy it now" in answer.text
    assert not re.search(r"whsk_[A-Za-z0-9+/]{20}", answer.text), "a private key is nobody's but ours"
    where = re.search(r'action="(/destinations/[0-9a-f]+)"', answer.text)
    assert where
    assert first not in (await owner.get(where[1])).text
    answer = await owner.send_form(f"{where[1]}/rotate", {})
    (second,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", answer.text)
    assert second != first
    assert public not in answer.text
    assert "The old one signs beside it" in answer.text


async def test_each_call_s_events_are_chosen_and_sent_again_by_days(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    events = {"event": "call.ended", "calls": ""}
    where = await made(owner, **events)
    page = (await owner.get(where)).text
    assert re.search(r'name="event" value="call.ended" checked', page)
    assert not re.search(r'name="event" value="call.answered" checked', page)
    await a_call(shop, 61)
    page = (await owner.get(where)).text
    told = re.search(r'href="(/destinations/deliveries/[0-9a-f]+)">It ended', page)
    assert told
    page = (await owner.get(told[1])).text
    assert "Not tried yet." in page
    assert "webhook-signature: v1," in page
    assert "call.ended" in page
    answer = await owner.send_form(f"{where}/replay", {"since": "2026-11-24", "until": "2026-11-24"})
    assert "0 messages are on their way again." in answer.text, "it waits still"
    for days, words in (
        ({"since": "yesterday", "until": ""}, "Write both days"),
        ({"since": "2026-11-24", "until": "2026-11-23"}, "before the first"),
        ({"since": "2026-11-24", "until": "9999-12-31"}, "Write both days"),
    ):
        answer = await owner.send_form(f"{where}/replay", days)
        assert (answer.status_code, words in answer.text) == (422, True)


async def test_a_destination_that_refuses_is_told_of_on_every_page(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    where = await made(owner)
    await a_call(shop, 61)
    for _hours in range(80):
        clock.pass_by(3600)
        await shop.exchange.deliverer.look()
    page = (await owner.get("/calls")).text
    assert "Our CRM is not told of your calls." in page
    assert "No answer: " in page
    assert "See whether it is up" in (await owner.get(where)).text
    await owner.send_form(where, FORM)
    assert "is not told of your calls" not in (await owner.get("/calls")).text
