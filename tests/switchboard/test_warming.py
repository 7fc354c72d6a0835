"""After a start the server asks by itself what people ask first: unhurried, where somebody looks."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from swapboard.accounts import log_ins
from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user, person_by_email
from swapboard.clock import DAY, Millis
from swapboard.reports.report import read_report
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import new_id
from swapboard.switchboard import exchange as exchange_module
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.sheets import read_sheet
from swapboard.switchboard.warming import BETWEEN_SECONDS, LATELY, LONGEST_REST_SECONDS, Warming, first_asked
from tests.building import NOW, Business, open_business, run, settings_of, until
from tests.patience import HANGS_AFTER_SECONDS
from tests.reports.random_business import happen


class Server:
    """A database, what was asked of it, and how long was rested."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.asked: list[str] = []
        self.rests: list[float] = []
        self.stops_after = 1_000_000
        self.now = NOW
        self.reading = 0
        self.reading_between: list[int] = []
        self.warming = Warming(self.read, lambda: self.now, self.rest)
        event.listen(engine, "before_cursor_execute", lambda *told: self.asked.append(told[2]))

    async def read(self, look: Callable[[Connection], Any], /) -> Any:
        with reading(self.engine) as connection:
            self.reading += 1
            try:
                return look(connection)
            finally:
                self.reading -= 1

    def rest(self, seconds: float) -> bool:
        self.rests.append(seconds)
        if seconds == BETWEEN_SECONDS:
            self.reading_between.append(self.reading)
        return len(self.rests) > self.stops_after

    def look(self) -> None:
        self.asked.clear()
        self.rests.clear()
        run(self.warming.look())

    def calls_counted(self) -> int:
        return sum("AS part" in statement for statement in self.asked)


@pytest.fixture
def server(engine: Engine) -> Server:
    return Server(engine)


def open_and_look_at(connection: Connection, seen_at: Millis) -> Business:
    """A business with calls, whose owner was here then."""
    business = open_business(connection)
    happen(connection, business, Random(7), (NOW - 80 * DAY, NOW))
    email = f"{business.company_id}@example.com"
    add_user(connection, User(new_id(NOW), business.company_id, email, "", Role.OWNER, NOW), "hash")
    person = person_by_email(connection, email)
    assert person
    log_ins.begin(connection, person, "192.0.2.1", "", seen_at)
    return business


def test_what_people_ask_first_is_warm_before_they_ask(server: Server) -> None:
    with writing(server.engine) as connection:
        business = open_and_look_at(connection, NOW)
    server.look()
    assert server.calls_counted() > 10
    # SQLite's log grows for as long as somebody reads.
    assert server.reading_between == [0] * len(list(first_asked()))
    (company,) = server_companies(server)
    assert company.company_id == business.company_id
    server.asked.clear()
    with reading(server.engine) as connection:
        for address in first_asked():
            read_sheet(connection, company, "", read_report(address), NOW)
    assert server.calls_counted() == 0


def server_companies(server: Server) -> Any:
    with reading(server.engine) as connection:
        return log_ins.companies_looked_at(connection, NOW - LATELY, 10)


def test_it_rests_before_each_statement_and_asks_nothing_more_once_the_server_stops(server: Server) -> None:
    with writing(server.engine) as connection:
        open_and_look_at(connection, NOW)
    server.stops_after = 5
    server.look()
    in_reports = [each for each in server.asked if "log_ins" not in each and "FROM companies" not in each]
    assert len([each for each in in_reports if each.startswith(("SELECT", " SELECT", "\nSELECT"))]) == 5
    assert all(0 <= each <= LONGEST_REST_SECONDS for each in server.rests)


def test_a_company_is_asked_for_once_a_day_and_not_where_nobody_looks(server: Server) -> None:
    with writing(server.engine) as connection:
        open_and_look_at(connection, NOW)
        open_and_look_at(connection, NOW - LATELY - 1)
    server.look()
    rests = len(server.rests)
    assert rests > 100
    server.look()
    assert server.rests == []
    server.now += DAY
    server.look()
    assert len(server.rests) > 100
    assert len(server_companies(server)) == 1


def test_what_fails_is_not_asked_again_and_all_after_it_is_asked_by_the_next_look(server: Server) -> None:
    class Away(Exception):
        pass

    def goes_away(*told: Any) -> None:
        if "AS part" in told[2] and not failed:
            failed.append(told[2])
            raise Away

    failed: list[str] = []
    with writing(server.engine) as connection:
        open_and_look_at(connection, NOW)
    event.listen(server.engine, "before_cursor_execute", goes_away)
    with pytest.raises(Away):
        server.look()
    assert server.calls_counted() == 1
    server.look()
    assert server.calls_counted() > 10
    server.look()
    assert server.rests == []


def test_whoever_reads_meanwhile_finds_a_free_thread(migrated_url: str, tmp_path: Path) -> None:
    rests, ends = Event(), Event()

    def rest(_seconds: float) -> bool:
        rests.set()
        return ends.wait(HANGS_AFTER_SECONDS)

    async def read_amid() -> int:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        exchange = Exchange(settings_of(tmp_path, migrated_url), clock=lambda: NOW)
        with writing(exchange.engine) as connection:
            open_and_look_at(connection, NOW)
        await exchange.start()
        looking = asyncio.create_task(Warming(exchange.read_aside, lambda: NOW, rest).look())
        try:
            while not rests.is_set():
                await asyncio.sleep(0.01)
            async with asyncio.timeout(HANGS_AFTER_SECONDS / 4):
                return await exchange.read(lambda _connection: 1)
        finally:
            ends.set()
            await looking
            await exchange.stop()

    assert run(read_amid()) == 1


def test_a_server_that_stops_does_not_wait_for_it(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(exchange_module, "WARM_SECONDS", 0.01)

    async def stop_amid() -> None:
        exchange = Exchange(settings_of(tmp_path, migrated_url), clock=lambda: NOW)
        until_it_stops, resting = exchange.warming._rest, Event()

        def rest(_seconds: float) -> bool:
            resting.set()
            until_it_stops(HANGS_AFTER_SECONDS)
            return True

        monkeypatch.setattr(exchange.warming, "_rest", rest)
        with writing(exchange.engine) as connection:
            open_and_look_at(connection, NOW)
        await exchange.start()
        await until(resting.is_set)
        async with asyncio.timeout(HANGS_AFTER_SECONDS / 2):
            await exchange.stop()

    run(stop_amid())
    assert [each for each in caplog.records if "look" in each.getMessage()] == []
