"""How long something takes, in seconds: what a law of simulated traffic draws its delays from."""

import math
from dataclasses import dataclass
from math import erfc, exp, log, pi, sqrt
from random import Random
from statistics import NormalDist
from typing import Protocol


class Delay(Protocol):
    """A distribution over the seconds above zero."""

    def draw(self, chance: Random) -> float:
        """One delay."""
        ...

    def density(self, seconds: float) -> float:
        """A second, so long after the beginning."""
        ...

    def done(self, seconds: float) -> float:
        """The probability that it took no longer than this."""
        ...

    def quantile(self, share: float) -> float:
        """So long take so many, at most; the share lies between 0 and 1."""
        ...


@dataclass(frozen=True)
class LogNormal:
    """Its median, and the standard deviation of its logarithm."""

    median: float
    spread: float

    def draw(self, chance: Random) -> float:
        """See Delay."""
        return self.median * exp(chance.gauss(0.0, self.spread))

    def density(self, seconds: float) -> float:
        """See Delay."""
        z = log(seconds / self.median) / self.spread
        return exp(-z * z / 2) / (seconds * self.spread * sqrt(2 * pi))

    def done(self, seconds: float) -> float:
        """See Delay."""
        return 0.5 * erfc(-log(seconds / self.median) / self.spread / sqrt(2)) if seconds > 0.0 else 0.0

    def quantile(self, share: float) -> float:
        """See Delay."""
        return self.median * exp(self.spread * NormalDist().inv_cdf(share))


@dataclass(frozen=True)
class Exponential:
    """As likely to end in the next second as in the first."""

    mean: float

    def draw(self, chance: Random) -> float:
        """See Delay."""
        return chance.expovariate(1.0 / self.mean)

    def density(self, seconds: float) -> float:
        """See Delay."""
        return exp(-seconds / self.mean) / self.mean

    def done(self, seconds: float) -> float:
        """See Delay."""
        return 1.0 - exp(-seconds / self.mean)

    def quantile(self, share: float) -> float:
        """See Delay."""
        return -self.mean * log(1.0 - share)


@dataclass(frozen=True)
class HeavyTailed:
    """Lomax's: what is left grows with what has passed; with an index of 1 or less it has no mean at all."""

    median: float
    index: float

    @property
    def _scale(self) -> float:
        return self.median / (math.pow(2.0, 1.0 / self.index) - 1.0)

    def draw(self, chance: Random) -> float:
        """See Delay."""
        return self.quantile(chance.random())

    def density(self, seconds: float) -> float:
        """See Delay."""
        return self.index / self._scale * math.pow(1.0 + seconds / self._scale, -self.index - 1.0)

    def done(self, seconds: float) -> float:
        """See Delay."""
        return 1.0 - math.pow(1.0 + seconds / self._scale, -self.index)

    def quantile(self, share: float) -> float:
        """See Delay."""
        return self._scale * (math.pow(1.0 - share, -1.0 / self.index) - 1.0)


@dataclass(frozen=True)
class Weibull:
    """A shape above 1: the longer it lasted, the sooner it ends; below 1 the other way round."""

    median: float
    shape: float

    @property
    def _scale(self) -> float:
        return self.median / math.pow(log(2.0), 1.0 / self.shape)

    def draw(self, chance: Random) -> float:
        """See Delay."""
        return self.quantile(chance.random())

    def density(self, seconds: float) -> float:
        """See Delay."""
        part = seconds / self._scale
        return self.shape / self._scale * math.pow(part, self.shape - 1.0) * exp(-math.pow(part, self.shape))

    def done(self, seconds: float) -> float:
        """See Delay."""
        return 1.0 - exp(-math.pow(seconds / self._scale, self.shape))

    def quantile(self, share: float) -> float:
        """See Delay."""
        return self._scale * math.pow(-log(1.0 - share), 1.0 / self.shape)


@dataclass(frozen=True)
class Either:
    """One of several, each with its share; the shares add up to one."""

    parts: tuple[tuple[float, Delay], ...]

    def draw(self, chance: Random) -> float:
        """See Delay."""
        return chance.choices([part for _, part in self.parts], [share for share, _ in self.parts])[0].draw(chance)

    def density(self, seconds: float) -> float:
        """See Delay."""
        return sum(share * part.density(seconds) for share, part in self.parts)

    def done(self, seconds: float) -> float:
        """See Delay."""
        return sum(share * part.done(seconds) for share, part in self.parts)

    def quantile(self, share: float) -> float:
        """See Delay."""
        each = [part.quantile(share) for _, part in self.parts]
        return _between(min(each), max(each), share, self)


def _between(low: float, high: float, share: float, delay: Delay) -> float:
    while high - low > 1e-9 * max(1.0, high):
        middle = (low + high) / 2.0
        low, high = (middle, high) if delay.done(middle) < share else (low, middle)
    return high


def defective_rate(seconds: float, probability: float, delay: Delay) -> float:
    """The hazard, so long after the beginning, of something that happens with a probability, after a delay."""
    if seconds <= 0.0 or probability <= 0.0:
        return 0.0
    return probability * delay.density(seconds) / (1.0 - probability * delay.done(seconds))
