"""The dry run says what the real flow would do, and ends as the call would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import EventKind
from swapboard.calls.dry_run import Caller, Ending, dry_run
from swapboard.calls.flow_event import FlowEvent
from swapboard.calls.nodes import Flow, Greeting
from swapboard.clock import from_iso
from tests.calls.flows import EVERY_STEP, HOME, SHOP, SHOP_FLOW, valid_flows

NOON = FlowEvent(EventKind.ARRIVED, from_iso("2026-11-24T17:00:00Z"), SHOP, caller="+12125550111", region="US-NY")
NIGHT = FlowEvent(EventKind.ARRIVED, from_iso("2026-11-24T03:00:00Z"), SHOP)


@pytest.mark.parametrize(
    ("arrival", "caller", "path", "ending"),
    [
        (NOON, Caller("1"), ["hours welcome menu", "sales", ""], Ending.PERSON),
        (NOON, Caller("1", (False, True)), ["hours welcome menu", "sales", "", ""], Ending.PERSON),
        (NOON, Caller("2"), ["hours welcome menu", "mailbox", ""], Ending.VOICEMAIL),
        (
            NOON,
            Caller("..", (False,)),
            ["hours welcome menu", "menu", "sales", "", "mailbox", ""],
            Ending.VOICEMAIL,
        ),
        (NIGHT, Caller(leaves_message=False), ["hours mailbox", ""], Ending.HUNG_UP),
    ],
)
def test_the_path(arrival: FlowEvent, caller: Caller, path: list[str], ending: Ending) -> None:
    run = dry_run(SHOP_FLOW, arrival, caller)
    assert [" ".join(moment.path) for moment in run.moments] == path
    assert (run.ending, run.fault) == (ending, "")


def test_what_happens_on_the_way() -> None:
    run = dry_run(SHOP_FLOW, NOON, Caller("1", (False, True)))
    asked, first, second, _end = run.moments
    assert (asked.heard[0], asked.pressed) == ("Welcome to the shop.", "1")
    assert (first.numbers, first.is_answered) == ((SHOP,), False)
    assert (second.numbers, second.is_answered) == ((HOME,), True)


def test_a_survey_takes_its_keys() -> None:
    run = dry_run(EVERY_STEP, NOON, Caller("111150#"))
    assert [moment.pressed for moment in run.moments if moment.pressed is not None] == ["1", "1", "1", "150"]


def test_a_rejected_call() -> None:
    assert dry_run(EVERY_STEP, NIGHT, Caller()).ending is Ending.REJECTED


def test_a_flow_that_cannot_tell_goes_to_the_default_destination() -> None:
    run = dry_run(Flow("a", {"a": Greeting(text="A", then="a")}), NOON, Caller())
    assert run.ending is Ending.DEFAULT
    assert "circles" in run.fault


@given(valid_flows(), st.text("0123456789*#.", max_size=8), st.lists(st.booleans(), min_size=1, max_size=3))
def test_any_caller_comes_to_an_end(flow: Flow, keys: str, answers: list[bool]) -> None:
    assert dry_run(flow, NOON, Caller(keys, answers)).ending is not Ending.DEFAULT
