"""Many visits at once on few numbers, in one process and in two."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx
from sqlalchemy import Engine

from swapboard.storage.engine import writing
from tests.building import (
    FALLBACK,
    ON_POSTGRESQL,
    TARGETS,
    Business,
    Server,
    counts,
    doubly_live,
    open_business,
    pool_number,
    rows_of,
    run,
    served,
    settings_of,
)

VISITS, POOL = 200, 50


def check(engine: Engine, answers: list[httpx.Response]) -> None:
    """50 distinct numbers, 150 overflows; the disk says what the pages were told."""
    assert [answer.status_code for answer in answers] == [200] * VISITS
    told = {answer.json()["session"]: answer.json()["swaps"][TARGETS[0]]["number"] for answer in answers}
    assert len(told) == VISITS
    shown = Counter(told.values())
    assert shown.pop(FALLBACK) == VISITS - POOL
    assert shown == {pool_number(0, index): 1 for index in range(POOL)}
    number_of = {row["number_id"]: row["number"] for row in rows_of(engine, "numbers")}
    leased = {row["session_id"]: number_of[row["number_id"]] for row in rows_of(engine, "leases", state="live")}
    overflowed = {row["session_id"]: number_of[row["number_id"]] for row in rows_of(engine, "exhaustions")}
    assert leased | overflowed == told
    assert counts(engine)["exhaustions"] == VISITS - POOL
    assert doubly_live(engine) == []


async def visit_at_once(business: Business, *servers: Server) -> list[httpx.Response]:
    asked = [servers[index % len(servers)].visit(business) for index in range(VISITS)]
    return await asyncio.gather(*asked)


def test_200_visits_on_a_pool_of_50(engine: Engine, database_url: str, tmp_path: Path) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=POOL)

    async def use() -> list[httpx.Response]:
        async with served(settings_of(tmp_path, database_url)) as server:
            answers = await visit_at_once(business, server)
            assert server.exchange.writer.batches < VISITS / 4
            return answers

    check(engine, run(use()))


def test_200_visits_to_two_processes_on_one_database(engine: Engine, database_url: str, tmp_path: Path) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=POOL)

    async def use() -> list[httpx.Response]:
        here, there = settings_of(tmp_path / "a", database_url), settings_of(tmp_path / "b", database_url)
        async with served(here) as one, served(there) as other:
            return await visit_at_once(business, one, other)

    check(engine, run(use()))


@ON_POSTGRESQL
def test_two_processes_with_all_that_goes_on_at_once(engine: Engine, database_url: str, tmp_path: Path) -> None:
    """Visits, beats, leaving and sweeps of a clock that races, in two processes, on a pool far too small."""
    with writing(engine) as connection:
        business = open_business(connection, numbers=5, targets=2)
    clock = Clock()

    async def browse(server: Server, index: int) -> None:
        answer = (await server.visit(business)).json()
        for step in range(6):
            state = ("visible", "hidden", "gone")[(index + step) % 3]
            clock.now += 7_000
            heard = await server.beat(business, answer["session"], state)
            assert heard.status_code in {200, 204}
            again = await server.visit(business, visitor=answer["visitor"], session=answer["session"])
            assert again.status_code == 200

    async def use() -> None:
        here, there = settings_of(tmp_path / "a", database_url), settings_of(tmp_path / "b", database_url)
        async with served(here, clock) as one, served(there, clock) as other:
            everybody = asyncio.gather(*(browse((one, other)[index % 2], index) for index in range(40)))
            while not everybody.done():
                assert await asyncio.to_thread(doubly_live, engine) == []
                await asyncio.gather(one.exchange._sweep(), other.exchange._sweep())
            await everybody

    run(use())
    assert doubly_live(engine) == []


class Clock:
    """A clock that both processes share and that the visitors push on."""

    now = 1_795_000_000_000

    def __call__(self) -> int:
        return self.now
