"""The second table of docs/attribution.md: with the same pool, how much the choice of the number matters.

.venv/bin/python benchmarks/placement_table.py --visits 20000 --seeds 8
With --first-seed 101 the same on traffic that nobody has looked at.
"""

import argparse
import sys
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from random import Random
from statistics import fmean, stdev

from rich.console import Console

sys.path.insert(0, str(Path(__file__).parent.parent))

from swapboard.attribution.backtest import Score, replayed
from swapboard.attribution.law import LAWS
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.replay_pool import Guest, Number, Pool
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from swapboard.attribution.watch import Watch
from swapboard.clock import Millis
from tests.attribution.held_out import HELD_OUT

STUDENT = {3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 8: 2.365, 10: 2.262, 16: 2.131}
"""By how many seeds: how many standard errors 95 % lie within."""


class AtRandom(Pool):
    """Gives any free number, but a visitor's last one back, as the rule does."""

    def __init__(self, size: int, watch: Watch, chance: Random) -> None:
        super().__init__(size, watch)
        self._chance = chance

    def choose(self, guest: Guest, now: Millis) -> Number | None:
        """The visitor's last number, else any."""
        last = guest.number or self.last_numbers.get(guest.visitor_id)
        if last is not None and last.number_id in self.free:
            return last
        return self._chance.choice(list(self.free.values())) if self.free else None


def boards(pool: int, seed: int) -> tuple[Switchboard, Switchboard, Switchboard]:
    """By pending call mass, the longest idle, and at random."""
    by_chance = Switchboard(pool)
    by_chance.pool = AtRandom(pool, by_chance.learner.watch, Random(seed))  # noqa: S311 on purpose
    return Switchboard(pool), Switchboard(pool, considered=1), by_chance


def difference(one: list[Score], other: list[Score], figure: Callable[[Score], float | None]) -> str:
    """One's figure less the other's on the same traffic: the mean over seeds, and half its 95 % interval."""
    found = [(figure(mine) or 0.0) - (figure(theirs) or 0.0) for mine, theirs in zip(one, other, strict=True)]
    return f"{fmean(found):+.4f} ± {STUDENT[len(found)] * stdev(found) / len(found) ** 0.5:.4f}"


def main() -> None:
    """Print the table in Markdown, a row at a time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--pools", default="4,16,64")
    parser.add_argument("--laws", default="", help="names, with commas between; all without it")
    parser.add_argument("--hold-out", action="store_true", help="the laws that nobody tunes on")
    parser.add_argument("--seeds", type=int, default=5, choices=STUDENT)
    parser.add_argument("--first-seed", type=int, default=1)
    asked = parser.parse_args()
    say = Console(width=200, highlight=False).print
    say("| law | pool | right, by mass | less idle | random less idle | log-loss | less idle | random less idle |")
    say("|---|---|---|---|---|---|---|---|")
    laws = {law.name: law for law in (HELD_OUT if asked.hold_out else LAWS)}
    for name in asked.laws.split(",") if asked.laws else laws:
        seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
        logs = [list(Simulation(laws[name], Random(seed)).lines(asked.visits)) for seed in seeds]  # noqa: S311
        for pool in map(int, asked.pools.split(",")):
            each_log = [
                [replayed(board, read_traffic(log)) for board in boards(pool, seed)]
                for seed, log in zip(seeds, logs, strict=True)
            ]
            mass, idle, chance = (list(scores) for scores in zip(*each_log, strict=True))
            cells = [name, str(pool)]
            for figure in (attrgetter("accuracy"), attrgetter("log_loss")):
                mean = fmean(figure(score) for score in mass)
                cells += [f"{mean:.4f}", difference(mass, idle, figure), difference(chance, idle, figure)]
            say(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
