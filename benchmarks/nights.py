"""What a night of a large company takes: the processor, memory, and how long others wait to write.

    .venv/bin/python -m benchmarks.nights FILE [--visits 1000000] [--calls 300000] [--postgresql]

Makes the company in the SQLite file, once; `--postgresql` copies it to a throw-away server and asks that. Then a
process learns from its last ninety days, as the server does by night, while somebody writes to the company's row
every 20 ms, as a visit does. The first such process is killed in the middle. Times by the clock are those of
whatever else the machine does.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from threading import Event, Thread

from rich.console import Console
from sqlalchemy import Connection, Engine, select, text

from benchmarks.night_company import fill_with_calls
from benchmarks.report_copy import copy_to
from swapboard.accounts.store import touch_config
from swapboard.attribution.nightly import keep_learned, learn_from
from swapboard.attribution.past import past_of
from swapboard.bench.postgresql import throwaway_server
from swapboard.clock import system_clock
from swapboard.memory import settle_memory
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.migrate import migrate
from swapboard.storage.schema import companies

EVERY_SECONDS = 0.02
KILLED_AFTER_SECONDS = 3.0
CONSOLE = Console(highlight=False, soft_wrap=True)
_TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Make the company, kill a night, then let one end."""
    asked = argparse.ArgumentParser(description="What a night of a large company takes.")
    asked.add_argument("file", type=Path)
    asked.add_argument("--visits", type=int, default=1_000_000)
    asked.add_argument("--calls", type=int, default=300_000)
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--learn", help=argparse.SUPPRESS)
    told = asked.parse_args()
    if told.learn:
        learn(told.learn)
        return
    with ExitStack() as stack:
        url = f"sqlite:///{told.file}"
        if not told.file.exists():
            migrate(url)
            fill_with_calls(open_engine(url), told.visits, told.calls)
        if told.postgresql:
            url = stack.enter_context(throwaway_server())
            copy_to(url, told.file)
        measure(url)


def measure(url: str) -> None:
    """Print it."""
    engine = open_engine(url)
    with written_beside(engine) as alone:
        time.sleep(KILLED_AFTER_SECONDS)
    CONSOLE.print("writing with no night beside:", str(alone))
    with written_beside(engine) as beside:
        night = _night(url)
        time.sleep(KILLED_AFTER_SECONDS)
        night.kill()
        night.wait()
    CONSOLE.print("beside a night that is killed:", str(beside))
    with written_beside(engine) as beside:
        night = _night(url)
        told, _ = night.communicate()
    CONSOLE.print("beside a night that ends:", str(beside), "exit code", night.returncode)
    CONSOLE.print(told)
    if url.startswith("sqlite"):
        wal = Path(f"{url.removeprefix('sqlite:///')}-wal")
        CONSOLE.print(f"write-ahead file: {wal.stat().st_size / 1e6:.1f} MB")
    engine.dispose()


def _night(url: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.nights", "-", "--learn", url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 our own


def learn(url: str) -> None:
    """One night; prints what each part took."""
    settle_memory()
    engine, now = open_engine(url), system_clock()
    found: dict[str, float] = {}
    before, began = _resident(), time.process_time()
    with reading(engine) as connection:
        past = past_of(connection, _company(connection), now)
        found["server_seconds"] = _server_seconds(connection)
    found |= {"calls": len(past.heard), "reading_seconds": time.process_time() - began}
    began = time.process_time()
    learned = learn_from(past)
    found["reckoning_seconds"] = time.process_time() - began
    assert learned is not None
    began = time.perf_counter()
    with writing(engine) as connection:
        company_id = _company(connection)
        found["is_kept"] = keep_learned(connection, company_id, learned, now)
        touch_config(connection, company_id)
    found["writing_seconds_by_the_clock"] = time.perf_counter() - began
    found["most_megabytes_beside"] = getrusage(RUSAGE_SELF).ru_maxrss * 1024 / 1e6 - before
    CONSOLE.print_json(data={name: round(value, 3) for name, value in found.items()})


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _server_seconds(connection: Connection) -> float:
    """What PostgreSQL's own process for this connection took of the processor."""
    if connection.dialect.name == "sqlite":
        return 0.0
    process = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / _TICKS


def _company(connection: Connection) -> str:
    found: str = connection.execute(select(companies.c.company_id)).scalar_one()
    return found


@dataclass(slots=True)
class Waits:
    """How long each transaction took by the clock, in seconds."""

    took: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        ordered = sorted(self.took)
        places = (len(ordered) // 2, len(ordered) * 99 // 100, len(ordered) - 1)
        middle, late, last = (1000 * ordered[place] for place in places)
        return f"{len(ordered)} transactions, median {middle:.1f} ms, p99 {late:.1f} ms, longest {last:.1f} ms"


@contextmanager
def written_beside(engine: Engine) -> Iterator[Waits]:
    """Somebody else writes to the company's row, as whoever hands out its numbers does."""
    waits, is_over = Waits(), Event()

    def write() -> None:
        while not is_over.wait(EVERY_SECONDS):
            began = time.perf_counter()
            with writing(engine) as connection:
                touch_config(connection, _company(connection))
            waits.took.append(time.perf_counter() - began)

    thread = Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        is_over.set()
        thread.join()


if __name__ == "__main__":
    main()
