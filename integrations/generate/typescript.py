"""The TypeScript types: an interface for each record, and what each operation takes and gives."""

import json
from collections.abc import Mapping, Sequence

from integrations.generate.described import Operation, Parameter, Schema, reference

_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}
HEAD = "// Written by `make clients` from the API's OpenAPI document; do not change it by hand. MIT licence.\n"


def types(operations: Sequence[Operation], known: Mapping[str, Schema]) -> str:
    """The whole file."""
    each = [_record(name, schema) for name, schema in known.items()]
    table = "\n".join(map(_operation, operations))
    return "\n".join([HEAD, *each, _COMMENT + "export interface Operations {\n" + table + "\n}\n"])


_COMMENT = "/** By operation: method and address below `/api/v1`, what it takes, and what it answers. */\n"


def _record(name: str, schema: Schema) -> str:
    words = schema.get("description", "").partition("\n")[0].replace("*/", "* /")
    comment = f"/** {words} */\n" if words else ""
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{comment}export type {name} = {hint(schema)};\n"
    return f"{comment}export interface {name} {_fields(schema)}\n"


def _fields(schema: Schema) -> str:
    is_needed = set(schema.get("required", ()))
    lines = [
        f"  {json.dumps(key) if not key.isidentifier() else key}{'' if key in is_needed else '?'}: {hint(value)};"
        for key, value in schema["properties"].items()
    ]
    return "\n".join(["{", *lines, "}"])


def hint(schema: Schema) -> str:
    """The TypeScript type of a schema."""
    match schema:
        case {"$ref": _}:
            return reference(schema) or ""
        case {"const": value}:
            return json.dumps(value)
        case {"enum": values}:
            return " | ".join(map(json.dumps, values))
        case {"type": str(kind)}:
            return _of_kind(kind, schema)
        case {"anyOf": several} | {"oneOf": several}:
            return " | ".join(dict.fromkeys(map(hint, several)))
    return "unknown"


def _of_kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"Array<{hint(schema.get('items', {}))}>"
    return _mapping(schema) if kind == "object" else _PLAIN[kind]


def _mapping(schema: Schema) -> str:
    values = schema.get("additionalProperties")
    each = [values] if isinstance(values, Mapping) else list(schema.get("patternProperties", {}).values())
    return f"{{ [key: string]: {' | '.join(map(hint, each)) or 'unknown'} }}"


def _operation(operation: Operation) -> str:
    gives = hint(operation.answer) if operation.answer is not None else "Blob" if operation.media_type else "void"
    parts = [
        f'method: "{operation.method}"',
        f'path: "{operation.path}"',
        f"params: {_parameters(operation.in_path)}",
        f"query: {_parameters(operation.in_query)}",
        f"body: {hint(operation.body) if operation.body is not None else 'undefined'}",
        f"answer: {gives}",
    ]
    return f"  /** {operation.summary}. */\n  {operation.name}: {{ {'; '.join(parts)} }};"


def _parameters(parameters: Sequence[Parameter]) -> str:
    each = [f'"{one.name}"{"" if one.required else "?"}: {hint(one.schema)}' for one in parameters]
    return f"{{ {'; '.join(each)} }}" if each else "{ [key: string]: never }"
