"""An assistant asks the server at `/mcp`, by the protocol's own client over a real port."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.routing import Route

from swapboard.accounts.company import ApiKey, Role
from swapboard.accounts.keys import add_key
from swapboard.accounts.secrets import new_api_key
from swapboard.assistant.door import assistant_routes
from swapboard.assistant.tools import READS, WRITES
from swapboard.cli.serve import for_assistants
from swapboard.setting_values import SettingsError
from swapboard.settings import read_settings
from swapboard.web.app import create_app
from tests.assistant.test_mcp import words
from tests.web.api.house import BILLBOARD, House
from tests.web.api.serving import listening

pytestmark = pytest.mark.anyio
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "an assistant", "version": "1"},
    },
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The API has its own tests on both engines."""
    return sqlite_url


@asynccontextmanager
async def asking(url: str, key: str, mode: str = "auto", **more: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key}", **more}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def opened(app: FastAPI, allowed: str) -> FastAPI:
    app.router.routes.extend(assistant_routes(allowed))
    return app


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_which_campaigns_made_missed_calls(house: House, app: FastAPI, mode: str) -> None:
    ids = await house.furnish()
    admitted = await house.visit(ids["company"], ids["site"])
    await house.ring(ids["company"], admitted.swaps[0].number, talk_seconds=0)
    async with (
        listening(opened(app, "read")) as url,
        asking(url, house.keys["read_only"], mode) as ours,
        asking(url, house.keys["stranger"], mode) as theirs,
    ):
        assert {tool.name for tool in (await ours.list_tools()).tools} == set(READS.values())
        question = {"by": ["campaign"], "filter": "outcome:missed"}
        for client, lines in ((ours, [({"campaign": "Emergency"}, 1)]), (theirs, [])):
            told = (await client.call_tool("report_breakdown", question)).structured_content
            assert isinstance(told, dict)
            assert [(line["values"], line["now"]["missed"]) for line in told["lines"]] == lines


async def test_a_key_may_do_what_its_scopes_and_role_say_and_nothing_else(house: House, app: FastAPI) -> None:
    ids = await house.furnish()
    call_id = await house.ring(ids["company"], BILLBOARD)
    key_text, secret_hash = new_api_key(ids["company"], "keyforreports")
    scoped = ApiKey(
        "keyforreports", ids["company"], "reports", Role.OWNER, house.clock(), None, None, scopes=("read:reports",)
    )
    await house.exchange.change(lambda connection: add_key(connection, scoped, secret_hash))
    judging = {"call_id": call_id, "tags": ["booked"]}
    async with listening(opened(app, "write")) as url:
        async with asking(url, key_text) as client:
            assert not (await client.call_tool("report_overview", {})).is_error
            for name, arguments in (("list_calls", {}), ("judge_call", judging)):
                answer = await client.call_tool(name, arguments)
                assert answer.is_error
                assert "This key's scopes do not let it do this" in words(answer), name
        async with asking(url, house.keys["agent"]) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} == {*READS.values(), *WRITES.values()}
            assert not (await client.call_tool("judge_call", judging)).is_error
    assert (await house.get(f"/calls/{call_id}"))["tags"] == ["booked"]


@pytest.mark.parametrize(
    ("who", "more", "status"),
    [
        ("nobody", {}, 401),
        ("revoked", {}, 401),
        ("stranger", {"Swapboard-Company": "us"}, 404),
        ("analyst", {"Swapboard-Company": "them"}, 403),
        ("analyst", {}, 200),
    ],
)
async def test_whoever_may_not_ask_hears_nothing(
    house: House, app: FastAPI, who: str, more: Mapping[str, str], status: int
) -> None:
    opened(app, "read")
    named = {name: house.ids[value] for name, value in more.items()}
    key = {} if who == "nobody" else {"Authorization": f"Bearer {house.keys[who]}"}
    answer = await house.client.post("/mcp", json=HELLO, headers={**ACCEPT, **key, **named})
    assert answer.status_code == status, answer.text
    assert ("serverInfo" in answer.text) == (status == 200)


async def test_only_messages_by_post_are_taken_and_none_that_is_too_long(house: House, app: FastAPI) -> None:
    opened(app, "read")
    headers = {**ACCEPT, "Authorization": f"Bearer {house.keys['owner']}"}
    for method in ("GET", "DELETE", "PUT"):
        answer = await house.client.request(method, "/mcp", headers=headers)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    long = await house.client.post("/mcp", json={**HELLO, "id": "x" * 2_000_000}, headers=headers)
    assert long.status_code == 413
    broken = await house.client.post("/mcp", content=b"{", headers={**headers, "Content-Type": "application/json"})
    assert broken.status_code == 400


async def test_the_door_is_shut_until_it_is_opened(house: House) -> None:
    app = create_app(house.exchange)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://calls.example.com") as client:
        answer = await client.post(
            "/mcp", json=HELLO, headers={**ACCEPT, "Authorization": f"Bearer {house.keys['owner']}"}
        )
    assert answer.status_code == 403  # the dashboard's, which takes no forms from elsewhere
    assert "serverInfo" not in answer.text


def test_serving_opens_it_for_whoever_sets_it() -> None:
    assert for_assistants(read_settings({})) == ()
    [route] = for_assistants(read_settings({"SWAPBOARD_MCP": "read"}))
    assert isinstance(route, Route)
    assert route.path == "/mcp"


def test_what_assistants_may_do_is_said_in_one_of_two_words() -> None:
    assert read_settings({}).mcp == ""
    assert read_settings({"SWAPBOARD_MCP": "write"}).mcp == "write"
    with pytest.raises(SettingsError, match="SWAPBOARD_MCP is 'yes'; write read or write"):
        read_settings({"SWAPBOARD_MCP": "yes"})
