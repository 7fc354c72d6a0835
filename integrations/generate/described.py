"""The OpenAPI document as the writers need it: named types, and operations with what they take and give."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from swapboard.web.api import PREFIX, router

JSON = "application/json"
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something in the address or the question."""

    name: str
    schema: Schema
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address, without the prefix."""

    name: str
    summary: str
    method: str
    path: str
    in_path: Sequence[Parameter]
    in_query: Sequence[Parameter]
    body: Schema | None
    body_is_required: bool
    is_kept_by_key: bool
    """Whether it takes an Idempotency-Key."""
    answer: Schema | None
    """None for an answer that is empty or no JSON."""
    media_type: str
    """Of the answer; empty for none."""


def document() -> Mapping[str, Any]:
    """The OpenAPI document of this version's API."""
    app = FastAPI()
    app.include_router(router)
    return app.openapi()


def schemas(described: Mapping[str, Any]) -> Mapping[str, Schema]:
    """Each named type, by the name that a program may give it."""
    found = {type_name(name): schema for name, schema in described["components"]["schemas"].items()}
    if len(found) != len(described["components"]["schemas"]):
        raise ValueError("two types of the document would have one name")
    return dict(sorted(found.items()))


def type_name(name: str) -> str:
    """`PageDocument_CallDocument_` is `CallPage`; a name that two modules have keeps the module's."""
    page = re.fullmatch(r"PageDocument_(\w+?)(?:Document)?_", name)
    if page:
        return f"{page[1].rpartition('__')[2]}Page"
    own = "_".join(name.split("__")[-2:])
    return "".join(part[0].upper() + part[1:] for part in re.split(r"\W|_", own) if part)


def operations(described: Mapping[str, Any]) -> Sequence[Operation]:
    """Every operation, in the document's order."""
    return [
        _operation(path.removeprefix(PREFIX), method.upper(), told)
        for path, methods in described["paths"].items()
        if path.startswith(PREFIX)
        for method, told in methods.items()
    ]


def _operation(path: str, method: str, told: Mapping[str, Any]) -> Operation:
    parameters = told.get("parameters", ())
    body = told.get("requestBody", {})
    content = next(code for status, code in told["responses"].items() if status.startswith("2")).get("content", {})
    media_type = next(iter(content), "")
    return Operation(
        name=told["operationId"],
        summary=told["summary"],
        method=method,
        path=path,
        in_path=_parameters(parameters, "path"),
        in_query=_parameters(parameters, "query"),
        body=body.get("content", {}).get(JSON, {}).get("schema"),
        body_is_required=body.get("required", False),
        is_kept_by_key=any(each["name"] == "Idempotency-Key" for each in parameters),
        answer=content[JSON]["schema"] if media_type == JSON else None,
        media_type=media_type,
    )


def _parameters(parameters: Sequence[Mapping[str, Any]], where: str) -> Sequence[Parameter]:
    return [
        Parameter(each["name"], each["schema"], each.get("required", False))
        for each in parameters
        if each["in"] == where
    ]


def reference(schema: Schema) -> str | None:
    """The name of the type that the schema refers to."""
    return type_name(schema["$ref"].rpartition("/")[2]) if "$ref" in schema else None


def page_item(operation: Operation, known: Mapping[str, Schema]) -> Schema | None:
    """What a page of the operation's list holds; None for what is no list with a cursor."""
    if not any(each.name == "cursor" for each in operation.in_query) or operation.answer is None:
        return None
    item: Schema = known[reference(operation.answer) or ""]["properties"]["data"]["items"]
    return item
