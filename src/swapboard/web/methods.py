"""What a door makes of a request's method.

Starlette answers 405 only when no other route takes the path, and the dashboard takes them all; it answers HEAD
wherever there is GET.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from swapboard.web.bodies import Refused, refusal


def only_looks(request: Request) -> bool:
    """Whoever asks by HEAD what there would be takes nothing: it is not written down as seen, heard or fetched."""
    return request.method == "HEAD"


def other_methods(path: str, allowed: Sequence[str]) -> Route:
    """The route that answers 405 for a path; it comes after the one that takes the allowed methods."""
    return Route(path, _Refusing(allowed))


class _Refusing:
    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = f"This address takes {' and '.join(self._allowed)} only."
        answer = refusal(Refused(405, reason, {"Allow": ", ".join(self._allowed)}))
        await answer(scope, receive, send)
