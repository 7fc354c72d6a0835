"""Invariant 5 in the database: events in any order, repeated at will, in any batches, are written as one call."""

import random
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event, update

from swapboard.attribution.recompute import Credit, Recredit, apply
from swapboard.attribution.store import Attribution
from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.lone_callers import lone_callers
from swapboard.calls.verdict import Verdict
from swapboard.clock import HOUR, SECOND
from swapboard.conversions.conversion import Rule
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import calls
from swapboard.switchboard.judging import judge
from swapboard.switchboard.lead_filing import credit_all
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import admit
from tests.building import DESTINATION, NOW, ON_POSTGRESQL, Business, a_visit, open_business, pool_number, rows_of

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


class Killed(Exception):
    """Before what was worked on is committed."""


def tell_who_is_killed(engine: Engine, business: Business, events: Sequence[CallEvent]) -> None:
    told = Told(business.company_id, business.carrier_id, tuple(events), {"body": "x"}, NOW + 60 * SECOND)
    with suppress(Killed), writing(engine) as connection:
        receive(connection, [told])
        raise Killed


def written(engine: Engine, business: Business, call_ref: str) -> object:
    """What stands in the database of a call, but for its own ids, and how often it was written."""
    (call,) = rows_of(engine, "calls", company_id=business.company_id, call_ref=call_ref)
    legs = rows_of(engine, "call_legs", company_id=business.company_id, call_id=call["call_id"])
    candidates = rows_of(engine, "call_candidates", company_id=business.company_id, call_id=call["call_id"])
    events = rows_of(engine, "carrier_events", company_id=business.company_id, call_ref=call_ref)
    own = {name for name in call if name.endswith("_id")} | {"changes"}
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
            hook = DestinationRecord("d" * 32, business.company_id, "webhook", "Own", {}, "", Rule(), True, NOW)
            add_destination(connection, hook)
        assert admitted.swaps[0].number == pool_number(0, 0)
        for batch in batches:
            tell_who_is_killed(engine, business, batch)
            tell(engine, business, [batch])
        calls.append(written(engine, business, "CA1"))
        (call,) = rows_of(engine, "calls", company_id=business.company_id)
        assert (call["status"], call["talk_seconds"], call["session_id"]) == ("answered", 40, admitted.session_id)
        (queued,) = rows_of(engine, "deliveries", company_id=business.company_id)
        assert (queued["contact_id"], queued["saying"]) == (call["call_id"], "convert"), "invariant 6"
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


@ON_POSTGRESQL
def test_two_processes_told_of_one_call_at_once_fold_all_of_it(engine: Engine, business: Business) -> None:
    """The second waits for the first, and then folds what the first wrote, too."""
    events = story("CA1", "+12025550100")
    tell(engine, business, [events[:1]])
    second = threading.Thread(target=tell, args=(engine, business, [events[4:]]))
    with writing(engine) as connection:
        receive(
            connection, [Told(business.company_id, business.carrier_id, tuple(events[1:4]), {"body": "x"}, NOW)]
        )
        second.start()
        second.join(0.3)
        assert second.is_alive(), "it waits"
    second.join()
    (call,) = rows_of(engine, "calls", company_id=business.company_id)
    assert (call["status"], call["talk_seconds"]) == ("answered", 40)
    assert len(rows_of(engine, "call_legs")) == 2
    legs = {leg["status"] for leg in rows_of(engine, "call_legs")}
    assert legs == {"no_answer", "answered"}


@ON_POSTGRESQL
def test_a_call_that_is_credited_while_it_is_weighed_anew_keeps_what_was_written_last(
    engine: Engine, business: Business
) -> None:
    tell(engine, business, [story("CA1", "+12025550100")])
    (call,) = rows_of(engine, "calls", company_id=business.company_id)
    was = Credit(call["attribution_kind"], call["session_id"], call["confidence"])
    change = Recredit(call["call_id"], call["started_at"], was, Attribution("static"), ())
    applied: list[int] = []

    def weigh_anew() -> None:
        with writing(engine) as connection:
            applied.append(len(apply(connection, business.company_id, 1, [change], "somebody", NOW)))

    second = threading.Thread(target=weigh_anew)
    with writing(engine) as connection:
        its = (calls.c.company_id == business.company_id, calls.c.call_id == call["call_id"])
        connection.execute(update(calls).where(*its).values(confidence=0.5))
        second.start()
        second.join(0.3)
        assert second.is_alive(), "it waits"
    second.join()
    (after,) = rows_of(engine, "calls", company_id=business.company_id)
    assert (applied, after["attribution_kind"], after["confidence"]) == ([0], was.kind, 0.5)


