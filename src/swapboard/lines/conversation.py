"""A call, from its arrival to its end: the flow says what comes next, and here it is done.

arrived ──▶ the flow ──▶ what is heard, then one act ──▶ what became of it ──▶ the flow ──▶ … ──▶ the end
"""

import logging

from swapboard.calls.call import CallEvent, Outcome
from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.step import Ask, Dial, HangUp, Join, Reject, Step, TakeMessage
from swapboard.lines.desk import Desk
from swapboard.lines.dialling import Dialling
from swapboard.lines.notes import Notes
from swapboard.lines.side import CallerSide, LegSide, Switch
from swapboard.lines.surveying import survey
from swapboard.lines.typing_keys import ask

log = logging.getLogger(__name__)

MOST_STEPS = 200
"""More than any flow has: a caller who does nothing is not kept for ever."""


class Conversation:
    """One caller's."""

    def __init__(self, caller: CallerSide, switch: Switch, desk: Desk) -> None:
        self._caller = caller
        self._switch = switch
        self._desk = desk
        self._notes = Notes(caller.arrival, desk.clock)
        self._last_outcome: Outcome | None = None
        self._told = 0
        self._has_talked = False

    async def run(self) -> None:
        """The whole call."""
        try:
            await self._go_through()
        except Exception:
            log.exception("a call on our own lines failed; it goes to the default destination")
            await self._fall_through()
        finally:
            await self._caller.hang_up()
            await self._desk.note(self._notes.ended(None))

    async def _go_through(self) -> None:
        state, step = await self._desk.next(FlowState(), self._notes.arrived())
        for _ in range(MOST_STEPS):
            self._told = state.told
            event = await self._do(state, step)
            if event is None:
                return
            state, step = await self._desk.next(state, event)
            if self._caller.gone.is_set():
                return

    async def _fall_through(self) -> None:
        """Whatever broke, ring the default destination, once; a caller who has talked to somebody may go."""
        act = self._desk.default().act
        if self._caller.gone.is_set() or self._has_talked or not isinstance(act, Dial):
            return
        try:
            await self._desk.note(await self._dial(FlowState(awaits=Awaits.DIAL, told=self._told + 1), act))
        except Exception:
            log.exception("nor could its default destination be rung")

    async def _do(self, state: FlowState, step: Step) -> CallEvent | None:
        """Do a step; what is to be asked next, or None when the call is at its end."""
        caller = self._caller
        if isinstance(step.act, Reject):
            await caller.refuse(is_busy=step.act.is_busy)
            return None
        if step.is_heard:
            await caller.answer()
        if isinstance(step.act, Ask):
            keys = await ask(caller, step.prompts, step.act)
            return None if caller.gone.is_set() else self._notes.keyed(state, keys)
        await caller.say(step.prompts)
        if caller.gone.is_set():
            return None
        match step.act:
            case Dial():
                return await self._dial(state, step.act)
            case TakeMessage():
                return self._notes.message(state, await caller.take_message(step.act.longest_seconds))
            case HangUp() | Join():
                await self._end()
        return None

    async def _end(self) -> None:
        if self._caller.is_answered:
            await self._caller.hang_up()
        else:
            await self._caller.refuse(is_busy=self._last_outcome is Outcome.BUSY)

    def _may_record(self, act: Dial) -> bool:
        """True when the flow says so, and the caller was told where it says that, too."""
        if act.records and self._caller.missed_notice:
            log.error("a call is not recorded, for its caller could not be told of it")
        return act.records and not self._caller.missed_notice

    async def _dial(self, state: FlowState, act: Dial) -> CallEvent:
        dialling = Dialling(self._caller, self._switch, self._desk, self._notes, state, act)
        leg = await dialling.run()
        if leg is None:
            self._last_outcome = dialling.outcome
            return self._notes.dialled(state, dialling.outcome, None, None)
        await self._caller.answer()
        try:
            talk = await self._switch.join(self._caller, leg, records=self._may_record(act))
        except OSError as error:
            # They have not talked: one of them was gone before it. If that was not the caller, the next is rung.
            log.error("a leg that was answered cannot be joined: %s", error)
            self._last_outcome = Outcome.FAILED
            await self._drop(leg, dialling)
            return self._notes.dialled(state, Outcome.FAILED, None, None)
        except Exception:
            self._has_talked = True
            await self._drop(leg, dialling)
            raise
        self._has_talked = True
        if act.keeps_leg and self._caller.gone.is_set() and not leg.gone.is_set():
            # The caller's call is over now, not when the survey is.
            await self._desk.note(self._notes.ended(None))
            await survey(leg, dialling.number_of(leg), self._desk, self._notes, state)
        await leg.hang_up()
        await self._desk.note(dialling.ended(leg, Outcome.ANSWERED, talk.seconds))
        if talk.recording_ref:
            await self._desk.note(self._notes.recorded(state, talk.recording_ref))
        return self._notes.dialled(state, Outcome.ANSWERED, talk, leg.ref)

    async def _drop(self, leg: LegSide, dialling: Dialling) -> None:
        """Nobody is left on the line with nobody else."""
        await leg.hang_up()
        await self._desk.note(dialling.ended(leg, Outcome.FAILED, None))
