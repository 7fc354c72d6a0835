"""Carriers by the API: connected, changed, and taken away only while nothing is theirs."""

from typing import Any

import pytest

from tests.carriers.stories.cast import CAST
from tests.carriers.telnyx.network import TELNYX
from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio


def new(kind: str = "telnyx", **changes: Any) -> dict[str, Any]:
    credentials = next(dict(plug.credentials) for plug in CAST if plug.kind == kind)
    return {"kind": kind, "name": "Our account", "credentials": credentials} | changes


async def test_a_carrier_is_connected_read_changed_and_removed(house: House) -> None:
    made = await house.make("/carriers", new())
    assert TELNYX.credentials["api_key"] not in str(made)
    assert made["credentials"] == {name: value for name, value in TELNYX.credentials.items() if name != "api_key"}
    assert made["voice_url"].endswith(f"/carriers/{made['id']}/voice")
    assert made["status_url"].endswith(f"/carriers/{made['id']}/status")
    assert made in (await house.get("/carriers"))["data"]
    credentials = {name: value for name, value in made["credentials"].items() if name != "application_id"}
    changed = await house.patch(f"/carriers/{made['id']}", {"credentials": {**credentials, "application_id": "7"}})
    assert changed["credentials"]["application_id"] == "7", "the key stays and is not asked for again"
    assert (await house.patch(f"/carriers/{made['id']}", {"name": "Main"}))["name"] == "Main"
    await house.delete(f"/carriers/{made['id']}")
    assert (await house.ask("GET", f"/carriers/{made['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "credentials"),
    [
        ("lines", {"server": "sip.example.com", "numbers": BILLBOARD}),
        (
            "asterisk",
            {"url": "http://127.0.0.1:8088", "username": "swapboard", "password": "a secret"}
            | {"endpoint": "PJSIP/{number}@trunk", "numbers": BILLBOARD},
        ),
    ],
)
async def test_a_line_of_ones_own_has_no_addresses(house: House, kind: str, credentials: dict[str, str]) -> None:
    made = await house.make("/carriers", {"kind": kind, "name": "Our line", "credentials": credentials})
    assert (made["voice_url"], made["status_url"]) == (None, None)
    assert await house.get(f"/carriers/{made['id']}") == made


@pytest.mark.parametrize("kind", [plug.kind for plug in CAST])
async def test_every_carrier_of_the_stories_can_be_connected(house: House, kind: str) -> None:
    kinds = {each["kind"]: each for each in (await house.get("/carriers/kinds"))["data"]}
    asked = {field["name"] for field in kinds[kind]["credentials"] if field["required"]}
    given = new(kind)
    assert asked <= set(given["credentials"])
    made = await house.make("/carriers", given)
    assert made["id"] in house.exchange.directory.routes.carriers


async def test_a_carrier_with_numbers_stays(house: House) -> None:
    ids = await house.furnish()
    made = await house.make("/carriers", new())
    from sqlalchemy import update

    from swapboard.storage.engine import writing
    from swapboard.storage.schema import numbers

    with writing(house.exchange.engine) as connection:
        mine = (numbers.c.company_id == ids["company"], numbers.c.number == BILLBOARD)
        connection.execute(update(numbers).where(*mine).values(carrier_id=made["id"]))
    answer = await house.ask("DELETE", f"/carriers/{made['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")


@pytest.mark.parametrize(
    ("change", "pointer", "words"),
    [
        ({"kind": "pigeon"}, "#/kind", "There is no carrier 'pigeon'; installed are: "),
        ({"credentials": {"api_key": "KEY1"}}, "#/credentials", "Please give"),
        (
            {"credentials": {**TELNYX.credentials, "colour": "red"}},
            "#/credentials/colour",
            "has no such credential",
        ),
        ({"credentials": {**TELNYX.credentials, "public_key": "x"}}, "#/credentials", "not a public key"),
    ],
)
async def test_what_cannot_be_is_refused(house: House, change: dict[str, Any], pointer: str, words: str) -> None:
    before = await house.get("/carriers")
    answer = await house.ask("POST", "/carriers", {**new(), **change})
    assert answer.status_code == 422
    assert any(each["pointer"] == pointer and words in each["detail"] for each in answer.json()["errors"])
    assert await house.get("/carriers") == before
