"""What proxies say of a visitor, and who may say it: a trusted proxy, and nobody else.

`X-Forwarded-For` is uvicorn's own to believe. Where a visitor is, a content network says in headers of its own,
which anybody can write who reaches this server past it.
"""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from swapboard.settings import Settings


def behind_proxies(app: ASGIApp, settings: Settings) -> ASGIApp:
    """The application, told of each request what trusted proxies say of it."""
    if settings.trusted_proxies:
        believed = list(settings.trusted_proxies)
        # Uvicorn has types of its own for the same things.
        app = cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", app), believed))
    # Outermost: afterwards the sender is the visitor, and no longer the proxy.
    return PlacesByProxies(app, settings) if settings.place_headers else app


class PlacesByProxies:
    """Leaves out of others' requests the headers that say where a visitor is."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._names = frozenset(name.encode() for name in settings.place_headers)
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
