"""Flask, Django and every other WSGI application: `app = SwapboardMiddleware(app, swapboard)`."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from swapboard_client.client import Swapboard
from swapboard_client.headers import with_visit
from swapboard_client.navigation import arrival_of, is_page
from swapboard_client.page import PageVisit, current_visit

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

ENVIRON_KEY = "swapboard.visit"


class SwapboardMiddleware:
    """Gives templates the visitor's numbers; Swapboard is asked when the first is rendered, and not before.

    The body is passed on as it comes. The visitor's address is `REMOTE_ADDR`: behind a proxy, let your server or
    framework set it from the proxy's headers, and only from a proxy that you trust.
    """

    def __init__(self, app: Application, swapboard: Swapboard) -> None:
        self._app = app
        self._swapboard = swapboard

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        headers = _headers(environ)
        if not is_page(environ["REQUEST_METHOD"], headers):
            return self._app(environ, start_response)
        arrival = arrival_of(_url(environ), headers, environ.get("REMOTE_ADDR", ""))
        visit = environ[ENVIRON_KEY] = PageVisit(self._swapboard, arrival)
        secure = environ["wsgi.url_scheme"] == "https"

        def start(status: str, sent: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, with_visit(sent, visit, secure=secure), *rest)

        token = current_visit.set(visit)
        try:
            return self._app(environ, start)
        finally:
            current_visit.reset(token)


def _headers(environ: Environ) -> dict[str, str]:
    return {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name[:5] == "HTTP_"}


def _url(environ: Environ) -> str:
    """PEP 3333, URL reconstruction."""
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    path = quote(environ.get("SCRIPT_NAME", ""), encoding="latin-1") + quote(
        environ.get("PATH_INFO", ""), safe="/;=,", encoding="latin-1"
    )
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    return f"{environ['wsgi.url_scheme']}://{host}{path}{query}"
