"""The door to the sandbox's network: what it is asked in vain is refused, or taken as if it had not been asked."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import httpx
import pytest
from starlette.applications import Starlette

from swapboard.carriers.base import Text
from swapboard.carriers.sandbox import carrier as sandbox
from swapboard.carriers.sandbox.network import Line, PhoneNetwork
from swapboard.carriers.sandbox.twilio_dialect import TwilioDialect
from swapboard.clock import system_clock
from swapboard.switchboard.exchange import Exchange
from swapboard.web.sandbox import everybodys, sandbox_routes
from tests.building import run

NUMBER = "+12025550143"
DOORS = "http://doors.example.com"


class NothingWritten:
    """An exchange in whose database no call stands yet."""

    async def read(self, _look: Callable[..., Any]) -> None:
        return None


async def ring_on(_request: httpx.Request) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


@pytest.mark.parametrize("wait", ["", "x", "-1", "1.5", "\u0660", "\u00b2", "9" * 5_000])
def test_a_wait_that_is_none_is_not_waited_for(wait: str) -> None:
    line = Line(NUMBER, f"{DOORS}/voice", f"{DOORS}/status", TwilioDialect("AC1", "word"))

    async def ask() -> None:
        doors = httpx.AsyncClient(transport=httpx.MockTransport(ring_on))
        network = PhoneNetwork({NUMBER: line}.get, doors, system_clock)
        app = Starlette(routes=sandbox_routes(cast(Exchange, NothingWritten()), everybodys(network, "c1")))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://board.example.com"
        ) as http:
            dialled = await http.post("/sandbox/calls", json={"to": NUMBER, "from": "+12125550111"})
            assert dialled.status_code == 201
            address = f"/sandbox/calls/{dialled.json()['call_ref']}"
            answer = await http.get(address, params={"wait": wait})
            assert (answer.status_code, answer.json()["state"]) == (200, "dialling")
        await network.aclose()
        await doors.aclose()

    run(ask())


def test_a_call_that_is_not_there() -> None:
    async def ask() -> None:
        network = PhoneNetwork({}.get, httpx.AsyncClient(), system_clock)
        app = Starlette(routes=sandbox_routes(cast(Exchange, NothingWritten()), everybodys(network, "c1")))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://board.example.com"
        ) as http:
            assert (await http.get("/sandbox/calls/CA1")).status_code == 404
            refused = await http.post("/sandbox/calls", json={"to": NUMBER})
            assert (refused.status_code, refused.json()["status"]) == (404, 404)

    run(ask())


def test_a_network_shows_no_texts_of_another_companys_account() -> None:
    def line(account: str, token: str = "word") -> Line:
        return Line(NUMBER, f"{DOORS}/voice", f"{DOORS}/status", TwilioDialect(account, token))

    async def ask() -> None:
        async with httpx.AsyncClient() as http:
            networks = [
                PhoneNetwork(lines.get, http, system_clock)
                for lines in (
                    {NUMBER: line("AC1")},
                    {NUMBER: line("AC2")},
                    {NUMBER: line("AC1", "another")},
                    dict[str, Line](),
                )
            ]
            sandbox.open({"account_sid": "AC1", "auth_token": "word"}).send_text(
                Text(NUMBER, "+12125550111", "Sorry.")
            )
            assert [len(each.texts) for each in networks] == [1, 0, 0, 0]

    run(ask())
