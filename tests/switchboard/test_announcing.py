"""What happens to calls is put in the outbox with what made it happen, once, for whoever wants to know."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from swapboard.attribution.recompute import Credit
from swapboard.calls import call
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.calls.lead_rule_store import add_rule
from swapboard.calls.lead_rules import Conditions, LeadRule, Outcome
from swapboard.calls.verdict import Verdict
from swapboard.clock import HOUR, SECOND
from swapboard.conversions import contact
from swapboard.conversions.conversion import Rule
from swapboard.conversions.event import Event
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import writing
from swapboard.switchboard.announcing import announce_credit
from swapboard.switchboard.clearing import clear
from swapboard.switchboard.judging import judge
from swapboard.switchboard.ringing import Told, receive
from tests.building import NOW, Business, open_business, pool_number, rows_of
from tests.switchboard.test_ringing import CALLER, story

HOOK = "d" * 32


@pytest.fixture
def business(engine: Engine) -> Business:
    with writing(engine) as connection:
        return open_business(connection, numbers=1)


def listens(engine: Engine, business: Business, *events: Event, destination_id: str = HOOK) -> None:
    rule = Rule(calls=False, forms=False, events=events)
    record = DestinationRecord(destination_id, business.company_id, "webhook", "Ours", {}, "", rule, True, NOW)
    with writing(engine) as connection:
        add_destination(connection, record)


def tell(engine: Engine, business: Business, events: Sequence[CallEvent]) -> str:
    """One request of the carrier for each; the call's id."""
    for each in events:
        told = Told(business.company_id, business.carrier_id, (each,), {}, each.happened_at)
        with writing(engine) as connection:
            ((changed,),) = receive(connection, [told])
    return changed.call_id


def said(engine: Engine) -> list[str]:
    return [
        row["saying"] for row in sorted(rows_of(engine, "deliveries"), key=lambda row: str(row["delivery_id"]))
    ]


def missed_call(call_ref: str = "CA1") -> list[CallEvent]:
    own = Facts(dialled=pool_number(0, 0), caller=CALLER)
    return [
        CallEvent(call_ref, "", EventKind.ARRIVED, 0, NOW, own),
        CallEvent(call_ref, "", EventKind.CALL_ENDED, 0, NOW + 20 * SECOND, own),
    ]


def test_each_step_of_a_call_is_told_as_it_happens_and_once(engine: Engine, business: Business) -> None:
    listens(engine, business, *Event)
    events = story("CA1", pool_number(0, 0))
    seen = [(tell(engine, business, [each]), tuple(said(engine))) for each in events]
    assert seen[0][1] == ("call.before_answer",)
    whole = ("call.before_answer", "call.answered", "call.ended")
    assert seen[-1][1] == whole
    tell(engine, business, [*events, *reversed(events)])
    assert tuple(said(engine)) == whole
    messages = [row["message"] for row in rows_of(engine, "deliveries")]
    by_saying = {each["saying"]: each["contact"] for each in messages}
    assert by_saying["call.before_answer"]["call"]["status"] == "ringing"
    assert by_saying["call.before_answer"]["phone"] == CALLER
    assert by_saying["call.ended"]["talk_seconds"] == 40


def test_a_missed_call_is_told_as_one(engine: Engine, business: Business) -> None:
    listens(engine, business, Event.MISSED)
    tell(engine, business, missed_call())
    assert said(engine) == ["call.missed"]


def test_destinations_and_calls_agree_on_what_goes_on() -> None:
    assert {status.value for status in call.GOES_ON} == contact.GOES_ON


def lost_call(call_ref: str = "CA1") -> list[CallEvent]:
    """Somebody talked, and nobody ever told us of the end."""
    gone = CallEvent(call_ref, "", EventKind.GIVEN_UP, 0, NOW + 6 * HOUR)
    *heard, _leg_ended, _dial_ended, _call_ended = story(call_ref, pool_number(0, 0))
    return [*heard, gone]


def test_a_call_whose_end_was_never_heard_is_over_for_who_listens(engine: Engine, business: Business) -> None:
    listens(engine, business, *Event)
    tell(engine, business, lost_call())
    whole = ["call.before_answer", "call.answered", "call.ended"]
    assert said(engine) == whole
    tell(engine, business, story("CA1", pool_number(0, 0)))
    assert said(engine) == [*whole, "call.changed"], "its length is known now"
    *_before, last = sorted(rows_of(engine, "deliveries"), key=lambda row: str(row["delivery_id"]))
    assert last["message"]["contact"]["talk_seconds"] == 40


