"""What each server has of the API's routes: the same ones, ready before the first request."""

from typing import Any

import fastapi.routing
import pytest
from fastapi import FastAPI

from swapboard.switchboard.exchange import Exchange
from swapboard.web.api import install_api
from tests.web.api.house import House

pytestmark = pytest.mark.anyio


async def test_no_request_waits_until_routes_are_worked_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def work_out(*_args: Any, **_options: Any) -> None:
        raise AssertionError("half a second in which no call is answered")

    monkeypatch.setattr(fastapi.routing, "get_dependant", work_out)
    assert (await house.ask("GET", "/companies")).status_code == 200
    assert (await house.ask("GET", "/nowhere")).status_code == 404


async def test_a_second_app_of_the_process_works_nothing_out(
    exchange: Exchange, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastapi.routing, "get_dependant", None)
    another = FastAPI(openapi_url=None)
    another.state.exchange = exchange
    install_api(another)
    assert len(another.routes) == len(app.routes)
