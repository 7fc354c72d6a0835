"""The table of docs/attribution.md: five laws, pools from starving to ample, beside a matcher that knows the law.

.venv/bin/python benchmarks/attribution_table.py --visits 30000 --pools 4,16,64
With --hold-out: the same for the laws that nobody tunes on, without what is reachable.
Run it again to go on where it was cut off.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.kept_replays import TOLD, add_making, code, leave, made_so_far
from benchmarks.replays import Figures, Run
from swapboard.attribution.law import LAWS
from tests.attribution.held_out import HELD_OUT
from tests.attribution.tuned_on import TUNED_ON
from tests.attribution.unseen import UNSEEN

COLUMNS = (
    "law", "pool", "overflow", "calls", "right", "÷ oracle", "log-loss", "÷ oracle", "reachable",
    "calibration error", "oracle's", "by chance",
)  # fmt: skip
WANTED_ACCURACY, WANTED_LOG_LOSS, WANTED_ERROR = 0.97, 1.05, 0.02


def runs_of(law: str, pool: int, visits: int, seed: int, *, reachable: bool) -> tuple[Run, ...]:
    """What a row is made of."""
    who = ("ours", "oracle", "told") if reachable else ("ours", "oracle")
    return tuple(Run(law, pool, visits, seed, each) for each in who)


def row(runs: Sequence[Run], made: Mapping[Run, Figures]) -> str:
    """In Markdown."""
    ours, oracle, *told = (made[run] for run in runs)
    cells = (
        runs[0].law,
        str(runs[0].pool),
        f"{ours.overflow:.1%}",
        f"{ours.matched:,}",
        f"{ours.accuracy:.3f}",
        f"{ours.accuracy / oracle.accuracy:.3f}",
        f"{ours.log_loss:.3f}",
        f"{ours.log_loss / oracle.log_loss:.3f}",
        f"{told[0].log_loss / oracle.log_loss:.3f}" if told else "",
        f"{ours.error:.3f}",
        f"{oracle.error:.3f}",
        f"{ours.error_by_chance:.3f}",
    )
    return f"| {' | '.join(cells)} |"


def summary(rows: Sequence[Sequence[Run]], made: Mapping[Run, Figures]) -> str:
    """In how many rows what is wanted is there."""
    pairs = [(made[runs[0]], made[runs[1]]) for runs in rows]
    ratios = [ours.log_loss / oracle.log_loss for ours, oracle in pairs]
    right = sum(ours.accuracy >= WANTED_ACCURACY * oracle.accuracy for ours, oracle in pairs)
    near = sum(ratio <= WANTED_LOG_LOSS for ratio in ratios)
    calibrated = sum(ours.error <= WANTED_ERROR for ours, _ in pairs)
    return (
        f"Of {len(pairs)} rows accuracy is there in {right}, log-loss in {near}, calibration in {calibrated}; "
        f"the mean of the ratios of log-losses is {fmean(ratios):.3f}."
    )


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=30_000)
    parser.add_argument("--pools", default="4,16,64")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold-out", action="store_true", help="the laws of other shapes")
    parser.add_argument("--unseen", action="store_true", help="those that were written down last")
    parser.add_argument("--tuned-on", action="store_true", help="those that late callers were worked on with")
    parser.add_argument("--without-reachable", action="store_true", help="leave out what takes the longest")
    parser.add_argument("--laws", default="", help="names, with commas between; all without it")
    add_making(parser, "swapboard-attribution-table.jsonl")
    asked = parser.parse_args()
    laws = UNSEEN if asked.unseen else HELD_OUT if asked.hold_out else TUNED_ON if asked.tuned_on else LAWS
    names = [law.name for law in laws]
    reachable = laws is LAWS and not asked.without_reachable
    rows = [
        runs_of(name, int(pool), asked.visits, asked.seed, reachable=reachable)
        for name in names
        if not asked.laws or name in asked.laws.split(",")
        for pool in asked.pools.split(",")
    ]
    codes = {who: code(who) for who in ("ours", *TOLD)}
    done, known = made_so_far(rows, asked, codes)
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    sys.stdout.write("\n".join([*head, *(row(runs, known) for runs in done), ""]))
    if done:
        sys.stdout.write(f"\n{summary(done, known)}\n")
    leave(len(done), len(rows))


if __name__ == "__main__":
    main()
