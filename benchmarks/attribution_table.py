"""The table of docs/attribution.md: five laws, pools from starving to ample, beside a matcher that knows the law.

.venv/bin/python benchmarks/attribution_table.py --visits 30000 --pools 4,16,64
With --hold-out: the same for the laws that nobody tunes on, without what is reachable.

Rows are made on all cores at lowest priority. Each is written down when it is done, so that a run that was cut off
goes on where it stopped; what was made by other code is made anew.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from hashlib import blake2b
from math import inf
from pathlib import Path
from random import Random
from statistics import fmean
from tempfile import gettempdir
from time import monotonic
from typing import NamedTuple

from rich.console import Console
from rich.progress import track

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.drawn_laws import drawn_law, is_drawn
from swapboard.attribution.backtest import Score, replayed
from swapboard.attribution.law import LAWS, Law
from swapboard.attribution.replay import Judge, Switchboard
from swapboard.attribution.replay_pool import HOLDERS
from swapboard.attribution.simulation import Simulation
from swapboard.attribution.traffic import read_traffic
from tests.attribution.held_out import HELD_OUT
from tests.attribution.oracle import Oracle
from tests.attribution.partly_told import PartlyTold
from tests.attribution.tuned_on import TUNED_ON
from tests.attribution.unseen import UNSEEN

ORACLES_HOLDERS = 2000
"""The oracle weighs so many holders of a number one by one, where ours takes the older ones together."""


def replay(lines: list[bytes], pool: int, judge: Judge | None) -> tuple[Score, Switchboard]:
    """Replay the log with our matcher, or another."""
    # Both give the longest-idle number: what the next gets must not depend on who weighs the calls.
    board = Switchboard(pool, judge, considered=1, holders=ORACLES_HOLDERS if judge else HOLDERS)
    if judge:
        board.learner.due = sys.maxsize
    return replayed(board, read_traffic(lines)), board


COLUMNS = (
    "law", "pool", "overflow", "calls", "right", "÷ oracle", "log-loss", "÷ oracle", "reachable",
    "calibration error", "oracle's", "by chance",
)  # fmt: skip
CODE = (
    "src/swapboard/attribution", "src/swapboard/numbers/pool.py", "tests/attribution",
    "benchmarks/attribution_table.py",
)  # fmt: skip
"""What a figure depends on: it is made anew when any of this has changed."""
LEARNING = (
    "area_firmness.py", "cell_rates.py", "counts.py", "curve_arrays.py", "guesses.py", "hours.py", "late_clock.py",
    "late_curve.py", "late_evidence.py", "late_kinds.py", "late_peak.py", "learning.py", "night_store.py",
    "nightly.py", "nobody_hours.py", "opening.py", "opening_search.py", "past.py", "slopes.py", "smooth.py",
    "time_again.py", "usual_hours.py", "waiting_calls.py",
)  # fmt: skip
"""What those who are told the law never use."""
WANTED_ACCURACY, WANTED_LOG_LOSS, WANTED_ERROR = 0.97, 1.05, 0.02


class Run(NamedTuple):
    """A log, and who weighs its calls: `ours`, the `oracle`, or who was `told` the law but for four numbers."""

    law: str
    pool: int
    visits: int
    seed: int
    who: str


class Figures(NamedTuple):
    """What came of a run."""

    overflow: float
    matched: int
    accuracy: float
    log_loss: float
    error: float
    error_by_chance: float


def law_of(name: str) -> Law:
    """A law that was written down, or one that is drawn."""
    if is_drawn(name):
        return drawn_law(name).law
    return next(each for each in (*LAWS, *HELD_OUT, *TUNED_ON, *UNSEEN) if each.name == name)


def up_to_the_last_visit(lines: list[bytes]) -> list[bytes]:
    """Without the calls after it: strangers end with the visits, which nobody can expect of a busy day's log."""
    last = max(at for at, line in enumerate(lines) if b'"type":"visit"' in line)
    return lines[: last + 1]


