"""A chore: work of each company that comes due by itself, such as learning from the day's calls.

A chore looks (off the event loop, in a transaction that only reads), works on what it found (with no transaction
open, so that it may take its time or ask over the network), then keeps the result. Whoever moves its due time on
does it (`claiming.py`), so that of several processes one does; after a failure it comes due again soon.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection

from swapboard.clock import MINUTE, Millis

Found = TypeVar("Found")
Result = TypeVar("Result")

AGAIN_AFTER: Millis = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Chore(Generic[Found, Result]):
    """One kind of such work, for one company at a time."""

    name: str
    every: Millis
    look: Callable[[Connection, str, Millis], Found]
    work: Callable[[Found], Result]
    keep: Callable[[Connection, str, Result, Millis], object]
