"""What the API says of itself is worked out once for all servers of a run: it takes a second, and is the same."""

import json
from collections.abc import Sequence
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

_WORKED_OUT: dict[tuple[object, ...], tuple[Sequence[BaseRoute], str]] = {}
"""By what was asked, the routes by their identity, which is theirs as long as they are kept here."""


def openapi_once(*, routes: Sequence[BaseRoute], **options: Any) -> dict[str, Any]:
    """As FastAPI's `get_openapi`; each has its own document, in which our API goes on to write."""
    # Starlette's are each server's own, and are not described.
    described = [route for route in routes if type(route).__module__ == "fastapi.routing"]
    asked = (*map(id, described), repr(options))
    if asked not in _WORKED_OUT:
        _WORKED_OUT[asked] = described, json.dumps(get_openapi(routes=routes, **options))
    document: dict[str, Any] = json.loads(_WORKED_OUT[asked][1])
    return document
