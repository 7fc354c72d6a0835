"""The pending call mass of a number: how probable it still is that somebody who saw it before calls.

A holder's mass is what is left of its hazard curve from now on. Each number keeps its `heat`: how much mass its
holders had when the last one went, beside an ordinary visit that left at that moment. Curves are not all of one
shape, so both are compared at the age at which the number will probably be given again: as long after the last
holder as that one came after the one before, to the nearest cell of the curve. Then
mass = heat * what is left of an ordinary visit's curve.

Whoever called from a number that was shown to us is known when it calls again, so that its call is mixed up with
nobody's. One who withheld it is not: what it may still call again is pending too.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf
from typing import TypeVar

from swapboard.attribution.curve import AGAIN_EDGES, Curve
from swapboard.attribution.evidence import profile_of
from swapboard.attribution.hazard import EDGES, FIRST_CELL, LEFT, RUNS_OUT_AFTER, SILENT, TAPPED, Phase
from swapboard.attribution.holder import Holder
from swapboard.clock import HOUR, Millis
from swapboard.numbers.pool import Idle, PendingMass, longest_idle

FIRST_REST: Millis = HOUR
"""How long a number rests that was never shown before, as far as anybody knows."""
LEAST_MASS = 1e-12
IdleNumber = TypeVar("IdleNumber", bound=Idle)


class Pending:
    """What one company's curve says of its numbers."""

    def __init__(self, curve: Curve) -> None:
        self._curve = curve
        self._lines = [_lines(EDGES[phase], _rates_of(curve, phase)) for phase in Phase]
        self._again_lines = _lines(AGAIN_EDGES, curve.again)
        rests = [(begin + end) // 2 for begin, end in pairwise(EDGES[Phase.LEFT])]
        ordinary = [max(LEAST_MASS, self._after(Phase.LEFT, rest)) for rest in rests]
        self._carried = [
            self._after(Phase.LEFT, 2 * rest) / mass for rest, mass in zip(rests, ordinary, strict=True)
        ]
        self._beside: dict[int, list[float]] = {
            Phase.LEFT: [1.0] * len(rests),
            Phase.SILENT: [
                self._after(Phase.SILENT, rest + RUNS_OUT_AFTER) / mass
                for rest, mass in zip(rests, ordinary, strict=True)
            ],
        }
        """By phase and cell of the rest: the mass of a visit that went this way, beside one that left."""

    def at(self, now: Millis) -> PendingMass:
        """The masses at a moment, for `numbers.pool.place`."""
        return lambda number: number.heat * self._after(LEFT, now - number.left_at)

    def coolest(self, numbers: Iterable[IdleNumber], now: Millis) -> IdleNumber:
        """What `numbers.pool.place` gives at a moment to one want alone that had no number before."""
        lines, edges = self._lines[LEFT], _EDGES
        least, found = inf, None
        for number in numbers:
            age = now - number.left_at
            calls, rate = lines[bisect_right(edges, age) - 1]
            mass = number.heat * (calls - rate * age)
            if mass <= least:
                found = number if found is None or mass < least else min(found, number, key=longest_idle)
                least = mass
        assert found is not None, "somebody asks for the coolest of none"
        return found

    def heat(self, holder: Holder, before: Idle, at: Millis) -> float:
        """The heat of a number whose lease ends; `before` is how it was before this holder took it."""
        free_since, left_at = before.left_at, holder.left_at
        was_shown = free_since > 0
        rest = at - free_since if was_shown else FIRST_REST
        cell = bisect_right(_INNER, rest)
        phase, away_at = (SILENT, holder.heard_at) if left_at is None else (LEFT, left_at)
        profile = profile_of(holder.who, away_at - holder.came_at)
        own = self._curve.profiles[phase][profile] * self._beside[phase][cell]
        if holder.tapped_at is not None:
            own += self._tapped(at + rest - holder.tapped_at, rest)
        if holder.called:
            own *= 1.0 - holder.called * (1.0 - self._curve.after_call)
            own += holder.unnamed * self._again(rest) / max(LEAST_MASS, self._after(LEFT, rest))
        return own + before.heat * self._carried[cell] if was_shown else own

    def _tapped(self, age: Millis, rest: Millis) -> float:
        return self._after(TAPPED, age) / max(LEAST_MASS, self._after(LEFT, rest))

    def _again(self, since: Millis) -> float:
        """Calls still to come from who called so long ago."""
        calls, rate = self._again_lines[bisect_right(AGAIN_EDGES, since) - 1]
        return calls - rate * since

    def _after(self, phase: int, age: Millis) -> float:
        """Calls still to come from an average visit that is so long in the phase; 0 after its last cell."""
        calls, rate = self._lines[phase][bisect_right(EDGES[phase], age) - 1]
        return calls - rate * age


def _rates_of(curve: Curve, phase: Phase) -> Sequence[float]:
    first = FIRST_CELL[phase]
    return curve.rates[first : first + len(EDGES[phase]) - 1]


def _lines(edges: Sequence[Millis], rates: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """By cell the line `calls - rate * age` that the calls still to come follow; 0 after the last one."""
    lines = [(0.0, 0.0)]
    later = 0.0
    for place, rate in reversed(list(enumerate(rates))):
        lines.append((later + rate * edges[place + 1], rate))
        later += rate * (edges[place + 1] - edges[place])
    return tuple(reversed(lines))


_EDGES = EDGES[LEFT]
_INNER = _EDGES[1:-1]
