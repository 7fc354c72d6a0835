"""An assistant asks `swapboard mcp` over a real pipe, by the protocol's own client; a server answers by HTTP."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import mcp_types as protocol
import pytest
from fastapi import FastAPI
from mcp import Client, StdioServerParameters
from typer.testing import CliRunner

from swapboard.assistant.tools import READS, WRITES, tools_of
from swapboard.cli.app import app as cli
from swapboard.cli.problems import Problem
from tests.web.api.house import BILLBOARD, House
from tests.web.api.serving import listening

pytestmark = pytest.mark.anyio
COMMAND = str(Path(sys.executable).parent / "swapboard")


@asynccontextmanager
async def asking(app: FastAPI, key: str, *more: str) -> AsyncIterator[Client]:
    async with listening(app) as url:
        started = StdioServerParameters(
            command=COMMAND, args=["mcp", "--url", url, *more], env={"SWAPBOARD_KEY": key}
        )
        async with Client(started) as client:
            yield client


def words(answer: protocol.CallToolResult) -> str:
    [said] = answer.content
    assert isinstance(said, protocol.TextContent)
    return said.text


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The API has its own tests on both engines."""
    return sqlite_url


async def test_which_campaigns_made_missed_calls(house: House, app: FastAPI) -> None:
    ids = await house.furnish()
    admitted = await house.visit(ids["company"], ids["site"])
    missed = await house.ring(ids["company"], admitted.swaps[0].number, talk_seconds=0)
    await house.ring(ids["company"], BILLBOARD, caller="+12125550112", ref="CA2")
    async with asking(app, house.keys["read_only"]) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == set(READS.values())
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        asked = {"by": ["campaign"], "filter": "outcome:missed"}
        told = (await client.call_tool("report_breakdown", asked)).structured_content
        assert isinstance(told, dict)
        assert [(line["values"], line["now"]["missed"]) for line in told["lines"]] == [
            ({"campaign": "Emergency"}, 1)
        ]
        call = (await client.call_tool("get_call", {"call_id": missed})).structured_content
        assert isinstance(call, dict)
        assert call["attribution"]["keyword"] == "emergency plumber"
        live = (await client.call_tool("live_now", {})).structured_content
        assert isinstance(live, dict)
        assert [each["session_id"] for each in live["visitors"]] == [admitted.session_id]


async def test_what_the_api_refuses_is_told_in_its_words(house: House, app: FastAPI) -> None:
    call_id = await house.ring((await house.furnish())["company"], BILLBOARD)
    async with asking(app, house.keys["agent"], "--write") as client:
        assert {tool.name for tool in (await client.list_tools()).tools} == {*READS.values(), *WRITES.values()}
        for name, arguments, said in (
            ("report_overview", {}, "A key with the role agent may not read reports here."),
            ("list_calls", {"status": "loud"}, "status: Write 'ringing',"),
            ("list_calls", {"stauts": "missed"}, "stauts: There is no such field; leave it out."),
            ("get_call", {"call_id": "nobody"}, "There is no such call."),
            ("get_call", {"call_id": "nobody/../../keys"}, "There is nothing at this address"),
            ("get_call", {}, "get_call needs call_id."),
            ("sell_everything", {}, "There is no tool 'sell_everything'"),
        ):
            answer = await client.call_tool(name, arguments)
            assert answer.is_error
            assert said in words(answer), name
        judged = await client.call_tool("judge_call", {"call_id": call_id, "qualified": True, "tags": ["booked"]})
        assert not judged.is_error, words(judged)
    assert (await house.get(f"/calls/{call_id}"))["tags"] == ["booked"]


async def test_only_reading_is_offered_unless_more_is_asked_for(house: House, app: FastAPI) -> None:
    call_id = await house.ring((await house.furnish())["company"], BILLBOARD)
    async with asking(app, house.keys["owner"]) as client:
        answer = await client.call_tool("judge_call", {"call_id": call_id, "tags": ["booked"]})
        assert answer.is_error
    assert (await house.get(f"/calls/{call_id}"))["tags"] == []


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("sb_nobodys", "Nobody has this API key, or it was revoked; make one with: swapboard key add NAME."),
        ("sb_…", "Copy the whole API key, and the company's id if you give one, as they were shown."),
    ],
)
async def test_a_key_that_is_none_is_told_at_the_start(house: House, app: FastAPI, key: str, said: str) -> None:
    assert house
    async with listening(app) as url:
        environment = {**os.environ, "SWAPBOARD_KEY": key}
        ended = await anyio.run_process([COMMAND, "mcp", "--url", url], check=False, env=environment)
    assert (ended.returncode, ended.stderr.decode()) == (1, f"swapboard: {said}\n")


async def test_a_server_that_is_none_is_told_at_the_start() -> None:
    ended = await anyio.run_process([COMMAND, "mcp", "--url", "http://127.0.0.1:1", "--key", "x"], check=False)
    assert ended.returncode == 1
    assert "Everybody on this machine can see a key on the command line" in ended.stderr.decode()
    assert "http://127.0.0.1:1 is no Swapboard server that answers" in ended.stderr.decode()


def test_a_key_comes_from_a_file_and_without_any_it_is_said_where_from(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sb_nobodys\n")
    asked = ["mcp", "--url", "http://127.0.0.1:1"]
    for more, said in (
        ([], "Set SWAPBOARD_KEY in the environment"),
        (["--key-file", str(tmp_path / "none")], "none cannot be read: No such file or directory."),
        (["--key-file", str(tmp_path / "key")], "is no Swapboard server that answers"),
    ):
        done = CliRunner().invoke(cli, [*asked, *more])
        assert isinstance(done.exception, Problem), done.output
        assert said in str(done.exception)


async def test_every_tool_is_an_operation_with_a_schema_that_stands_by_itself(app: FastAPI) -> None:
    tools = tools_of(app.openapi(), may_write=True)
    assert [tool.name for tool in tools] == [*READS.values(), *WRITES.values()]
    assert [tool.name for tool in tools if not tool.only_reads] == list(WRITES.values())
    assert "#/components" not in str([tool.input_schema for tool in tools])


@pytest.mark.parametrize("no_id", ["", ".", ".."])
async def test_what_is_no_id_names_nothing_above_it(app: FastAPI, no_id: str) -> None:
    tools = {tool.name: tool for tool in tools_of(app.openapi(), may_write=False)}
    with pytest.raises(KeyError, match="call_id"):
        tools["call_transcript"].request({"call_id": no_id})
