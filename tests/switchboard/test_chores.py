"""Chores come due by themselves, once for all processes, and again soon after a failure."""

import asyncio
from itertools import count
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Connection, Engine

from swapboard.accounts.store import config_versions
from swapboard.attribution.channel_worth import paths_of, worth_of
from swapboard.attribution.learned import Learned
from swapboard.attribution.markov import Path as Way
from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.keywords.google_ads import AdsError
from swapboard.leads.lead import Contact, ContactKind, keys_of
from swapboard.leads.store import join
from swapboard.storage.commit import Unavailable
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.chore import AGAIN_AFTER, Chore
from swapboard.switchboard.chores import CALLS_CURVE
from swapboard.switchboard.claiming import HELD, Claim, Due, claim, note_done, put_off
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.visiting import admit
from tests.building import PAGE, Business, a_visit, open_business, run, settings_of
from tests.patience import HANGS_AFTER_SECONDS

NOW: Millis = 1_790_000_000_000
SWEEP_UP = ("sweep up", DAY)


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection)


def claimed(engine: Engine, now: Millis, every: Millis = DAY) -> list[Due]:
    with writing(engine) as connection:
        (taken,) = claim(connection, [Claim(now, (("sweep up", every),))])
    return taken


def due(engine: Engine, now: Millis) -> list[Due]:
    """What is claimed, and done."""
    taken = claimed(engine, now)
    with writing(engine) as connection:
        for each in taken:
            note_done(connection, each, now, DAY)
    return taken


def test_a_chore_is_done_once_in_its_time(engine: Engine, business: Business) -> None:
    mine = [Due(business.company_id, "sweep up")]
    assert due(engine, NOW) == mine
    assert due(engine, NOW) == []
    assert due(engine, NOW + DAY - 1) == []
    assert due(engine, NOW + DAY) == mine
    assert due(engine, NOW + DAY) == []


def test_who_is_killed_amid_a_day_s_chore_leaves_it_for_an_hour_not_for_a_day(
    engine: Engine, business: Business
) -> None:
    mine = [Due(business.company_id, "sweep up")]
    assert claimed(engine, NOW) == mine
    assert claimed(engine, NOW + HELD - 1) == []
    assert due(engine, NOW + HELD) == mine
    assert due(engine, NOW + HELD + DAY - 1) == []
    assert due(engine, NOW + HELD + DAY) == mine


def test_an_often_chore_comes_due_in_its_own_time_whether_or_not_it_was_done(
    engine: Engine, business: Business
) -> None:
    mine = [Due(business.company_id, "sweep up")]
    assert claimed(engine, NOW, MINUTE) == mine
    with writing(engine) as connection:
        note_done(connection, mine[0], NOW, MINUTE)
    assert claimed(engine, NOW + MINUTE - 1, MINUTE) == []
    assert claimed(engine, NOW + MINUTE, MINUTE) == mine


def test_who_is_done_late_moves_nothing_that_somebody_else_has(engine: Engine, business: Business) -> None:
    """Neither the one who claimed it since, nor the owner who wants it at once."""
    [mine] = claimed(engine, NOW)
    assert claimed(engine, NOW + HELD) == [mine]
    with writing(engine) as connection:
        note_done(connection, mine, NOW, DAY)
    assert claimed(engine, NOW + 2 * HELD) == [mine]
    with writing(engine) as connection:
        put_off(connection, mine, NOW + 2 * HELD + 1)
        note_done(connection, mine, NOW + 2 * HELD, DAY)
    assert claimed(engine, NOW + 2 * HELD + 1) == [mine]


def test_a_day_that_was_slept_through_is_not_made_up_for(engine: Engine, business: Business) -> None:
    due(engine, NOW)
    assert len(due(engine, NOW + 10 * DAY)) == 1
    assert due(engine, NOW + 10 * DAY) == []


def test_a_clock_that_was_wrong_puts_nothing_off(engine: Engine, business: Business) -> None:
    """What was done while it was years ahead comes due by the right clock, not years later."""
    due(engine, NOW + 900 * DAY)
    assert len(due(engine, NOW)) == 1
    assert due(engine, NOW + DAY - 1) == []
    assert len(due(engine, NOW + DAY)) == 1


