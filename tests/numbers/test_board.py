"""What the board says of every number: its state, since when, and for whom."""

import pytest
from sqlalchemy import Connection, Engine, update

from swapboard.clock import MINUTE, SECOND, Millis
from swapboard.numbers.board import Board, NumberState, board
from swapboard.numbers.exhaustions import latest_exhaustions
from swapboard.numbers.rules import Overflow
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import numbers
from swapboard.switchboard.beating import hear
from swapboard.switchboard.visiting import Admitted, admit
from swapboard.visits.visit import Presence
from tests.building import (
    BILLBOARD,
    FALLBACK,
    NOW,
    SESSION_SECONDS,
    TARGETS,
    Business,
    a_beat,
    a_visit,
    open_business,
    pool_number,
)

AD = "https://www.example.com/?utm_source=google&utm_medium=cpc&utm_campaign=Spring"


def look(engine: Engine, business: Business, now: Millis, from_at: Millis = NOW) -> Board:
    with reading(engine) as connection:
        return board(connection, business.company_id, now, SESSION_SECONDS, from_at)


def states(seen: Board, pool: int = 0) -> dict[str, NumberState]:
    return {number.number: number.state for number in seen.pools[pool].numbers}


def come(connection: Connection, business: Business, at: Millis, url: str = AD) -> Admitted:
    return admit(connection, [a_visit(business, now=at, url=url)])[0]


def test_a_number_is_idle_then_live_then_cooling_then_idle(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
    number = pool_number(0, 0)
    fresh = look(engine, business, NOW)
    assert states(fresh) == {number: NumberState.IDLE}
    assert fresh.pools[0].numbers[0].since_at is None
    assert fresh.pools[0].numbers[0].holder is None

    with writing(engine) as connection:
        admitted = come(connection, business, NOW + MINUTE)
    live = look(engine, business, NOW + 2 * MINUTE).pools[0].numbers[0]
    assert (live.state, live.since_at) == (NumberState.LIVE, NOW + MINUTE)
    assert live.holder is not None
    assert (live.holder.session_id, live.holder.channel) == (admitted.session_id, "Paid Search")
    assert live.holder.campaign == "Spring"

    left_at = NOW + 3 * MINUTE
    with writing(engine) as connection:
        hear(connection, [a_beat(business, admitted.session_id, now=left_at, presence=Presence.GONE)])
    cooled_at = left_at + SESSION_SECONDS * SECOND
    for now, state in ((cooled_at - 1, NumberState.COOLING), (cooled_at, NumberState.IDLE)):
        after = look(engine, business, now).pools[0].numbers[0]
        assert (after.state, after.since_at) == (state, left_at)
        assert after.holder is not None
        assert after.holder.session_id == admitted.session_id


def test_the_last_holder_is_named_not_an_earlier_one(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
        for minute in (1, 3):
            last = come(connection, business, NOW + minute * MINUTE)
            gone = a_beat(business, last.session_id, now=NOW + (minute + 1) * MINUTE, presence=Presence.GONE)
            hear(connection, [gone])

    holder = look(engine, business, NOW + 5 * MINUTE).pools[0].numbers[0].holder
    assert holder is not None
    assert holder.session_id == last.session_id


def test_a_paused_number_is_counted_apart(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=2)
        connection.execute(
            update(numbers)
            .where(numbers.c.company_id == business.company_id, numbers.c.number == pool_number(0, 1))
            .values(status="paused")
        )
        come(connection, business, NOW)

    pool = look(engine, business, NOW).pools[0]
    assert (pool.size, pool.count(NumberState.LIVE), pool.count(NumberState.PAUSED)) == (1, 1, 1)
    assert pool.exhausted_now
    assert [number.state for number in pool.by_state] == [NumberState.LIVE, NumberState.PAUSED]


def test_static_numbers_stand_in_their_place(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)

    statics = {number.number: number for number in look(engine, business, NOW).statics}
    assert statics[BILLBOARD].state is NumberState.STANDING
    assert (statics[BILLBOARD].placement, statics[BILLBOARD].channel) == ("Billboard", "Offline")
    assert statics[BILLBOARD].holder is None


def test_exhaustions_are_counted_from_a_moment_and_listed_latest_first(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1, overflow=Overflow.FALLBACK)
        come(connection, business, NOW)
        late = [come(connection, business, NOW + minute * SECOND).session_id for minute in (1, 2, 3)]

    assert look(engine, business, NOW, NOW).pools[0].exhausted == 3
    assert look(engine, business, NOW, NOW + 2 * SECOND).pools[0].exhausted == 2
    assert look(engine, business, NOW, NOW + MINUTE).pools[0].exhausted == 0
    with reading(engine) as connection:
        listed = latest_exhaustions(connection, business.company_id, 2)
    assert [each.session_id for each in listed] == [late[2], late[1]]
    assert {each.instead for each in listed} == {FALLBACK}
    assert listed[0].happened_at == NOW + 3 * SECOND
    assert (listed[0].pool, listed[0].channel) == ("Visitors", "Paid Search")


def test_an_exhaustion_that_kept_the_pages_own_number_says_so(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1, overflow=Overflow.ORIGINAL)
        come(connection, business, NOW)
        come(connection, business, NOW)
        assert [each.instead for each in latest_exhaustions(connection, business.company_id, 9)] == [None]


def test_each_pool_has_its_own_numbers(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=2, targets=2)

    seen = look(engine, business, NOW)
    assert {pool.target for pool in seen.pools} == set(TARGETS)
    for pool in seen.pools:
        assert len(pool.numbers) == 2
    assert len(seen.numbers) == 4 + len(seen.statics)


def test_another_companys_numbers_are_not_on_it(engine: Engine) -> None:
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        come(connection, stranger, NOW)

    assert set(states(look(engine, business, NOW)).values()) == {NumberState.IDLE}
    ids = set(look(engine, business, NOW).numbers)
    assert ids.isdisjoint(look(engine, stranger, NOW).numbers)


@pytest.mark.parametrize("limit", [0, 1])
def test_a_company_without_exhaustions_lists_none(engine: Engine, limit: int) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        assert latest_exhaustions(connection, business.company_id, limit) == []
