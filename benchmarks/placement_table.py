"""The second table of docs/attribution.md: with the same pool, how much the choice of the number matters.

.venv/bin/python benchmarks/placement_table.py --visits 100000 --pools 4,16,64
"""

import argparse
import sys
from pathlib import Path
from random import Random

from rich.console import Console

sys.path.insert(0, str(Path(__file__).parent.parent))

from swapboard.attribution.backtest import replayed
from swapboard.attribution.law import LAWS
from swapboard.attribution.replay import Guest, Number, Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from swapboard.clock import Millis


class AtRandom(Switchboard):
    """Gives any free number, but a visitor's last one back, as the rule does."""

    chance: Random

    def _choose(self, guest: Guest, now: Millis) -> Number | None:
        last = guest.number or self._visitors.get(guest.visitor_id)
        if last is not None and last.number_id in self.free:
            return last
        return self.chance.choice(list(self.free.values())) if self.free else None


def boards(pool: int, seed: int) -> tuple[Switchboard, Switchboard, Switchboard]:
    """By pending call mass, the longest idle, and at random."""
    by_chance = AtRandom(pool)
    by_chance.chance = Random(seed)  # noqa: S311 on purpose
    return Switchboard(pool), Switchboard(pool, considered=1), by_chance


def main() -> None:
    """Print the table in Markdown, a row at a time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--pools", default="4,16,64")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    say = Console(width=200, highlight=False).print
    say("| law | pool | calls | right, by mass | longest idle | random | log-loss, by mass | idle | random |")
    say("|---|---|---|---|---|---|---|---|---|")
    for law in LAWS:
        lines = list(Simulation(law, Random(asked.seed)).lines(asked.visits))  # noqa: S311 on purpose
        for pool in map(int, asked.pools.split(",")):
            scores = [replayed(board, read_traffic(lines)) for board in boards(pool, asked.seed)]
            right = " | ".join(f"{each.accuracy:.4f}" for each in scores)
            loss = " | ".join(f"{each.log_loss:.4f}" for each in scores)
            say(f"| {law.name} | {pool} | {scores[0].matched:,} | {right} | {loss} |")


if __name__ == "__main__":
    main()
