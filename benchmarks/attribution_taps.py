"""The table of docs/attribution.md that sets answers without their tap beside those with it, on simulated traffic.

.venv/bin/python -m benchmarks.attribution_taps --visits 15000 --pool 8
"""

import argparse
from collections.abc import Sequence

from rich.console import Console

from benchmarks.simulated_logs import log_of
from swapboard.attribution.calibration import Check, Reliability, blind_check
from swapboard.attribution.law import LAWS, Law
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay import Switchboard, learned_judge
from swapboard.attribution.replay_pool import Number
from swapboard.attribution.ring import Ring
from swapboard.attribution.traffic import read_traffic
from swapboard.attribution.watch import Watched


class Checked:
    """Ours, which keeps how the last call was answered without its tap."""

    check: Check | None = None

    def __call__(self, board: Switchboard, ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior:
        """See Judge."""
        self.check = blind_check(ring, number.holders, board.learner.curve, board.learner.memory.links)
        return learned_judge(board, ring, number, also)


def checks(law: Law, visits: int, pool: int, seed: int) -> tuple[Reliability, Reliability]:
    """The calls that a tap gives away: as answered without it, and with it."""
    judge, without, with_it = Checked(), Reliability(), Reliability()
    for verdict in Switchboard(pool, judge).run(read_traffic(log_of(law, visits, seed))):
        if judge.check is not None:
            best = verdict.posterior.best()
            without.add(*judge.check)
            with_it.add(verdict.posterior.probability(best), best is not None and best.holder is verdict.truth)
    return without, with_it


def main() -> None:
    """Print the table in Markdown, a row at a time; laws whose pages tell of no taps have none."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=15_000)
    parser.add_argument("--pool", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    say = Console(width=200, highlight=False).print
    say(
        "| law | checked by taps | sure without the tap | right without it | sure with it | right with it |\n"
        "|---|---|---|---|---|---|"
    )
    for law in LAWS:
        found = checks(law, asked.visits, asked.pool, asked.seed)
        if found[0].calls:
            cells = " | ".join(f"{each.confidence:.3f} | {each.right / each.calls:.3f}" for each in found)
            say(f"| {law.name} | {found[0].calls:,} | {cells} |")


if __name__ == "__main__":
    main()
