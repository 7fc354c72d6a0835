"""The Python client: typed dictionaries for what is sent and answered, and a method for each operation."""

import json
import keyword
from collections.abc import Mapping, Sequence

from integrations.generate.described import Operation, Parameter, Schema, page_item, reference

_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
HEAD = "# Written by `make clients` from the API's OpenAPI document; do not change it by hand."


def records(known: Mapping[str, Schema]) -> str:
    """The module of types."""
    parts = [
        f'"""What the API takes and gives, as it stands in JSON."""\n\n{HEAD}\n',
        "from typing import Any, Literal, NotRequired, TypedDict, Union\n",
        *(_record(name, schema) for name, schema in known.items()),
    ]
    return "\n".join(parts)


def _record(name: str, schema: Schema) -> str:
    if schema.get("type") != "object" or "properties" not in schema:
        return f"{name} = {hint(schema)}"
    is_needed = set(schema.get("required", ()))
    fields = [(key, _field(value, key in is_needed)) for key, value in schema["properties"].items()]
    if any(keyword.iskeyword(key) or not key.isidentifier() for key, _ in fields):
        inner = ", ".join(f"{json.dumps(key)}: {value}" for key, value in fields)
        return f'{name} = TypedDict("{name}", {{{inner}}})'
    words = json.dumps(schema.get("description", f"{name}.").partition("\n")[0], ensure_ascii=False)[1:-1]
    lines = [f'class {name}(TypedDict):\n    """{words}"""\n']
    return "\n".join([*lines, *(f"    {key}: {value}" for key, value in fields)])


def _field(schema: Schema, is_needed: bool) -> str:
    return hint(schema) if is_needed else f"NotRequired[{hint(schema)}]"


def hint(schema: Schema) -> str:
    """The Python type of a schema; named types stand in quotation marks, as they may come later."""
    match schema:
        case {"$ref": _}:
            return f'"{reference(schema)}"'
        case {"const": value}:
            return f"Literal[{value!r}]"
        case {"enum": values}:
            return f"Literal[{', '.join(map(repr, values))}]"
        case {"type": str(kind)}:
            return _of_kind(kind, schema)
        case {"anyOf": several} | {"oneOf": several}:
            return _union([hint(each) for each in several])
    return "Any"


def _of_kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list[{hint(schema.get('items', {}))}]"
    return _mapping(schema) if kind == "object" else _PLAIN[kind]


def _mapping(schema: Schema) -> str:
    values = schema.get("additionalProperties")
    patterns = schema.get("patternProperties", {})
    if isinstance(values, Mapping):
        return f"dict[str, {hint(values)}]"
    return f"dict[str, {_union([hint(each) for each in patterns.values()])}]" if patterns else "dict[str, Any]"


def _union(hints: Sequence[str]) -> str:
    each = list(dict.fromkeys(hints))
    return each[0] if len(each) == 1 else f"Union[{', '.join(each)}]"


def methods(operations: Sequence[Operation], known: Mapping[str, Schema]) -> str:
    """The module of operations."""
    parts = [
        f'"""Every operation of the API as a method."""\n\n{HEAD}\n',
        "from collections.abc import Iterator",
        "from typing import Literal, Union\n",
        "from swapboard_client.api import records as r",
        "from swapboard_client.api.transport import Transport\n\n",
        'class Operations(Transport):\n    """Each answers as the API does, or raises ApiError."""\n',
        *(_method(each, known) for each in operations),
    ]
    return "\n".join(parts)


def _method(operation: Operation, known: Mapping[str, Schema]) -> str:
    called = [f"{_argument(each.name)}: str" for each in operation.in_path]
    if operation.body is not None:
        called.append(
            f"body: {_outside(operation.body)}" + ("" if operation.body_is_required else " | None = None")
        )
    optional = [_optional(each) for each in operation.in_query]
    if operation.is_kept_by_key:
        optional.append("idempotency_key: str | None = None")
    given = ", ".join(["self", *called, *(["*", *optional] if optional else [])])
    gives = _gives(operation)
    head = f'    def {operation.name}({given}) -> {gives}:\n        """{operation.summary}."""\n'
    call = _call(operation, gives)
    is_json = call.startswith("self._json(")
    text = head + (
        f"        answer: {gives} = {call}\n        return answer\n" if is_json else f"        return {call}\n"
    )
    item = page_item(operation, known)
    return text + (_iterator(operation, _outside(item), optional) if item else "")


def _iterator(operation: Operation, item: str, optional: Sequence[str]) -> str:
    """Through all pages: `each_calls`."""
    taken = [each for each in operation.in_query if each.name not in {"cursor", "limit"}]
    given = ", ".join(["self", *(["*", *(_optional(each) for each in taken)] if taken else [])])
    passed = ", ".join(f"{_argument(each.name)}={_argument(each.name)}" for each in taken)
    name = f"each_{operation.name.removeprefix('list_')}"
    pages = f"lambda cursor: self.{operation.name}(limit=200, cursor=cursor{', ' if passed else ''}{passed})"
    return (
        f'\n    def {name}({given}) -> Iterator[{item}]:\n        """{operation.summary}: all, page by page."""\n'
        f"        return self._each({pages})\n"
    )


def _call(operation: Operation, gives: str) -> str:
    path = operation.path
    for each in operation.in_path:
        path = path.replace(f"{{{each.name}}}", f"{{self._part({_argument(each.name)})}}")
    address = f'f"{path}"' if operation.in_path else f'"{path}"'
    arguments = [f'"{operation.method}"', address]
    if operation.in_query:
        pairs = ", ".join(f'"{each.name}": {_argument(each.name)}' for each in operation.in_query)
        arguments.append(f"params={{{pairs}}}")
    if operation.body is not None:
        arguments.append("body=body")
    if operation.is_kept_by_key:
        arguments.append("idempotency_key=idempotency_key, is_kept=True")
    kind = {"None": "_nothing", "bytes": "_bytes", "Iterator[str]": "_lines"}.get(gives, "_json")
    return f"self.{kind}({', '.join(arguments)})"


def _gives(operation: Operation) -> str:
    if operation.answer is not None:
        return _outside(operation.answer)
    if operation.media_type == "application/x-ndjson":
        return "Iterator[str]"
    return "bytes" if operation.media_type else "None"


def _outside(schema: Schema) -> str:
    """The type as another module names it."""
    text = hint(schema)
    for name in sorted(set(text.split('"')[1::2]), key=len, reverse=True):
        text = text.replace(f'"{name}"', f"r.{name}")
    return text


def _optional(parameter: Parameter) -> str:
    text = _outside(parameter.schema)
    if parameter.required:
        return f"{_argument(parameter.name)}: {text}"
    return f"{_argument(parameter.name)}: {text if 'None' in text else f'{text} | None'} = None"


def _argument(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name
