"""Which session made a call: the candidates are those who held the number, and nobody.

Each candidate weighs what a caller in its state would: a session that still shows the number most, one that
left less, halving with time. *Nobody* (a saved number, a misdial) always keeps a share. A weight divided by
the sum of all is the confidence. The weights below are assumptions, stated here; later they are learned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.clock import MINUTE, Millis

LIVE_WEIGHT = 1.0
LEFT_WEIGHT = 0.6
HALF_LIFE: Millis = 20 * MINUTE
NOBODY_WEIGHT = 0.03


@dataclass(frozen=True, slots=True)
class Hold:
    """A session held the dialled number; `until_at` is None while it still does."""

    session_id: str
    from_at: Millis
    until_at: Millis | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A session that may have made the call; the probabilities of all and of *nobody* sum to one."""

    session_id: str
    probability: float
    because: str


def match(call_at: Millis, holds: Sequence[Hold]) -> tuple[Candidate, ...]:
    """The candidates, most probable first; holds that begin after the call cannot have made it."""
    weights: dict[str, tuple[float, str]] = {}
    for hold in sorted(holds, key=_in_order):
        if hold.from_at <= call_at:
            weight = _weigh(call_at, hold)
            weights[hold.session_id] = max(weight, weights.get(hold.session_id, weight))
    total = NOBODY_WEIGHT + sum(weight for weight, _ in weights.values())
    candidates = [Candidate(key, weight / total, because) for key, (weight, because) in weights.items()]
    return tuple(sorted(candidates, key=lambda each: (-each.probability, each.session_id)))


def _weigh(call_at: Millis, hold: Hold) -> tuple[float, str]:
    if hold.until_at is None or hold.until_at >= call_at:
        return LIVE_WEIGHT, "on the page with this number when it rang"
    left = call_at - hold.until_at
    return LEFT_WEIGHT * 0.5 ** (left / HALF_LIFE), f"had this number until {_ago(left)} before"


def _ago(span: Millis) -> str:
    minutes = round(span / MINUTE)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 48 else f"{round(hours / 24)} days"


def _in_order(hold: Hold) -> tuple[Millis, str]:
    return hold.from_at, hold.session_id
