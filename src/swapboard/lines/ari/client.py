"""Speaks to one Asterisk: commands by HTTP, events by a WebSocket (https://docs.asterisk.org, "ARI")."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote, urlencode

import httpcore
import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from swapboard.carriers.asterisk.pbx import APP, Pbx
from swapboard.outward import open_async_http, public_addresses

log = logging.getLogger(__name__)

ANSWER_SECONDS = 5.0
NOT_FOUND = 404


class AriError(OSError):
    """Asterisk refused, or did not answer; the message holds its own words."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class AriClient:
    """Commands, once the events are listened to."""

    def __init__(self, pbx: Pbx, *, private_addresses: bool = True) -> None:
        """`private_addresses` as in the settings."""
        self._pbx = pbx
        self._private_addresses = private_addresses
        self.is_leaving = False
        """Once set, nothing is commanded any more: Asterisk goes on with what it does."""
        self._telling: set[asyncio.Task[None]] = set()
        self._http = open_async_http(ANSWER_SECONDS, private_addresses=private_addresses, follow_redirects=False)
        self._http.base_url, self._http.auth = httpx.URL(f"{pbx.url}/ari"), (pbx.username, pbx.password)

    async def close(self) -> None:
        """Say what is still to be said, and let the connections go."""
        await asyncio.gather(*self._telling, return_exceptions=True)
        await self._http.aclose()

    async def ask(self, method: str, *path: str, **parameters: object) -> Any:
        """A command; what Asterisk answers, read from JSON. Raises AriError."""
        response = await self._send(method, path, parameters)
        return response.json() if response.content else None

    async def content(self, *path: str) -> bytes:
        """A file. Raises AriError."""
        return (await self._send("GET", path, {})).content

    async def tell(self, method: str, *path: str, **parameters: object) -> None:
        """A command about something that may be gone already, which is as good."""
        try:
            await self._send(method, path, parameters)
        except AriError as error:
            if error.status != NOT_FOUND:
                log.info("%s", error)

    def tell_soon(self, method: str, *path: str, **parameters: object) -> None:
        """The same, without waiting for it."""
        task = asyncio.create_task(self.tell(method, *path, **parameters))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _send(self, method: str, path: tuple[str, ...], parameters: Mapping[str, object]) -> httpx.Response:
        if self.is_leaving:
            raise AriError("this server stops; Asterisk goes on with what it does")
        known = {name: str(value) for name, value in parameters.items() if value is not None}
        where = "/".join(quote(part, safe="") for part in path)
        try:
            response = await self._http.request(method, where, params=known)
        except httpx.HTTPError as error:
            raise AriError(f"Asterisk does not answer {method} {where}: {error!r}") from error
        if not response.is_success:
            raise AriError(
                f"Asterisk says {response.status_code} to {method} {where}: {response.text[:200]}",
                response.status_code,
            )
        return response

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
        """All events of our application, while the block lasts. Raises AriError when Asterisk is not there."""
        address = "ws" + self._pbx.url.removeprefix("http")
        known = urlencode({"app": APP, "api_key": f"{self._pbx.username}:{self._pbx.password}"})
        try:
            where = await self._where()
            url = f"{address}/ari/events?{known}"
            async with connect(url, open_timeout=ANSWER_SECONDS, **where) as socket:
                yield _read(socket)
        except (TimeoutError, OSError, WebSocketException, httpcore.ConnectError) as error:
            if isinstance(error, AriError):
                raise
            raise AriError(f"Asterisk's events end: {error!r}") from error

    async def _where(self) -> dict[str, Any]:
        """How to connect. Raises httpcore.ConnectError for a private address where those are not asked."""
        if self._private_addresses:
            return {}
        found = await asyncio.to_thread(public_addresses, self._pbx.host)
        return {"host": found[0], "proxy": None}


async def _read(socket: Any) -> AsyncIterator[dict[str, Any]]:
    async for message in socket:
        yield json.loads(message)
