"""The API's description of itself, `openapi.json`."""

from asyncio import Lock
from typing import Any

from fastapi import FastAPI
from pydantic_core import to_json
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_NO_NUL = r"^[^\u0000]*$"


def without_nul(document: dict[str, Any]) -> dict[str, Any]:
    """The description, in which texts of addresses hold no NUL: whatever has one is refused as a whole."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query":
                    _forbid(parameter["schema"])
    return document


def _forbid(schema: dict[str, Any]) -> None:
    for each in (schema, *schema.get("anyOf", ()), schema.get("items", {})):
        if each.get("type") == "string" and not each.keys() & {"pattern", "enum", "const", "format"}:
            each["pattern"] = _NO_NUL


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
