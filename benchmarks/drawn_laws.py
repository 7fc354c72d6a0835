"""Laws drawn at random, each with a pool that is drawn relative to its load; the same seed draws the same.

A drawn law is one of the five with every number changed that `swapboard simulate --set` takes, so that
`DrawnLaw.command` makes its traffic again.
"""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from random import Random
from statistics import fmean
from typing import NamedTuple, TypeAlias

from swapboard.attribution.law import LAWS, Law, law_named
from swapboard.attribution.law_settings import changed
from swapboard.attribution.simulation import LONGEST_STAY

_PREFIX = "drawn"
_NAME = re.compile(rf"{_PREFIX}-(-?\d+)-\d+")
_FALLS_SILENT = 60.0
"""Seconds for which who vanished keeps its number."""
_SELDOM = 0.125
"""One law in eight has four strangers in ten; as many have no rhythm, and as many no further pages."""

Draw: TypeAlias = Callable[[Random], float]


def _even(low: float, high: float) -> Draw:
    return lambda chance: chance.uniform(low, high)


def _decades(low: float, high: float) -> Draw:
    """As many between 1 and 10 as between 10 and 100."""
    return lambda chance: math.exp(chance.uniform(math.log(low), math.log(high)))


def _sometimes(value: float, usual: Draw, share: float = _SELDOM) -> Draw:
    return lambda chance: value if chance.random() < share else usual(chance)


RANGES: dict[str, Draw] = {
    "visits_a_day": _decades(20.0, 5000.0),
    "rhythm": _sometimes(0.0, _even(0.0, 1.0)),
    "phone_share": _even(0.05, 0.98),
    "stay_seconds": _decades(15.0, 400.0),
    "stay_spread": _even(0.5, 1.6),
    "phone_factor": _decades(0.7, 4.0),
    "hidden_factor": _decades(0.05, 2.0),
    "tap_share": _even(0.0, 1.0),
    "tap_lead_seconds": _decades(1.0, 30.0),
    "idle_taps_an_hour": _decades(0.05, 3.0),
    "late_share": _even(0.05, 0.4),
    "late_minutes": _decades(3.0, 3000.0),
    "late_spread": _even(0.6, 2.2),
    "repeat_share": _even(0.0, 0.4),
    "repeat_minutes": _decades(5.0, 5000.0),
    "repeat_spread": _even(0.6, 2.2),
    "returning_share": _even(0.0, 0.5),
    "shared_share": _sometimes(0.0, _even(0.0, 0.4), 0.6),
    "stranger_share": _sometimes(0.4, _even(0.0, 0.1)),
    "vanish_share": _even(0.0, 0.6),
    "hides_an_hour": _decades(0.5, 80.0),
    "hidden_seconds": _decades(5.0, 300.0),
    "pages": _sometimes(0.0, _even(0.0, 1.5)),
    "agreement": _even(0.2, 0.95),
    "withheld_share": _even(0.0, 0.15),
}
"""What each parameter is drawn from; sizes that span decades are drawn by their logarithm."""
_POOLS: dict[str, tuple[float, float]] = {"starving": (0.4, 0.9), "tight": (1.0, 2.0), "ample": (3.0, 15.0)}
"""Numbers for each visit that is there at the busiest hour."""
LEAST_POOL = 2


class DrawnLaw(NamedTuple):
    """A law, how it came to be, and the pool that its visits share."""

    law: Law
    base: str
    settings: dict[str, float]
    supply: str
    pool: int

    def command(self, visits: int, seed: int) -> str:
        """What writes its traffic."""
        each = " ".join(f"--set {name}={value!r}" for name, value in self.settings.items())
        return f"swapboard simulate traffic.jsonl --law {self.base} --visits {visits} --seed {seed} {each}"


def name_of(seed: int, index: int) -> str:
    """What the law is called in tables; `drawn_law` finds it again."""
    return f"{_PREFIX}-{seed}-{index}"


def is_drawn(name: str) -> bool:
    """Whether the name is such a one."""
    return name.startswith(f"{_PREFIX}-")


def seed_of(name: str) -> int:
    """The seed it was drawn by. Raises ValueError where the name is no drawn law's."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no drawn law: they are called {_PREFIX}-SEED-INDEX, as {name_of(1, 7)}")
    return int(found[1])


@cache
def drawn_law(name: str) -> DrawnLaw:
    """The law of that name, always the same. Parameters have few digits, so that they can be typed."""
    chance = Random(name)  # noqa: S311 on purpose
    base = chance.choice(LAWS).name
    settings = {each: float(f"{draw(chance):.3g}") for each, draw in RANGES.items()}
    law = replace(changed(law_named(base), settings), name=name, says=f"Drawn from {base}.")
    supply = chance.choice(tuple(_POOLS))
    pool = max(LEAST_POOL, round(load(law) * _decades(*_POOLS[supply])(chance)))
    return DrawnLaw(law, base, settings, supply, pool)


def load(law: Law) -> float:
    """How many visits hold a number at once in the busiest hour, on average."""
    stay = law.stay()
    stays: Iterable[float] = (min(LONGEST_STAY, stay.quantile((index + 0.5) / 200)) for index in range(200))
    return law.busiest * (fmean(stays) + law.vanish_share * _FALLS_SILENT)
