"""The one place that the dashboard's text goes through, and which language a request is answered in."""

from contextlib import AbstractContextManager

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from swapboard.language import Words, _, ngettext, preferred, speaking

__all__ = ["InTheirLanguage", "Words", "_", "in_their_language", "ngettext"]


class InTheirLanguage:
    """Answers in the language that the browser asks for, unless whoever is logged in has chosen another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with in_their_language(HTTPConnection(scope)):
            await self._app(scope, receive, send)


def in_their_language(request: HTTPConnection) -> AbstractContextManager[None]:
    """Within, the language is spoken that the browser asks for."""
    return speaking(preferred(request.headers.get("accept-language", "")))
