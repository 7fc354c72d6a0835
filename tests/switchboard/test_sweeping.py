"""Sweeping: who fell silent gives the number back, and nobody else does."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, create_engine, text

from swapboard.clock import SECOND
from swapboard.storage.commit import commit
from swapboard.storage.engine import open_engine, writing
from swapboard.switchboard.beating import HEAR, hear
from swapboard.switchboard.sweeping import SWEEP
from swapboard.switchboard.visiting import ADMIT
from tests.building import BEAT_SECONDS, NOW, a_beat, a_visit, doubly_live, open_business, rows_of, run, until

SILENCE = 3 * BEAT_SECONDS * SECOND


def test_three_missed_beats_free_the_number_from_that_moment(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
    commit(engine, [(ADMIT, a_visit(business))])
    assert commit(engine, [(SWEEP, NOW + SILENCE - 1)]) == [([], None)]
    assert commit(engine, [(SWEEP, NOW + SILENCE + 5 * SECOND)]) == [([business.company_id], None)]
    (lease,) = rows_of(engine, "leases")
    assert (lease["state"], lease["until_at"]) == ("ended", NOW + SILENCE)
    (number,) = rows_of(engine, "numbers", kind="pool")
    assert (number["live_session_id"], number["left_at"]) == (None, NOW + SILENCE)


def test_only_companies_with_silent_sessions_change(engine: Engine) -> None:
    with writing(engine) as connection:
        silent, lively, empty = (open_business(connection) for _ in range(3))
    commit(engine, [(ADMIT, a_visit(silent)), (ADMIT, a_visit(lively, now=NOW + SILENCE))])
    assert commit(engine, [(SWEEP, NOW + SILENCE)]) == [([silent.company_id], None)]
    assert [row["state"] for row in rows_of(engine, "leases", company_id=lively.company_id)] == ["live"]
    assert rows_of(engine, "leases", company_id=empty.company_id) == []


def test_a_beat_in_another_process_wins_over_a_sweep_that_began_before_it_was_written(engine: Engine) -> None:
    """The sweep waits for the beat, or looks before it; it must not end what was renewed meanwhile."""
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
    ((admitted, _),) = commit(engine, [(ADMIT, a_visit(business))])
    other = open_engine(engine.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(1) as thread:
        with writing(engine) as connection:
            hear(connection, [a_beat(business, admitted.session_id, now=NOW + SILENCE)])
            swept = thread.submit(commit, other, [(SWEEP, NOW + SILENCE)])
            if engine.dialect.name != "sqlite":  # which lets nobody in, so there is nothing to wait for
                run(until(lambda: swept.done() or is_waiting(engine)))
        swept.result()
    other.dispose()
    assert [row["state"] for row in rows_of(engine, "leases")] == ["live"]
    assert doubly_live(engine) == []


def test_a_number_that_was_taken_meanwhile_is_not_freed_by_a_second_sweep(engine: Engine) -> None:
    """Two processes sweep the same silent session; between them the number goes to somebody else."""
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
    commit(engine, [(ADMIT, a_visit(business))])
    other = open_engine(engine.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(1) as thread:
        with writing(engine) as connection:
            SWEEP.run(connection, [NOW + SILENCE])
            ADMIT.run(connection, [a_visit(business, now=NOW + SILENCE)])
            swept = thread.submit(commit, other, [(SWEEP, NOW + SILENCE)])
            if engine.dialect.name != "sqlite":
                run(until(lambda: swept.done() or is_waiting(engine)))
        swept.result()
    other.dispose()
    assert sorted(row["state"] for row in rows_of(engine, "leases")) == ["ended", "live"]
    assert doubly_live(engine) == []


def is_waiting(engine: Engine) -> bool:
    """True while a connection to this PostgreSQL database waits for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    onlooker = create_engine(engine.url)
    with onlooker.connect() as connection:
        count: int = connection.execute(waiting).scalar_one()
    onlooker.dispose()
    return count > 0


def test_nobody_is_swept_by_a_beat_in_the_same_batch(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
    ((admitted, _),) = commit(engine, [(ADMIT, a_visit(business))])
    late = NOW + SILENCE
    batch = [(HEAR, a_beat(business, admitted.session_id, now=late)), (SWEEP, late)]
    assert commit(engine, batch)[1] == ([], None)
    assert [row["state"] for row in rows_of(engine, "leases")] == ["live"]
