"""What a visit costs in processor time: in the server, in the scribe, in the load generator, in PostgreSQL.

    .venv/bin/python -m benchmarks.visit_cost [--turns 5] [--seconds 1] [--postgresql]

The same server and the same load as `swapboard bench`, in turns with the bare door. Prints medians in µs of a core
for each answer. Other work on the machine makes these figures larger, too, but far less than it does rates.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from swapboard.bench.doors import BARE
from swapboard.bench.place import Place, opened
from swapboard.bench.postgresql import throwaway
from swapboard.bench.visits import VISITS_PER_SECOND, press_visits

WARM_SECONDS = 1.5


def main() -> None:
    """Press both doors in turns and tell what each answer took of whom."""
    asked = argparse.ArgumentParser(description="What a visit costs in processor time.")
    asked.add_argument("--turns", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=1.0)
    asked.add_argument("--postgresql", action="store_true")
    told = asked.parse_args()
    with _database(told.postgresql) as (url, postmaster):
        numbers = int(VISITS_PER_SECOND * (WARM_SECONDS + told.turns * told.seconds))
        with opened(url, numbers) as place:
            doors = {"bare": BARE, "visit": f"/t/{place.site_key}/visit"}
            for path in doors.values():
                press_visits(place, path, WARM_SECONDS)
            costs: dict[str, list[dict[str, float]]] = {door: [] for door in doors}
            for _turn in range(told.turns):
                for door, path in doors.items():
                    costs[door].append(_cost(place, path, told.seconds, postmaster))
    _show(costs)


def _cost(place: Place, path: str, seconds: float, postmaster: int | None) -> dict[str, float]:
    """µs of a core for each answer, by who worked; and how many answers a second there were."""
    before = _used(postmaster)
    figures = press_visits(place, path, seconds)
    count = figures.per_second * seconds
    used = {who: (ns - before[who]) / 1000 / count for who, ns in _used(postmaster).items()}
    return used | {"all": sum(used.values()), "a second": figures.per_second}


def _used(postmaster: int | None) -> dict[str, int]:
    """Nanoseconds of processor time so far, of this process, of those that it began, and of PostgreSQL's."""
    used = {"load": ns_of(os.getpid()), "server": 0, "scribe": 0}
    for child in begun_by(os.getpid()):
        used["server"] += ns_of(child)
        used["scribe"] += sum(ns_of(grandchild) for grandchild in begun_by(child))
    if postmaster:
        used["postgresql"] = sum(ns_of(backend) for backend in begun_by(postmaster))
    return used


def begun_by(process: int) -> list[int]:
    """Processes that it began, and that still run."""
    children = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for thread in children for child in thread.read_text().split()]


def ns_of(process: int) -> int:
    """Nanoseconds of processor time so far, of all its threads."""
    return sum(int(thread.read_text().split()[0]) for thread in Path(f"/proc/{process}/task").glob("*/schedstat"))


@contextmanager
def _database(postgresql: bool) -> Iterator[tuple[str | None, int | None]]:
    """The address and the process that PostgreSQL's others were begun by."""
    if not postgresql:
        yield None, None
        return
    with throwaway() as server:
        yield server.url, int((server.home / "data" / "postmaster.pid").read_text().split()[0])


def _show(costs: dict[str, list[dict[str, float]]]) -> None:
    columns = list(dict.fromkeys(who for turns in costs.values() for turn in turns for who in turn))
    table = Table("", *columns, title="µs of a core for each answer")
    for door, turns in costs.items():
        table.add_row(door, *(f"{median(turn.get(who, 0) for turn in turns):,.1f}" for who in columns))
    Console().print(table)


if __name__ == "__main__":
    main()
