"""People may look at a request, and see none of its secrets."""

from urllib.parse import urlencode

import pytest
from pydantic_core import to_json

from swapboard.conversions.destinations.request import HIDDEN, Request, shown

SECRET = 'a+b/c="d e'


@pytest.mark.parametrize(
    ("url", "headers", "body"),
    [
        (f"https://example.com/collect?{urlencode({'api_secret': SECRET})}", {}, b""),
        ("https://example.com/", {"Authorization": f"Bearer {SECRET}"}, b""),
        ("https://example.com/", {}, to_json({"token": SECRET})),
        ("https://example.com/", {}, urlencode({"refresh_token": SECRET}).encode()),
    ],
    ids=["address", "header", "json", "form"],
)
def test_a_secret_is_hidden_however_it_is_written(url: str, headers: dict[str, str], body: bytes) -> None:
    seen = shown(Request("POST", url, headers, body, secrets=(SECRET,)))
    told = f"{seen.url} {seen.headers} {seen.body.decode()}"
    assert HIDDEN in told
    assert not any(part in told for part in ("a+b", "a%2Bb", "%2Fc", "/c=", "d e", "d+e"))


def test_a_secret_that_is_empty_hides_nothing() -> None:
    told = "POST", "https://example.com/", {"A": "b"}, b"told"
    assert shown(Request(*told, secrets=("",))) == Request(*told)
