"""What was done is said once, at the top of the page that follows; the log-in's cookie carries it there."""

import json

from starlette.requests import Request
from starlette.responses import RedirectResponse

_KEPT = "told"
_MOST_BYTES = 2_400
"""As the cookie writes it. Browsers throw one of more than 4,096 bytes away, and with it the log-in."""


def done(request: Request, path: str, words: str) -> RedirectResponse:
    """On to a page of this dashboard, which tells what was done."""
    if _is_for_a_page(request):
        request.session[_KEPT] = _fitting(words)
    return RedirectResponse(path, 303)


def take_told(request: Request) -> str:
    """What the page has to tell; mostly nothing."""
    told: str = request.session.pop(_KEPT, "") if request.method == "GET" and _is_for_a_page(request) else ""
    return told


def _fitting(words: str) -> str:
    kept = words
    while len(json.dumps(kept)) > _MOST_BYTES:
        kept = kept[: len(kept) * 3 // 4]
    return words if kept == words else f"{kept} …"


def _is_for_a_page(request: Request) -> bool:
    """Scripts that ask for a piece of a page, or send its order, say by themselves what came of it."""
    return "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers
