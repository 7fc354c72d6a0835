"""What of a set-up's file does not fit, for whoever wrote the file: where it stands, and what to write instead.

pydantic tells programmers: `numbers.1.starts_on: String should match pattern '^\\d{4}…'`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from swapboard.moving.setup import Setup

Path = Sequence[str | int]

_ONE: Mapping[str, str] = {
    "companies": "company",
    "flows": "flow",
    "lead_rules": "lead rule",
    "numbers": "number",
    "phrases": "phrase",
    "pools": "pool",
    "recording": "recording",
    "replies": "reply",
    "rules": "rule",
    "sites": "site",
    "sounds": "sound",
    "swap_targets": "swap target",
}
"""What a list is of."""
_CALLED = ("name", "number", "text")
"""What people know a thing by, best first."""
_LONGEST_SHOWN = 40
_KEY = "[key]"
_WORDS: Mapping[str, str] = {
    "missing": "this is missing",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "string_type": "write this as a text, between quotation marks",
    "sequence_str": "write this as a list, between [ and ]",
    "list_type": "write this as a list, between [ and ]",
}
_WHOLE = frozenset({"int_parsing", "int_type", "int_from_float"})
_NO_SUCH_NAME = frozenset({"extra_forbidden", "unexpected_keyword_argument"})
_BOUNDS: Mapping[str, str] = {
    "greater_than_equal": "write {ge} or more",
    "greater_than": "write more than {gt}",
    "less_than_equal": "write {le} or less",
    "less_than": "write less than {lt}",
}
_FORMATS: Mapping[str, str] = {"short_code": "write 4 to 16 letters and digits, such as spring26"}


def misfits(error: ValidationError, document: Mapping[str, object]) -> list[str]:
    """A sentence for each fault."""
    return [_sentence(each, document) for each in error.errors(include_url=False)]


def _sentence(fault: ErrorDetails, document: Mapping[str, object]) -> str:
    said = _unknown(fault["loc"]) if fault["type"] in _NO_SUCH_NAME else _said(fault)
    return f"{', '.join(_place(fault['loc'], document))}: {said.rstrip('.')}."


def _said(fault: ErrorDetails) -> str:
    kind, name = fault["type"], str(fault["loc"][-1]) if fault["loc"] else ""
    if kind in _WHOLE:
        return "write cents as a whole number, such as 115" if name.endswith("_cents") else "write a whole number"
    if name.endswith("_on") and kind in {"string_pattern_mismatch", "value_error"}:
        return "write a day like 2026-11-24"
    if kind == "string_pattern_mismatch" and name in _FORMATS:
        return _FORMATS[name]
    if kind in _BOUNDS:
        return _BOUNDS[kind].format_map(fault["ctx"])
    said = _WORDS.get(kind) or fault["msg"].removeprefix("Value error, ")
    if kind in {"enum", "literal_error"}:
        return said.replace("Input should be", "write one of" if " or " in said else "write")
    return said


def _unknown(path: Path) -> str:
    """There is nothing of this name; what there is, as far as it is known what stands around it."""
    around: type[BaseModel] = Setup
    for step in path[:-1]:
        field = around.model_fields.get(step) if isinstance(step, str) else None
        found = _table_in(field.annotation) if field else (None if isinstance(step, str) else around)
        if found is None:
            return "there is nothing of this name in a set-up; it may be misspelt"
        around = found
    return f"there is nothing of this name; there are {', '.join(around.model_fields)}"


def _table_in(kind: object) -> type[BaseModel] | None:
    """What a field holds, or holds some of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for each in get_args(kind) if (found := _table_in(each))), None)


def _place(path: Path, document: Mapping[str, object]) -> Iterator[str]:
    """`number +12025550121`, `starts_on`: a thing by what people call it, else by its place, the first being 1."""
    here: object = document
    of = ""
    for step, following in pairwise((*path, None)):
        here, above = _below(here, step), here
        if isinstance(step, int):
            yield _named(of, step, here) if isinstance(above, list) else str(step)
        elif step is not None and step != _KEY and not isinstance(following, int):
            yield step
        of = str(step)


def _below(here: object, step: str | int | None) -> object:
    if isinstance(here, Mapping):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def _named(of: str, index: int, thing: object) -> str:
    known = thing if isinstance(thing, Mapping) else {}
    called = next((str(known[name]) for name in _CALLED if known.get(name)), str(index + 1))
    return f"{_ONE.get(of, of)} {called[:_LONGEST_SHOWN]}"
