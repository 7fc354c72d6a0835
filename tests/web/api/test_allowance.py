"""A key that asks too often is told when it may again, and nobody else is."""

import pytest
from fastapi import FastAPI

from swapboard.web.api.allowance import Allowance
from tests.web.api.house import Clock, House

pytestmark = pytest.mark.anyio


@pytest.fixture
def few(app: FastAPI) -> None:
    app.state.allowance = Allowance(3)


async def test_each_answer_says_how_many_are_left(house: House) -> None:
    for left in (599, 598):
        answer = await house.ask("GET", "/sites")
        assert answer.headers["ratelimit-policy"] == '"key";q=600;w=60'
        assert answer.headers["ratelimit"] == f'"key";r={left};t=1'
    refused = await house.ask("GET", "/sites/nobody")
    assert (refused.status_code, refused.headers["ratelimit"]) == (404, '"key";r=597;t=1')
    assert "ratelimit" not in (await house.ask("GET", "/sites", who="nobody")).headers


@pytest.mark.usefixtures("few")
async def test_a_key_that_asks_too_often_waits(house: House, clock: Clock) -> None:
    for left in (2, 1, 0):
        answer = await house.ask("GET", "/sites")
        assert (answer.status_code, answer.headers["ratelimit"]) == (200, f'"key";r={left};t={20 * (3 - left)}')
    refused = await house.ask("POST", "/sites", {"name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "20"
    assert (await house.ask("GET", "/sites", who="admin")).status_code == 200
    clock.pass_by(int(refused.headers["retry-after"]))
    assert (await house.get("/sites"))["data"] == []


@pytest.mark.usefixtures("few")
async def test_visits_of_a_website_have_their_own_limit(house: House) -> None:
    for _ in range(5):
        answer = await house.ask("POST", "/sites/nobody/visit", {}, who="site")
        assert answer.status_code != 429
        assert "ratelimit" not in answer.headers
