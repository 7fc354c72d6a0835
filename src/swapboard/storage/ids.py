"""Identifiers: 26 characters, ordered by time, with 80 random bits (the ULID layout, github.com/ulid/spec)."""

import os
from collections.abc import Callable
from typing import TypeAlias

from swapboard.clock import Millis

Randomness: TypeAlias = Callable[[int], bytes]

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]


def new_id(now: Millis, randomness: Randomness = os.urandom) -> str:
    """A fresh identifier: ten characters of time, sixteen of chance."""
    value = (now << 80) | int.from_bytes(randomness(10), "big")
    return "".join([_PAIRS[(value >> shift) & 1023] for shift in range(120, -1, -10)])
