"""Carriers' requests pass by what stands around the other doors, and nobody else's do."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from swapboard.web.carriers_first import CarriersFirst
from tests.building import run


class Around:
    """Something that stands around the doors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["passed"] = True
        await self._app(scope, receive, send)


async def tell(request: Request) -> Response:
    return PlainTextResponse(f"{request.url.path} {request.scope.get('passed', False)}")


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/carriers/c1/voice", (200, "/carriers/c1/voice False")),
        ("/calls", (200, "/calls True")),
        ("/carriers", (200, "/carriers True")),
        ("/carriers/c1/voice/else", (200, "/carriers/c1/voice/else True")),
    ],
)
def test_which_doors_stand_alone(path: str, told: tuple[int, str]) -> None:
    app = CarriersFirst(openapi_url=None)
    app.router.routes.extend([Route("/carriers/{carrier_id}/{door}", tell), Route("/{rest:path}", tell)])
    app.add_middleware(Around)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            return await client.get(path)

    answer = run(ask())
    assert (answer.status_code, answer.text) == told
