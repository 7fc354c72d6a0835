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
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from hashlib import blake2b
from math import inf
from pathlib import Path
from random import Random
from tempfile import gettempdir
from time import monotonic
from typing import NamedTuple

from rich.console import Console
from rich.progress import track

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


COLUMNS = (
    "law", "pool", "overflow", "calls", "right", "÷ oracle", "log-loss", "÷ oracle", "reachable",
    "calibration error", "oracle's", "by chance",
)  # fmt: skip
CODE = ("src/swapboard/attribution", "src/swapboard/numbers/pool.py", "tests/attribution")
"""What a row depends on: it is made anew when any of this has changed."""


class Task(NamedTuple):
    """One row of the table."""

    law: str
    pool: int
    visits: int
    seed: int
    hold_out: bool


def row(task: Task) -> str:
    """Replay the log three times, by ours, by the oracle and by who was told the law but for four numbers."""
    law = next(each for each in (HELD_OUT if task.hold_out else LAWS) if each.name == task.law)
    lines = list(Simulation(law, Random(task.seed)).lines(task.visits))  # noqa: S311 on purpose
    ours, board = replay(lines, task.pool, None)
    oracle, _ = replay(lines, task.pool, Oracle(law))
    told = None if task.hold_out else replay(lines, task.pool, PartlyTold(law))[0]
    cells = (
        law.name,
        str(task.pool),
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
    return f"| {' | '.join(cells)} |"


def code() -> str:
    """A digest of the sources that a row depends on."""
    root = Path(__file__).parent.parent
    files = (
        file for name in CODE for file in ([root / name] if name.endswith(".py") else (root / name).glob("*.py"))
    )
    return blake2b(b"".join(file.read_bytes() for file in sorted(files)), digest_size=8).hexdigest()


def kept_rows(file: Path, now: str) -> dict[Task, str]:
    """The rows that an earlier run made of the same code."""
    if not file.exists():
        return {}
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    return {Task(*each["task"]): each["row"] for each in kept if each["code"] == now}


def make(tasks: Sequence[Task], file: Path, now: str, cores: int, until: float) -> Iterator[None]:
    """Make rows on so many cores, each written down when it is done; none is begun after the moment `until`."""
    waiting = list(tasks)
    with ProcessPoolExecutor(cores, initializer=os.nice, initargs=(10,)) as workers:
        busy: dict[Future[str], Task] = {}
        while busy or (waiting and monotonic() < until):
            while waiting and len(busy) < cores and monotonic() < until:
                task = waiting.pop(0)
                busy[workers.submit(row, task)] = task
            for done in wait(busy, return_when=FIRST_COMPLETED).done:
                with file.open("a") as kept:
                    kept.write(json.dumps({"code": now, "task": busy.pop(done), "row": done.result()}) + "\n")
                yield


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visits", type=int, default=30_000)
    parser.add_argument("--pools", default="4,16,64")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--laws", default="", help="names, with commas between; all without it")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--minutes", type=float, default=inf, help="begin no row after so many; run it again to go on"
    )
    parser.add_argument("--keep", type=Path, default=Path(gettempdir()) / "swapboard-attribution-table.jsonl")
    asked = parser.parse_args()
    names = [law.name for law in (HELD_OUT if asked.hold_out else LAWS)]
    tasks = [
        Task(name, int(pool), asked.visits, asked.seed, asked.hold_out)
        for name in names
        if not asked.laws or name in asked.laws.split(",")
        for pool in asked.pools.split(",")
    ]
    now = code()
    missing = [task for task in tasks if task not in kept_rows(asked.keep, now)]
    made = make(missing, asked.keep, now, asked.cores, monotonic() + 60 * asked.minutes)
    for _ in track(made, "rows", len(missing), console=Console(stderr=True)):
        pass
    rows = kept_rows(asked.keep, now)
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    sys.stdout.write("\n".join([*head, *(rows[task] for task in tasks if task in rows), ""]))
    if left := [task for task in tasks if task not in rows]:
        sys.exit(f"{len(left)} of {len(tasks)} rows are still to be made: run the same command again.")


if __name__ == "__main__":
    main()
