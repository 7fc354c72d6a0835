"""What of a set-up's file does not fit, for whoever wrote the file: where it stands, and what to write instead.

pydantic tells programmers: `numbers.1.starts_on: String should match pattern '^\\d{4}…'`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from pydantic import ValidationError
from pydantic_core import ErrorDetails

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
    "extra_forbidden": "there is nothing of this name in a set-up; it may be misspelt",
    "missing": "this is missing",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "string_type": "write this as a text, between quotation marks",
    "sequence_str": "write this as a list, between [ and ]",
    "list_type": "write this as a list, between [ and ]",
}
_WHOLE = frozenset({"int_parsing", "int_type", "int_from_float"})


def misfits(error: ValidationError, document: Mapping[str, object]) -> list[str]:
    """A sentence for each fault."""
    return [_sentence(each, document) for each in error.errors(include_url=False)]


def _sentence(fault: ErrorDetails, document: Mapping[str, object]) -> str:
    said = _said(fault)
    return f"{', '.join(_place(fault['loc'], document))}: {said.rstrip('.')}."


def _said(fault: ErrorDetails) -> str:
    kind, name = fault["type"], str(fault["loc"][-1]) if fault["loc"] else ""
    if kind in _WHOLE:
        return "write cents as a whole number, such as 115" if name.endswith("_cents") else "write a whole number"
    if kind == "string_pattern_mismatch" and name.endswith("_on"):
        return "write a day like 2026-11-24"
    said = _WORDS.get(kind) or fault["msg"].removeprefix("Value error, ")
    if kind in {"enum", "literal_error"}:
        return said.replace("Input should be", "write one of" if " or " in said else "write")
    return said


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
