"""What every step of a flow is made from."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, StringConstraints

LONGEST_WORDS = 2_000
Name = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[^\s~](?:[^\x00-\x1f~]*[^\s~])?$")]
"""A step's name, as its owner calls it."""
Next = Annotated[str, StringConstraints(max_length=40)]
"""The name of the step that comes next; empty where the call ends."""
Words = Annotated[str, StringConstraints(max_length=LONGEST_WORDS)]
Address = Annotated[str, StringConstraints(max_length=2_000)]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]


@dataclass(frozen=True, slots=True)
class BaseNode:
    """A step: what it does not know is an error."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
