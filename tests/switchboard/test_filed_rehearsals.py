"""What trying sizes found is kept for each pool, once, and goes with it; so is the one that runs."""

from dataclasses import replace

from sqlalchemy import Connection, Engine

from swapboard.numbers.inventory import add_pool, remove_pool
from swapboard.numbers.rules import Overflow, Pool
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.filed_rehearsals import (
    GONE_AFTER,
    Filed,
    Rehearsed,
    Running,
    begin_running,
    end_running,
    file_rehearsal,
    rehearsals_of,
    tell_running,
)
from tests.building import NOW, open_business, rows_of

FOUND = Filed(NOW, [Rehearsed(3, 120, 7, 20, 1, 0.95, 0.9), Rehearsed(6, 120, 0, 20, 0, None, None)])
THEIRS = Running(NOW, [3, 6])


def empty_pool(connection: Connection) -> tuple[str, str]:
    business = open_business(connection)
    company, target = business.company_id, business.targets[0].target_id
    add_pool(connection, company, Pool("emptied", target, Overflow.ORIGINAL, None), "Emptied", NOW)
    return company, "emptied"


def test_the_last_one_of_a_pool_is_kept_until_the_pool_goes(engine: Engine) -> None:
    with writing(engine) as connection:
        company, pool = empty_pool(connection)
        file_rehearsal(connection, company, pool, replace(FOUND, asked_at=NOW - 1, results=[]))
        file_rehearsal(connection, company, pool, FOUND)
    with reading(engine) as connection:
        assert rehearsals_of(connection, company, pool, NOW) == (None, FOUND)
        assert rehearsals_of(connection, "another", pool, NOW) == (None, None)

    with writing(engine) as connection:
        remove_pool(connection, company, pool)
        file_rehearsal(connection, company, pool, FOUND)
        assert not begin_running(connection, company, pool, THEIRS, NOW)
    assert rows_of(engine, "pool_rehearsals") == []


def test_one_that_was_given_up_does_not_speak_for_the_one_begun_since(engine: Engine) -> None:
    """Its process stood still for minutes: it told its own progress as the other's, and its end as well."""
    later = NOW + GONE_AFTER + 1
    ours = Running(later, [3, 6])
    with writing(engine) as connection:
        company, pool = empty_pool(connection)
        assert begin_running(connection, company, pool, THEIRS, NOW)
        assert not begin_running(connection, company, pool, ours, NOW + GONE_AFTER)
        assert begin_running(connection, company, pool, ours, later)
        tell_running(connection, company, pool, replace(THEIRS, results=FOUND.results), later)
        end_running(connection, company, pool, THEIRS.asked_at)
        assert rehearsals_of(connection, company, pool, later) == (replace(ours, results=[]), None)
        end_running(connection, company, pool, ours.asked_at)
    assert rows_of(engine, "pool_rehearsals") == []


def test_what_is_told_after_the_end_does_not_run(engine: Engine) -> None:
    with writing(engine) as connection:
        company, pool = empty_pool(connection)
        begin_running(connection, company, pool, THEIRS, NOW)
        file_rehearsal(connection, company, pool, FOUND)
        tell_running(connection, company, pool, THEIRS, NOW)
        assert rehearsals_of(connection, company, pool, NOW) == (None, FOUND)


def test_a_clock_that_was_set_back_keeps_no_pool_waiting(engine: Engine) -> None:
    with writing(engine) as connection:
        company, pool = empty_pool(connection)
        begin_running(connection, company, pool, THEIRS, NOW)
        long_ago = NOW - GONE_AFTER - 1
        assert rehearsals_of(connection, company, pool, long_ago) == (None, None)
        assert begin_running(connection, company, pool, replace(THEIRS, asked_at=long_ago), long_ago)
