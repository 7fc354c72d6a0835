"""The REST API, `/api/v1`: see docs/api.md."""

from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Any

from fastapi import APIRouter, FastAPI, Security
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security import HTTPBearer
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from swapboard.accounts.rights import Resource
from swapboard.accounts.scopes import wanted_scopes
from swapboard.web.api import (
    ad_accounts,
    agreement,
    annotations,
    calibration,
    call_matches,
    callers,
    calls,
    carriers,
    companies,
    conversions,
    cost_files,
    cost_settings,
    costs,
    destination_kinds,
    destination_replays,
    destination_secrets,
    destinations,
    dry_runs,
    explain,
    flows,
    forms,
    grants,
    journal,
    keys,
    lead_rules,
    leads,
    live,
    logos,
    numbers,
    orders,
    people,
    pools,
    recomputes,
    recording_policies,
    recordings,
    rehearsals,
    report_calls,
    report_credit,
    report_links,
    report_returns,
    report_schedules,
    report_sending,
    report_service,
    reports,
    returns,
    rules,
    saved_views,
    sessions,
    sites,
    sizing,
    sounds,
    spam,
    swap_targets,
    texts,
    visitors,
    visits,
    why,
    words,
)
from swapboard.web.api.allowance import Allowance
from swapboard.web.api.description import Description, without_nul
from swapboard.web.api.problem import MEDIA_TYPE, Problem, ProblemDocument, response

PREFIX = "/api/v1"
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")

_SCHEME = "API key"
_BEARER = HTTPBearer(
    auto_error=False,
    scheme_name=_SCHEME,
    description="A key of /keys: `sb_…`. It may do what its role lets it do and, where it has scopes, one of "
    "the scopes that stand with the operation.",
)
# Not by `model`, with which FastAPI makes each of them anew for each of two hundred routes: a third of the time
# that they take, at each start and for each description.
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}}}
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "What was wrong with the request.", "content": _PROBLEM},
    "429": {
        "description": "The key asks too often; try again after `Retry-After` seconds.",
        "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
        "content": _PROBLEM,
    },
    "503": {"description": "The database is busy; try again after `Retry-After` seconds.", "content": _PROBLEM},
}


def _operation_id(route: APIRoute) -> str:
    """`list_calls`, `get_call`: what generated clients call it. Other deeds are told apart by their resource."""
    deed, nouns = route.name.rstrip("_"), [each for each in route.path.split("/") if "{" not in each]
    if deed in _DEEDS:
        return f"{deed}_{_DEEDS[deed](nouns[-1])}".replace("-", "_")
    return f"{deed}_{route.tags[0]}".replace("-", "_")


def _one(nouns: str) -> str:
    if nouns == "people":
        return "person"
    return f"{nouns.removesuffix('ies')}y" if nouns.endswith("ies") else nouns.removesuffix("s")


_DEEDS: Mapping[str, Callable[[str], str]] = {
    "list": str,
    "get": _one,
    "create": _one,
    "change": _one,
    "remove": _one,
}


router = APIRouter(
    prefix=PREFIX,
    dependencies=[Security(_BEARER)],
    responses=_PROBLEMS,
    strict_content_type=False,
    generate_unique_id_function=_operation_id,
)
ROUTES: list[APIRoute] = []
"""Every route of the API, without the prefix."""


def _open(resource: APIRouter) -> None:
    router.include_router(resource)
    ROUTES.extend(route for route in resource.routes if isinstance(route, APIRoute))


