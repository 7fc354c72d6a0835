"""What docs/api.md shows is run, line by line."""

import json
import re
from pathlib import Path

import pytest

from tests.web.api.house import House

pytestmark = pytest.mark.anyio

PAGE = (Path(__file__).parents[3] / "docs/api.md").read_text()
LINES = re.findall(r"^(GET|POST) /api/v1(/\S*)(?: (\{.*\}))?$", PAGE, re.MULTILINE)


async def test_every_line_works_and_lists_have_their_shape(house: House) -> None:
    assert len(LINES) >= 13
    for method, path, body in LINES:
        answer = await house.ask(method, path, json.loads(body) if body else None)
        assert answer.status_code == (200 if method == "GET" else 201), (method, path, answer.text)
        if method == "GET" and not path.startswith(("/reports/", "/live")):
            assert set(answer.json()) == {"data", "next_cursor"}, path


async def test_the_error_has_the_fields_of_the_example(house: House) -> None:
    (shown,) = re.findall(r"```json\n(\{\"type\".*?\})\n```", PAGE, re.DOTALL)
    answer = await house.ask("GET", "/calls/nobody", None)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == json.loads(shown)
