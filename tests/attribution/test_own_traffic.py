"""A company's own past as traffic: what it says of a visit, a tap and a call, and in which order."""

from itertools import pairwise

import pytest
from sqlalchemy import Engine

from swapboard.attribution.own_traffic import own_traffic
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.traffic import BeatLine, CallLine, Line, TapLine, VisitLine
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import DAY, MINUTE, SECOND, Millis
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.beating import Happening, hear
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.sweeping import sweep
from swapboard.switchboard.visiting import admit
from swapboard.visits.visit import EventKind as VisitEventKind
from swapboard.visits.visit import Presence
from tests.building import NOW, Business, a_beat, a_visit, open_business


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, numbers=3)


def past(engine: Engine, business: Business, now: Millis, since: Millis = NOW - DAY) -> list[Line]:
    with reading(engine) as connection:
        pool_id = business.pools[0].pool_id
        return list(own_traffic(connection, business.company_id, pool_id, since, now))


def live_a_day(engine: Engine, business: Business) -> tuple[str, str]:
    """One visitor taps, calls and says good-bye; another falls silent, and a stranger rings."""
    with writing(engine) as connection:
        [caller] = admit(connection, [a_visit(business)])
        [silent] = admit(connection, [a_visit(business, now=NOW + SECOND)])
        tap = (Happening(VisitEventKind.TAP, 0),)
        hear(connection, [a_beat(business, caller.session_id, now=NOW + 30 * SECOND, happenings=tap)])
        at = NOW + 35 * SECOND
        facts = Facts(dialled=caller.swaps[0].number, caller="+12125550111")
        arrived = CallEvent("c1", "", EventKind.ARRIVED, 0, at, facts)
        receive(connection, [Told(business.company_id, business.carrier_id, (arrived,), {}, at)])
        hear(connection, [a_beat(business, caller.session_id, Presence.GONE, NOW + 50 * SECOND)])
        sweep(connection, [NOW + 10 * MINUTE])
    return caller.session_id, silent.session_id


def test_it_tells_what_happened_in_order(engine: Engine, business: Business) -> None:
    caller, silent = live_a_day(engine, business)
    lines = past(engine, business, NOW + DAY)
    assert all(one.t <= other.t for one, other in pairwise(lines))
    assert [line.session for line in lines if isinstance(line, VisitLine)] == [caller, silent]
    beats = [(line.session, line.state) for line in lines if isinstance(line, BeatLine)]
    assert beats.count((caller, "gone")) == 1
    assert (silent, "gone") not in beats
    assert [line.session for line in lines if isinstance(line, TapLine)] == [caller]
    [call] = [line for line in lines if isinstance(line, CallLine)]
    assert (call.dialled_by, call.caller) == (caller, "+12125550111")


def test_it_can_be_replayed(engine: Engine, business: Business) -> None:
    caller, _silent = live_a_day(engine, business)
    board = Switchboard(1)
    [verdict] = board.run(past(engine, business, NOW + DAY))
    assert (board.tally.visits, board.tally.overflow) == (2, 1)
    best = verdict.posterior.best()
    assert best is not None
    assert best.holder.session_id == caller


def test_a_page_that_is_still_open_beats_up_to_now(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        [open_page] = admit(connection, [a_visit(business)])
        for minute in range(1, 4):
            hear(connection, [a_beat(business, open_page.session_id, now=NOW + minute * MINUTE - SECOND)])
    states = [line.state for line in past(engine, business, NOW + 3 * MINUTE) if isinstance(line, BeatLine)]
    assert len(states) >= 5
    assert set(states) == {"visible"}


def test_what_was_before_and_what_is_another_companys_is_left_out(engine: Engine, business: Business) -> None:
    live_a_day(engine, business)
    with writing(engine) as connection:
        stranger = open_business(connection, numbers=3)
    assert past(engine, stranger, NOW + DAY) == []
    assert past(engine, business, NOW + DAY, since=NOW + 12 * MINUTE) == []
