"""Schemathesis finds nothing in the whole API: a shorter run of what `make fuzz` does."""

import os
from collections import Counter
from pathlib import Path

import httpx
import pytest

from swapboard.web.api import PREFIX, ROUTES
from tests.fuzz.filling import GOOD
from tests.fuzz.fuzzing import demo, free_port, fuzz
from tests.fuzz.judging import NEVER_DONE, Ran, Tried

OPERATIONS = {f"{method} {route.path}" for route in ROUTES for method in route.methods or ()}


@pytest.mark.skipif("FUZZ" not in os.environ, reason="minutes of both cores: FUZZ=1 runs it, and make fuzz more")
@pytest.mark.slow  # 200 operations are each asked whatever their description allows and forbids.
def test_what_the_description_says_of_every_route_is_so(tmp_path: Path) -> None:
    with demo(tmp_path / "demo", free_port()) as opened:
        ran = fuzz(opened, tmp_path, ["--phases", "examples,coverage", "--seed", "1"])
        assert ran.faults == [], ran
        # All of it was asked with a key that was good until the end, and nothing was left out.
        assert {name.replace(PREFIX, "") for name in ran.tried.answers} == OPERATIONS
        with opened.client() as client:
            assert client.get("/calls").status_code == httpx.codes.OK


def test_a_run_that_leaves_an_operation_out_or_never_does_it_is_a_fault() -> None:
    answers = {
        "GET /api/v1/calls": {"coverage": Counter({422: 9}), "stateful": Counter({200: 3})},
        "POST /api/v1/sites": {"coverage": Counter({422: 40, 404: 1})},
        "GET /api/v1/pools": {},
        next(iter(NEVER_DONE)): {"coverage": Counter({502: 4})},
    }
    ran = Ran("", Tried(answers))
    assert [fault.split(":")[0] for fault in ran.faults] == [
        "GET /api/v1/pools was not asked",
        "POST /api/v1/sites refused everything",
    ]


def test_what_is_filled_in_and_left_out_is_of_operations_that_there_are() -> None:
    assert {*GOOD, *(name.replace(PREFIX, "") for name in NEVER_DONE)} - OPERATIONS == set()
