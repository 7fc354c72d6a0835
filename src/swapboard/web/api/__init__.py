"""The REST API, `/api/v1`: see docs/api.md."""

from typing import Any

from fastapi import APIRouter, FastAPI, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from swapboard.web.api import (
    calls,
    companies,
    keys,
    numbers,
    pools,
    rules,
    sessions,
    sites,
    swap_targets,
)
from swapboard.web.api.problem import MEDIA_TYPE, Problem, ProblemDocument, response

PREFIX = "/api/v1"

_BEARER = HTTPBearer(auto_error=False, scheme_name="API key", description="A key of /keys: `sb_…`.")
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ProblemDocument, "description": "What was wrong with the request."},
    "503": {
        "model": ProblemDocument,
        "description": "The database is busy; try again after `Retry-After` seconds.",
    },
}


def _operation_id(route: APIRoute) -> str:
    return f"{route.name.rstrip('_')}_{route.tags[0]}".replace("-", "_")


router = APIRouter(
    prefix=PREFIX,
    dependencies=[Security(_BEARER)],
    responses=_PROBLEMS,
    strict_content_type=False,
    generate_unique_id_function=_operation_id,
)
for _resource in (companies, sites, swap_targets, pools, numbers, rules, calls, sessions, keys):
    router.include_router(_resource.router)


def install_api(app: FastAPI) -> None:
    """Open the API's door on the app, whose `state.exchange` it uses; answers for all of `/api/`."""
    app.include_router(router)
    app.router.routes.append(Route("/api/{rest:path}", _Nowhere(app), include_in_schema=False))
    written = app.openapi

    def openapi() -> dict[str, Any]:
        return _with_problems(written())

    # FastAPI's own way to extend its description of the API.
    app.openapi = openapi  # type: ignore[method-assign]


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The description, with problems under their own media type, which FastAPI cannot be told of a response."""
    for path, operations in document["paths"].items():
        if not path.startswith(PREFIX):
            continue
        for operation in operations.values():
            for status in _PROBLEMS:
                content = operation["responses"][status]["content"]
                content.update({MEDIA_TYPE: content.pop("application/json")} if MEDIA_TYPE not in content else {})
    return document


class _Nowhere:
    """Says what is wrong with an address below `/api/` that no route took: the method, or the address itself."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        methods: set[str] = set()
        for route in self._app.router.routes:
            if isinstance(route, Route) and route.endpoint is not self:
                match, _ = route.matches(request.scope)
                methods |= (route.methods or set()) if match is Match.PARTIAL else set()
        if not methods:
            return response(
                Problem(404, "not_found", "There is nothing at this address; see /api/v1/openapi.json.")
            )
        allowed = ", ".join(sorted(methods))
        detail = f"This address takes {allowed}, not {request.method}."
        return response(Problem(405, "method_not_allowed", detail, headers={"Allow": allowed}))


__all__ = ["install_api", "router"]