for _resource in (
    companies,
    logos,
    sites,
    swap_targets,
    pools,
    rehearsals,
    sizing,
    orders,
    returns,
    numbers,
    explain,
    rules,
    dry_runs,
    flows,
    sounds,
    carriers,
    calls,
    call_matches,
    recordings,
    recording_policies,
    callers,
    leads,
    recomputes,
    sessions,
    forms,
    visitors,
    keys,
    people,
    journal,
    visits,
    destination_kinds,
    destinations,
    destination_secrets,
    destination_replays,
    agreement,
    grants,
    conversions,
    costs,
    cost_files,
    cost_settings,
    ad_accounts,
    why,
    spam,
    reports,
    saved_views,
    report_schedules,
    report_sending,
    report_links,
    annotations,
    report_calls,
    report_credit,
    report_returns,
    report_service,
    calibration,
    texts,
    words,
    lead_rules,
    live,
):
    _open(_resource.router)
_open(words.of_call)
_open(people.invited)


def install_api(app: FastAPI) -> None:
    """Open the API's door on the app; answers for all of `/api/`. It uses `state.exchange` and `state.visits`."""
    app.state.allowance = Allowance(app.state.exchange.settings.api_requests_per_minute)
    # The routes themselves, and not `include_router`, with which each app would work them out again, for half a
    # second of its first request. Worked out here they are so once for all apps of the process.
    app.router.routes.extend(router.routes)
    for _ in iter_route_contexts(router.routes):
        pass
    app.router.routes.append(Description(app).route(f"{PREFIX}/openapi.json"))
    app.router.routes.append(_Nowhere(app))
    written = app.openapi

    def openapi() -> dict[str, Any]:
        return without_nul(_with_scopes(_with_problems(written())))

    # FastAPI's own way to extend its description of the API.
    app.openapi = openapi  # type: ignore[method-assign]


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The description, with problems under their own media type, which FastAPI cannot be told of a response."""
    for path, operations in document["paths"].items():
        if not path.startswith(PREFIX):
            continue
        for operation in operations.values():
            for status, told in operation["responses"].items():
                if not status.startswith("2") and MEDIA_TYPE not in told["content"]:
                    told["content"][MEDIA_TYPE] = told["content"].pop("application/json")
    return document


def _with_scopes(document: dict[str, Any]) -> dict[str, Any]:
    """The description, with the scopes of which a key needs one (OpenAPI 3.1, security requirement objects).

    Each is a requirement of its own, since what stands in one of them is needed all together.
    """
    for path, operations in document["paths"].items():
        if path.startswith(PREFIX):
            for method, operation in operations.items():
                scopes = wanted_scopes(method.upper(), Resource(operation["tags"][0]))
                operation["security"] = [{_SCHEME: [scope]} for scope in scopes]
    return document


def _methods_at(path: str) -> list[str]:
    """Of `/numbers/bulk`, those that it takes itself, not what `/numbers/{number_id}` would."""
    fitting = [route for route in ROUTES if route.path_regex.match(path)]
    nearest = min(fitting, key=lambda route: len(route.param_convertors), default=None)
    of_same = [route for route in fitting if nearest and route.path == nearest.path]
    return sorted({method for route in of_same for method in route.methods or ()})


class _Nowhere(BaseRoute):
    """Says what is wrong with an address below `/api/` that no route took: the method, or the address itself."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        mine = scope["type"] == "http" and scope["path"].startswith("/api/")
        return (Match.FULL if mine else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        of_ours = _methods_at(scope["path"].removeprefix(PREFIX))
        allowed = ", ".join(of_ours or [each for each in _METHODS if self._is_taken({**scope, "method": each})])
        if allowed:
            detail = f"This address takes {allowed}, not {scope['method']}."
            problem = Problem(405, "method_not_allowed", detail, headers={"Allow": allowed})
        else:
            detail = "There is nothing at this address; see /api/v1/openapi.json."
            problem = Problem(404, "not_found", detail)
        await response(problem)(scope, receive, send)

    def _is_taken(self, scope: Scope) -> bool:
        """Whether a route that was asked before this one takes such a request."""
        before = takewhile(lambda route: route is not self, self._app.router.routes)
        return any(route.matches(scope)[0] is Match.FULL for route in before)


__all__ = ["ROUTES", "install_api", "router"]
