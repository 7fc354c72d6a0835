"""What every answer of the dashboard tells the browser to forbid, and where an unsafe request may come from."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from swapboard.web.dashboard.rendering import message
from swapboard.web.dashboard.translation import _

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # A plot that the page draws into a picture to save.
        "img-src 'self' blob:",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With "no-referrer" browsers would hide our own forms' origin, which `OwnOriginOnly` asks for.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_NAMED_BY_CONTENT = ("/logos/", "/brand/")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SecurityHeaders:
    """Adds the headers to every answer; only files whose address changes with their content may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        is_kept = path.startswith(_NAMED_BY_CONTENT) or (
            "/static/" in path and scope["query_string"].startswith(b"v=")
        )

        async def send_with_headers(sent: Message) -> None:
            if sent["type"] == "http.response.start":
                headers = MutableHeaders(scope=sent)
                headers.update(ALWAYS)
                keeps = is_kept and sent["status"] == 200
                headers["Cache-Control"] = "public, max-age=31536000, immutable" if keeps else "no-store"
            await send(sent)

        await self._app(scope, receive, send_with_headers)


class OwnOriginOnly:
    """Refuses what changes something unless one of our own pages sent it (CSRF).

    `Sec-Fetch-Site` says so where the browser sends it (secure origins), else `Origin`; without either it is
    no browser's form.
    """

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self._app = app
        self._public_host = urlsplit(public_url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE or self._is_own(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refusal = message(
            403,
            _("This request did not come from the dashboard"),
            _("To keep you safe, forms are accepted from the dashboard's own pages only. Go back and try again."),
        )
        await refusal(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        if site := headers.get("sec-fetch-site"):
            return site == "same-origin"
        sender = urlsplit(headers.get("origin", "")).netloc
        return sender != "" and sender in {headers.get("host", ""), self._public_host}
