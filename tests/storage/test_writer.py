"""The batch writer: group commit, bounded, durable before the answer; nobody's trouble is anybody else's."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain

import pytest
from sqlalchemy import Connection, Engine, insert, select

from swapboard.storage import writer as storage_writer
from swapboard.storage.commit import Job, Outcome, Piece, Unavailable
from swapboard.storage.engine import reading
from swapboard.storage.hand import Pace
from swapboard.storage.schema import companies
from swapboard.storage.scribe import Scribe
from swapboard.storage.writer import MANY, BatchWriter, Overloaded
from tests.building import run, until


class Work:
    """Jobs that note the batches they get; `wait` keeps the writer's thread busy until it is let go."""

    def __init__(self) -> None:
        self.batches: list[Sequence[str]] = []
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.write: Job[str, str] = Job("write", self._write)
        self.wait: Job[None, None] = Job("wait", self._wait)
        self.divide: Job[int, int] = Job("divide", self._divide)

    def _write(self, connection: Connection, names: Sequence[str]) -> list[str]:
        self.batches.append(names)
        connection.execute(insert(companies), [company(name) for name in names])
        return [f"{name} is written" for name in names]

    def _wait(self, _connection: Connection, works: Sequence[None]) -> Sequence[None]:
        self.begun.set()
        assert self.let_go.wait(30)
        return works

    def _divide(self, _connection: Connection, works: Sequence[int]) -> list[int]:
        return [1 // work for work in works]


def company(name: str) -> dict[str, object]:
    return {
        "company_id": name,
        "account_id": "a",
        "name": name,
        "time_zone": "UTC",
        "country": "GB",
        "session_seconds": 1,
        "ring_timeout_seconds": 1,
        "config_version": 1,
        "created_at": 1,
    }


def written(engine: Engine) -> set[str]:
    """What another connection sees."""
    with reading(engine) as connection:
        return set(connection.execute(select(companies.c.company_id)).scalars())


def while_busy(
    engine: Engine,
    use: Callable[[BatchWriter, Work], Awaitable[None]],
    max_waiting: int = 2_000,
    pace: Pace | None = None,
) -> None:
    """Run `use` while the writer's thread is held up, until `let_go` is set."""

    async def all_of_it() -> None:
        work = Work()
        writer = BatchWriter(engine, max_waiting, pace)
        writer.start()
        busy = asyncio.create_task(writer.submit(work.wait, None))
        await asyncio.to_thread(work.begun.wait, 30)
        try:
            await use(writer, work)
        finally:
            work.let_go.set()
        await busy
        await writer.stop()

    run(all_of_it())


def submit_all(writer: BatchWriter, work: Work, names: Sequence[str]) -> list[asyncio.Task[str]]:
    return [asyncio.create_task(writer.submit(work.write, name)) for name in names]


async def settle() -> None:
    """Let every task go as far as it can without an answer from outside."""
    for _ in range(10):
        await asyncio.sleep(0)


def test_the_answer_comes_once_it_is_on_disk(engine: Engine) -> None:
    async def use(writer: BatchWriter, work: Work) -> None:
        (asked,) = submit_all(writer, work, ["one"])
        await settle()
        assert not asked.done()
        work.let_go.set()
        assert await asked == "one is written"
        assert written(engine) == {"one"}

    while_busy(engine, use)


def test_what_waits_becomes_one_transaction(engine: Engine) -> None:
    names = [f"c{n:02}" for n in range(50)]

    async def use(writer: BatchWriter, work: Work) -> None:
        asked = submit_all(writer, work, names)
        await settle()
        work.let_go.set()
        assert await asyncio.gather(*asked) == [f"{name} is written" for name in names]
        assert [len(batch) for batch in work.batches] == [20, 20, 10]
        assert list(chain.from_iterable(work.batches)) == names
        assert writer.batches == 4

    while_busy(engine, use, pace=Pace(20, 0.0))
    assert written(engine) == set(names)


class SlowScribe(Scribe):
    """Notes the batches that it gets, and answers when it is told to."""

    def __init__(self) -> None:
        super().__init__("none", "sqlite:///none")
        self.is_ready = True
        self.batches: list[tuple[int, asyncio.Future[list[Outcome]]]] = []

    def start(self) -> None:
        pass

    def commit(self, batch: Sequence[Piece]) -> Awaitable[list[Outcome]]:
        done: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self.batches.append((len(batch), done))
        return done

    @property
    def sizes(self) -> list[int]:
        return [size for size, _done in self.batches]

    def answer(self, index: int) -> None:
        size, done = self.batches[index]
        done.set_result([("done", None)] * size)


def test_a_scribe_that_has_enough_to_do_is_given_full_batches_only(engine: Engine) -> None:
    small: Job[None, str] = Job("small", lambda _connection, _works: [], apart=True)

    async def use() -> None:
        scribe = SlowScribe()
        writer = BatchWriter(engine, scribe=scribe)
        writer.start()
        asked: list[asyncio.Task[str]] = []

        async def come(count: int) -> None:
            asked.extend(asyncio.create_task(writer.submit(small, None)) for _ in range(count))
            await settle()

        full = scribe.max_batch
        await come(1)
        await come(1)
        await come(full - 1)
        assert scribe.sizes == [1, 1]
        await come(1)
        assert scribe.sizes == [1, 1, full]
        await come(full + 2)
        assert scribe.sizes == [1, 1, full]
        scribe.answer(0)
        await settle()
        assert scribe.sizes == [1, 1, full, full]
        scribe.answer(1)
        await settle()
        assert scribe.sizes == [1, 1, full, full]
        scribe.answer(2)
        await settle()
        assert scribe.sizes == [1, 1, full, full, 2]
        for index in (3, 4):
            scribe.answer(index)
        assert await asyncio.gather(*asked) == ["done"] * len(asked)
        await writer.stop()

    run(use())


PATIENT: Job[str, str] = Job("patient", lambda _connection, _works: [], apart=True)


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that was told much of late, and gathers until it has a full batch."""
    monkeypatch.setattr(storage_writer, "MANY_WITHIN_SECONDS", 1_000.0)
    monkeypatch.setattr(storage_writer, "GATHERING_SECONDS", 1_000.0)


def with_slow_scribe(engine: Engine, use: Callable[[BatchWriter, SlowScribe], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        scribe = SlowScribe()
        writer = BatchWriter(engine, scribe=scribe)
        writer.start()
        await use(writer, scribe)
        await writer.stop()

    run(all_of_it())


async def submit_patiently(writer: BatchWriter, count: int) -> list[asyncio.Task[str]]:
    asked = [asyncio.create_task(writer.submit(PATIENT, "x", is_patient=True)) for _ in range(count)]
    await settle()
    return asked


async def make_busy(writer: BatchWriter, scribe: SlowScribe) -> None:
    asked = await submit_patiently(writer, MANY - 1)
    assert not writer.is_gathering
    scribe.answer(0)
    await asyncio.gather(*asked)


@pytest.mark.usefixtures("busy")
def test_patient_work_is_gathered_only_when_there_is_much_of_it(engine: Engine) -> None:
    async def use(writer: BatchWriter, scribe: SlowScribe) -> None:
        await make_busy(writer, scribe)
        assert scribe.sizes == [MANY - 1]
        asked = await submit_patiently(writer, scribe.max_batch - 1)
        assert writer.is_gathering
        assert scribe.sizes == [MANY - 1]
        asked += await submit_patiently(writer, 1)
        assert scribe.sizes == [MANY - 1, scribe.max_batch]
        scribe.answer(1)
        assert await asyncio.gather(*asked) == ["done"] * scribe.max_batch

    with_slow_scribe(engine, use)


@pytest.mark.usefixtures("busy")
def test_what_somebody_waits_for_overtakes_what_is_gathered(engine: Engine) -> None:
    async def use(writer: BatchWriter, scribe: SlowScribe) -> None:
        await make_busy(writer, scribe)
        patient = await submit_patiently(writer, 2)
        urgent = asyncio.create_task(writer.submit(PATIENT, "now"))
        await settle()
        assert scribe.sizes == [MANY - 1, 1]
        scribe.answer(1)
        assert await urgent == "done"
        stopping = asyncio.create_task(writer.stop())
        await settle()
        assert scribe.sizes == [MANY - 1, 1, 2]
        scribe.answer(2)
        await stopping
        assert [each.result() for each in patient] == ["done", "done"]

    with_slow_scribe(engine, use)


@pytest.mark.usefixtures("busy")
def test_what_is_gathered_begins_by_itself(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage_writer, "GATHERING_SECONDS", 0.01)

    async def use(writer: BatchWriter, scribe: SlowScribe) -> None:
        await make_busy(writer, scribe)
        (asked,) = await submit_patiently(writer, 1)
        await until(lambda: len(scribe.sizes) == 2)
        scribe.answer(1)
        assert await asked == "done"

    with_slow_scribe(engine, use)


def test_who_is_patient_is_told_in_slices_and_after_the_others(engine: Engine) -> None:
    async def use(writer: BatchWriter, scribe: SlowScribe) -> None:
        told: list[str] = []
        turn = 0

        async def ask(name: str, is_patient: bool) -> None:
            await writer.submit(PATIENT, name, is_patient=is_patient)
            told.append(f"{name} in turn {turn}")

        asked = [asyncio.create_task(ask(f"patient {n}", True)) for n in range(2)]
        asked += [asyncio.create_task(ask(f"urgent {n}", False)) for n in range(2)]
        await settle()
        scribe.answer(0)
        while not all(each.done() for each in asked):
            await asyncio.sleep(0)
            turn += 1
        first = int(told[0].rpartition(" ")[2])
        assert told == [
            f"urgent 0 in turn {first}",
            f"urgent 1 in turn {first}",
            f"patient 0 in turn {first}",
            f"patient 1 in turn {first + 1}",
        ]

    with_slow_scribe(engine, use)


def test_the_hand_goes_on_while_the_patient_are_still_told(engine: Engine) -> None:
    async def use(writer: BatchWriter, scribe: SlowScribe) -> None:
        patient = await submit_patiently(writer, MANY - 1)
        others: list[asyncio.Task[str]] = []
        for _ in range(scribe.batches_ahead):
            others.append(asyncio.create_task(writer.submit(PATIENT, "x")))
            await settle()
        assert len(scribe.sizes) == scribe.batches_ahead
        scribe.answer(0)
        for _ in range(3):
            await asyncio.sleep(0)
        assert len(scribe.sizes) == scribe.batches_ahead + 1
        assert not all(each.done() for each in patient)
        for index in range(1, len(scribe.sizes)):
            scribe.answer(index)
        assert await asyncio.gather(*patient, *others) == ["done"] * (len(patient) + len(others))

    with_slow_scribe(engine, use)


def test_too_much_work_is_refused_at_once(engine: Engine) -> None:
    async def use(writer: BatchWriter, work: Work) -> None:
        asked = submit_all(writer, work, ["one", "two"])
        await settle()
        with pytest.raises(Overloaded) as refused:
            await writer.submit(work.write, "one too many")
        assert refused.value.retry_after_seconds >= 1
        assert not any(each.done() for each in asked)
        work.let_go.set()
        await asyncio.gather(*asked)
        assert await writer.submit(work.write, "later") == "later is written"

    while_busy(engine, use, max_waiting=3)
    assert written(engine) == {"one", "two", "later"}


def test_whoever_goes_away_harms_nobody(engine: Engine) -> None:
    async def use(writer: BatchWriter, work: Work) -> None:
        asked = submit_all(writer, work, ["one", "two", "three", "four"])
        await settle()
        asked[0].cancel()
        asked[2].cancel()
        await settle()
        work.let_go.set()
        assert [await asked[1], await asked[3]] == ["two is written", "four is written"]
        assert await writer.submit(work.write, "next") == "next is written"

    while_busy(engine, use)


def test_a_bad_piece_gets_its_error_and_its_neighbours_their_answers(engine: Engine) -> None:
    async def use(writer: BatchWriter, work: Work) -> None:
        zero = asyncio.create_task(writer.submit(work.divide, 0))
        fine = submit_all(writer, work, ["one", "two"])
        whole = asyncio.create_task(writer.submit(work.divide, 1))
        await settle()
        work.let_go.set()
        assert await asyncio.gather(*fine, whole) == ["one is written", "two is written", 1]
        with pytest.raises(ZeroDivisionError):
            await zero

    while_busy(engine, use)
    assert written(engine) == {"one", "two"}


def test_stopping_finishes_what_waits(engine: Engine) -> None:
    async def all_of_it() -> None:
        work = Work()
        writer = BatchWriter(engine, pace=Pace(2, 0.0))
        writer.start()
        busy = asyncio.create_task(writer.submit(work.wait, None))
        await asyncio.to_thread(work.begun.wait, 30)
        asked = submit_all(writer, work, ["one", "two", "three", "four"])
        await settle()
        asked[1].cancel()
        stopping = asyncio.create_task(writer.stop())
        await settle()
        assert not stopping.done()
        work.let_go.set()
        await stopping
        assert busy.done()
        done = [asked[place].result() for place in (0, 2, 3)]
        assert done == ["one is written", "three is written", "four is written"]

    run(all_of_it())
    assert written(engine) >= {"one", "three", "four"}


def test_stopping_what_was_never_started_is_no_error(engine: Engine) -> None:
    run(BatchWriter(engine).stop())


def test_unavailable_says_when_to_come_back() -> None:
    assert Unavailable().retry_after_seconds >= 1
