"""Asks whoever talked to the caller how it went, once the caller has hung up."""

import logging

from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Ask
from swapboard.lines.desk import Desk
from swapboard.lines.notes import Notes
from swapboard.lines.side import LegSide
from swapboard.lines.typing_keys import ask

log = logging.getLogger(__name__)

MOST_QUESTIONS = 3


async def survey(leg: LegSide, number: str, desk: Desk, notes: Notes, state: FlowState) -> None:
    """Ask question after question, until there is none or they hang up; what breaks here breaks nothing else."""
    while not leg.keys.empty():
        leg.keys.get_nowait()  # pressed for the caller
    state, event = state.left(), notes.leg_left(leg.ref, number)
    try:
        for question in range(MOST_QUESTIONS):
            state, step = await desk.next(state, event)
            if not isinstance(step.act, Ask) or leg.gone.is_set():
                return
            event = notes.leg_surveyed(leg.ref, number, question, await ask(leg, step.prompts, step.act))
            if leg.gone.is_set() and not event.facts.keys:
                return
    except OSError as error:
        log.warning("the survey after a call broke off: %s", error)
