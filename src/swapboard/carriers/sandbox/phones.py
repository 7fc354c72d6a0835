"""The phones that a sandbox's call rings: they ring at once, the quickest is asked, and talks; the others end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from swapboard.carriers.sandbox.caller_side import CallerSide
from swapboard.carriers.sandbox.dialect import Dialect, FarSide
from swapboard.carriers.sandbox.dialling import CallState, DialOutcome, DialRequest, LegResult
from swapboard.carriers.sandbox.doors import ApplicationError, Doors
from swapboard.carriers.sandbox.keypad import Keypad
from swapboard.carriers.sandbox.verbs import Dial, Gather, Hangup, Reject, Target, Wait
from swapboard.clock import SECOND, Clock, Millis

MAX_DOCUMENTS = 50
_REFUSED = frozenset((DialOutcome.BUSY, DialOutcome.FAILED))


@dataclass(slots=True)
class Leg:
    """A number being rung, and how many callbacks told of it."""

    target: Target
    caller: str
    told: LegResult
    began_at: Millis
    answered_at: Millis | None = None
    ended_at: Millis | None = None
    sequence: int = 0
    outcome: DialOutcome = DialOutcome.NO_ANSWER

    def far_side(self) -> FarSide:
        """As the dialects tell it."""
        return FarSide(
            leg_ref=self.told.leg_ref,
            number=self.told.number,
            sender=self.caller,
            status=self.told.status,
            talk_seconds=self.told.talk_seconds,
            joined=self.told.joined,
            began_at=self.began_at,
            answered_at=self.answered_at,
            sequence=self.sequence,
        )


class Phones:
    """All that were rung for one call."""

    def __init__(
        self, caller: CallerSide, dialect: Dialect, request: DialRequest, doors: Doors, clock: Clock
    ) -> None:
        self.legs: list[Leg] = []
        self._caller = caller
        self._dialect = dialect
        self._request = request
        self._doors = doors
        self._clock = clock
        self._diallings = 0

    async def dial(self, dial: Dial) -> Leg:
        """Ring everybody and talk to the first; the leg to report."""
        if not dial.answer_on_bridge:
            self._caller.take()
        caller, now = dial.caller_id or self._caller.sender, self._clock()
        legs = [
            Leg(target, caller, LegResult(self._dialect.new_ref("leg"), target.number, "queued", 0), now)
            for target in dial.targets
        ]
        self.legs += legs
        for leg in legs:
            await self._leg_is(leg, "initiated", "initiated")
        outcomes = [self._request.outcome_of(self._diallings, leg.told.number) for leg in legs]
        self._diallings += 1
        ringing = await self._without_refused(legs, outcomes)
        takers = await self._ring(dial, ringing) if ringing else []
        if takers:
            await self._answer(takers, [leg for leg in ringing if leg not in takers])
        return takers[0] if takers else legs[0]

    async def _without_refused(self, legs: Sequence[Leg], outcomes: Sequence[DialOutcome]) -> list[Leg]:
        """The legs that ring at all: one that is busy, or cannot be reached, is over at once."""
        for leg, outcome in zip(legs, outcomes, strict=True):
            leg.outcome = outcome
            if outcome in _REFUSED:
                await self._leg_is(leg, outcome, "completed")
        return [leg for leg in legs if leg.outcome not in _REFUSED]

    async def _ring(self, dial: Dial, legs: Sequence[Leg]) -> list[Leg]:
        """Let them ring; those that are answered, the quickest first. If none is, all are over."""
        self._caller.state = CallState.RINGING
        for leg in legs:
            await self._leg_is(leg, "ringing", "ringing")
        await self._caller.wait(min(self._request.ring_seconds, dial.timeout_seconds))
        if any(leg.outcome is DialOutcome.CANCELED for leg in legs):
            self._caller.hang_up()
        in_time = self._request.ring_seconds <= dial.timeout_seconds
        takers = [leg for leg in legs if leg.outcome is DialOutcome.ANSWERED]
        if takers and in_time and not self._caller.is_gone:
            return self._quickest_first(takers)
        outcome = DialOutcome.CANCELED if self._caller.is_gone else DialOutcome.NO_ANSWER
        for leg in legs:
            await self._leg_is(leg, outcome, "completed")
        return []

    def _quickest_first(self, takers: Sequence[Leg]) -> list[Leg]:
        """In the order that was asked for; where none was, the first phone is taken and no other."""
        quick = [leg for number in self._request.of_number for leg in takers if leg.told.number == number]
        return quick or [takers[0]]

    async def _answer(self, takers: Sequence[Leg], others: Sequence[Leg]) -> None:
        """The first leg answers, hears what it is to hear, and talks; declining, it ends, and so do the others."""
        first, *late = takers
        for leg in takers:
            leg.answered_at = self._clock()
            await self._leg_is(leg, "in-progress", "answered")
        is_joined = await self._is_joined(first)
        if not is_joined:
            await self._leg_is(first, "completed", "completed")
        first.told = replace(first.told, joined=is_joined)
        for leg in late:  # picked up in the same moment, and cut off
            await self._leg_is(leg, "completed", "completed")
        for leg in others:
            await self._leg_is(leg, "canceled" if is_joined else "no-answer", "completed")
        if is_joined:
            await self._leg_is(first, "in-progress", "connected")
            await self._talk(first)

    async def _is_joined(self, leg: Leg) -> bool:
        """True when the leg's own document, if it has one, comes to its end without hanging up."""
        target, keypad = leg.target, Keypad(self._request.agent_press)
        webhook = self._dialect.leg_asks(self._caller.as_it_stands, leg.far_side(), target)
        for _ in range(MAX_DOCUMENTS):
            if webhook is None or self._caller.is_gone:
                is_taken = not target.key or keypad.pressed(1, "") == target.key
                return is_taken and not self._caller.is_gone
            verbs, webhook = await self._doors.ask(webhook), None
            for verb in verbs:
                if isinstance(verb, Hangup | Reject):
                    return False
                if isinstance(verb, Gather):
                    keys = keypad.pressed(verb.most_keys, verb.end_key)
                    if keys or verb.even_without:
                        webhook = self._dialect.keyed(self._caller.as_it_stands, leg.far_side(), verb, keys)
                        break
                await self._caller.wait(self._caller.brief(verb.seconds) if isinstance(verb, Wait) else 0)
        raise ApplicationError(f"after {MAX_DOCUMENTS} documents a leg was still not joined")

    async def _talk(self, first: Leg) -> None:
        self._caller.take()
        self._caller.state = CallState.TALKING
        answered_at = self._clock()
        request = self._request
        await self._caller.wait(request.talk_seconds if request.hold_seconds is None else request.hold_seconds)
        gone = self._caller.is_gone
        talked = round((self._clock() - answered_at) / SECOND) if gone else request.talk_seconds
        first.told = replace(first.told, talk_seconds=talked)
        await self._leg_is(first, "completed", "completed")

    async def _leg_is(self, leg: Leg, status: str, event: str) -> None:
        """A leg gets on; whoever wants to hear of such an event is told."""
        leg.told = replace(leg.told, status=str(status))
        if event == "completed":
            leg.ended_at = self._clock()
        told = self._dialect.leg_is(self._caller.as_it_stands, leg.far_side(), leg.target, event)
        if told is not None:
            leg.sequence += 1
            await self._doors.tell(told, event)
