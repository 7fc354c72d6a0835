"""The server of the Model Context Protocol: each tool asks the API, as a key, and hands over what it answers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import mcp_types as protocol
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server

from swapboard import __version__
from swapboard.assistant.tools import INSTRUCTIONS, Tool, tools_of

NAME = "swapboard"
_TIMEOUT_SECONDS = 60


class NoAnswer(Exception):
    """The Swapboard server cannot be asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the Swapboard server is reached: its address, a key, and for an owner's key another company."""

    url: str
    key: str
    company_id: str | None = None

    def client(self) -> httpx.AsyncClient:
        """A client that asks as the key. Raises NoAnswer for what can be none, such as `sb_…` from an example."""
        if not f"{self.key}{self.company_id or ''}".isascii():
            raise NoAnswer("Copy the whole API key, and the company's id if you give one, as they were shown.")
        company = {"Swapboard-Company": self.company_id} if self.company_id else {}
        headers = {"Authorization": f"Bearer {self.key}", "User-Agent": f"swapboard-mcp/{__version__}", **company}
        return httpx.AsyncClient(base_url=self.url.rstrip("/"), headers=headers, timeout=_TIMEOUT_SECONDS)


async def offered(client: httpx.AsyncClient, *, may_write: bool) -> Sequence[Tool]:
    """What the server offers, and this key may ask. Raises NoAnswer."""
    try:
        described = await client.get("/api/v1/openapi.json")
        described.raise_for_status()
        tools = tools_of(described.json(), may_write=may_write)
        known = await client.get("/api/v1/calls", params={"limit": 1})
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise NoAnswer(
            f"{client.base_url} is no Swapboard server that answers ({error}); is --url right, and is it running?"
        ) from error
    if known.status_code == httpx.codes.UNAUTHORIZED:
        raise NoAnswer("Nobody has this API key, or it was revoked; make one with: swapboard key add NAME.")
    return tools


def server(client: httpx.AsyncClient, tools: Sequence[Tool]) -> Server[Any]:
    """A server with these tools; whatever the API refuses is told to the assistant in the API's words."""
    by_name = {tool.name: tool for tool in tools}

    async def listed(
        _context: ServerRequestContext[Any], _params: protocol.PaginatedRequestParams | None
    ) -> protocol.ListToolsResult:
        return protocol.ListToolsResult(tools=[_declared(tool) for tool in tools])

    async def called(
        _context: ServerRequestContext[Any], params: protocol.CallToolRequestParams
    ) -> protocol.CallToolResult:
        tool = by_name.get(params.name)
        if tool is None:
            return _refused(f"There is no tool {params.name!r}; there are: {', '.join(by_name)}.")
        return await _ask(client, tool, params.arguments or {})

    return Server(
        NAME,
        version=__version__,
        title="Swapboard",
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


def _declared(tool: Tool) -> protocol.Tool:
    return protocol.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=dict(tool.input_schema),
        annotations=protocol.ToolAnnotations(read_only_hint=tool.only_reads, open_world_hint=False),
    )


async def _ask(client: httpx.AsyncClient, tool: Tool, arguments: Mapping[str, Any]) -> protocol.CallToolResult:
    try:
        asking = tool.request(arguments)
    except KeyError as missing:
        return _refused(f"{tool.name} needs {missing.args[0]}.")
    try:
        answer = await client.request(asking.method, asking.path, params=list(asking.params), json=asking.body)
    except httpx.HTTPError as error:
        return _refused(f"The Swapboard server does not answer ({error}); try again in a moment.")
    if not answer.is_success:
        return _refused(_problem(answer))
    told = answer.json() if answer.content else {}
    text = protocol.TextContent(type="text", text=json.dumps(told, ensure_ascii=False))
    return protocol.CallToolResult(content=[text], structured_content=told)


def _problem(answer: httpx.Response) -> str:
    """The API's own words: what was wrong, and with which argument."""
    try:
        problem = answer.json()
        faults = [
            f"{each.get('parameter') or each.get('pointer')}: {each['detail']}" for each in problem["errors"]
        ]
        return " ".join([problem["detail"], *faults])
    except (ValueError, KeyError):
        return f"The server answered {answer.status_code}."


def _refused(words: str) -> protocol.CallToolResult:
    return protocol.CallToolResult(content=[protocol.TextContent(type="text", text=words)], is_error=True)
