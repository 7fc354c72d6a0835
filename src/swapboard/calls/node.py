"""What every step of a flow is made from."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

LONGEST_WORDS = 2_000
LONGEST_ADDRESS = 2_000
Name = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=40, pattern=r"^[^\s\x85\ufeff~](?:[^\x00-\x1f~]*[^\s\x85\ufeff~])?$"
    ),
]
"""A step's name, as its owner calls it; U+FEFF is a space to JavaScript only, U+0085 to us only."""
Next = Annotated[str, StringConstraints(max_length=40)]
"""The name of the step that comes next; empty where the call ends."""
Words = Annotated[str, StringConstraints(max_length=LONGEST_WORDS)]
Address = Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
NO_OTHERS = Field(json_schema_extra={"additionalProperties": False})
"""For those who read the schema of a mapping: there are no keys but such."""


def _names_its_kind(schema: dict[str, JsonValue]) -> None:
    """A step is known by its kind, so the kind must be there, though the class itself presumes it."""
    properties, required = schema.get("properties"), schema.get("required", [])
    if isinstance(properties, dict) and isinstance(required, list) and "kind" in properties:
        schema["required"] = [*required, "kind"]


@dataclass(frozen=True, slots=True)
class BaseNode:
    """A step: what it does not know is an error."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", json_schema_extra=_names_its_kind)
