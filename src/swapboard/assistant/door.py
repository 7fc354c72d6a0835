"""The Model Context Protocol by HTTP, on the server itself: `POST /mcp`, with an API key's rights."""

from collections.abc import Sequence

import httpx
from fastapi import FastAPI
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from swapboard.assistant.server import server
from swapboard.assistant.tools import Tool, tools_of
from swapboard.web.api.caller import COMPANY_HEADER, authenticate
from swapboard.web.api.problem import Problem, as_problem, response
from swapboard.web.api.route import MAX_BODY_BYTES

PATH = "/mcp"
_HANDED_ON = ("authorization", COMPANY_HEADER)


class AssistantDoor:
    """Answers each message by itself, without sessions: a restart or a second process forgets nothing."""

    def __init__(self, *, may_write: bool) -> None:
        self._may_write = may_write
        self._tools: Sequence[Tool] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            if request.method != "POST":
                # Without sessions there is nothing to listen to and nothing to end.
                raise Problem(405, "method_not_allowed", "Send each message by POST.", headers={"Allow": "POST"})
            exchange = request.app.state.exchange
            await authenticate(exchange, request.headers, exchange.clock())
        except Exception as error:
            await response(as_problem(error))(scope, receive, send)
            return
        await self._answer(request, send)

    async def _answer(self, request: Request, send: Send) -> None:
        app: FastAPI = request.app
        if not self._tools:
            # The description takes a second to make, in which calls come in.
            self._tools = await run_in_threadpool(lambda: tools_of(app.openapi(), may_write=self._may_write))
        headers = {name: request.headers[name] for name in _HANDED_ON if name in request.headers}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://inside.invalid", headers=headers
        ) as client:
            answering = StreamableHTTPSessionManager(
                server(client, self._tools),
                json_response=True,
                stateless=True,
                max_request_body_size=MAX_BODY_BYTES,
            )
            async with answering.run():
                await answering.handle_request(request.scope, request.receive, send)


def assistant_routes(allowed: str) -> Sequence[BaseRoute]:
    """The door, for `read` or `write`."""
    return (Route(PATH, AssistantDoor(may_write=allowed == "write")),)
