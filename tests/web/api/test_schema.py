"""The description of the API refuses what the API refuses, as far as a schema can tell."""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, StringConstraints, TypeAdapter

from swapboard.web.api import ROUTES
from swapboard.web.api.fields import Message
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


def _parts(annotation: object) -> Iterator[object]:
    """The classes in a type, and those in their fields."""
    for each in get_args(annotation):
        yield from _parts(each)
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
        fields = getattr(annotation, "model_fields", {})
        hints = get_type_hints(annotation) if is_dataclass(annotation) else {}
        for inner in [*(field.annotation for field in fields.values()), *hints.values()]:
            yield from _parts(inner)


def _lenient(kind: type) -> Iterator[str]:
    """The numbers and booleans of a dataclass that are taken in any shape pydantic can make one of."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        told = repr(hint)
        if re.search(r"\b(int|float|bool)\b", told) and "BeforeValidator" not in told:
            yield f"{kind.__name__}.{name}"


def test_whatever_stands_in_a_body_is_as_strict_as_its_description() -> None:
    """Pydantic alone takes `false` for 0, and 1 for true, in a model or dataclass that does not say otherwise."""
    bodies = [field.field_info.annotation for route in ROUTES for field in route.dependant.body_params]
    kinds = {part for body in bodies for part in _parts(body) if isinstance(part, type)}
    models = {each for each in kinds if issubclass(each, BaseModel)}
    assert {each.__name__ for each in models if not issubclass(each, Message)} == set()
    assert [name for each in kinds if is_dataclass(each) for name in _lenient(each)] == []
    assert len(models) > 60


def _stripped(annotation: object) -> Iterator[object]:
    """The texts in a type of which something must be left when they are stripped."""
    for each in get_args(annotation):
        yield from _stripped(each)
    said = [each for each in getattr(annotation, "__metadata__", ()) if isinstance(each, StringConstraints)]
    if any(each.strip_whitespace and each.min_length for each in said):
        yield annotation


def _said(metadata: list[object], constraint: str) -> bool:
    return any(getattr(each, constraint, None) for each in metadata)


def test_where_something_must_be_left_without_spaces_the_description_says_so() -> None:
    bodies = [field.field_info.annotation for route in ROUTES for field in route.dependant.body_params]
    kinds = {part for body in bodies for part in _parts(body) if isinstance(part, type)}
    told = [
        (f"{kind.__name__}.{name}", kind.model_json_schema()["properties"][name])
        for kind in kinds
        if issubclass(kind, BaseModel)
        for name, field in kind.model_fields.items()
        if _said(field.metadata, "strip_whitespace") and _said(field.metadata, "min_length")
    ]
    hints = [
        (f"{kind.__name__}.{name}", TypeAdapter(text).json_schema())
        for kind in kinds
        if is_dataclass(kind) or issubclass(kind, BaseModel)
        for name, hint in get_type_hints(kind, include_extras=True).items()
        for text in _stripped(hint)
    ]
    assert {name for name, text in [*hints, *told] if "pattern" not in text} == set()
    assert (len(hints) > 20, len(told) > 20) == (True, True)


async def test_no_text_of_an_address_may_hold_a_nul_by_the_description_either(house: House) -> None:
    description = (await house.client.get("/api/v1/openapi.json")).json()
    asked = {
        (path, each["name"]): Draft202012Validator(each["schema"] | {"components": description["components"]})
        for path, operations in description["paths"].items()
        for each in operations.get("get", {}).get("parameters", ())
        # A format is one by itself, which this validator does not look at.
        if each["in"] == "query" and "'format'" not in str(each["schema"])
    }
    assert [name for name, schema in asked.items() if schema.is_valid("a\0b")] == []
    assert len(asked) > 100
    assert (await house.ask("GET", "/leads?q=a%00b")).status_code == 400


async def test_what_is_no_space_is_none_in_javascript_either(house: House) -> None:
    """There, U+0085 is no space; whoever refuses spaces refuses it by name."""
    description = (await house.client.get("/api/v1/openapi.json")).text
    classes = set(re.findall(r"\[\^[^\]]*?\\\\s[^\]]*\]", description))
    assert {each for each in classes if not re.search("(x|u00)85", each)} == set()
    assert classes


async def test_whatever_goes_wrong_is_described_as_a_problem(house: House) -> None:
    paths = (await house.client.get("/api/v1/openapi.json")).json()["paths"]
    for path, operations in paths.items():
        for method, operation in operations.items():
            for status, told in operation["responses"].items():
                if not status.startswith("2"):
                    assert list(told["content"]) == ["application/problem+json"], (method, path, status)
    assert paths["/api/v1/costs/rates/bank"]["post"]["responses"]["502"]


def test_the_bounds_of_a_steps_and_a_rules_numbers_stand_in_the_description() -> None:
    """A check of our own that comes before them would take them out of it."""
    bodies = [field.field_info.annotation for route in ROUTES for field in route.dependant.body_params]
    kinds = {part for body in bodies for part in _parts(body) if is_dataclass(part)}
    unbounded = [
        (kind, name)
        for kind in kinds
        for name, told in TypeAdapter(kind).json_schema().get("properties", {}).items()
        for each in told.get("anyOf", [told])
        if each.get("type") in {"integer", "number"} and "minimum" not in each
    ]
    assert (unbounded, len(kinds) > 15) == ([], True)


async def test_keys_that_must_look_so_are_the_only_ones(house: House) -> None:
    schemas = (await house.client.get("/api/v1/openapi.json")).json()["components"]["schemas"]
    open_ones = [
        (name, field)
        for name, schema in schemas.items()
        for field, told in schema.get("properties", {}).items()
        if "patternProperties" in told and told.get("additionalProperties") is not False
    ]
    assert open_ones == []
