"""What becomes of the other phones when one of them breaks in a way that nobody thought of."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from swapboard.calls.call import CallEvent, Outcome, Status
from swapboard.calls.flow_state import FlowState
from swapboard.calls.fold import fold
from swapboard.calls.step import Dial, Join, Prompt, Step
from swapboard.carriers.sandbox.dialling import DialRequest
from swapboard.lines.dialling import Dialling
from swapboard.lines.notes import Notes
from swapboard.lines.side import Arrival, LegSide
from tests.building import NOW, TARGETS
from tests.lines.actors import CallerActor, Network, Phone
from tests.lines.virtual_loop import VirtualLoop

ARRIVAL = Arrival("c1", "+12025550100", "+12125550111", False, None)
ASKED = DialRequest(to="+12025550100", caller="+12125550111")


class Broken(Phone):
    """Cannot be spoken to, nor be hung up."""

    async def say(self, prompts: Sequence[Prompt]) -> None:
        raise RuntimeError("it broke")

    async def hang_up(self) -> None:
        raise RuntimeError("it broke again")


class Phones(Network):
    """The first is broken, the last cannot be rung at all."""

    def __init__(self, others: Outcome) -> None:
        super().__init__(ASKED)
        self.others = others

    async def call(self, number: str, arrival: Arrival) -> LegSide:
        if len(self.rung) == 2:
            raise RuntimeError("no such network")
        of_first = not self.rung
        kind, outcome = (Broken, Outcome.ANSWERED) if of_first else (Phone, self.others)
        request = DialRequest(
            to=number, caller=arrival.caller, ring_seconds=1 if of_first else 5, of_number={number: "no-answer"}
        )
        phone = kind(f"leg{len(self.rung)}", outcome, request)
        self.rung.append(phone)
        return phone


class Paper:
    """A desk that keeps what it is told."""

    def __init__(self) -> None:
        self.noted: list[CallEvent] = []

    def clock(self) -> int:
        return NOW

    async def next(self, state: FlowState, event: CallEvent) -> tuple[FlowState, Step]:
        del event
        return state, Step(Join(), (Prompt("Somebody calls."),))

    async def note(self, *events: CallEvent) -> None:
        self.noted += events


@pytest.mark.parametrize("others", [Outcome.ANSWERED, Outcome.NO_ANSWER])
def test_a_leg_that_breaks_ends_and_the_others_go_on(others: Outcome) -> None:
    async def dial() -> tuple[LegSide | None, Phones, Paper]:
        caller, phones, desk = CallerActor(ARRIVAL, ASKED), Phones(others), Paper()
        act = Dial(TARGETS[:1] * 3, 20, asks_leg=True)
        notes = Notes(ARRIVAL, desk.clock)
        taken = await Dialling(caller, phones, desk, notes, FlowState(), act).run()  # type: ignore[arg-type]
        return taken, phones, desk

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        taken, phones, desk = runner.run(dial())
    broken, other = phones.rung
    ends = {event.leg_ref: event.facts.outcome for event in desk.noted if event.facts.outcome}
    if others is Outcome.ANSWERED:
        assert taken is other
        assert ends == {broken.ref: Outcome.FAILED}
    else:
        assert taken is None
        assert other.gone.is_set(), "it rings no longer"
        assert ends == {broken.ref: Outcome.FAILED, other.ref: Outcome.NO_ANSWER}


@pytest.mark.parametrize(("leaves_after", "status"), [(2.4, Status.MISSED), (9.0, Status.ANSWERED)])
def test_a_caller_who_leaves_while_the_whisper_is_heard_has_talked_to_nobody(
    leaves_after: float, status: Status
) -> None:
    request = replace(ASKED, ring_seconds=2, leaves_after_seconds=leaves_after)
    desk, notes = Paper(), Notes(ARRIVAL, lambda: NOW)

    async def dial() -> None:
        caller, network = CallerActor(ARRIVAL, request), Network(request)
        act = Dial(TARGETS[:1], 20, asks_leg=True)
        dialling = Dialling(caller, network, desk, notes, FlowState(), act)  # type: ignore[arg-type]
        leg = await dialling.run()
        assert (leg is None) == (status is Status.MISSED)
        if leg is None:
            desk.noted.append(notes.dialled(FlowState(), dialling.outcome, None, None))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(dial())
    assert fold([notes.arrived(), *desk.noted, notes.ended(None)]).status is status