def test_news_of_many_calls_takes_no_more_statements_than_that_of_one(engine: Engine, business: Business) -> None:
    """What a leg does between the call's arrival and its end: hundreds of such come a second."""

    def statements_for(refs: Sequence[str]) -> int:
        tell(engine, business, [story(ref, "+12025550100")[:1] for ref in refs])
        seen: list[str] = []

        def see(_c: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", see)
        try:
            tell(engine, business, [story(ref, "+12025550100")[1:4] for ref in refs])
        finally:
            event.remove(engine, "before_cursor_execute", see)
        return len(seen)

    assert statements_for([f"CB{index}" for index in range(20)]) == statements_for(["CA1"])


def two_of_one_caller() -> list[list[CallEvent]]:
    later = [
        replace(each, happened_at=each.happened_at + 120 * SECOND) for each in story("CA2", pool_number(0, 0))
    ]
    return [story("CA1", pool_number(0, 0)), later]


def test_two_calls_of_one_caller_are_the_same_told_at_once_or_one_by_one(engine: Engine) -> None:
    """Of who calls once and never else less is asked; who is in one batch twice is no such caller."""
    found = []
    for at_once in (True, False):
        with writing(engine) as connection:
            business = open_business(connection, numbers=1)
            admit(connection, [a_visit(business)])
        first, second = two_of_one_caller()
        for batches in [[first, second]] if at_once else [[first], [second]]:
            tell(engine, business, batches)
        found.append([written(engine, business, ref) for ref in ("CA1", "CA2")])
        firsts = rows_of(engine, "calls", company_id=business.company_id)
        assert {row["call_ref"]: row["first_time_caller"] for row in firsts} == {"CA1": True, "CA2": False}
    assert found[0] == found[1]


def test_who_called_another_time_is_no_lone_caller(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        other = open_business(connection)
    tell(engine, business, [story("CA1", pool_number(0, 0))])
    tell(engine, other, [story("CA9", pool_number(0, 0))])

    def lone(of: Business, carrier_id: str, *refs: str) -> set[str]:
        with reading(engine) as connection:
            return set(lone_callers(connection, of.company_id, carrier_id, [CALLER, "+12125550199"], refs))

    assert lone(business, business.carrier_id, "CA1", "CA2") == {CALLER, "+12125550199"}
    assert lone(business, business.carrier_id, "CA2") == {"+12125550199"}
    assert lone(business, "another account", "CA1") == {"+12125550199"}


def test_a_call_before_the_first_makes_the_first_one_no_more(engine: Engine, business: Business) -> None:
    """The carrier's list may tell of an older call when the newer one is written already."""
    newer = [replace(each, happened_at=each.happened_at + 60 * SECOND) for each in story("CA2", "+12025550100")]
    tell(engine, business, [newer])
    tell(engine, business, [story("CA1", "+12025550100")])
    first = {row["call_ref"]: row["first_time_caller"] for row in rows_of(engine, "calls")}
    assert first == {"CA1": True, "CA2": False}


def test_a_repeated_event_brings_no_tag_back_that_a_person_removed(engine: Engine, business: Business) -> None:
    said = CallEvent("CA1", "", EventKind.ROUTED, 0, NOW, Facts(step="dial", tags=("sales",)))
    tell(engine, business, [[*story("CA1", "+12025550100"), said]])
    (call,) = rows_of(engine, "calls")
    assert call["tags"] == ["sales"]
    with writing(engine) as connection:
        judge(connection, business.company_id, call["call_id"], Verdict((), None, None), NOW)
    tell(engine, business, [[said]])
    assert rows_of(engine, "calls")[0]["tags"] == []


def test_whose_a_call_is_is_worked_out_anew_when_more_is_told(engine: Engine, business: Business) -> None:
    with writing(engine) as connection:
        admit(connection, [a_visit(business)])
    first, *others = story("CA1", pool_number(0, 0))
    tell(engine, business, [[first]])
    assert credit_all(engine, business.company_id, NOW + HOUR) == 1
    assert rows_of(engine, "lead_credits")
    tell(engine, business, [others])
    assert rows_of(engine, "lead_credits") == []
    assert credit_all(engine, business.company_id, NOW + HOUR) == 1
