"""How a carrier takes part in the stories: its account, its stand-in network's language, and what it cannot do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from swapboard.carriers.sandbox.dialect import Dialect


@dataclass(frozen=True, slots=True)
class Differs:
    """What this carrier makes of a story otherwise than told in the book, and why."""

    because: str
    """One sentence, for the table in the docs."""
    told: Mapping[str, Any]
    """The fields of Told that are not the book's."""


@dataclass(frozen=True, slots=True)
class Plug:
    """One carrier."""

    kind: str
    """Its entry point's name."""
    credentials: Mapping[str, str]
    dialect: Dialect
    """The stand-in network's side of that account."""
    stranger: Dialect
    """The same language, signed with other secrets."""
    differs: Mapping[str, Differs] = field(default_factory=dict)
    """By the story's name."""
    replay_status: int = 204
    """What a request is answered that comes again after ten minutes; 403 where the signature has a time in it."""