def test_a_day_that_taught_nothing_changes_no_configuration(engine: Engine, business: Business) -> None:
    curve = CALLS_CURVE
    with writing(engine) as connection:
        before = config_versions(connection)
        curve.keep(connection, business.company_id, None, NOW)
        assert config_versions(connection) == before
        curve.keep(connection, business.company_id, (Learned(version=1), 20), NOW)
        assert config_versions(connection) != before


def test_two_claims_at_once_are_one(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        first, second = claim(connection, [Claim(NOW, (SWEEP_UP,)), Claim(NOW, (SWEEP_UP,))])
    assert (len(first), second) == (1, [])


def test_what_fails_comes_due_again_soon_and_keeps_no_other_waiting(
    engine: Engine, business: Business, database_url: str, tmp_path: Path
) -> None:
    done: list[str] = []

    def fail(_found: dict[str, float]) -> dict[str, float]:
        raise RuntimeError("the moon is full")

    def look(_connection: Connection, company_id: str, _now: Millis) -> dict[str, float]:
        return {company_id: 1.0}

    def keep(_connection: Connection, company_id: str, found: dict[str, float], _now: Millis) -> None:
        assert found == {company_id: 1.0}
        done.append(company_id)

    clock = [NOW]

    async def work() -> None:
        exchange = Exchange(settings_of(tmp_path, database_url), lambda: clock[0])
        exchange.rounds.chores = (Chore("bad", DAY, look, fail, keep), Chore("good", DAY, look, dict, keep))
        await exchange.start()
        try:
            await exchange.rounds.do_daily()
            assert done == [business.company_id]
            clock[0] += AGAIN_AFTER
            (again,) = await exchange.change(
                lambda connection: claim(connection, [Claim(clock[0], (("bad", DAY), ("good", DAY)))])
            )
            assert again == [Due(business.company_id, "bad")]
        finally:
            await exchange.stop()

    run(work())


def test_who_works_for_longer_than_an_hour_leaves_the_rest_to_whoever_comes_first(
    engine: Engine, business: Business, database_url: str, tmp_path: Path
) -> None:
    clock = [NOW]
    done: list[str] = []

    def nothing(*_: object) -> None:
        """Nothing to look for, or to keep."""

    def take_an_hour(_found: object) -> None:
        clock[0] += HELD
        done.append("long")

    def next_one(_found: object) -> None:
        done.append("next")

    async def work() -> None:
        exchange = Exchange(settings_of(tmp_path, database_url), lambda: clock[0])
        exchange.rounds.chores = (
            Chore("long", DAY, nothing, take_an_hour, nothing),
            Chore("next", DAY, nothing, next_one, nothing),
        )
        exchange.writer.start()
        try:
            await exchange.rounds.do_daily()
            assert done == ["long"]
            # It was done late, and nobody else had begun with it: its next turn is a day later.
            await exchange.rounds.do_daily()
            assert done == ["long", "next"]
            clock[0] = NOW + DAY - 1
            await exchange.rounds.do_daily()
            assert done == ["long", "next"]
        finally:
            await exchange.stop()

    run(work())


def test_a_platform_that_takes_its_time_keeps_no_recording_waiting(
    engine: Engine, business: Business, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("swapboard.switchboard.exchange.CHORES_SECONDS", 0.01)
    asked, answered, fetched = Event(), Event(), Event()

    def ask(_found: object) -> None:
        asked.set()
        answered.wait(30)

    def fetch(_found: object) -> None:
        # Not before the platform was asked: it is what would keep this waiting.
        if asked.is_set():
            fetched.set()

    def nothing(*_: object) -> None:
        """Nothing to look for, or to keep."""

    now = count(NOW, MINUTE)

    async def work() -> None:
        exchange = Exchange(settings_of(tmp_path, database_url), lambda: next(now))
        exchange.rounds.chores = (
            Chore("ask", DAY, nothing, ask, nothing),
            Chore("fetch", MINUTE, nothing, fetch, nothing),
        )
        await exchange.start_working()
        try:
            assert await asyncio.to_thread(fetched.wait, 20)
        finally:
            answered.set()
            await exchange.stop()

    run(work())


def test_a_stop_waits_for_no_platform_and_loses_no_day(
    engine: Engine, business: Business, database_url: str, tmp_path: Path
) -> None:
    asked = Event()

    def nothing(*_: object) -> None:
        """Nothing to look for, or to keep."""

    async def work() -> None:
        exchange = Exchange(settings_of(tmp_path, database_url), lambda: NOW)
        (costs,) = (each for each in exchange.rounds.chores if each.name == "costs")

        def ask(_found: object) -> None:
            asked.set()
            with pytest.raises(AdsError, match="was stopped meanwhile"):
                costs.work.keywords["pause"](600)  # type: ignore[attr-defined]

        exchange.rounds.chores = (
            Chore("ask", DAY, nothing, ask, nothing),
            Chore("next", DAY, nothing, nothing, nothing),
        )
        exchange._tasks = [asyncio.create_task(exchange.rounds.do_daily())]
        exchange.writer.start()
        assert await asyncio.to_thread(asked.wait, 20)
        await exchange.stop()

    run(work())
    with writing(engine) as connection:
        (left,) = claim(connection, [Claim(NOW, (("ask", DAY), ("next", DAY)))])
    assert [each.name for each in left] == ["ask", "next"]


def test_a_stop_amid_a_chore_ends_though_the_database_is_away(
    engine: Engine, business: Business, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Event()

    def nothing(*_: object) -> None:
        """Nothing to look for, or to keep."""

    async def away(_change: object) -> None:
        raise Unavailable

    async def work() -> None:
        exchange = Exchange(settings_of(tmp_path, database_url), lambda: NOW)

        def ask(_found: object) -> None:
            asked.set()
            exchange._stopping.wait(30)

        exchange.rounds.chores = (Chore("ask", DAY, nothing, ask, nothing),)
        exchange._tasks = [asyncio.create_task(exchange._every("chores", 0.01, exchange.rounds.do_daily))]
        exchange.writer.start()
        assert await asyncio.to_thread(asked.wait, 20)
        monkeypatch.setattr(exchange, "change", away)
        async with asyncio.timeout(HANGS_AFTER_SECONDS):
            await exchange.stop()

    run(work())


def test_what_channels_are_worth_is_learned_from_visitors_ways(
    engine: Engine, business: Business, database_url: str, tmp_path: Path
) -> None:
    news = f"{PAGE}?utm_url=news&utm_medium=email"
    with writing(engine) as connection:
        (first, other) = admit(
            connection,
            [
                a_visit(business, url=news, now=NOW - 2 * DAY),
                a_visit(business, url="https://www.example.com/", now=NOW - DAY),
            ],
        )
        admit(
            connection,
            [
                a_visit(
                    business,
                    url="https://www.example.com/",
                    visitor_id=first.visitor_id,
                    now=NOW - MINUTE,
                )
            ],
        )
        keys = keys_of("+12125550111", visitor_id=first.visitor_id)
        join(connection, business.company_id, Contact(ContactKind.CALL, "c1", NOW, keys), NOW)
        # How a customer comes back says nothing of what won it.
        admit(connection, [a_visit(business, url=news, visitor_id=first.visitor_id, now=NOW + HOUR)])
    with reading(engine) as connection:
        ways = list(paths_of(connection, business.company_id, NOW + DAY))
    assert sorted(ways, key=repr) == sorted(
        [Way(("Email", "Direct"), is_lead=True), Way(("Direct",), is_lead=False)], key=repr
    )
    assert other.visitor_id != first.visitor_id

    async def work() -> None:
        exchange = Exchange(settings_of(tmp_path, database_url), lambda: NOW)
        await exchange.start()
        try:
            await exchange.rounds.do_daily()
            learned = await exchange.read(lambda connection: worth_of(connection, business.company_id))
        finally:
            await exchange.stop()
        assert learned == {"Email": pytest.approx(0.5), "Direct": pytest.approx(1.0)}

    run(work())
