"""The set-up as TOML, there and back."""

import tomllib
from collections.abc import Mapping
from typing import Any

import tomli_w
from pydantic import ValidationError

from swapboard.moving.misfits import misfits
from swapboard.moving.setup import Setup, twice

HEAD = (
    "# A company's set-up, written by `swapboard export`.\n"
    "# `swapboard import FILE --company NAME --dry-run` shows what an import would change.\n\n"
)
_MOST_FAULTS = 10


class BadSetup(ValueError):
    """The text is no set-up that could stand; the message says what is wrong, a line each."""


class NoToml(BadSetup):
    """It may be a file of another kind."""


def to_toml(setup: Setup) -> str:
    """The set-up as text; what is not set is left out, and the same set-up is always the same text."""
    document = setup.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return HEAD + tomli_w.dumps({"format": setup.format, **_without_none(document)}, multiline_strings=False)


def from_toml(text: str) -> Setup:
    """The set-up of a text, which may be a part of one. Raises BadSetup."""
    return from_document(document_of(text))


def document_of(text: str) -> Mapping[str, Any]:
    """What the text holds. Raises NoToml."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits and lists of a thousand levels are no TOML to Python, either.
        raise NoToml(f"This is no TOML: {error}.") from error


def from_document(document: Mapping[str, Any]) -> Setup:
    """The set-up of what a TOML file holds. Raises BadSetup."""
    try:
        setup = Setup.model_validate(document)
    except ValidationError as error:
        raise BadSetup(_lines(misfits(error, document))) from error
    # What a failed export leaves is no set-up.
    if not document.keys() - {"format"}:
        raise BadSetup("There is no set-up in it.")
    if found := list(twice(setup)):
        raise BadSetup(_lines(found))
    return setup


def _lines(told: list[str]) -> str:
    more = [f"… and {len(told) - _MOST_FAULTS} more."] if len(told) > _MOST_FAULTS else []
    return "\n".join(told[:_MOST_FAULTS] + more)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_none(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_without_none(each) for each in value]
    return value
