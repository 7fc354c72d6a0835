"""The operations of the API as a person reads them: from its own OpenAPI document."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI

from swapboard.web.api import PREFIX, router

_JSON = "application/json"
_ONCE = "Idempotency-Key"
_EVERYWHERE = "Swapboard-Company"
"""Every operation takes it; the page says so once."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that an operation takes."""

    name: str
    where: str
    kind: str
    is_needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation."""

    name: str
    resource: str
    method: str
    path: str
    summary: str
    words: str
    takes: Sequence[Taken]
    answers: str
    example: str
    """A body, as JSON; empty for an operation without one."""
    can_be_tried: bool

    def curl(self, url: str) -> str:
        """A line for a shell, whose key stands in a variable."""
        parts = ['curl -H "Authorization: Bearer $SWAPBOARD_KEY"']
        if self.method != "GET":
            parts.append(f"-X {self.method}")
        if any(each.name == _ONCE and each.is_needed for each in self.takes):
            parts.append(f'-H "{_ONCE}: $(uuidgen)"')
        if self.example:
            shown = self.example.replace("'", "'\\''")
            parts.append(f"-H 'Content-Type: application/json' -d '{shown}'")
        # In capitals: curl makes several addresses of what stands in braces.
        path = re.sub(r"\{(\w+)\}", lambda named: named[1].upper(), self.path)
        return " ".join([*parts, f'"{url}{PREFIX}{path}"'])

    def python(self) -> str:
        """The same by the typed client."""
        given = [f'"{each.name.upper()}"' for each in self.takes if each.where == "path"]
        return f"api.{self.name}({', '.join([*given, *([self._in_python()] if self.example else [])])})"

    def _in_python(self) -> str:
        return repr(json.loads(self.example))


@cache
def entries() -> Sequence[Entry]:
    """Every operation, in the document's order. Making it takes a moment, the first time."""
    app = FastAPI()
    app.include_router(router)
    document = app.openapi()
    return [
        _entry(document, path.removeprefix(PREFIX), method.upper(), told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def _entry(document: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any]) -> Entry:
    content = next(code for status, code in told["responses"].items() if status.startswith("2")).get("content", {})
    schema = content.get(_JSON, {}).get("schema", {})
    body = _resolved(document, told.get("requestBody", {}).get("content", {}).get(_JSON, {}).get("schema", {}))
    parameters = [
        Taken(
            each["name"],
            each["in"],
            _kind(document, each["schema"]),
            each.get("required", False),
            each.get("description", ""),
        )
        for each in told.get("parameters", ())
        if each["name"] != _EVERYWHERE
    ]
    return Entry(
        name=told["operationId"],
        resource=told["tags"][0],
        method=method,
        path=path,
        summary=told["summary"],
        words=told.get("description", ""),
        takes=[*parameters, *_fields(document, body)],
        answers=_kind(document, schema) if schema else ", ".join(content),
        example=json.dumps(_example(document, body), ensure_ascii=False) if body else "",
        can_be_tried=method == "GET" and bool(schema),
    )


def _fields(document: Mapping[str, Any], body: Mapping[str, Any]) -> list[Taken]:
    needed = body.get("required", ())
    return [
        Taken(name, "body", _kind(document, schema), name in needed, schema.get("description", ""))
        for name, schema in body.get("properties", {}).items()
    ]


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    named: Mapping[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return named


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The type in a word or two, as JSON calls it; of named ones the name, or the words to choose from."""
    meant = _resolved(document, schema)
    if values := meant.get("enum", [meant["const"]] if "const" in meant else []):
        return " | ".join(json.dumps(each, ensure_ascii=False) for each in values)
    if "$ref" in schema:
        name = re.split(r"/|__", schema["$ref"].strip("_"))[-1]
        return re.sub(r"^PageDocument_", "a page of ", name)
    if schema.get("type") == "array":
        return f"[{_kind(document, schema.get('items', {}))}]"
    if "type" not in schema and (several := schema.get("anyOf", schema.get("oneOf"))):
        return " | ".join(dict.fromkeys(_kind(document, each) for each in several))
    return str(schema.get("type", "any"))


def _example(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """A value that fits: what the description gives as one, else the least that it takes."""
    schema = _resolved(document, schema)
    if fields := schema.get("properties"):
        needed = schema.get("required") or list(fields)[:1]
        return {name: _example(document, fields[name]) for name in needed}
    if several := schema.get("anyOf", schema.get("oneOf")):
        return _example(document, several[0])
    given = [schema.get("default"), schema.get("const"), *schema.get("enum", ())]
    if fitting := [*schema.get("examples", ()), *(each for each in given if each is not None)]:
        return fitting[0]
    if schema.get("type") == "array":
        return [_example(document, schema.get("items", {}))]
    return {"integer": 1, "number": 1, "boolean": True, "object": {}}.get(str(schema.get("type")), "…")
