"""Rings numbers for a caller, all at once; the first that answers, and wants the call, gets it."""

import asyncio
import logging
from typing import Any, Literal, TypeAlias

from swapboard.calls.call import CallEvent, Outcome
from swapboard.calls.flow_state import FlowState
from swapboard.calls.step import Ask, Dial, HangUp, Join
from swapboard.lines.desk import Desk
from swapboard.lines.notes import Notes
from swapboard.lines.side import CallerSide, LegSide, Switch
from swapboard.lines.typing_keys import ask

log = logging.getLogger(__name__)

MOST_QUESTIONS = 5

_Attempt: TypeAlias = "asyncio.Future[LegSide | None]"


class Dialling:
    """One step of a flow that dials."""

    def __init__(
        self, caller: CallerSide, switch: Switch, desk: Desk, notes: Notes, state: FlowState, act: Dial
    ) -> None:
        self._caller = caller
        self._switch = switch
        self._desk = desk
        self._notes = notes
        self._state = state
        self._act = act
        self._numbers: dict[str, str] = {}
        self.outcome = Outcome.NO_ANSWER
        """How it ended, when nobody took the call."""

    async def run(self) -> LegSide | None:
        """The leg that takes the call, or None. All others are ended when this returns."""
        self._caller.ring()
        legs = [leg for number in self._act.numbers if (leg := await self._begin(number))]
        attempts = {asyncio.ensure_future(self._attempt(leg)): leg for leg in legs}
        leaving = asyncio.ensure_future(self._caller.gone.wait())
        winner: LegSide | None = None
        try:
            winner = await self._first(set(attempts), leaving)
        finally:
            leaving.cancel()
            self._caller.stop_ringing()
            for attempt, leg in attempts.items():
                if leg is not winner:
                    await self._give_up(attempt, leg, is_taken=winner is not None)
        if winner is None:
            self._settle(legs)
        return winner

    def number_of(self, leg: LegSide) -> str:
        """The number that this leg rings."""
        return self._numbers[leg.ref]

    def ended(self, leg: LegSide, outcome: Outcome, seconds: int | None) -> CallEvent:
        """The event of a leg's end."""
        return self._notes.leg_ended(leg.ref, self._numbers[leg.ref], outcome, seconds)

    async def _begin(self, number: str) -> LegSide | None:
        try:
            leg = await self._switch.call(number, self._caller.arrival)
        except Exception as error:
            log.error("%s cannot be rung: %s", number, error, exc_info=not isinstance(error, OSError))
            self.outcome = Outcome.FAILED
            return None
        self._numbers[leg.ref] = number
        await self._desk.note(self._notes.leg_started(leg.ref, number))
        return leg

    async def _first(self, attempts: set[_Attempt], leaving: "asyncio.Future[Literal[True]]") -> LegSide | None:
        """The first that takes the call, before the time is over or the caller gone."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._act.ring_timeout_seconds
        waiting = set(attempts)
        while waiting and not leaving.done():
            # Whoever has picked up is not cut off while they listen to who it is.
            seconds = None if self._is_being_asked else max(0.0, until - loop.time())
            every: set[asyncio.Future[Any]] = {*waiting, leaving}
            done, _ = await asyncio.wait(every, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not done and not self._is_being_asked:
                return None
            answered = [each for each in waiting if each in done]
            waiting.difference_update(answered)
            winners = [leg for each in answered if (leg := each.result()) is not None]
            if winners:
                return winners[0]
        return None

    _is_being_asked = 0

    async def _attempt(self, leg: LegSide) -> LegSide | None:
        """The leg, once whoever answered takes the call; one that breaks is as good as one that nobody answers."""
        try:
            return await self._offered(leg)
        except Exception as error:
            log.error("a leg is given up: %s", error, exc_info=not isinstance(error, OSError))
        await self._end(leg, Outcome.FAILED)
        return None

    async def _offered(self, leg: LegSide) -> LegSide | None:
        """The leg, once whoever answered takes the call; None when they do not, or nobody answers."""
        number, ringing = self._numbers[leg.ref], asyncio.Event()
        leg.on_ringing = ringing.set
        noting = asyncio.ensure_future(self._note_ringing(leg, number, ringing))
        try:
            await leg.decided.wait()
        finally:
            noting.cancel()
        outcome = leg.outcome or Outcome.FAILED
        if outcome is not Outcome.ANSWERED:
            await self._desk.note(self.ended(leg, outcome, None))
            return None
        if self._act.screened or not self._act.asks_leg:
            await self._desk.note(self._notes.leg_answered(leg.ref, number, screened=self._act.screened))
        if not self._act.asks_leg:
            return leg
        self._is_being_asked += 1
        try:
            is_taken = await self._asked(leg, number)
        finally:
            self._is_being_asked -= 1
        if is_taken and not leg.gone.is_set():
            if not self._act.screened:
                # Not before: a caller who leaves while they hear the whisper has talked to nobody.
                await self._desk.note(self._notes.leg_answered(leg.ref, number, screened=False))
            return leg
        await leg.hang_up()
        await self._desk.note(self.ended(leg, Outcome.NO_ANSWER, None))
        return None

    async def _note_ringing(self, leg: LegSide, number: str, ringing: asyncio.Event) -> None:
        await ringing.wait()
        await self._desk.note(self._notes.leg_ringing(leg.ref, number))

    async def _asked(self, leg: LegSide, number: str) -> bool:
        """Let whoever answered hear what the flow has for them; True when they are to be joined."""
        state = self._state.of_leg(screened=self._act.screened)
        event = self._notes.leg_asks(leg.ref, number, state)
        for _ in range(MOST_QUESTIONS):
            state, step = await self._desk.next(state, event)
            if isinstance(step.act, Ask):
                event = self._notes.leg_keyed(leg.ref, number, await ask(leg, step.prompts, step.act))
                continue
            await leg.say(step.prompts)
            if isinstance(step.act, Join):
                return True
            if isinstance(step.act, HangUp):
                return False
        return False

    async def _give_up(self, attempt: _Attempt, leg: LegSide, *, is_taken: bool) -> None:
        """Ring this leg no longer: another took the call, the time is over, or the caller is gone."""
        if attempt.done() and attempt.result() is None:
            return
        attempt.cancel()
        await asyncio.gather(attempt, return_exceptions=True)
        is_left = is_taken or self._caller.gone.is_set()
        await self._end(leg, Outcome.CANCELED if is_left else Outcome.NO_ANSWER)

    async def _end(self, leg: LegSide, outcome: Outcome) -> None:
        """Hang up, and write it down; whatever fails with one leg, no other goes on ringing."""
        try:
            await leg.hang_up()
        except Exception:
            log.exception("a leg cannot be hung up")
        await self._desk.note(self.ended(leg, outcome, None))

    def _settle(self, legs: list[LegSide]) -> None:
        """What the dialling came to: what all legs agree on, else nobody answered."""
        if self._caller.gone.is_set():
            self.outcome = Outcome.CANCELED
            return
        outcomes = {leg.outcome for leg in legs}
        agreed = outcomes.pop() if len(outcomes) == 1 else None
        if agreed in {Outcome.BUSY, Outcome.FAILED}:
            self.outcome = agreed
