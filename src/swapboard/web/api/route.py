"""How a request of the API is taken in: who asks, whether they may, whether the body is JSON; then the endpoint.

Whatever goes wrong on the way leaves as a problem (`problem.py`).
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import unquote_to_bytes

from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from swapboard.accounts.rights import Resource, may
from swapboard.accounts.scopes import wanted_scopes
from swapboard.clock import Millis
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api.allowance import Allowance
from swapboard.web.api.caller import Caller, authenticate, is_id
from swapboard.web.api.desk import Desk, read_sent
from swapboard.web.api.problem import Fault, Problem, as_problem, invalid_all, not_found, response
from swapboard.web.bodies import read_body

MAX_BODY_BYTES = 256 * 1024
CALLER = "swapboard.caller"
"""In a request's scope, where nothing that is sent gets: somebody who is known already (`inside.py`)."""
_WITH_BODY = {"POST", "PUT", "PATCH"}
_NOT_NOTED = {Resource.VISITS, Resource.PEOPLE, Resource.KEYS}
"""What the journal says of by itself, or never: what visitors do is no change of anybody's."""


class TakenIn(Request):
    """A request whose body has been read and found to be JSON."""

    def __init__(self, request: Request, raw: bytes, parsed: object) -> None:
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._parsed = parsed

    async def body(self) -> bytes:
        return self._raw

    async def json(self) -> Any:
        return self._parsed


class ApiRoute(APIRoute):
    """A route of the API; its first tag is its resource."""

    most_body_bytes = MAX_BODY_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        resource = Resource(str(self.tags[0]))

        async def handle(request: Request) -> Response:
            try:
                answered = await answer(await _take_in(request, resource, self.most_body_bytes))
            except Exception as error:
                answered = response(as_problem(error))
            answered.headers.update(getattr(request.state, "allowance", {}))
            return answered

        return handle


async def _take_in(request: Request, resource: Resource, most_body_bytes: int) -> Request:
    exchange: Exchange = request.app.state.exchange
    now = exchange.clock()
    caller = request.scope.get(CALLER) or await authenticate(exchange, request.headers, now)
    if resource is not Resource.VISITS:
        request.state.allowance = _take_turn(request, caller, now)
    _check_rights(caller, request.method, resource)
    _check_address(request, resource)
    raw = await read_body(request, most_body_bytes) if request.method in _WITH_BODY else b""
    request.state.desk = Desk(exchange, caller, read_sent(request, raw), now, resource not in _NOT_NOTED)
    return TakenIn(request, raw, _parse(request, raw) if raw else None)


def _take_turn(request: Request, caller: Caller, now: Millis) -> Mapping[str, str]:
    """The headers that tell how often the key may ask yet. Raises Problem (429)."""
    allowance: Allowance = request.app.state.allowance
    is_allowed, headers = allowance.take(f"{caller.key.company_id}/{caller.key.key_id}", now)
    if not is_allowed:
        detail = f"This key asks more than {allowance.per_minute} times a minute; see Retry-After."
        raise Problem(429, "too_many", detail, headers=headers)
    return headers


def _check_rights(caller: Caller, method: str, resource: Resource) -> None:
    if not may(caller.role, method, resource):
        doing = "read" if method == "GET" else "change"
        role = caller.role.value.replace("_", "-")
        raise Problem(403, "forbidden", f"A key with the role {role} may not {doing} {resource.value} here.")
    if not caller.may(method, resource):
        scopes = " or ".join(wanted_scopes(method, resource))
        raise Problem(403, "forbidden", f"This key's scopes do not let it do this; it takes {scopes}.")


def _check_address(request: Request, resource: Resource) -> None:
    """Ids that cannot be ours are not found; query texts that the database could not hold are refused."""
    if not all(is_id(str(value)) for value in request.path_params.values()):
        raise not_found(resource.value.rstrip("s").replace("-", " "))
    query: bytes = request.scope["query_string"]
    try:
        text = unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        raise Problem(400, "bad_request", "The part of the address after the ? is not UTF-8.") from None
    if "\0" in text:
        raise Problem(400, "bad_request", "The address must not contain a NUL character.")


def _parse(request: Request, raw: bytes) -> object:
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise Problem(415, "not_json", "Send JSON, with the header Content-Type: application/json.")
    try:
        raw.decode()
    except UnicodeDecodeError:
        raise Problem(400, "bad_request", "The body is not UTF-8.") from None
    try:
        parsed = from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        raise Problem(400, "bad_json", f"The body is not JSON: {error}.") from None
    faults = [Fault("body", path, "Leave the NUL character out.") for path in _nuls(parsed, ())]
    if faults:
        raise invalid_all(faults[:20])
    return parsed


def _nuls(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    """Where texts hold a NUL, which PostgreSQL cannot store; the parser has limited the depth."""
    match value:
        case str():
            return [path] if "\0" in value else []
        case list():
            return [found for index, each in enumerate(value) for found in _nuls(each, (*path, index))]
        case dict():
            keys = [path for key in value if "\0" in key]
            return keys + [found for key, each in value.items() for found in _nuls(each, (*path, key))]
        case _:
            return []
