"""Replays that are made on all cores at lowest priority, each written down when it is done.

So a table that was cut off goes on where it stopped; what was made by other code is made anew.
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
from tempfile import gettempdir
from time import monotonic

from rich.console import Console
from rich.progress import track

from benchmarks.replays import Figures, Run, figures

CODE = (
    "src/swapboard/attribution", "src/swapboard/numbers/pool.py", "tests/attribution",
    "benchmarks/choice_by_chance.py", "benchmarks/replays.py", "benchmarks/simulated_logs.py",
)  # fmt: skip
"""What a figure depends on: it is made anew when any of this has changed."""
LEARNING = (
    "area_firmness.py", "cell_rates.py", "counts.py", "curve_arrays.py", "first_days.py", "guesses.py", "hours.py",
    "late_clock.py", "late_curve.py", "late_evidence.py", "late_kinds.py", "late_peak.py", "learning.py",
    "night_store.py", "nightly.py", "nobody_hours.py", "opening.py", "opening_search.py", "past.py", "slopes.py",
    "smooth.py", "time_again.py", "usual_hours.py", "waiting_calls.py",
)  # fmt: skip
"""What those who are told the law never use."""
TOLD = ("oracle", "told")


def code(who: str, also: Sequence[str] = ()) -> str:
    """A digest of the sources that a run depends on."""
    root = Path(__file__).parent.parent
    files = (
        file
        for name in (*CODE, *also)
        for file in ([root / name] if name.endswith(".py") else (root / name).glob("*.py"))
    )
    sources = (file for file in sorted(files) if not file.name.startswith("test_"))
    used = (file for file in sources if who not in TOLD or file.name not in LEARNING)
    return blake2b(b"".join(file.read_bytes() for file in used), digest_size=8).hexdigest()


def kept(file: Path, codes: Mapping[str, str]) -> dict[Run, Figures]:
    """What earlier runs of the same code made."""
    if not file.exists():
        return {}
    found = [json.loads(line) for line in file.read_text().splitlines()]
    made = ((each["code"], Run(*each["run"]), Figures(*each["figures"])) for each in found)
    return {run: figures for of, run, figures in made if of == codes.get(run.who)}


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
    # A run may stand in several rows.
    missing = list(dict.fromkeys(run for runs in rows for run in runs if run not in known))
    made = make(missing, asked.keep, codes, asked.cores, monotonic() + 60 * asked.minutes)
    for _ in track(made, "replays", len(missing), console=Console(stderr=True)):
        pass
    known = kept(asked.keep, codes)
    return [runs for runs in rows if all(run in known for run in runs)], known


def leave(done: int, wanted: int) -> None:
    """Say when rows are missing."""
    if done < wanted:
        sys.exit(f"{wanted - done} of {wanted} rows are still to be made: run the same command again.")
