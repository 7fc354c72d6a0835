"""What was done is said once, at the top of the page that follows; the log-in's cookie carries it there."""

from starlette.requests import Request
from starlette.responses import RedirectResponse

_KEPT = "told"


def done(request: Request, path: str, words: str) -> RedirectResponse:
    """On to a page of this dashboard, which tells what was done."""
    if _is_for_a_page(request):
        request.session[_KEPT] = words
    return RedirectResponse(path, 303)


def take_told(request: Request) -> str:
    """What the page has to tell; mostly nothing."""
    told: str = request.session.pop(_KEPT, "") if request.method == "GET" and _is_for_a_page(request) else ""
    return told


def _is_for_a_page(request: Request) -> bool:
    """Scripts that ask for a piece of a page, or send its order, say by themselves what came of it."""
    return "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers
