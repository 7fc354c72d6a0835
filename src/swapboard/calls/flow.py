"""What happens to a call, as a state machine that does no I/O.

The table reads: in this state, on this event, do this. A flow gives the steps their particulars.

    state     event        step
    new       arrived      dial the destination
    dialling  dial_ended   hang up
    (any)     anything else: hang up, for the call has nothing left to wait for
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from swapboard.calls.call import EventKind


class FlowState(StrEnum):
    """Where in its flow a call is; it travels in the address of the carrier's next request."""

    NEW = "new"
    DIALLING = "dialling"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Forward:
    """The flow that rings one number, for so long."""

    destination: str
    """E.164."""
    ring_timeout_seconds: int


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring the numbers (all at once), join the first that answers, pass the caller's own number through."""

    numbers: tuple[str, ...]
    ring_timeout_seconds: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


Step: TypeAlias = Dial | HangUp


def next_step(flow: Forward, state: FlowState, event: EventKind) -> tuple[FlowState, Step]:
    """What to do now, and the state to come back in."""
    new_state, step = _TABLE.get((state, event), (FlowState.DONE, _hang_up))
    return new_state, step(flow)


def _dial(flow: Forward) -> Step:
    return Dial((flow.destination,), flow.ring_timeout_seconds)


def _hang_up(_flow: Forward) -> Step:
    return HangUp()


_TABLE: Mapping[tuple[FlowState, EventKind], tuple[FlowState, Callable[[Forward], Step]]] = {
    (FlowState.NEW, EventKind.ARRIVED): (FlowState.DIALLING, _dial),
    (FlowState.DIALLING, EventKind.DIAL_ENDED): (FlowState.DONE, _hang_up),
}
