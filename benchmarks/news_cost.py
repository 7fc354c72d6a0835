"""What a piece of a call's news costs the process that writes, in processor time and in statements.

    .venv/bin/python -m benchmarks.news_cost [--calls 400] [--batch 24] [--postgresql] [--statements]

Calls of `swapboard bench --only events`, each of six pieces: it arrives, four pieces of its leg's news, its end.
They are written in batches as the scribe writes them, in this process. Prints the median of the batches in µs of a
core for each piece, and how many statements that takes; with --statements which they are. With --postgresql also
what PostgreSQL's own processes took for a piece, on average.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, event

from benchmarks.visit_cost import begun_by, ns_of
from swapboard.bench.place import prepare
from swapboard.bench.postgresql import throwaway
from swapboard.bench.webhooks import DIALLED, END, NEWS_OF_LEG, call_parameters, leg_parameters
from swapboard.carriers.base import CarrierRequest, Door
from swapboard.carriers.twilio.wire import TwilioWire
from swapboard.clock import system_clock
from swapboard.storage.commit import commit
from swapboard.storage.engine import open_engine, reading
from swapboard.storage.schema import carriers
from swapboard.switchboard.ringing import RECEIVE, Told

PIECES_OF_CALL = 6
WARM_CALLS = 50
SHOWN = 60


def main() -> None:
    """Write the news of so many calls and tell what each piece took."""
    asked = argparse.ArgumentParser(description="What a piece of a call's news costs.")
    asked.add_argument("--calls", type=int, default=400)
    asked.add_argument("--batch", type=int, default=24)
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--statements", action="store_true", help="Tell which statements were made.")
    told = asked.parse_args()
    with _database(told.postgresql) as (engine, postmaster):
        with reading(engine) as connection:
            company_id, carrier_id = connection.execute(carriers.select()).one()[:2]
        _write(engine, company_id, carrier_id, range(WARM_CALLS), told.batch)
        statements = _counted(engine)
        before = _used(postmaster)
        took = _write(engine, company_id, carrier_id, range(WARM_CALLS, WARM_CALLS + told.calls), told.batch)
        served = (_used(postmaster) - before) / 1000 / told.calls / PIECES_OF_CALL
    made = sum(statements.values()) / told.calls / PIECES_OF_CALL
    Console().print(f"{median(took):,.0f} µs of a core and {made:.1f} statements for a piece of news")
    if told.postgresql:
        Console().print(f"{served:,.0f} µs of PostgreSQL's own processes")
    if told.statements:
        _show(statements, told.calls)


def _write(engine: Engine, company_id: str, carrier_id: str, calls: Sequence[int], batch: int) -> list[float]:
    """µs of processor time for each piece, of each batch."""
    news = [
        Told(
            company_id,
            carrier_id,
            TwilioWire(("",)).events(request),
            {"url": request.url, "body": request.body.decode()},
            request.received_at,
        )
        for request in _in_time(calls)
    ]
    took = []
    for start in range(0, len(news), batch):
        pieces = [(RECEIVE, each) for each in news[start : start + batch]]
        began = time.process_time()
        for _answer, error in commit(engine, pieces):
            if error:
                raise error
        took.append((time.process_time() - began) * 1e6 / len(pieces))
    return took


def _in_time(calls: Sequence[int]) -> Iterator[CarrierRequest]:
    """A call's pieces come one after the other, and those of ten calls beside one another."""
    pieces = [list(_pieces(call)) for call in calls]
    for start in range(0, len(pieces), 10):
        for of_all in zip(*pieces[start : start + 10], strict=True):
            yield from of_all


def _pieces(call: int) -> Iterator[CarrierRequest]:
    own = call_parameters(call)
    yield _request(Door.VOICE, own)
    for news in NEWS_OF_LEG:
        yield _request(Door.STATUS, own | leg_parameters(call) | news)
    yield _request(Door.STATUS, own | END)


def _request(door: Door, parameters: dict[str, str]) -> CarrierRequest:
    url, body = f"http://127.0.0.1/carriers/bench/{door}", urlencode(parameters).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return CarrierRequest(door, "POST", url, headers, body, system_clock())


def _counted(engine: Engine) -> Counter[str]:
    statements: Counter[str] = Counter()

    @event.listens_for(engine, "before_cursor_execute")
    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements[" ".join(statement.split())] += 1

    return statements


def _used(postmaster: int | None) -> int:
    """Nanoseconds of processor time so far of the processes that PostgreSQL's first one began."""
    return sum(ns_of(each) for each in begun_by(postmaster)) if postmaster else 0


@contextmanager
def _database(postgresql: bool) -> Iterator[tuple[Engine, int | None]]:
    with tempfile.TemporaryDirectory(prefix="swapboard-news-") as folder:
        if not postgresql:
            yield _prepared(f"sqlite:///{folder}/swapboard.db", Path(folder)), None
            return
        with throwaway() as server:
            postmaster = int((server.home / "data" / "postmaster.pid").read_text().split()[0])
            yield _prepared(server.url, Path(folder)), postmaster


def _prepared(url: str, folder: Path) -> Engine:
    prepare(url, folder, DIALLED)
    return open_engine(url)


def _show(statements: Counter[str], calls: int) -> None:
    table = Table("for a call", "statement")
    for statement, count in statements.most_common(SHOWN):
        table.add_row(f"{count / calls:.2f}", statement[:150])
    Console().print(table)


if __name__ == "__main__":
    main()
