"""The table of docs/attribution.md: five laws, pools from starving to ample, beside a matcher that knows the law.

.venv/bin/python benchmarks/attribution_table.py --visits 30000 --pools 4,16,64
With --hold-out: the same for the laws that nobody tunes on, without what is reachable.
"""

import argparse
import sys
from pathlib import Path
from random import Random

from rich.console import Console

sys.path.insert(0, str(Path(__file__).parent.parent))

from swapboard.attribution.backtest import Score, replayed
from swapboard.attribution.law import LAWS
from swapboard.attribution.replay import HOLDERS, Judge, Switchboard
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from tests.attribution.held_out import HELD_OUT
from tests.attribution.oracle import Oracle
from tests.attribution.partly_told import PartlyTold

ORACLES_HOLDERS = 2000
"""The oracle weighs so many holders of a number one by one, where ours takes the older ones together."""


def replay(lines: list[bytes], pool: int, judge: Judge | None) -> tuple[Score, Switchboard]:
    """Replay the log with our matcher, or another."""
    # Both give the longest-idle number: what the next gets must not depend on who weighs the calls.
    board = Switchboard(pool, judge, considered=1, holders=ORACLES_HOLDERS if judge else HOLDERS)
    if judge:
        board.learner.due = sys.maxsize
    return replayed(board, read_traffic(lines)), board


def main() -> None:
    """Print the table in Markdown, a row at a time."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--pools", default="4,16,64")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--laws", default="", help="names, with commas between; all without it")
    asked = parser.parse_args()
    laws = HELD_OUT if asked.hold_out else LAWS
    say = Console(width=200, highlight=False).print
    columns = (
        "law", "pool", "overflow", "calls", "right", "÷ oracle", "log-loss", "÷ oracle", "reachable",
        "calibration error", "oracle's", "by chance",
    )  # fmt: skip
    say(f"| {' | '.join(columns)} |")
    say("|---" * len(columns) + "|")
    for law in laws:
        if asked.laws and law.name not in asked.laws.split(","):
            continue
        lines = list(Simulation(law, Random(asked.seed)).lines(asked.visits))  # noqa: S311 on purpose
        for pool in map(int, asked.pools.split(",")):
            ours, board = replay(lines, pool, None)
            oracle, _ = replay(lines, pool, Oracle(law))
            told = None if asked.hold_out else replay(lines, pool, PartlyTold(law))[0]
            cells = (
                law.name,
                str(pool),
                f"{board.tally.overflow / board.tally.visits:.1%}",
                f"{ours.matched:,}",
                f"{ours.accuracy:.3f}",
                f"{ours.accuracy / oracle.accuracy:.3f}",
                f"{ours.log_loss:.3f}",
                f"{ours.log_loss / oracle.log_loss:.3f}",
                f"{told.log_loss / oracle.log_loss:.3f}" if told else "",
                f"{ours.answers.error:.3f}",
                f"{oracle.answers.error:.3f}",
                f"{ours.answers.error_by_chance:.3f}",
            )
            say(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
