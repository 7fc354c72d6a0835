"""The API's description of itself, `openapi.json`."""

from asyncio import Lock

from fastapi import FastAPI
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Description:
    """Written once, when somebody first asks: that takes a second, in which visits and calls go on."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._writing = Lock()
        self._written: bytes | None = None

    def route(self, path: str) -> Route:
        """Where it is open to everybody."""
        return Route(path, self.answer)

    async def answer(self, _request: Request) -> Response:
        """The document."""
        async with self._writing:
            if self._written is None:
                self._written = await run_in_threadpool(lambda: to_json(self._app.openapi()))
        return Response(self._written, media_type="application/json")
