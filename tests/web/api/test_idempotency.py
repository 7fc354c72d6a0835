"""`Idempotency-Key`: a request sent again is done once and answered alike, also at the same moment."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from swapboard.storage.schema import idempotency_keys, sites
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api import install_api
from tests.web.api.house import ANOTHER_HOST, House

pytestmark = pytest.mark.anyio

KEY = {"Idempotency-Key": "9d2a-1"}
HOOK = "https://hooks.example.com/calls"


async def test_the_same_request_is_done_once(house: House) -> None:
    first = await house.ask("POST", "/sites", {"name": "Shop"}, headers=KEY)
    second = await house.ask("POST", "/sites", {"name": "Shop"}, headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert len((await house.get("/sites"))["data"]) == 1


async def test_at_the_same_moment_too(house: House) -> None:
    asked = [house.ask("POST", "/sites", {"name": "Shop"}, headers=KEY) for _ in range(20)]
    answers = await asyncio.gather(*asked)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len((await house.get("/sites"))["data"]) == 1


async def test_two_servers_on_one_database_do_it_once(house: House) -> None:
    other = Exchange(house.exchange.settings, house.clock)
    await other.start()
    try:
        app = FastAPI()
        app.state.exchange = other
        install_api(app)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ANOTHER_HOST) as client:
            twin = replace(house, exchange=other, client=client)
            asked = [each.ask("POST", "/sites", {"name": "Shop"}, headers=KEY) for each in (house, twin) * 8]
            answers = await asyncio.gather(*asked)
    finally:
        await other.stop()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1


async def test_another_request_with_the_key_is_refused(house: House) -> None:
    await house.make("/sites", {"name": "Shop"}, headers=KEY)
    for path, body in (("/sites", {"name": "Other"}), ("/companies", {"name": "Shop"})):
        answer = await house.ask("POST", path, body, headers=KEY)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert len((await house.get("/sites"))["data"]) == 1


async def test_each_caller_has_keys_of_its_own(house: House) -> None:
    made = [
        await house.make("/sites", {"name": "Shop"}, who, headers=KEY) for who in ("owner", "admin", "stranger")
    ]
    assert len({each["id"] for each in made}) == 3


async def test_a_refused_request_may_be_put_right(house: House) -> None:
    assert (await house.ask("POST", "/sites", {"name": ""}, headers=KEY)).status_code == 422
    assert (await house.ask("POST", "/pools", {"name": "x", "target_id": "a"}, headers=KEY)).status_code == 422
    await house.make("/sites", {"name": "Shop"}, headers=KEY)


async def test_a_new_keys_secret_comes_again_but_is_not_kept_readable(house: House) -> None:
    first = await house.make("/keys", {"name": "x"}, headers=KEY)
    assert await house.make("/keys", {"name": "x"}, headers=KEY) == first
    query = select(idempotency_keys.c.answer).where(idempotency_keys.c.company_id == house.ids["us"])
    [answer] = await house.exchange.read(lambda connection: connection.execute(query).scalars().all())
    assert first["key"] not in answer
    assert first["id"] not in answer


async def test_answers_are_forgotten_after_a_day(house: House) -> None:
    first = await house.make("/sites", {"name": "Shop"}, headers=KEY)
    house.clock.pass_by(86_399)
    assert (await house.make("/sites", {"name": "Shop"}, headers=KEY))["id"] == first["id"]
    house.clock.pass_by(1)
    assert (await house.make("/sites", {"name": "Shop"}, headers=KEY))["id"] != first["id"]
    query = select(func.count()).where(idempotency_keys.c.company_id == house.ids["us"])
    assert await house.exchange.read(lambda connection: connection.execute(query).scalar()) == 1


@pytest.mark.parametrize("key", ["", " ", "é", "a\tb", "x" * 201])
async def test_what_is_no_key_is_refused(house: House, key: str) -> None:
    answer = await house.ask("POST", "/sites", {"name": "Shop"}, headers={"Idempotency-Key": key.encode()})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["parameter"] == "Idempotency-Key"
    query = select(func.count()).where(sites.c.company_id == house.ids["us"])
    assert await house.exchange.read(lambda connection: connection.execute(query).scalar()) == 0


async def test_secrets_that_are_replaced_are_replaced_once(house: House) -> None:
    hook = await house.make("/destinations", {"kind": "webhook", "name": "Hook", "settings": {"url": HOOK}})
    path = f"/destinations/{hook['id']}/rotate"
    first, second = [await house.ask("POST", path, headers=KEY) for _ in range(2)]
    assert (first.status_code, second.content) == (200, first.content)
    anew = await house.ask("POST", path, headers={"Idempotency-Key": "another"})
    assert anew.json()["made"] != first.json()["made"]
