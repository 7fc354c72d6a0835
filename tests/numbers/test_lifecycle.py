"""The life of a number: which step may follow which, all or none, each written down; late calls and troubles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.clock import DAY
from swapboard.language import speaking
from swapboard.numbers.acting import Order, act
from swapboard.numbers.health import CallCounts, Trouble, call_counts, health
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.lifecycle import Action, NotPossible, actions_for, quarantine_ends_at, status_after
from swapboard.numbers.listing import NumberRecord, list_numbers, number_by_id
from swapboard.numbers.number_log import NumberEvent, events_of
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import admit
from tests.building import BILLBOARD, FALLBACK, NOW, Business, a_visit, open_business, pool_number, rows_of

WHO = "owner@example.com"


@given(st.sampled_from(list(NumberStatus)), st.sampled_from(list(Action)))
def test_only_what_is_listed_may_be_done(status: NumberStatus, action: Action) -> None:
    if action in actions_for(status):
        assert status_after(status, action) in NumberStatus
    else:
        with pytest.raises(NotPossible):
            status_after(status, action)


@given(st.lists(st.sampled_from(list(Action)), max_size=8))
def test_what_is_released_stays_so_and_quarantine_is_only_left_back_or_out(steps: list[Action]) -> None:
    status = NumberStatus.ACTIVE
    for action in steps:
        before = status
        if action in actions_for(status):
            status = status_after(status, action)
        if before is NumberStatus.RELEASED:
            assert status is NumberStatus.RELEASED
        if before is NumberStatus.QUARANTINED:
            assert status is not NumberStatus.PAUSED


def number_called(connection: Connection, business: Business, number: str) -> NumberRecord:
    rows = list_numbers(connection, business.company_id, limit=200).rows
    return next(each for each in rows if each.number == number)


def do(connection: Connection, business: Business, action: Action, *numbers: str, **where: str) -> None:
    ids = [number_called(connection, business, number).number_id for number in numbers]
    act(connection, business.company_id, Order(action, ids, WHO, **where), NOW)


def shown(connection: Connection, business: Business, count: int = 1) -> list[str]:
    admitted = admit(connection, [a_visit(business, now=NOW + place) for place in range(count)])
    return [swap.number for each in admitted for swap in each.swaps]


def test_paused_and_quarantined_numbers_are_shown_to_nobody(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=3)
        do(connection, business, Action.PAUSE, pool_number(0, 0))
        do(connection, business, Action.QUARANTINE, pool_number(0, 1))
        assert shown(connection, business, 2) == [pool_number(0, 2), FALLBACK]
        do(connection, business, Action.ACTIVATE, pool_number(0, 0), pool_number(0, 1))
        assert set(shown(connection, business, 2)) == {pool_number(0, 0), pool_number(0, 1)}
        log = [(event.kind, event.actor) for event in events_of(connection, business.company_id)]
    assert sorted(log) == sorted(
        (kind, WHO)
        for kind in (NumberEvent.PAUSED, NumberEvent.QUARANTINED, NumberEvent.ACTIVATED, NumberEvent.ACTIVATED)
    )


def test_a_number_in_quarantine_is_taken_off_the_page_that_shows_it(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=1)
        assert shown(connection, business) == [pool_number(0, 0)]
        do(connection, business, Action.QUARANTINE, pool_number(0, 0))
        record = number_called(connection, business, pool_number(0, 0))
        assert (record.live_session_id, record.quarantined_at) == (None, NOW)
        assert quarantine_ends_at(NOW, 30) == NOW + 30 * DAY


def test_all_or_none_and_nothing_that_is_still_used(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=2)
    for action, numbers in (
        (Action.RELEASE, (pool_number(0, 0), FALLBACK)),
        (Action.QUARANTINE, (BILLBOARD, FALLBACK)),
        (Action.ASSIGN, (pool_number(0, 0),)),
    ):
        with pytest.raises(NotPossible), writing(engine) as connection:
            do(connection, business, action, *numbers)
    with pytest.raises(NotPossible), writing(engine) as connection:
        act(connection, business.company_id, Order(Action.PAUSE, ["unknown"], WHO), NOW)
    assert {row["status"] for row in rows_of(engine, "numbers")} == {"active"}
    assert rows_of(engine, "number_events") == []


def test_another_companys_numbers_are_not_there(engine: Engine) -> None:
    with writing(engine) as connection:
        ours, theirs = open_business(connection), open_business(connection)
        number_id = number_called(connection, theirs, BILLBOARD).number_id
    with pytest.raises(NotPossible), writing(engine) as connection:
        act(connection, ours.company_id, Order(Action.PAUSE, [number_id], WHO), NOW)


def test_a_number_goes_from_pool_to_place_and_back(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=2, targets=2)
        target, pool = business.targets[0].target_id, business.pools[1].pool_id
        do(connection, business, Action.ASSIGN, pool_number(0, 0), target_id=target)
        static = number_called(connection, business, pool_number(0, 0))
        assert (static.kind, static.pool_id, static.target_id) == ("static", None, target)
        do(connection, business, Action.ASSIGN, pool_number(0, 0), pool_id=pool)
        pooled = number_called(connection, business, pool_number(0, 0))
        assert (pooled.kind, pooled.pool_id, pooled.target_id) == ("pool", pool, None)
        for where in ({}, {"pool_id": pool, "target_id": target}, {"pool_id": "x"}, {"target_id": "x"}):
            with pytest.raises(NotPossible):
                do(connection, business, Action.ASSIGN, pool_number(0, 0), **where)
        with speaking("de"), pytest.raises(NotPossible, match="gibt es nicht"):
            do(connection, business, Action.ASSIGN, pool_number(0, 0), pool_id="x")


def ring(connection: Connection, business: Business, number: str, ref: str) -> None:
    facts = Facts(dialled=number, caller="+12125550111")
    event = CallEvent(ref, "", EventKind.ARRIVED, 0, NOW, facts)
    receive(connection, [Told(business.company_id, business.carrier_id, (event,), {}, NOW)])


def test_what_is_so_already_stays_and_does_not_stand_in_the_way(engine: Engine) -> None:
    one, other = pool_number(0, 0), pool_number(0, 1)
    with writing(engine) as connection:
        business = open_business(connection)
        do(connection, business, Action.PAUSE, one)
        do(connection, business, Action.PAUSE, one, other)
        paused = [number_called(connection, business, each) for each in (one, other)]
        assert [each.status for each in paused] == [NumberStatus.PAUSED] * 2
        do(connection, business, Action.PAUSE, one, other)
        do(connection, business, Action.ASSIGN, one, pool_id=business.pools[0].pool_id)
        with pytest.raises(NotPossible, match="There is no such pool"):
            do(connection, business, Action.ASSIGN, one, pool_id="nowhere")
        events = events_of(connection, business.company_id, limit=9)
    assert sorted((each.number, each.kind) for each in events) == [
        (one, NumberEvent.PAUSED),
        (other, NumberEvent.PAUSED),
    ]


def test_calls_to_a_number_in_quarantine_are_late(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        do(connection, business, Action.QUARANTINE, pool_number(0, 0))
        ring(connection, business, pool_number(0, 0), "late")
        ring(connection, business, pool_number(0, 0), "late")
        ring(connection, business, pool_number(0, 1), "in time")
    tags = {row["call_ref"]: row["tags"] for row in rows_of(engine, "calls")}
    assert tags == {"late": ["late"], "in time": []}


def test_troubles(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        billboard = number_called(connection, business, BILLBOARD)
    later = NOW + 200 * DAY
    carriers = [business.carrier_id]

    def troubles(number: NumberRecord, counts: CallCounts, now: int = later) -> set[Trouble]:
        return set(health(number, counts, carriers, {}, now, 30).troubles)

    assert troubles(billboard, CallCounts()) == {Trouble.NO_CARRIER, Trouble.SILENT}
    assert troubles(billboard, CallCounts(last_at=later - DAY)) == {Trouble.NO_CARRIER}
    assert troubles(billboard, CallCounts(), NOW) == {Trouble.NO_CARRIER}
    busy = CallCounts(later, 10, 10, spam=6)
    assert Trouble.SPAM in troubles(billboard, busy)
    assert Trouble.FAILING in troubles(billboard, CallCounts(later, 10, 10, failed=10))
    with writing(engine) as connection:
        do(connection, business, Action.QUARANTINE, BILLBOARD)
        quarantined = number_by_id(connection, business.company_id, billboard.number_id)
        assert quarantined is not None
    assert Trouble.READY not in troubles(quarantined, CallCounts(), NOW + 29 * DAY)
    assert Trouble.READY in troubles(quarantined, CallCounts(), NOW + 30 * DAY)


@pytest.mark.parametrize(("days", "months"), [(0, 1), (10, 1), (29.9, 1), (31, 2), (75, 3), (90, 3), (400, 3)])
def test_a_call_costs_its_share_of_the_months_that_were_paid(engine: Engine, days: float, months: int) -> None:
    """A number that was bought last week has cost one month, and not the three that are looked at."""
    with writing(engine) as connection:
        business = open_business(connection)
        billboard = number_called(connection, business, BILLBOARD)
    now = billboard.created_at + round(days * DAY)
    told = health(billboard, CallCounts(calls=9), [business.carrier_id], {}, now, 30)
    assert told.cost_per_call(300) == pytest.approx(months * 300 / 9)
    assert told.cost_per_call(None) is None


def test_counts_of_calls(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        for ref in ("a", "b"):
            ring(connection, business, BILLBOARD, ref)
    with reading(engine) as connection:
        counts = call_counts(connection, business.company_id, NOW + DAY)
        assert counts[BILLBOARD] == CallCounts(NOW, 2, 2, 0, 0)
        assert call_counts(connection, business.company_id, NOW + 91 * DAY)[BILLBOARD] == CallCounts(NOW, 0, 0)
