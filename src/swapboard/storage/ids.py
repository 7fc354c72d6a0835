"""Identifiers: 32 hexadecimal digits, 12 of time (so that they sort by age) and 20 of chance."""

import os
from collections.abc import Callable
from typing import TypeAlias

from swapboard.clock import Millis

Randomness: TypeAlias = Callable[[int], bytes]


def new_id(now: Millis, randomness: Randomness = os.urandom) -> str:
    """A fresh identifier; its 80 random bits make it a secret that cannot be guessed."""
    return f"{now:012x}{randomness(10).hex()}"


def begins_with(at: Millis) -> str:
    """What the ids made at this instant begin with: they come before all later ones, and no earlier one does."""
    return f"{max(0, at):012x}"


def made_at(identifier: str) -> Millis:
    """When the identifier was made."""
    return int(identifier[:12], 16)
