"""What proxies say of a request, and who may say it: a trusted proxy, and nobody else.

`X-Forwarded-For` and `X-Forwarded-Proto` are uvicorn's own to believe. Which host was asked (`X-Forwarded-Host`)
and where a visitor is, a proxy says in headers that anybody can write who reaches this server past it.
"""

import re
from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from swapboard.settings import Settings

_HOST = "x-forwarded-host"
_A_HOST = re.compile(r"[\w.-]+(:\d{1,5})?", re.ASCII)
"""Nothing else: with a `/` or `?` in it, what is signed for one path would pass for another's."""


def behind_proxies(app: ASGIApp, settings: Settings) -> ASGIApp:
    """The application, told of each request what trusted proxies say of it."""
    if settings.trusted_proxies:
        believed = list(settings.trusted_proxies)
        # Uvicorn has types of its own for the same things.
        app = cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", app), believed))
    # Outermost: afterwards the sender is the visitor, and no longer the proxy.
    return OnlyByProxies(app, settings)


def asked_origins(request: Request, public_url: str) -> tuple[str, ...]:
    """Where the request was sent to, as `public_url` is written: by its scheme, and by that of the public address,
    for a proxy that takes the encryption off need not say so. None where the request names no host.

    Whoever asks may write any host: only a signature for it says that the carrier asked there."""
    # Of several proxies in a row each adds its own; the first is what the sender asked for.
    host = request.headers.get(_HOST, "").partition(",")[0].strip() or request.headers.get("host", "")
    public = urlsplit(public_url)
    schemes = dict.fromkeys((public.scheme, request.scope["scheme"])) if _A_HOST.fullmatch(host) else ()
    return tuple(urlunsplit((scheme, host, public.path, "", "")) for scheme in schemes)


class OnlyByProxies:
    """Leaves out of others' requests the headers that say which host was asked, and where a visitor is."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._names = frozenset(name.encode() for name in (_HOST, *settings.place_headers))
        self._proxies = [ip_network(each) for each in settings.trusted_proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_proxy(scope.get("client")):
            scope["headers"] = [each for each in scope["headers"] if each[0] not in self._names]
        await self._app(scope, receive, send)

    def _is_proxy(self, sender: Sequence[str | int] | None) -> bool:
        try:
            address = ip_address(sender[0]) if sender else None
        except ValueError:
            return False
        return any(address in network for network in self._proxies if address)
