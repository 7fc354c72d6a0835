"""Committing a batch: together, else piece by piece; tried again where that can help, given up where it cannot."""

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from swapboard.storage.before_commit import gather
from swapboard.storage.commit import ATTEMPTS, Conflict, Job, Outcome, Piece, Unavailable, carry_out, commit
from swapboard.storage.engine import open_engine, reading
from swapboard.storage.schema import companies
from tests.building import ON_POSTGRESQL, hanging_database, without_database


def commit_all(engine: Engine, batch: Sequence[Piece]) -> list[Outcome]:
    """As the writer does; however it ends, the event loop is told that it may go on."""
    worked: list[bool] = []
    outcomes = commit(engine, batch, lambda: worked.append(True))
    assert worked
    return outcomes


def written(engine: Engine) -> set[str]:
    with reading(engine) as connection:
        return set(connection.execute(select(companies.c.company_id)).scalars())


def write(connection: Connection, names: Sequence[str]) -> list[str]:
    facts = {
        "account_id": "a",
        "name": "n",
        "time_zone": "UTC",
        "country": "GB",
        "session_seconds": 1,
        "ring_timeout_seconds": 1,
        "config_version": 1,
        "created_at": 1,
    }
    connection.execute(insert(companies), [{"company_id": name, **facts} for name in names])
    return [name.upper() for name in names]


WRITE: Job[str, str] = Job("write", write)


def test_the_event_loop_goes_on_when_only_the_disk_is_waited_for(engine: Engine) -> None:
    done: list[str] = []

    def gather_names(connection: Connection, names: Sequence[str]) -> Sequence[str]:
        gather(connection, lambda _connection, gathered: done.extend(gathered), names)
        return names

    commit(engine, [(Job("gather", gather_names), "gathered")], lambda: done.append("worked"))
    # However it ends it is told once more.
    assert done == ["gathered", "worked", "worked"]


class Failing:
    """Fails so many times, then answers."""

    def __init__(self, times: int, fail: Callable[[Connection], object]) -> None:
        self.tried = 0
        self._times = times
        self._fail = fail
        self.job: Job[str, str] = Job("failing", self._run)

    def _run(self, connection: Connection, works: Sequence[str]) -> Sequence[str]:
        self.tried += 1
        if self.tried <= self._times:
            self._fail(connection)
        return works


def raise_conflict(_connection: Connection) -> None:
    raise Conflict("somebody was quicker")


def sqlstate(code: str) -> Callable[[Connection], object]:
    """Makes PostgreSQL itself raise the error."""
    statement = f"DO $$ BEGIN RAISE EXCEPTION 'made' USING ERRCODE = '{code}'; END $$"
    return lambda connection: connection.exec_driver_sql(statement)


def test_a_batch_is_one_transaction_and_answers_in_order(engine: Engine) -> None:
    both = Failing(0, raise_conflict)
    batch = [(WRITE, "one"), (both.job, "a"), (WRITE, "two"), (both.job, "b")]
    assert commit_all(engine, batch) == [("ONE", None), ("a", None), ("TWO", None), ("b", None)]
    assert both.tried == 1
    assert written(engine) == {"one", "two"}


def test_nothing_of_a_failed_piece_stays(engine: Engine) -> None:
    def write_then_fail(connection: Connection, works: Sequence[str]) -> list[str]:
        write(connection, works)
        raise ValueError("after writing")

    bad: Job[str, str] = Job("bad", write_then_fail)
    first, second = commit_all(engine, [(bad, "bad"), (WRITE, "good")])
    assert isinstance(first[1], ValueError)
    assert second == ("GOOD", None)
    assert written(engine) == {"good"}


def test_a_conflict_is_tried_again(engine: Engine) -> None:
    failing = Failing(3, raise_conflict)
    assert commit_all(engine, [(failing.job, "a")]) == [("a", None)]
    assert failing.tried == 4


def test_an_endless_conflict_is_given_up(engine: Engine) -> None:
    failing = Failing(99, raise_conflict)
    (outcome, other) = commit_all(engine, [(failing.job, "a"), (WRITE, "good")])
    assert isinstance(outcome[1], Conflict)
    assert failing.tried == 1 + ATTEMPTS
    assert other == ("GOOD", None)


