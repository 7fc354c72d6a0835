"""A caller wants to be forgotten: no table has their number or name, wherever it was written."""

import pytest
from sqlalchemy import Engine

from swapboard.accounts.store import config_versions
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.calls.caller_word_store import CallerWord, say_of_caller
from swapboard.calls.spam import Word
from swapboard.calls.verdict import Verdict
from swapboard.clock import MINUTE, SECOND
from swapboard.conversions.conversion import Rule
from swapboard.conversions.event import Event
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.storage.engine import writing
from swapboard.switchboard.clearing import clear
from swapboard.switchboard.forgetting import forget_visitors
from swapboard.switchboard.forgetting_caller import forget_caller
from swapboard.switchboard.judging import judge
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import admit
from tests.building import NOW, a_visit, open_business, rows_of
from tests.switchboard.test_forgetting import kept_of

CALLER, NAME = "+12125550177", "Secret Name"


@pytest.mark.parametrize("is_spam", [False, True])
def test_no_table_knows_anything_of_them_but_that_they_are_blocked(engine: Engine, is_spam: bool) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=3)
        company_id = business.company_id
        rule = Rule(answered=False, events=tuple(Event))
        listening = DestinationRecord("d" * 32, company_id, "webhook", "Ours", {}, "", rule, True, NOW)
        add_destination(connection, listening)
        [admitted] = admit(connection, [a_visit(business)])
        facts = Facts(dialled=admitted.swaps[0].number, caller=CALLER, caller_name=NAME)
        arrived = CallEvent("c1", "", EventKind.ARRIVED, 0, NOW + SECOND, facts)
        left = Facts(caller=CALLER, recording_ref="r1", message_seconds=4)
        ended = CallEvent("c1", "", EventKind.CALL_ENDED, 1, NOW + MINUTE, left)
        for event in (arrived, ended):
            receive(
                connection, [Told(company_id, business.carrier_id, (event,), {"From": CALLER}, event.happened_at)]
            )
    (call,) = rows_of(engine, "calls")
    with writing(engine) as connection:
        judge(connection, company_id, call["call_id"], Verdict(("x",), 100, True), NOW + 2 * MINUTE)
        clear(connection, company_id, call["call_id"], is_spam, "ann@example.com", NOW + 3 * MINUTE)
    assert kept_of(engine, CALLER)

    with writing(engine) as connection:
        assert forget_caller(connection, company_id, CALLER, "ann@example.com", NOW + 4 * MINUTE) == (1, 0)
    left_over = kept_of(engine, CALLER, CALLER[2:], NAME, NAME.lower())
    assert [row.split()[0] for row in left_over] == ["caller_words"] * is_spam
    (told,) = rows_of(engine, "deliveries")
    assert (told["saying"], told["contact_id"]) == (Event.FORGOTTEN, call["call_id"])
    assert told["message"]["details"] == {"forgotten": "caller"}


def test_whoever_is_to_forget_visitor_and_caller_is_told_of_both(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection, numbers=3)
        company_id = business.company_id
        rule = Rule(calls=False, forms=False, events=(Event.FORGOTTEN,))
        listening = DestinationRecord("d" * 32, company_id, "webhook", "Ours", {}, "", rule, True, NOW)
        add_destination(connection, listening)
        [admitted] = admit(connection, [a_visit(business)])
        facts = Facts(dialled=admitted.swaps[0].number, caller=CALLER, caller_name=NAME)
        arrived = CallEvent("c1", "", EventKind.ARRIVED, 0, NOW + SECOND, facts)
        receive(connection, [Told(company_id, business.carrier_id, (arrived,), {"From": CALLER}, NOW + SECOND)])
        forget_visitors(connection, company_id, [admitted.visitor_id], NOW + MINUTE)
        forget_caller(connection, company_id, CALLER, "ann@example.com", NOW + 2 * MINUTE)
    told = sorted(rows_of(engine, "deliveries"), key=lambda row: row["delivery_id"])
    assert [row["message"]["details"]["forgotten"] for row in told] == ["visitor", "caller"]
    assert not kept_of(engine, CALLER, CALLER[2:], NAME, NAME.lower(), admitted.visitor_id)


@pytest.mark.parametrize("is_over", [False, True])
def test_what_carriers_tell_later_does_not_bring_them_back(engine: Engine, is_over: bool) -> None:
    """They may be on the phone still; recordings are ready later, and a carrier's list of calls is read again."""
    with writing(engine) as connection:
        business = open_business(connection, numbers=3)
        company_id = business.company_id
        [admitted] = admit(connection, [a_visit(business)])
        who = Facts(dialled=admitted.swaps[0].number, caller=CALLER, caller_name=NAME)

        def tell(kind: EventKind, sequence: int, facts: Facts) -> None:
            event = CallEvent("c1", "", kind, sequence, NOW + sequence * SECOND, facts)
            told = Told(company_id, business.carrier_id, (event,), {"From": CALLER}, event.happened_at)
            receive(connection, [told])

        tell(EventKind.ARRIVED, 0, who)
        if is_over:
            tell(EventKind.CALL_ENDED, 1, who)
        forget_caller(connection, company_id, CALLER, "ann@example.com", NOW + 2 * SECOND)
        tell(EventKind.MESSAGE, 3, Facts(caller=CALLER, recording_ref="r1", message_seconds=4))
        tell(EventKind.CALL_ENDED, 4, who)
        tell(EventKind.RECORDED, 5, Facts(caller=CALLER, recording_ref="r2"))
    assert kept_of(engine, CALLER, CALLER[2:], NAME, NAME.lower()) == []
    gone = [(row["recording_ref"], row["state"], row["gone_because"]) for row in rows_of(engine, "recordings")]
    assert gone == [(each, "gone", "forgotten") for each in ("r1", "r2")]
    (call,) = rows_of(engine, "calls")
    assert (call["ended_at"] is not None, call["caller_withheld"]) == (True, False)


def test_a_good_number_of_which_no_call_is_known_any_more_is_forgotten_too(engine: Engine) -> None:
    """Older calls lose their number by themselves, or it was put on the list by hand."""
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        said = CallerWord("w1", CALLER, Word.ALLOW, "", "ann@example.com", NOW)
        say_of_caller(connection, company_id, said)
        before = config_versions(connection)
        assert forget_caller(connection, company_id, CALLER, "ann@example.com", NOW) == (0, 0)
        assert config_versions(connection) != before
    assert kept_of(engine, CALLER) == []
