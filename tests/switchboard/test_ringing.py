"""Invariant 5 in the database: events in any order, repeated at will, in any batches, are written as one call."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.clock import SECOND
from swapboard.storage.engine import writing
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import admit
from tests.building import DESTINATION, NOW, Business, a_visit, open_business, pool_number, rows_of

CALLER = "+12125550111"
ORDERS = 12


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, numbers=1)


def story(call_ref: str, dialled: str) -> list[CallEvent]:
    """A call that rang one person in vain and was answered by another."""
    own = Facts(dialled=dialled, caller=CALLER)
    first, second = f"{call_ref}a", f"{call_ref}b"
    leg = Facts(leg_number=DESTINATION)
    missed = replace(leg, outcome=Outcome.NO_ANSWER)
    talked = replace(leg, outcome=Outcome.ANSWERED, talk_seconds=40)
    at = NOW + 10 * SECOND
    return [
        CallEvent(call_ref, "", EventKind.ARRIVED, 0, at, own),
        CallEvent(call_ref, first, EventKind.LEG_STARTED, 0, at + 200, leg),
        CallEvent(call_ref, first, EventKind.LEG_RINGING, 1, at + 900, leg),
        CallEvent(call_ref, first, EventKind.LEG_ENDED, 2, at + 9_000, missed),
        CallEvent(call_ref, second, EventKind.LEG_STARTED, 0, at + 9_100, leg),
        CallEvent(call_ref, second, EventKind.LEG_ANSWERED, 1, at + 12_000, leg),
        CallEvent(call_ref, second, EventKind.LEG_ENDED, 2, at + 52_000, talked),
        CallEvent(
            call_ref, "", EventKind.DIAL_ENDED, 0, at + 52_000, Facts(outcome=Outcome.ANSWERED, talk_seconds=40)
        ),
        CallEvent(call_ref, "", EventKind.CALL_ENDED, 0, at + 52_300, own),
    ]


def tell(engine: Engine, business: Business, batches: Sequence[Sequence[CallEvent]]) -> None:
    told = [
        Told(business.company_id, business.carrier_id, tuple(events), {"body": "x"}, NOW + 60 * SECOND)
        for events in batches
    ]
    with writing(engine) as connection:
        receive(connection, told)


def written(engine: Engine, business: Business, call_ref: str) -> object:
    """What stands in the database of a call, but for its own ids."""
    (call,) = rows_of(engine, "calls", company_id=business.company_id, call_ref=call_ref)
    legs = rows_of(engine, "call_legs", company_id=business.company_id, call_id=call["call_id"])
    candidates = rows_of(engine, "call_candidates", company_id=business.company_id, call_id=call["call_id"])
    events = rows_of(engine, "carrier_events", company_id=business.company_id, call_ref=call_ref)
    own = {name for name in call if name.endswith("_id")}
    return (
        {name: value for name, value in call.items() if name not in own},
        sorted(
            (leg["leg_ref"][-1], leg["status"], leg["started_at"], leg["answered_at"], leg["ended_at"])
            for leg in legs
        ),
        sorted((bool(each["session_id"]), round(each["probability"], 9)) for each in candidates),
        sorted((each["leg_ref"][-1:], each["kind"], each["sequence"], each["happened_at"]) for each in events),
    )


def test_any_order_and_repetition_is_the_same_call(engine: Engine) -> None:
    """Each order in a company of its own, for what is known of a caller makes the next call more certain."""
    chance = random.Random(7)
    orders = [[[event] for event in story("CA1", pool_number(0, 0))]]
    for _ in range(ORDERS):
        events = story("CA1", pool_number(0, 0))
        heard = [*events, *chance.choices(events, k=5)]
        chance.shuffle(heard)
        cut = chance.randrange(len(heard))
        orders.append([heard[:cut] or heard, heard[cut:], heard[:cut] or heard])
    calls = []
    for batches in orders:
        with writing(engine) as connection:
            business = open_business(connection, numbers=1)
            (admitted,) = admit(connection, [a_visit(business)])
        assert admitted.swaps[0].number == pool_number(0, 0)
        for batch in batches:
            tell(engine, business, [batch])
        calls.append(written(engine, business, "CA1"))
        (call,) = rows_of(engine, "calls", company_id=business.company_id)
        assert (call["status"], call["talk_seconds"], call["session_id"]) == ("answered", 40, admitted.session_id)
    for batches, call in zip(orders, calls, strict=True):
        assert call == calls[0], [event.kind for batch in batches for event in batch]


def test_events_told_again_change_no_row(engine: Engine, business: Business) -> None:
    events = story("CA1", "+12025550100")
    tell(engine, business, [events])
    before = {
        name: rows_of(engine, name) for name in ("calls", "call_legs", "carrier_events", "leads", "lead_contacts")
    }
    tell(
        engine,
        business,
        [events, events[::-1], [replace(event, happened_at=event.happened_at + SECOND) for event in events]],
    )
    assert {name: rows_of(engine, name) for name in before} == before
