"""The flow's table: what happens to a call in each state, on each event."""

from itertools import product

import pytest

from swapboard.calls.call import EventKind
from swapboard.calls.flow import Dial, FlowState, Forward, HangUp, next_step

EVERY_CASE = list(product(FlowState, EventKind))
FLOW = Forward("+12025550101", 25)

TABLE = {
    (FlowState.NEW, EventKind.ARRIVED): (FlowState.DIALLING, Dial(("+12025550101",), 25)),
    (FlowState.DIALLING, EventKind.DIAL_ENDED): (FlowState.DONE, HangUp()),
}


@pytest.mark.parametrize(("state", "event"), EVERY_CASE)
def test_each_state_on_each_event(state: FlowState, event: EventKind) -> None:
    assert next_step(FLOW, state, event) == TABLE.get((state, event), (FlowState.DONE, HangUp()))


@pytest.mark.parametrize(("state", "event"), EVERY_CASE)
def test_the_same_question_has_the_same_answer(state: FlowState, event: EventKind) -> None:
    assert next_step(FLOW, state, event) == next_step(FLOW, state, event)


def test_a_flow_ends() -> None:
    state, _ = next_step(FLOW, FlowState.NEW, EventKind.ARRIVED)
    state, _ = next_step(FLOW, state, EventKind.DIAL_ENDED)
    assert state is FlowState.DONE
    for event in EventKind:
        assert next_step(FLOW, state, event) == (FlowState.DONE, HangUp())


def test_each_flow_dials_its_own_destination() -> None:
    _, step = next_step(Forward("+442079460123", 40), FlowState.NEW, EventKind.ARRIVED)
    assert step == Dial(("+442079460123",), 40)
