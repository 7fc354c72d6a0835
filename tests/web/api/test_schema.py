"""The description of the API refuses what the API refuses, as far as a schema can tell."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.web.api.house import House
from tests.web.api.test_bad_input import BAD_FIELDS, POSTS

pytestmark = pytest.mark.anyio

SOMEBODYS = "0" * 32
ONLY_WE_CAN_TELL = [
    # Time zones, countries and numbering plans are long lists, which change.
    ("time_zone", "Mars/Olympus"),
    ("country", "XX"),
    ("default_destination", "911"),
    *(("number", each) for each in ("+1202555", "+999", "+12" * 9, "<script>alert(1)</script>")),
    ("destination", "+1 (202)"),
    *((field, "'; DROP TABLE calls; --") for field in ("number", "default_destination")),
    # A host may be written as an address.
    ("hosts", ["http://"]),
    # What is known here, or taken; and what does not go with another field.
    ("target_id", SOMEBODYS),
    *(("pool_id", each) for each in (SOMEBODYS, "x", None)),
    ("fallback_number_id", "x"),
    ("number", "+12025550100"),
    ("placement", "Flyer"),
    ("rule_ids", []),
    ("rule_ids", ["x"]),
    ("conditions", {"channel": ["Payed"]}),
    # The validator's `$` also matches before a line's end; in a schema it does not.
    ("target_id", "a\n"),
]


def body_of(path: str) -> dict[str, object]:
    """A good body, with somebody's ids."""
    ids = {"target": SOMEBODYS, "pool": SOMEBODYS, "rule": SOMEBODYS}

    def filled(value: object) -> object:
        if isinstance(value, list):
            return [filled(each) for each in value]
        return value.format(**ids) if isinstance(value, str) else value

    return {name: filled(value) for name, value in POSTS[path].items()}


async def test_what_the_api_refuses_its_description_refuses(house: House) -> None:
    description = (await house.client.get("/api/v1/openapi.json")).json()

    def validator(path: str) -> Draft202012Validator:
        content = description["paths"][f"/api/v1{path}"]["post"]["requestBody"]["content"]
        return Draft202012Validator(
            content["application/json"]["schema"] | {"components": description["components"]}
        )

    for path in POSTS:
        assert validator(path).is_valid(body_of(path)), path
    accepted = [
        (field, value)
        for path, field, value in BAD_FIELDS
        if validator(path).is_valid(body_of(path) | {field: value}) and (field, value) not in ONLY_WE_CAN_TELL
    ]
    assert accepted == []


async def test_the_key_of_a_request_is_described(house: House) -> None:
    paths = (await house.client.get("/api/v1/openapi.json")).json()["paths"]

    def key(path: str) -> dict[str, Any]:
        parameters = paths[f"/api/v1{path}"]["post"]["parameters"]
        found: dict[str, Any] = next(each for each in parameters if each["name"] == "Idempotency-Key")
        return found

    assert key("/numbers/orders")["required"] is True
    assert key("/sites")["required"] is False
    for schema in (key("/numbers/orders")["schema"], key("/sites")["schema"]["anyOf"][0]):
        assert schema["pattern"] == "^[!-~]{1,200}$"
