"""`make faults`: every fault in full, on both databases; what came out is written to docs/reliability.md.

    .venv/bin/python -m tests.faults [NAME…] [SQLite|PostgreSQL]

With names, only those trials are run, on that database; the others' last results stay.
"""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from swapboard.bench.postgresql import ThrowawayServer, is_installed, throwaway
from swapboard.storage.migrate import migrate
from tests.faults import outbox, trials
from tests.faults.outbox import Fired
from tests.faults.trials import STEPS, Finding, told

DOCUMENT = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- written by make faults -->", "<!-- end of what make faults wrote -->"
ENGINES = ("SQLite", "PostgreSQL")
BEGIN_FIRE, END_FIRE = "<!-- written by make faults, of the outbox -->", "<!-- end of what it wrote -->"
OUTBOX, FIRE_SECONDS = "outbox", 60
LONGEST_SECONDS = 1_500
"""For one trial; whatever takes longer has failed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a trial runs."""

    folder: Path
    database_url: str
    server: ThrowawayServer | None

    @property
    def name(self) -> str:
        return ENGINES[bool(self.server)]


Trial = Callable[[Place], Coroutine[Any, Any, Finding] | None]


def _database(place: Place) -> Coroutine[Any, Any, Finding]:
    if place.server:
        return trials.database_stopped(place.folder, place.database_url, place.server, 60)
    return trials.database_locked(place.folder, place.database_url, 60)


TRIALS: dict[str, tuple[str, Trial]] = {
    "killed": (
        "SIGKILL at 200 random instants",
        lambda place: trials.killed(place.folder, place.database_url, 200),
    ),
    "killed-with-scribe": (
        "SIGKILL at 30 random instants, with the process that writes",
        lambda place: trials.killed(place.folder, place.database_url, 30, writer_process=True),
    ),
    "database": ("the database stopped (PostgreSQL) or held by another program (SQLite) for a minute", _database),
    "disk": (
        "the server's disk full for half a minute",
        lambda place: None if place.server else trials.disk_full(place.folder, place.database_url, 30),
    ),
    "clock": (
        "the clock 6 hours ahead, then 6 hours behind, then right",
        lambda place: trials.clock_stepped(place.folder, place.database_url, STEPS, 10),
    ),
    "destination": (
        "a conversion's destination that never answers, for half a minute",
        lambda place: trials.destination_hangs(place.folder, place.database_url, 30),
    ),
    "carrier-api": (
        "the carrier's API never answers, for half a minute",
        lambda place: trials.carrier_hangs(place.folder, place.database_url, 30),
    ),
    "slow-carrier": (
        "routing requests that take two seconds to arrive",
        lambda place: trials.slow_carrier(place.folder, place.database_url, 20),
    ),
    "storm": (
        "every request ten times at once",
        lambda place: trials.duplicate_storm(place.folder, place.database_url, 30),
    ),
}


def main(names: list[str]) -> int:
    """Run the trials; exit code 1 when one of them lost something."""
    known = [*TRIALS, OUTBOX, *ENGINES]
    if unknown := set(names) - set(known):
        sys.stderr.write(f"There is no trial {', '.join(sorted(unknown))}; there are: {', '.join(known)}.\n")
        return 2
    servers = [
        with_server for with_server in _servers() if not {*ENGINES} & {*names} or ENGINES[with_server] in names
    ]
    names = [name for name in names if name not in ENGINES]
    fired = _fire(servers) if not names or OUTBOX in names else {}
    rows: list[tuple[str, str, Finding]] = []
    for name, (what, trial) in TRIALS.items():
        if names and name not in names:
            continue
        for with_server in servers:
            if (row := _run(what, trial, with_server)) is not None:
                rows.append(row)
                sys.stdout.write(f"{'well' if row[2].is_well else 'LOST'} {name}, {row[1]}: {told(row[2])}\n")
                sys.stdout.flush()
    _write(rows)
    well = [finding.is_well for _, _, finding in rows] + [each.is_well for each in fired.values()]
    return 0 if all(well) else 1


def _servers() -> Sequence[bool]:
    """Whether the database is a server's, for each kind that this machine has."""
    return (False, True) if is_installed() else (False,)


def _fire(servers: Sequence[bool]) -> dict[str, Fired]:
    """The outbox under fire, on each database; its rows are written at once."""
    found: dict[str, Fired] = {}
    for with_server in servers:
        with _place(with_server) as place:
            fired = asyncio.run(outbox.under_fire(place.folder, place.database_url, FIRE_SECONDS))
        found[place.name] = fired
        sys.stdout.write(f"{'well' if fired.is_well else 'LOST'} {OUTBOX}, {place.name}: {outbox.told(fired)}\n")
        sys.stdout.flush()
    _write_fired(found)
    return found


