"""What each channel is worth to the paths that lead to a lead: the data-driven attribution's weights.

A first-order Markov chain over channels, from the company's own paths (Anderl, Becker, von Wangenheim and
Schumann, 2016, "Mapping the customer journey"). A channel's *removal effect* is the share of leads that would
be lost if every visit by it ended there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_START, _LEAD, _NOTHING = "(start)", "(lead)", "(nothing)"
_CLOSE_ENOUGH = 1e-12
_MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Path:
    """The channels of a visitor's visits, oldest first, and how many such visitors did or did not become leads."""

    channels: Sequence[str]
    is_lead: bool
    count: int = 1


def removal_effects(paths: Iterable[Path]) -> dict[str, float]:
    """For each channel, the share (0 to 1) of leads that would be lost without it; empty without any lead."""
    steps = _steps(paths)
    reached = _chance_of_lead(steps, removed=None)
    if not reached:
        return {}
    channels = (state for state in steps if state != _START)
    return {each: 1 - _chance_of_lead(steps, removed=each) / reached for each in channels}


def _steps(paths: Iterable[Path]) -> dict[str, dict[str, float]]:
    """The probability of each next state, by state."""
    counted: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for path in paths:
        states = [_START, *path.channels, _LEAD if path.is_lead else _NOTHING]
        for here, there in pairwise(states):
            counted[here][there] += path.count
    return {here: _shares(there) for here, there in counted.items()}


def _shares(counts: Mapping[str, float]) -> dict[str, float]:
    total = sum(counts.values())
    return {state: count / total for state, count in counts.items()}


def _chance_of_lead(steps: Mapping[str, Mapping[str, float]], removed: str | None) -> float:
    """How probable a lead is from the start, by iterating until nothing changes (each round only adds)."""
    chance: dict[str, float] = defaultdict(float, {_LEAD: 1.0})
    for _round in range(_MOST_ROUNDS):
        change = 0.0
        for state, nexts in steps.items():
            if state != removed:
                better = sum(share * chance[there] for there, share in nexts.items())
                change = max(change, better - chance[state])
                chance[state] = better
        if change < _CLOSE_ENOUGH:
            break
    return chance[_START]
