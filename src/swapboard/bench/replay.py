"""DESIGN 10 (g): how many visits of a log one core replays in a second."""

import gc
from random import Random
from time import process_time

from swapboard.attribution.backtest import replayed
from swapboard.attribution.law import law_named
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic

LAW = "corner-shop"
POOL = 16
VISITS = 30_000
WARM_UP = 1_500
"""A hundred calls: what a process makes once, such as the tables of usual hours, is made by then."""


def replayed_visits_per_second(visits: int = VISITS) -> float:
    """Visits of simulated traffic that are replayed, matched, learned from and scored in a second of one core."""
    warm_up = list(Simulation(law_named(LAW), Random(1)).lines(WARM_UP))  # noqa: S311 the same each time
    lines = list(Simulation(law_named(LAW), Random(2)).lines(visits))  # noqa: S311
    replayed(Switchboard(POOL), read_traffic(warm_up))
    gc.disable()
    began = process_time()
    replayed(Switchboard(POOL), read_traffic(lines))
    took = process_time() - began
    gc.enable()
    return round(visits / took, 1)
