"""The process that writes: the same answers as a thread gives, and no harm when it ends at any moment."""

import asyncio
import os
import pickle
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.storage.commit import Job, Unavailable
from swapboard.storage.engine import writing
from swapboard.storage.scribe import Scribe
from swapboard.storage.writer import BatchWriter
from swapboard.switchboard.beating import HEAR
from swapboard.switchboard.claiming import CLAIM, Claim
from swapboard.switchboard.forgetting import FORGET
from swapboard.switchboard.ringing import RECEIVE, Told
from swapboard.switchboard.scribe import JOBS, be_polite, scribe_of
from swapboard.switchboard.sweeping import SWEEP
from swapboard.switchboard.visiting import ADMIT
from swapboard.visits.visit import Presence
from tests.building import (
    NOW,
    Business,
    a_beat,
    a_visit,
    open_business,
    rows_of,
    run,
    settings_of,
    until,
)


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, numbers=9)


@asynccontextmanager
async def writing_apart(engine: Engine, database_url: str) -> AsyncIterator[tuple[BatchWriter, Scribe]]:
    """A writer whose scribe is ready."""
    scribe = Scribe("swapboard.switchboard.scribe", database_url)
    writer = BatchWriter(engine, scribe=scribe)
    writer.start()
    try:
        await until(lambda: scribe.is_ready)
        yield writer, scribe
    finally:
        await writer.stop()


def a_call(business: Business, number: str) -> Told:
    arrived = CallEvent("c1", "", EventKind.ARRIVED, 0, NOW, Facts(dialled=number, caller="+12125550111"))
    return Told(business.company_id, business.carrier_id, (arrived,), {"body": "x"}, NOW)


def test_every_job_that_goes_apart_is_known_to_the_process() -> None:
    assert {job.name: job for job in (ADMIT, HEAR, FORGET, RECEIVE, SWEEP, CLAIM)} == JOBS
    assert all(job.apart for job in JOBS.values())


def test_each_job_is_answered_as_by_a_thread(engine: Engine, database_url: str, business: Business) -> None:
    call_ids: list[tuple[str, ...]] = []

    async def use() -> None:
        async with writing_apart(engine, database_url) as (writer, scribe):
            admitted = await writer.submit(ADMIT, a_visit(business))
            shown = admitted.swaps[0].number
            assert (await writer.submit(HEAR, a_beat(business, admitted.session_id))).alive
            call_ids.append(await writer.submit(RECEIVE, a_call(business, shown)))
            assert await writer.submit(CLAIM, Claim(NOW, ())) == []
            assert await writer.submit(SWEEP, NOW) == []
            gone = await writer.submit(HEAR, a_beat(business, admitted.session_id, Presence.GONE))
            assert gone.alive
            assert scribe.is_ready

    run(use())
    assert {row["state"] for row in rows_of(engine, "leases")} == {"ended"}
    (call,) = rows_of(engine, "calls")
    assert call_ids == [(call["call_id"],)]


def test_news_is_the_same_once_it_is_there() -> None:
    told = Facts(
        dialled="+12025550100",
        caller="+12125550111",
        withheld=True,
        caller_name="Zoë",
        attestation="A",
        leg_number="+12025550101",
        outcome=Outcome.BUSY,
        talk_seconds=3,
        screened=True,
        joined_leg="l1",
        goes_on=True,
        keys="1#",
        message_seconds=4,
        recording_ref="RE1",
        step="dial",
        path=("menu", "desk"),
        is_heard=True,
        tags=("new",),
        qualified=False,
        value_cents=100,
    )
    assert all(getattr(told, field.name) != field.default for field in fields(Facts))
    events = tuple(CallEvent("c1", leg, EventKind.KEYS, 7, NOW + 1, told) for leg in ("", "l1"))
    news = Told("company", "carrier", events, {"url": "u", "body": "b"}, NOW)

    assert RECEIVE.work_of is not None
    there = RECEIVE.work_of(pickle.loads(pickle.dumps(RECEIVE.fields_of(news))))
    assert there == news
    assert type(there.events[0].kind) is EventKind


def test_who_may_not_be_polite_writes_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_by: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "nice", refuse)
    be_polite()


def test_what_cannot_go_apart_waits_for_what_did(engine: Engine, database_url: str, business: Business) -> None:
    look: Job[None, int] = Job("look", lambda _connection, works: [len(rows_of(engine, "leases")) for _ in works])

    async def use() -> int:
        async with writing_apart(engine, database_url) as (writer, _scribe):
            asked = [asyncio.ensure_future(writer.submit(ADMIT, a_visit(business))) for _ in range(3)]
            looked = asyncio.ensure_future(writer.submit(look, None))
            later = asyncio.ensure_future(writer.submit(ADMIT, a_visit(business)))
            await asyncio.gather(*asked, later)
            return await looked

    assert run(use()) == 3 * len(business.targets)


def test_an_error_comes_with_its_words_and_spoils_no_neighbour(
    engine: Engine, database_url: str, business: Business
) -> None:
    async def use() -> None:
        async with writing_apart(engine, database_url) as (writer, _scribe):
            stranger = a_visit(business, company_id="nobody")
            refused, admitted = await asyncio.gather(
                writer.submit(ADMIT, stranger), writer.submit(ADMIT, a_visit(business)), return_exceptions=True
            )
            assert isinstance(refused, LookupError)
            assert "no company nobody" in str(refused)
            assert not isinstance(admitted, BaseException)

    run(use())


def test_when_it_is_killed_the_thread_writes_until_it_is_back(
    engine: Engine, database_url: str, business: Business
) -> None:
    async def use() -> None:
        async with writing_apart(engine, database_url) as (writer, scribe):
            await writer.submit(ADMIT, a_visit(business))
            first = scribe.pid
            assert first is not None
            os.kill(first, signal.SIGSTOP)
            lost = asyncio.ensure_future(writer.submit(ADMIT, a_visit(business)))
            await until(lambda: writer.batches == 2)
            os.kill(first, signal.SIGKILL)
            with pytest.raises(Unavailable):
                await lost
            assert await writer.submit(ADMIT, a_visit(business))
            await until(lambda: scribe.is_ready and scribe.pid != first)
            assert await writer.submit(ADMIT, a_visit(business))

    run(use())
    assert len(rows_of(engine, "sessions")) == 3


def test_when_it_cannot_be_started_it_is_tried_again(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without memory for it at that moment: it stayed away until the server was started anew."""
    known, failed = asyncio.create_subprocess_exec, list[str]()

    async def begin(*words: str, **options: Any) -> asyncio.subprocess.Process:
        if failed:
            return await known(*words, **options)
        failed.append(words[0])
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)

    async def use() -> None:
        async with writing_apart(engine, database_url):
            assert failed

    run(use())


def test_it_ends_with_the_server(engine: Engine, database_url: str) -> None:
    async def use() -> int | None:
        async with writing_apart(engine, database_url) as (_writer, scribe):
            return scribe.pid

    pid = run(use())
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_thread_writes_where_the_settings_say_so(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, f"sqlite:///{tmp_path}/swapboard.db")
    assert scribe_of(replace(settings, writer_process=True)) is not None
    assert scribe_of(replace(settings, writer_process=False)) is None
