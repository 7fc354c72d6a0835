"""Schemathesis finds nothing in the whole API: a shorter run of what `make fuzz` does."""

import os
from pathlib import Path

import httpx
import pytest

from tests.fuzz.fuzzing import demo, free_port, fuzz

SECONDS = 45


@pytest.mark.skipif("FUZZ" not in os.environ, reason="a minute of both cores: FUZZ=1 runs it, and make fuzz more")
@pytest.mark.slow  # 130 routes are each asked whatever their description allows and forbids.
def test_what_the_description_says_of_every_route_is_so(tmp_path: Path) -> None:
    with demo(tmp_path / "demo", free_port()) as opened:
        asked = ["--phases", "examples,coverage", "--seed", "1", "--max-time", str(SECONDS)]
        ran = fuzz(opened, tmp_path, asked)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        # All of it was asked with a key that was good until the end.
        with opened.client() as client:
            assert client.get("/calls").status_code == httpx.codes.OK