def test_a_row_that_is_there_already_is_tried_again_and_given_up(engine: Engine) -> None:
    commit_all(engine, [(WRITE, "one")])
    ((_, error), fine) = commit_all(engine, [(WRITE, "one"), (WRITE, "two")])
    assert isinstance(error, IntegrityError)
    assert fine == ("TWO", None)


@ON_POSTGRESQL
@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_serialization_failure_and_deadlock_are_tried_again(engine: Engine, code: str) -> None:
    failing = Failing(2, sqlstate(code))
    assert commit_all(engine, [(failing.job, "a"), (WRITE, "one")]) == [("a", None), ("ONE", None)]
    assert failing.tried == 3


@ON_POSTGRESQL
def test_what_a_command_does_is_tried_again_after_a_deadlock_and_given_up_at_last(engine: Engine) -> None:
    failing = Failing(2, sqlstate("40P01"))
    assert carry_out(engine, failing.job.run, ["a"]) == ["a"]
    assert failing.tried == 3
    for endless, tries in ((Failing(99, sqlstate("40P01")), ATTEMPTS), (Failing(99, sqlstate("57014")), 1)):
        with pytest.raises(OperationalError):
            carry_out(engine, endless.job.run, ["a"])
        assert endless.tried == tries


@ON_POSTGRESQL
@pytest.mark.parametrize("code", ["54000", "22003", "22021", "42P01"])
def test_what_the_database_will_never_take_does_not_make_it_unavailable(engine: Engine, code: str) -> None:
    """Program limit exceeded, out of range, not of the encoding, no such table: only this piece is at fault."""
    failing = Failing(99, sqlstate(code))
    ((_, error), fine) = commit_all(engine, [(failing.job, "a"), (WRITE, "one")])
    assert error is not None
    assert not isinstance(error, Unavailable)
    assert fine == ("ONE", None)
    assert failing.tried == 2


@ON_POSTGRESQL
@pytest.mark.parametrize("code", ["57P01", "53300", "57014", "53100", "55P03"])
def test_a_database_in_trouble_is_asked_once_for_the_whole_batch(engine: Engine, code: str) -> None:
    """Shutting down, too many connections, a time-out, disk full: the next piece would fare no better."""
    failing = Failing(99, sqlstate(code))
    outcomes = commit_all(engine, [(WRITE, "one"), (failing.job, "a"), (WRITE, "two")])
    assert [type(error) for _, error in outcomes] == [Unavailable] * 3
    assert failing.tried == 1
    assert written(engine) == set()


def test_a_database_that_is_gone_is_unavailable_and_comes_back(engine: Engine, database_url: str) -> None:
    commit_all(engine, [(WRITE, "before")])
    ran = Failing(0, raise_conflict)
    with without_database(database_url, engine):
        outcomes = commit_all(engine, [(ran.job, "a"), (WRITE, "one")])
        assert [type(error) for _, error in outcomes] == [Unavailable] * 2
        assert ran.tried == 0
    assert commit_all(engine, [(WRITE, "after")]) == [("AFTER", None)]
    assert written(engine) == {"before", "after"}


@ON_POSTGRESQL
def test_a_connection_that_was_cut_is_replaced(engine: Engine) -> None:
    commit_all(engine, [(WRITE, "before")])
    with engine.connect() as connection:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    admin = open_engine(engine.url.render_as_string(hide_password=False))
    with admin.connect() as connection:
        assert connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid}).scalar_one()
    admin.dispose()
    assert commit_all(engine, [(WRITE, "after")]) == [("AFTER", None)]


def test_a_hanging_database_is_given_up_after_its_time_out(engine: Engine) -> None:
    hurried = open_engine(engine.url.render_as_string(hide_password=False))
    sooner = "PRAGMA busy_timeout=100" if engine.dialect.name == "sqlite" else "SET lock_timeout = '100ms'"
    with hurried.connect() as connection:
        connection.exec_driver_sql(sooner)
        connection.commit()
    with hanging_database(engine, "companies"):
        outcomes = commit(hurried, [(WRITE, "one"), (WRITE, "two")])
    assert [type(error) for _, error in outcomes] == [Unavailable] * 2
    assert commit(hurried, [(WRITE, "one")]) == [("ONE", None)]
    hurried.dispose()
