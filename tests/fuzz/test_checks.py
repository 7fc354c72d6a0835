"""The fuzz finds what it is there for: an API with one fault of each kind, and one operation without any."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Annotated

import pytest
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, Header
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from swapboard.accounts.company import Role
from tests.fuzz.fuzzing import COMPANY_HEADER, LOG, Open, free_port, run

OURS, THEIRS = {COMPANY_HEADER: "us"}, {COMPANY_HEADER: "them"}
bearer = HTTPBearer(auto_error=False)
Described = Annotated[object, Depends(bearer)]


def key_of(authorization: Annotated[str, Header(include_in_schema=False)] = "") -> str:
    """Refuses who has none."""
    if authorization not in {"Bearer ours", "Bearer theirs"}:
        raise HTTPException(401)
    return authorization.removeprefix("Bearer ")


Key = Annotated[str, Depends(key_of)]
Company = Annotated[str, Header(alias=COMPANY_HEADER, include_in_schema=False)]


class Thing(BaseModel):
    """A thing."""

    size: int


class NewThing(BaseModel):
    """A thing to make."""

    size: int = Field(json_schema_extra={"maximum": 10})


router = APIRouter(prefix="/api/v1", responses={"4XX": {}})


@router.get("/sound/{thing_id}")
async def sound(thing_id: str, _described: Described, key: Key, company: Company = "") -> Thing:
    """Has no fault."""
    if (key, company) != ("ours", "us"):
        raise HTTPException(403)
    return Thing(size=len(thing_id))


@router.get("/broken/{thing_id}")
async def broken(thing_id: str, _described: Described, key: Key) -> Thing:
    """Breaks."""
    raise HTTPException(500)


@router.get("/open/{thing_id}")
async def open_(thing_id: str, _described: Described, company: Company = "") -> Thing:
    """Asks nobody for a key."""
    if company != "us":
        raise HTTPException(403)
    return Thing(size=1)


@router.get("/shared/{thing_id}")
async def shared(thing_id: str, _described: Described, key: Key, company: Company = "") -> Thing:
    """Does not look whose it is."""
    if (key, company) == ("theirs", "us"):
        raise HTTPException(403)
    return Thing(size=1)


@router.get("/acting/{thing_id}")
async def acting(thing_id: str, _described: Described, key: Key, company: Company = "") -> Thing:
    """Lets everybody act in every company."""
    if company != "us":
        raise HTTPException(403)
    return Thing(size=1)


@router.get("/shapeless/{thing_id}", response_model=Thing)
async def shapeless(thing_id: str, _described: Described, key: Key, company: Company = "") -> Response:
    """Answers otherwise than is described."""
    if (key, company) != ("ours", "us"):
        raise HTTPException(403)
    return JSONResponse({"size": "large"})


@router.get("/journal")
async def journal(_described: Described, key: Key, company: Company = "") -> Thing:
    """Is shown to all roles."""
    if (key, company) != ("ours", "us"):
        raise HTTPException(403)
    return Thing(size=1)


@router.post("/lax", status_code=201)
async def lax(new: NewThing, _described: Described, key: Key, company: Company = "") -> Thing:
    """Takes more than is described."""
    if (key, company) != ("ours", "us"):
        raise HTTPException(403)
    return Thing(size=new.size)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[Open]:
    app = FastAPI(openapi_url="/api/v1/openapi.json")
    app.include_router(router)
    (tmp_path / LOG).write_text("")
    with serving(app) as address:
        yield Open(
            address,
            {"Authorization": "Bearer ours", **OURS},
            tmp_path / "demo",
            {"Authorization": "Bearer theirs", **THEIRS},
            role=Role.ANALYST,
        )


@pytest.mark.slow  # Schemathesis takes a while to load.
def test_each_kind_of_fault_is_found_and_nothing_where_there_is_none(faulty: Open, tmp_path: Path) -> None:
    arguments = ["--phases", "coverage,fuzzing", "--max-examples", "10", "--seed", "1"]
    found = run(faulty, tmp_path, [{"thing_id": "a"}], arguments).found
    parts = re.split(r"^_+ (\w+ /api/v1/\w+)\S* _+$", found, flags=re.M)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert set(told) == {
        *(f"GET /api/v1/{name}" for name in ("acting", "broken", "journal", "open", "shapeless", "shared")),
        "POST /api/v1/lax",
    }
    assert "Server error" in told["GET /api/v1/broken"]
    assert "API accepts" in told["GET /api/v1/open"]
    assert "a stranger finds what is ours" in told["GET /api/v1/shared"]
    assert "a stranger acts in our company" in told["GET /api/v1/acting"]
    assert "the role analyst may not" in told["GET /api/v1/journal"]
    assert "Response violates schema" in told["GET /api/v1/shapeless"]
    assert "Schema-violating request accepted" in told["POST /api/v1/lax"]
