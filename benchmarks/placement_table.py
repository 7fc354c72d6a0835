"""The table of docs/attribution.md that tells, with the same pool, how much the choice of the number matters.

.venv/bin/python benchmarks/placement_table.py --visits 20000 --seeds 8
With --first-seed 101 the same on traffic that nobody has looked at. Run it again to go on where it was cut off.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from statistics import fmean, stdev

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.kept_replays import add_making, code, leave, made_so_far
from benchmarks.replays import Figures, Run
from swapboard.attribution.law import LAWS
from tests.attribution.held_out import HELD_OUT

COLUMNS = (
    "law", "pool", "right, by mass", "less idle", "less random", "idle less random",
    "log-loss, by mass", "less idle", "less random", "idle less random",
)  # fmt: skip
CHOICES = ("mass", "ours", "random")
"""By pending call mass, the longest idle, and at random."""
STUDENT = {3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 10: 2.262, 12: 2.201, 16: 2.131}
"""By how many seeds: how many standard errors 95 % lie within."""


def runs_of(law: str, pool: int, visits: int, seeds: Sequence[int]) -> list[Run]:
    """What a row is made of: each log with each choice."""
    return [Run(law, pool, visits, seed, choice) for seed in seeds for choice in CHOICES]


def row(runs: Sequence[Run], made: Mapping[Run, Figures]) -> str:
    """In Markdown; of runs with several pools the mean over these."""
    pools = {run.pool for run in runs}
    cells = [runs[0].law, str(*pools) if len(pools) == 1 else "all"]
    for figure in (attrgetter("accuracy"), attrgetter("log_loss")):
        mass, idle, chance = (by_seed(runs, made, choice, figure) for choice in CHOICES)
        cells += [f"{fmean(mass):.4f}", less(mass, idle), less(mass, chance), less(idle, chance)]
    return f"| {' | '.join(cells)} |"


def by_seed(
    runs: Sequence[Run], made: Mapping[Run, Figures], choice: str, figure: Callable[[Figures], float]
) -> list[float]:
    """The figure for each seed, by this choice."""
    found: dict[int, list[float]] = defaultdict(list)
    for run in runs:
        if run.who == choice:
            found[run.seed].append(figure(made[run]))
    return [fmean(each) for each in found.values()]


def less(one: Sequence[float], other: Sequence[float]) -> str:
    """One less the other on the same traffic: the mean over seeds, and half its 95 % interval."""
    found = [mine - theirs for mine, theirs in zip(one, other, strict=True)]
    return f"{fmean(found):+.4f} ± {STUDENT[len(found)] * stdev(found) / len(found) ** 0.5:.4f}"


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--pools", default="4,16,64")
    parser.add_argument("--laws", default="", help="names, with commas between; all without it")
    parser.add_argument("--hold-out", action="store_true", help="the laws that nobody tunes on")
    parser.add_argument("--seeds", type=int, default=5, choices=STUDENT)
    parser.add_argument("--first-seed", type=int, default=1)
    add_making(parser, "swapboard-placement-table.jsonl")
    asked = parser.parse_args()
    seeds = range(asked.first_seed, asked.first_seed + asked.seeds)
    laws = [law.name for law in (HELD_OUT if asked.hold_out else LAWS)]
    pools = [int(pool) for pool in asked.pools.split(",")]
    rows: list[list[Run]] = []
    for name in asked.laws.split(",") if asked.laws else laws:
        of_law = [runs_of(name, pool, asked.visits, seeds) for pool in pools]
        rows += [*of_law, [run for runs in of_law for run in runs]] if len(pools) > 1 else of_law
    done, known = made_so_far(rows, asked, dict.fromkeys(CHOICES, code("ours")))
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    sys.stdout.write("\n".join([*head, *(row(runs, known) for runs in done), ""]))
    leave(len(done), len(rows))


if __name__ == "__main__":
    main()
