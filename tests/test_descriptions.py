"""A description that was worked out for another server is that of this one, and nobody's changes are in it."""

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from swapboard.web.api import router
from tests.descriptions import openapi_once


def test_it_is_what_fastapi_works_out() -> None:
    asked = {"title": "Swapboard", "version": "1", "routes": router.routes}
    worked_out = get_openapi(**asked)  # type: ignore[arg-type]
    assert openapi_once(**asked) == worked_out  # type: ignore[arg-type]
    assert openapi_once(**asked) == worked_out  # type: ignore[arg-type]


def test_what_is_written_in_one_is_not_in_the_next() -> None:
    asked = {"title": "Swapboard", "version": "1", "routes": _with("/calls").routes}
    openapi_once(**asked)["paths"].clear()  # type: ignore[arg-type]
    assert "/calls" in openapi_once(**asked)["paths"]  # type: ignore[arg-type]


def test_other_routes_or_another_title_are_described_anew() -> None:
    calls, visits = _with("/calls"), _with("/visits")
    assert list(openapi_once(title="A", version="1", routes=calls.routes)["paths"]) == ["/calls"]
    assert list(openapi_once(title="A", version="1", routes=visits.routes)["paths"]) == ["/visits"]
    assert openapi_once(title="B", version="1", routes=visits.routes)["info"]["title"] == "B"


def _with(path: str) -> FastAPI:
    router = APIRouter()
    router.add_api_route(path, lambda: None)
    app = FastAPI(openapi_url=None)
    app.include_router(router)
    return app
