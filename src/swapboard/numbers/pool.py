"""The lease rule: which number a session gets.

Same live session, same number. A visitor whose last number is free gets it back. Otherwise the number that is
least likely to be called by somebody who saw it before: the one whose pending call mass is smallest, or that has
been idle longest while no curve of that was learned. Never a live one; none left is an overflow.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from swapboard.clock import SECOND, Millis

MISSED_BEATS = 3
ORDINARY = 1.0
"""The heat of a number whose last holder was a visit like any other."""
OFFERED_MORE = 3
"""So many more of the longest-idle numbers are looked at than are wanted, where the pending call mass is known."""


class FreeNumber(NamedTuple):
    """A number of the pool that no live session holds; `left_at` is 0 when it was never shown."""

    number_id: str
    number: str
    left_at: Millis
    heat: float = ORDINARY
    """How much more probably its holders still call than an ordinary visit that left at the same moment."""


class Idle(Protocol):
    """What the choice looks at of a number that nobody holds."""

    @property
    def number_id(self) -> str: ...
    @property
    def left_at(self) -> Millis: ...
    @property
    def heat(self) -> float: ...


PendingMass: TypeAlias = Callable[[Idle], float]
"""How probable it still is that somebody who saw the number before calls it."""

WantId: TypeAlias = tuple[str, str]
"""Who wants a number for what: (session, target)."""


class Want(NamedTuple):
    """A session's wish for a number in place of a target; `last_number_id` is the one its visitor had before."""

    session_id: str
    target_id: str
    last_number_id: str | None = None

    @property
    def want_id(self) -> WantId:
        return self.session_id, self.target_id


def place(
    wants: Sequence[Want], free: Sequence[FreeNumber], pending_mass: PendingMass | None = None
) -> Mapping[WantId, FreeNumber]:
    """A number for each want, as far as they go; a want that is missing from the answer overflows.

    Visitors who come back are served first, so that nobody is given the number they had.
    """
    unserved = {number.number_id: number for number in free}
    placed: dict[WantId, FreeNumber] = {}
    for want in wants:
        if want.last_number_id in unserved and want.want_id not in placed:
            placed[want.want_id] = unserved.pop(want.last_number_id)
    rest: Iterator[FreeNumber] = iter(sorted(unserved.values(), key=_order(pending_mass)))
    for want in wants:
        if want.want_id not in placed and (number := next(rest, None)):
            placed[want.want_id] = number
    return placed


def expiry(now: Millis, beat_seconds: int) -> Millis:
    """When a lease ends if its session is not heard of again: after three missed beats."""
    return now + MISSED_BEATS * beat_seconds * SECOND


def _order(pending_mass: PendingMass | None) -> Callable[[FreeNumber], tuple[float, Millis, str]]:
    """The coolest first, and of equally cool ones the longest idle."""
    if pending_mass is None:
        return lambda number: (0.0, *longest_idle(number))
    return lambda number: (pending_mass(number), *longest_idle(number))


def longest_idle(number: Idle) -> tuple[Millis, str]:
    """What numbers are ordered by, the longest idle first."""
    return number.left_at, number.number_id