@contextmanager
def _place(with_server: bool) -> Iterator[Place]:
    """A migrated database and a folder of its own."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="swapboard-faults-")))
        server = stack.enter_context(throwaway()) if with_server else None
        place = Place(folder, server.url if server else f"sqlite:///{folder / 'swapboard.db'}", server)
        migrate(place.database_url)
        yield place


def _run(what: str, trial: Trial, with_server: bool) -> tuple[str, str, Finding] | None:
    with _place(with_server) as place:
        running = trial(place)
        if running is None:
            return None
        return what, place.name, asyncio.run(_bounded(running))


async def _bounded(running: Coroutine[Any, Any, Finding]) -> Finding:
    began = time.monotonic()
    try:
        return await asyncio.wait_for(running, LONGEST_SECONDS)
    except TimeoutError:
        return Finding(wrong=["it did not end"], seconds=time.monotonic() - began)


def _write(rows: list[tuple[str, str, Finding]]) -> None:
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    known, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{_table(_lines(known), rows)}{END}{after}")


def _write_fired(found: dict[str, Fired]) -> None:
    before, _, rest = DOCUMENT.read_text().partition(BEGIN_FIRE)
    known, _, after = rest.partition(END_FIRE)
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    cells = {line: [cell.strip() for cell in line.split("|")] for line in known.splitlines()}
    lines = {of[1]: line for line, of in cells.items() if len(of) > 2 and of[1] in ENGINES}
    lines |= {engine: _fired_line(engine, fired, at) for engine, fired in found.items()}
    heads = (
        "| database | killed: worker, server | calls | valued later | taken back | messages | a second "
        "| not taken at first | taken twice | withheld | lost | renamed | forbidden | out of order "
        "| settled after | | last run (UTC) |"
    )
    table = "\n".join(
        ["", heads, "|" + "---|" * heads.count(" |"), *(lines[each] for each in ENGINES if each in lines)]
    )
    DOCUMENT.write_text(f"{before}{BEGIN_FIRE}\n{table}\n\n{END_FIRE}{after}")


def _fired_line(engine: str, fired: Fired, at: str) -> str:
    harm = " | ".join(str(len(each)) for each in (fired.lost, fired.renamed, fired.forbidden, fired.disordered))
    return (
        f"| {engine} | {fired.kills['worker']}, {fired.kills['server']} | {fired.calls:,} "
        f"| {fired.valued:,} | {fired.taken_back:,} | {fired.messages:,} | {fired.events_a_second:.0f} "
        f"| {fired.refused:,} | {fired.twice} | {fired.withheld:,} | {harm} "
        f"| {fired.settled_seconds:.0f} s | {'well' if fired.is_well else '**not well**'} | {at} |"
    )


def _lines(known: str) -> dict[tuple[str, str], str]:
    """The rows of an earlier run, by what was broken and on which database."""
    cells = {line: [cell.strip() for cell in line.split("|")] for line in known.splitlines()}
    whats = {what for what, _ in TRIALS.values()}
    return {(of[1], of[2]): line for line, of in cells.items() if len(of) > 2 and of[1] in whats}


def _table(lines: dict[tuple[str, str], str], rows: list[tuple[str, str, Finding]]) -> str:
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    lines |= {(what, engine): _line(what, engine, finding, at) for what, engine, finding in rows}
    ordered = [lines[what, engine] for what, _ in TRIALS.values() for engine in ENGINES if (what, engine) in lines]
    heads = (
        "| what was broken | database | calls | dialled by us | by the fallback | not dialled | recorded "
        "| wrong or twice | conversions queued | settled after | | last run (UTC) |"
    )
    return "\n".join(["", heads, "|" + "---|" * heads.count(" |"), *ordered, "", ""])


def _line(what: str, engine: str, finding: Finding, at: str) -> str:
    verdict = "well" if finding.is_well else "**lost**"
    return (
        f"| {what} | {engine} | {finding.calls:,} | {finding.dialled_by_server:,} "
        f"| {finding.dialled_by_fallback:,} | {finding.not_dialled} | {finding.recorded:,} | {len(finding.wrong)} "
        f"| {finding.told:,} | {finding.settled_seconds:.0f} s | {verdict} | {at} |"
    )


if __name__ == "__main__":
    # Whoever ends this ends the servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
