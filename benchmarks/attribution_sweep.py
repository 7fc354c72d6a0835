"""Laws drawn at random, beside a matcher that is told them: what a stranger's traffic would show, worst first.

.venv/bin/python benchmarks/attribution_sweep.py --seed 1 --laws 24 --visits 8000
.venv/bin/python benchmarks/attribution_sweep.py --show drawn-1-7

Rows are made and kept as those of attribution_table.py are. `--show` tells how a law's traffic is written.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.attribution_table import WANTED_ACCURACY, WANTED_ERROR, WANTED_LOG_LOSS, runs_of
from benchmarks.drawn_laws import drawn_law, name_of, seed_of
from benchmarks.kept_replays import TOLD, add_making, code, leave, made_so_far
from benchmarks.replays import Figures, Run

COLUMNS = (
    "law", "from", "supply", "pool", "overflow", "calls", "right", "÷ oracle", "log-loss", "÷ oracle",
    "reachable", "nats more", "calibration error", "oracle's", "by chance",
)  # fmt: skip
DRAWING = ("benchmarks/drawn_laws.py",)


class Row(NamedTuple):
    """What became of a law."""

    run: Run
    ours: Figures
    oracle: Figures
    told: Figures | None = None

    @property
    def accuracy(self) -> float:
        """÷ the oracle's."""
        return self.ours.accuracy / self.oracle.accuracy

    @property
    def log_loss(self) -> float:
        """÷ the oracle's."""
        return self.ours.log_loss / self.oracle.log_loss

    @property
    def reachable(self) -> float | None:
        """The log-loss of who is told the law but for four numbers, ÷ the oracle's, where it was asked for."""
        return self.told.log_loss / self.oracle.log_loss if self.told else None

    @property
    def nats_more(self) -> float:
        """What all calls together lose beyond the oracle's: where calls are few, a ratio says little."""
        return (self.ours.log_loss - self.oracle.log_loss) * self.ours.matched

    @property
    def is_calibrated(self) -> bool:
        """As well as wanted, or as so many answers can show."""
        return self.ours.error <= max(WANTED_ERROR, self.ours.error_by_chance)

    def __str__(self) -> str:
        law, ours = drawn_law(self.run.law), self.ours
        cells = (
            self.run.law,
            law.base,
            law.supply,
            str(self.run.pool),
            f"{ours.overflow:.1%}",
            f"{ours.matched:,}",
            f"{ours.accuracy:.3f}",
            f"{self.accuracy:.3f}",
            f"{ours.log_loss:.3f}",
            f"{self.log_loss:.3f}",
            f"{self.reachable:.3f}" if self.reachable else "",
            f"{self.nats_more:+.0f}",
            f"{ours.error:.3f}",
            f"{self.oracle.error:.3f}",
            f"{ours.error_by_chance:.3f}",
        )
        return f"| {' | '.join(cells)} |"


def summary(rows: Sequence[Row]) -> str:
    """In how many laws what is wanted is there, and how the ratios are spread."""
    right = sum(each.accuracy >= WANTED_ACCURACY for each in rows)
    near = sum(each.log_loss <= WANTED_LOG_LOSS for each in rows)
    calibrated = sum(each.is_calibrated for each in rows)
    accuracy = spread([each.accuracy for each in rows])
    log_loss = spread([each.log_loss for each in rows])
    reachable = [(each.log_loss, each.reachable) for each in rows if each.reachable]
    among = sum(ours <= WANTED_LOG_LOSS or ours <= theirs for ours, theirs in reachable)
    return (
        f"Of {len(rows)} laws accuracy is there in {right}, log-loss in {near}, calibration in {calibrated}. "
        f"Accuracy ÷ the oracle's: median {accuracy[4]:.3f}, one in ten below {accuracy[0]:.3f}. "
        f"Log-loss ÷ the oracle's: median {log_loss[4]:.3f}, one in ten above {log_loss[8]:.3f}."
        + (f" Of {len(reachable)} log-loss is there or as reachable in {among}." if reachable else "")
    )


def spread(ratios: Sequence[float]) -> list[float]:
    """The nine deciles."""
    return quantiles(ratios, n=10, method="inclusive") if len(ratios) > 1 else [ratios[0]] * 9


def rows_of(seed: int, first: int, laws: int, visits: int, *, reachable: bool = False) -> list[tuple[Run, ...]]:
    """Each law's traffic is of the seed that it was drawn by."""
    names = [name_of(seed, index) for index in range(first, first + laws)]
    return [runs_of(name, drawn_law(name).pool, visits, seed, reachable=reachable) for name in names]


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=8_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--laws", type=int, default=24, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the index of the first")
    parser.add_argument("--show", metavar="LAW", help="only tell how this law's traffic is written")
    parser.add_argument(
        "--reachable", action="store_true", help="beside who is told the law but for four numbers, too"
    )
    add_making(parser, "swapboard-attribution-sweep.jsonl")
    asked = parser.parse_args()
    if asked.show:
        try:
            seed = seed_of(asked.show)
        except ValueError as wrong:
            parser.error(str(wrong))
        sys.stdout.write(f"{drawn_law(asked.show).command(asked.visits, seed)}\n")
        return
    runs = rows_of(asked.seed, asked.first, asked.laws, asked.visits, reachable=asked.reachable)
    done, known = made_so_far(runs, asked, {who: code(who, DRAWING) for who in ("ours", *TOLD)})
    rows = sorted((Row(each[0], *(known[run] for run in each)) for each in done), key=lambda row: -row.log_loss)
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    sys.stdout.write("\n".join([*head, *map(str, rows), ""]))
    if rows:
        sys.stdout.write(f"\n{summary(rows)}\n")
    leave(len(done), len(runs))


if __name__ == "__main__":
    main()
