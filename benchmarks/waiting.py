"""Whether many messages that wait in the outbox slow the leases down.

    .venv/bin/python -m benchmarks.waiting [--waiting 1000000] [--rounds 400] [--postgresql]

Two databases, one with an empty outbox and one with so many messages waiting for their time, are given the same
visits in turns, a batch each as the writer would, and a worker looks in each for what is due.
Prints the ratio of what a batch of leases takes, and the time a look takes.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from rich.console import Console
from sqlalchemy import Connection, text

from benchmarks.outbox import a_message, destination
from swapboard.bench.postgresql import throwaway_server
from swapboard.clock import DAY, system_clock
from swapboard.conversions.deliveries import put_in
from swapboard.numbers.inventory import NewNumber, NumberKind, add_numbers
from swapboard.settings import read_settings
from swapboard.storage.commit import commit
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.ids import new_id
from swapboard.storage.migrate import migrate
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.visiting import ADMIT
from tests.building import a_visit

BATCH = 24
"""Visits in one transaction, as the writer takes them."""
LOOK_EVERY = 4
"""Rounds. A worker looks once a second, in which a busy server writes a hundred batches: here more often."""


def main() -> None:
    """Fill one outbox, then lease in both."""
    asked = argparse.ArgumentParser(description="Whether a long outbox slows the leases down.")
    asked.add_argument("--waiting", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=400)
    asked.add_argument("--postgresql", action="store_true")
    told = asked.parse_args()
    with ExitStack() as stack:
        urls = [stack.enter_context(_database(told.postgresql)) for _ in range(2)]
        empty, full = (House(url, told.rounds) for url in urls)
        began = time.perf_counter()
        full.fill(told.waiting)
        Console().print(f"{full.waiting():,} wait; to put them there took {time.perf_counter() - began:.0f} s")
        asyncio.run(_measure(empty, full, told.rounds))


class House:
    """One database with a business."""

    def __init__(self, database_url: str, rounds: int) -> None:
        migrate(database_url)
        self.engine = open_engine(database_url)
        self.settings = replace(read_settings({"SWAPBOARD_DATA_DIR": "/nowhere"}), database_url=database_url)
        with writing(self.engine) as connection:
            self.business, self.destination_id = destination(connection, "http://127.0.0.1:9/")
            add_numbers(connection, self.business.company_id, self._numbers(rounds * BATCH))

    def _numbers(self, count: int) -> Iterator[NewNumber]:
        now, pool_id = system_clock(), self.business.pools[0].pool_id
        for index in range(count):
            yield NewNumber(new_id(now), f"+1555{index:07d}", NumberKind.POOL, now, pool_id=pool_id)

    def fill(self, count: int) -> None:
        """So many messages, each a lead of its own, that wait until tomorrow: the destination does not answer."""
        with writing(self.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
            put_in(connection, self.business.company_id, self.destination_id, a_message(0))
            _multiply(connection, count, system_clock() + DAY)
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))

    def waiting(self) -> int:
        """How many wait."""
        with reading(self.engine) as connection:
            found = connection.execute(
                text("SELECT count(*) FROM deliveries WHERE company_id = :company AND state = 'waiting'"),
                {"company": self.business.company_id},
            )
            return int(found.scalar_one())

    def lease(self) -> tuple[float, float]:
        """A batch of visits, each with a lease; seconds by the clock, and of this process's processor time."""
        visits = [a_visit(self.business, now=system_clock()) for _ in range(BATCH)]
        wall, busy = time.perf_counter(), time.process_time()
        outcomes = commit(self.engine, [(ADMIT, visit) for visit in visits])
        took = time.perf_counter() - wall, time.process_time() - busy
        assert all(error is None and answer.swaps for answer, error in outcomes), "each visit has its number"
        return took


async def _measure(empty: House, full: House, rounds: int) -> None:
    exchanges = {id(house): Exchange(house.settings) for house in (empty, full)}
    by_clock: dict[int, list[float]] = {id(empty): [], id(full): []}
    busy: dict[int, list[float]] = {id(empty): [], id(full): []}
    looks: dict[int, list[float]] = {id(empty): [], id(full): []}
    for number in range(rounds):
        for house in (empty, full) if number % 2 else (full, empty):
            took, worked = house.lease()
            if number >= rounds // 10:
                by_clock[id(house)].append(took)
                busy[id(house)].append(worked)
            if number % LOOK_EVERY == 0:
                began = time.perf_counter()
                await exchanges[id(house)].deliverer.look()
                looks[id(house)].append(time.perf_counter() - began)
    for exchange in exchanges.values():
        exchange.deliverer.close()
        exchange.engine.dispose()
    for what, found in (("by the clock", by_clock), ("of processor time", busy), ("for a look", looks)):
        one, other = (median(found[id(house)]) * 1000 for house in (empty, full))
        Console().print(f"{what}: {one:.2f} ms, {other:.2f} ms with the long outbox: {other / one:.3f}")


def _multiply(connection: Connection, count: int, due_at: int) -> None:
    """Copies of the one message under names of their own, made in the database itself."""
    if connection.dialect.name == "postgresql":
        numbers, name = "generate_series(2, :count) AS n(i)", "lpad(to_hex(n.i), 32, '0')"
    else:
        counted = (
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :count) SELECT i FROM n"
        )
        numbers = f"({counted}) AS n"
        name = "printf('%032x', n.i)"
    made = {"delivery_id": name, "order_key": name, "conversion_id": name, "contact_id": name, "due_at": ":due_at"}
    columns = [row[0] for row in connection.execute(text("SELECT * FROM deliveries LIMIT 0")).cursor.description]
    chosen = ", ".join(made.get(column, f"one.{column}") for column in columns)
    copies = f"SELECT {chosen} FROM deliveries AS one, {numbers}"  # noqa: S608 names of our own schema
    put = f"INSERT INTO deliveries ({', '.join(columns)}) {copies}"
    connection.execute(text(put), {"count": count, "due_at": due_at})
    connection.execute(text("UPDATE deliveries SET due_at = :due_at"), {"due_at": due_at})


@contextmanager
def _database(with_server: bool) -> Iterator[str]:
    if with_server:
        with throwaway_server() as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="swapboard-waiting-") as folder:
        yield f"sqlite:///{Path(folder) / 'swapboard.db'}"


if __name__ == "__main__":
    main()
