"""Identifiers: 32 hexadecimal digits, 12 of time (so that they sort by age) and 20 of chance."""

import os
from collections.abc import Callable
from io import BytesIO
from typing import TypeAlias

from swapboard.clock import Millis

Randomness: TypeAlias = Callable[[int], bytes]
_RANDOM_BYTES = 10


def new_id(now: Millis, randomness: Randomness = os.urandom) -> str:
    """A fresh identifier; its 80 random bits make it a secret that cannot be guessed."""
    return f"{now:012x}{randomness(_RANDOM_BYTES).hex()}"


def randomness_for(ids: int) -> Randomness:
    """The system's randomness for so many ids, asked for at once: each time takes as long as the rest of an id."""
    drawn = BytesIO(os.urandom(ids * _RANDOM_BYTES))
    return lambda count: drawn.read(count) or os.urandom(count)


def begins_with(at: Millis) -> str:
    """What the ids made at this instant begin with: they come before all later ones, and no earlier one does."""
    return f"{max(0, at):012x}"


def made_at(identifier: str) -> Millis:
    """When the identifier was made."""
    return int(identifier[:12], 16)
