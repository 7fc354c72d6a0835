"""Starlette, FastAPI and every other ASGI application: `app = SwapboardMiddleware(app, swapboard)`."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from swapboard_client.client import Swapboard
from swapboard_client.headers import with_visit
from swapboard_client.navigation import arrival_of, is_page
from swapboard_client.page import PageVisit, current_visit

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

STATE_KEY = "swapboard"


class SwapboardMiddleware:
    """Gives templates the visitor's numbers, and passes the body on as it comes.

    With `ask_first` Swapboard is asked before the application gets a request for a page. Without, an endpoint that
    shows a number says `await request.state.swapboard.ask()`; a plain `def` endpoint need not, as it runs on a
    thread. The visitor's address is the one in the scope: behind a proxy, let your server set it from the
    proxy's headers, and only from a proxy that you trust.
    """

    def __init__(self, app: Application, swapboard: Swapboard, *, ask_first: bool = True) -> None:
        self._app = app
        self._swapboard = swapboard
        self._ask_first = ask_first

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        headers = _headers(scope) if scope["type"] == "http" else {}
        if not headers or not is_page(scope["method"], headers):
            await self._app(scope, receive, send)
            return
        visit = PageVisit(self._swapboard, arrival_of(_url(scope, headers), headers, _address(scope)))
        scope.setdefault("state", {})[STATE_KEY] = visit
        if self._ask_first:
            await visit.ask()
        token = current_visit.set(visit)
        try:
            await self._app(scope, receive, _sending(send, visit, scope["scheme"] == "https"))
        finally:
            current_visit.reset(token)


def _sending(send: Send, visit: PageVisit, secure: bool) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
            changed = with_visit(sent, visit, secure=secure)
            raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in changed]
            message = {**message, "headers": raw}
        await send(message)

    return with_headers


def _headers(scope: Message) -> dict[str, str]:
    """By lower-case name. Browsers send each cookie in a header of its own by HTTP/2 (RFC 9113, 8.2.3), and some
    servers pass them on so."""
    sent = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    cookies = "; ".join(value for name, value in sent if name == "cookie")
    return {**dict(sent), **({"cookie": cookies} if cookies else {})}


def _address(scope: Message) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _url(scope: Message, headers: dict[str, str]) -> str:
    host = headers.get("host") or ":".join(map(str, scope.get("server") or ("localhost",)))
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return f"{scope['scheme']}://{host}{path}" + (f"?{query}" if query else "")