def test_a_call_whose_end_was_never_heard_converts(engine: Engine, business: Business) -> None:
    """It was answered; only a rule that asks for a length waits until one is known."""
    for ref, rule in (("d" * 32, Rule(answered=True)), ("e" * 32, Rule(answered=True, least_talk_seconds=30))):
        record = DestinationRecord(ref, business.company_id, "webhook", "Ours", {}, "", rule, True, NOW)
        with writing(engine) as connection:
            add_destination(connection, record)
    tell(engine, business, lost_call()[:-1])
    assert rows_of(engine, "deliveries") == []
    tell(engine, business, lost_call()[-1:])
    assert [row["destination_id"] for row in rows_of(engine, "deliveries")] == ["d" * 32]
    tell(engine, business, story("CA1", pool_number(0, 0)))
    assert sorted(row["destination_id"] for row in rows_of(engine, "deliveries")) == ["d" * 32, "e" * 32]


def test_a_call_whose_end_was_never_heard_was_not_short(engine: Engine, business: Business) -> None:
    short = LeadRule("Short", Conditions(talk_seconds_below=60), Outcome(qualified=False))
    with writing(engine) as connection:
        add_rule(connection, business.company_id, short, NOW)
    tell(engine, business, lost_call())
    assert [row["qualified"] for row in rows_of(engine, "calls")] == [None]
    tell(engine, business, story("CA1", pool_number(0, 0)))
    assert [row["qualified"] for row in rows_of(engine, "calls")] == [False], "40 s, as we know now"


def test_only_what_was_asked_for_is_told_and_to_whom(engine: Engine, business: Business) -> None:
    listens(engine, business, Event.ENDED)
    listens(engine, business, Event.ANSWERED, destination_id="e" * 32)
    tell(engine, business, story("CA1", pool_number(0, 0)))
    assert {(row["destination_id"], row["saying"]) for row in rows_of(engine, "deliveries")} == {
        (HOOK, "call.ended"),
        ("e" * 32, "call.answered"),
    }


def test_what_is_not_written_is_not_told(engine: Engine, business: Business) -> None:
    """The outbox is part of the transaction: whoever is killed before its end has told nothing."""
    listens(engine, business, Event.BEFORE_ANSWER)
    told = Told(business.company_id, business.carrier_id, tuple(missed_call()[:1]), {}, NOW)

    def killed() -> None:
        with writing(engine) as connection:
            receive(connection, [told])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert rows_of(engine, "calls") == rows_of(engine, "deliveries") == []


def test_what_people_say_later_is_told_when_it_is_news(engine: Engine, business: Business) -> None:
    listens(engine, business, Event.CHANGED)
    call_id = tell(engine, business, story("CA1", pool_number(0, 0)))
    for verdict in (Verdict(("sale",), None, True), Verdict(("sale",), None, True), Verdict((), None, True)):
        with writing(engine) as connection:
            judge(connection, business.company_id, call_id, verdict, NOW + 60 * SECOND)
    assert said(engine) == ["call.changed"] * 2
    with writing(engine) as connection:
        clear(connection, business.company_id, call_id, True, "ann@example.com", NOW + 70 * SECOND)
    *_before, last = sorted(rows_of(engine, "deliveries"), key=lambda row: str(row["delivery_id"]))
    assert last["message"]["contact"]["is_spam"]


def test_what_a_flow_says_while_the_call_goes_on_is_no_change(engine: Engine, business: Business) -> None:
    listens(engine, business, Event.CHANGED)
    arrived = missed_call()[0]
    tell(engine, business, [replace(arrived, facts=replace(arrived.facts, tags=("menu 1",)))])
    assert said(engine) == []


def test_another_visit_is_news_and_more_certainty_is_none(engine: Engine, business: Business) -> None:
    listens(engine, business, Event.ATTRIBUTION_CHANGED)
    call_id = tell(engine, business, story("CA1", pool_number(0, 0)))
    was = Credit("session", "s" * 32, 0.5)
    with writing(engine) as connection:
        announce_credit(connection, business.company_id, call_id, was, replace(was, confidence=0.9), NOW)
        announce_credit(connection, business.company_id, call_id, was, Credit("unknown", None, None), NOW)
    (row,) = rows_of(engine, "deliveries")
    assert row["message"]["details"] == {"was_kind": "session", "was_session_id": "s" * 32, "was_confidence": 0.5}


def test_a_call_costs_next_to_nothing_where_nobody_listens(engine: Engine, business: Business) -> None:
    """One look at the destinations for all that a batch tells, and nothing more: no call is read."""
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    events = story("CA1", pool_number(0, 0))
    tell(engine, business, events)
    looks = [each for each in asked if "FROM destinations" in each]
    assert len(looks) == 4, "rings, is answered, ends; and at its last news what counts is looked at again"
    asked.clear()
    tell(engine, business, events[:-1])
    assert not [each for each in asked if "FROM destinations" in each], "repeated news is none"
