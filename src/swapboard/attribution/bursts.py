"""Strangers who call in bursts: kinds of bursts, how probable each is now, and what that makes of nobody's rate.

Robots call many times within hours or days, and then not for days. A kind of burst says how long one lasts, how
many times as many strangers call in it as on average, and what share of all that is. Whether there is a burst now
nobody tells: it becomes more probable by each call that may be a stranger's, and less while none comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from swapboard.attribution.arrays import Array
from swapboard.clock import HOUR, Millis

LASTS = (HOUR, 4 * HOUR, 16 * HOUR, 64 * HOUR)
TIMES = (5.0, 15.0)
"""How many times as many strangers call in a burst as on average."""
SHARES = (0.35, 0.7)
"""Of all strangers' calls, how many come in bursts."""

FEWER: Array = np.array((0.3, 0.42, 0.6, 0.8))
"""Without bursts there may be so many of the strangers that were learned: whether it is now as it is in calm."""

DOUBT = 0.5
"""So far are bursts believed in without anything coming of it: where there are none, all stays as it is."""

_ALL = np.array(list(product(LASTS, TIMES, SHARES)))
_IN_BURST = _ALL[:, 1]
USUALLY: Array = _ALL[:, 2] / _IN_BURST
"""By kind: the share of the time that is a burst."""
_IN_CALM = (1.0 - _ALL[:, 2]) / (1.0 - USUALLY)
_ENDS = 1.0 / _ALL[:, 0]
_BEGINS = _ENDS * USUALLY / (1.0 - USUALLY)


class Passing(NamedTuple):
    """Times in which no stranger called: a row for each, and in it by kind of burst."""

    calm: tuple[Array, Array]
    """From calm to calm and to burst: how probable, times e^-told."""
    burst: tuple[Array, Array]
    """From burst."""
    told: Array
    """The logarithm of how much more probable that no stranger called is than without bursts, but for those."""


def passing(spans: Array, strangers: Array) -> Passing:
    """So long each, in which so many strangers are expected on average."""
    span = np.maximum(spans, 1.0)[:, None]
    rate = strangers[:, None] / span
    out_of_calm, out_of_burst = _BEGINS + _IN_CALM * rate, _ENDS + _IN_BURST * rate
    half = (out_of_burst - out_of_calm) / 2.0
    root = np.sqrt(half * half + _BEGINS * _ENDS)
    faded = np.exp(-2.0 * root * span)
    both, each = (1.0 + faded) / 2.0, (1.0 - faded) / (2.0 * root)
    told = strangers[:, None] + (root - (out_of_calm + out_of_burst) / 2.0) * span
    return Passing((both + each * half, each * _BEGINS), (each * _ENDS, both - each * half), told)


def rates(chances: Array) -> Array:
    """By kind: how many times as many strangers call as on average, where a burst is so probable."""
    found: Array = _IN_CALM + chances * (_IN_BURST - _IN_CALM)
    return found


def times(shares: Array, expected: Array) -> float:
    """How many times as many strangers are expected as on average, by each kind as far as it is believed."""
    believed = float(shares.sum())
    kept = max(0.0, believed - DOUBT) / (1.0 - DOUBT)
    return 1.0 + kept / believed * float(shares @ (expected - 1.0)) if kept else 1.0


def after_call(chances: Array, odds: float) -> Array:
    """The chances once a call came that is nobody's at such odds, were there no bursts."""
    found: Array = chances * (1.0 + odds * _IN_BURST) / (1.0 + odds * rates(chances))
    return found


class Lately(NamedTuple):
    """What was heard up to a moment: how probable a burst is, by its kind, and what speaks for each kind."""

    at: Millis
    chances: tuple[float, ...] = tuple(USUALLY.tolist())
    told: tuple[float, ...] = (0.0,) * (len(USUALLY) + len(FEWER))
    """The logarithm of how much more probable each kind, and then `FEWER`, makes the calls since it learned."""

    def after(self, at: Millis, strangers: float) -> "Lately":
        """Later, when no other call came, and so many strangers were expected on average."""
        if at <= self.at:
            return self
        moved = passing(np.array([float(at - self.at)]), np.array([strangers]))
        chances, told = passed(np.array(self.chances), moved, 0)
        both = np.concatenate([told, strangers * (1.0 - FEWER)])
        return Lately(at, tuple(chances.tolist()), tuple((both + self.told).tolist()))

    def heard(self, odds: float) -> "Lately":
        """Once a call came; see `after_call`."""
        chances = np.array(self.chances)
        expected = np.concatenate([rates(chances), FEWER])
        told = np.log((1.0 + odds * expected) / (1.0 + odds)) + self.told
        return Lately(self.at, tuple(after_call(chances, odds).tolist()), tuple(told.tolist()))

    def learned(self) -> "Lately":
        """Without what was told since the curve was learned."""
        return Lately(self.at, self.chances)

    def rounded(self) -> "Lately":
        """As it is kept."""
        return Lately(
            self.at, tuple(round(each, 6) for each in self.chances), tuple(round(each, 4) for each in self.told)
        )


@dataclass(frozen=True)
class Bursts:
    """What a company's calls say of bursts."""

    numbers: float
    """Of its pools, on average."""
    shares: tuple[float, ...]
    """How far each kind is believed, and then `FEWER`; the rest to 1 says that strangers call as was learned."""

    def factor(self, lately: Lately) -> float:
        """How many times as many strangers are expected to call as on average."""
        told = np.array((*lately.told, 0.0))
        weights = np.array((*self.shares, max(0.0, 1.0 - sum(self.shares)))) * np.exp(told - told.max())
        return times((weights / weights.sum())[: len(USUALLY)], rates(np.array(lately.chances)))


class Heard(NamedTuple):
    """A call as the next one needs it: what was known when it came, and nobody's odds."""

    before: Lately
    odds: float

    @property
    def after(self) -> Lately:
        """Once it had come."""
        return self.before.heard(self.odds)

    def as_json(self) -> dict[str, Any]:
        """To be kept in the database, beside the moment."""
        return {"chances": list(self.before.chances), "told": list(self.before.told), "odds": self.odds}


def heard_from_json(kept: Mapping[str, Any] | None, at: Millis) -> Heard | None:
    """What `as_json` gave; None where there were other kinds of bursts than today's."""
    if kept is None or len(kept["chances"]) != len(USUALLY):
        return None
    return Heard(Lately(at, *(tuple(map(float, kept[each])) for each in ("chances", "told"))), float(kept["odds"]))


def bursts_from_json(kept: Mapping[str, Any]) -> Bursts | None:
    """What `asdict` gave; None where there were other kinds of bursts than today's."""
    shares = tuple(map(float, kept["shares"]))
    return Bursts(float(kept["numbers"]), shares) if len(shares) == len(Lately(0).told) else None


def passed(chances: Array, moved: Passing, row: int) -> tuple[Array, Array]:
    """The chances after one of these times, and the logarithm of how well that was foreseen."""
    (calm_calm, calm_burst), (burst_calm, burst_burst) = moved.calm, moved.burst
    calm = 1.0 - chances
    burst = calm * calm_burst[row] + chances * burst_burst[row]
    total = calm * calm_calm[row] + chances * burst_calm[row] + burst
    return burst / total, np.log(total) + moved.told[row]