def figures(run: Run) -> Figures:
    """Replay the log."""
    law = law_of(run.law)
    lines = up_to_the_last_visit(list(Simulation(law, Random(run.seed)).lines(run.visits)))  # noqa: S311 on purpose
    judge = {"ours": lambda _: None, "oracle": Oracle, "told": PartlyTold}[run.who](law)
    score, board = replay(lines, run.pool, judge)
    answers = score.answers
    overflow = board.tally.overflow / board.tally.visits
    return Figures(overflow, score.matched, score.accuracy, score.log_loss, answers.error, answers.error_by_chance)


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


def code(who: str, also: Sequence[str] = ()) -> str:
    """A digest of the sources that a run depends on."""
    root = Path(__file__).parent.parent
    files = (
        file
        for name in (*CODE, *also)
        for file in ([root / name] if name.endswith(".py") else (root / name).glob("*.py"))
    )
    sources = (file for file in sorted(files) if not file.name.startswith("test_"))
    used = (file for file in sources if who == "ours" or file.name not in LEARNING)
    return blake2b(b"".join(file.read_bytes() for file in used), digest_size=8).hexdigest()


def kept(file: Path, codes: Mapping[str, str]) -> dict[Run, Figures]:
    """What earlier runs of the same code made."""
    if not file.exists():
        return {}
    found = [json.loads(line) for line in file.read_text().splitlines()]
    made = ((each["code"], Run(*each["run"]), Figures(*each["figures"])) for each in found)
    return {run: figures for of, run, figures in made if of == codes[run.who]}


def make(runs: Sequence[Run], file: Path, codes: Mapping[str, str], cores: int, until: float) -> Iterator[None]:
    """Make them on so many cores, each written down when it is done; none is begun after the moment `until`."""
    waiting = list(runs)
    with ProcessPoolExecutor(cores, initializer=os.nice, initargs=(10,)) as workers:
        busy: dict[Future[Figures], Run] = {}
        while busy or (waiting and monotonic() < until):
            while waiting and len(busy) < cores and monotonic() < until:
                run = waiting.pop(0)
                busy[workers.submit(figures, run)] = run
            for done in wait(busy, return_when=FIRST_COMPLETED).done:
                run = busy.pop(done)
                with file.open("a") as keep:
                    keep.write(json.dumps({"code": codes[run.who], "run": run, "figures": done.result()}) + "\n")
                yield


def add_making(parser: argparse.ArgumentParser, keep: str) -> None:
    """How the rows are made, and where they are kept."""
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--minutes", type=float, default=inf, help="begin no row after so many; run it again to go on"
    )
    parser.add_argument("--keep", type=Path, default=Path(gettempdir()) / keep)


def made_so_far(
    rows: Sequence[Sequence[Run]], asked: argparse.Namespace, codes: Mapping[str, str]
) -> tuple[list[Sequence[Run]], dict[Run, Figures]]:
    """Make what is missing, as long as the minutes last: the rows that are whole, and all figures."""
    known = kept(asked.keep, codes)
    missing = [run for runs in rows for run in runs if run not in known]
    made = make(missing, asked.keep, codes, asked.cores, monotonic() + 60 * asked.minutes)
    for _ in track(made, "replays", len(missing), console=Console(stderr=True)):
        pass
    known = kept(asked.keep, codes)
    return [runs for runs in rows if all(run in known for run in runs)], known


def leave(done: int, wanted: int) -> None:
    """Say when rows are missing."""
    if done < wanted:
        sys.exit(f"{wanted - done} of {wanted} rows are still to be made: run the same command again.")


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
    codes = {who: code(who) for who in ("ours", "oracle", "told")}
    done, known = made_so_far(rows, asked, codes)
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    sys.stdout.write("\n".join([*head, *(row(runs, known) for runs in done), ""]))
    if done:
        sys.stdout.write(f"\n{summary(done, known)}\n")
    leave(len(done), len(rows))


if __name__ == "__main__":
    main()
