"""One call through the sandbox's network: rings, talks, and does what our doors' documents say.

voice address ──document──▶ Dial ──▶ legs ring, status callbacks ──▶ talk ──▶ action ──document──▶ … ──▶ end
"""

import asyncio
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from swapboard.carriers.sandbox.courier import Courier
from swapboard.carriers.sandbox.dialect import FarSide, OwnSide, Recording, Webhook
from swapboard.carriers.sandbox.dialling import (
    CallState,
    DialOutcome,
    DialRequest,
    LegResult,
    Line,
    Result,
)
from swapboard.carriers.sandbox.doors import ApplicationError, Doors
from swapboard.carriers.sandbox.keypad import Keypad
from swapboard.carriers.sandbox.twilio_parameters import WITHHELD
from swapboard.carriers.sandbox.verbs import (
    Dial,
    Gather,
    Hangup,
    Record,
    Redirect,
    Reject,
    Target,
    Verb,
    Wait,
)
from swapboard.carriers.twilio.call_list import ListedCall
from swapboard.clock import SECOND, Clock, Millis

MAX_DOCUMENTS = 50
_REFUSED = frozenset((DialOutcome.BUSY, DialOutcome.FAILED))


@dataclass(slots=True)
class _Leg:
    """A number being rung, and how many callbacks told of it."""

    target: Target
    caller: str
    told: LegResult
    began_at: Millis
    answered_at: Millis | None = None
    ended_at: Millis | None = None
    sequence: int = 0
    outcome: DialOutcome = DialOutcome.NO_ANSWER


class SimulatedCall:
    """A caller's call to one line."""

    def __init__(self, line: Line, request: DialRequest, courier: Courier, clock: Clock) -> None:
        self.call_ref = line.dialect.new_ref("call")
        self.state = CallState.DIALLING
        self._line = line
        self._dialect = line.dialect
        self._request = request
        self._doors = Doors(line, request, courier)
        self._sleep = courier.sleep
        self._clock = clock
        self._hung_up = asyncio.Event()
        self._began_at = clock()
        self._ended_at: Millis | None = None
        self._status = "ringing"
        self._taken_at: Millis | None = None
        self._rejected: str | None = None
        self._legs: list[_Leg] = []
        self._diallings = 0
        self._keypad = Keypad(request.press)
        self._heard: list[str] = []
        self.recordings: list[Recording] = []

    @property
    def account_ref(self) -> str:
        return self._dialect.account_ref

    def listed(self) -> Iterator[ListedCall]:
        """The entries of the call and of its legs in the account's list of calls, as they are now."""
        sender = self._sender or WITHHELD
        own = ListedCall(
            call_ref=self.call_ref,
            parent_ref=None,
            direction="inbound",
            status=self._status,
            caller=sender,
            dialled=self._line.number,
            caller_name="",
            started_at=self._began_at,
            ended_at=self._ended_at,
            duration="",
        )
        yield own
        for leg in self._legs:
            yield replace(
                own,
                call_ref=leg.told.leg_ref,
                parent_ref=self.call_ref,
                direction="outbound-dial",
                status=leg.told.status,
                dialled=leg.told.number,
                started_at=leg.began_at,
                ended_at=leg.ended_at,
                duration=str(leg.told.talk_seconds),
            )

    def hang_up(self) -> None:
        """The caller hangs up now."""
        self._hung_up.set()

    async def run(self) -> Result:
        """The whole call, to its last callback."""
        failed = False
        try:
            await self._go_through()
        except ApplicationError as error:
            failed = True
            self._doors.problems.append(f"application error: {error}")
        status = self._status = self._final_status(failed)
        self._ended_at = self._clock()
        await self._end(status)
        self.state = CallState.FINISHED
        legs = tuple(leg.told for leg in self._legs)
        return Result(
            self.call_ref, not failed, status, legs, "; ".join(self._doors.problems) or None, tuple(self._heard)
        )

    async def _go_through(self) -> None:
        webhook: Webhook | None = self._dialect.arrival(self._own("ringing"))
        for _ in range(MAX_DOCUMENTS):
            assert webhook is not None
            verbs = await self._doors.ask(webhook)
            webhook = None if self._hung_up.is_set() else await self._obey(verbs)
            if webhook is None:
                return
        raise ApplicationError(f"after {MAX_DOCUMENTS} documents the call was still not at its end")

    async def _obey(self, verbs: tuple[Verb, ...]) -> Webhook | None:
        """Carry a document out; the action to ask next, or None when the call is at its end."""
        for verb in verbs:
            if isinstance(verb, Hangup | Reject):
                self._is_ended(verb)
                return None
            if (webhook := await self._does(verb)) is not None:
                return webhook
            if self._hung_up.is_set():
                return None
        return None

    def _is_ended(self, verb: Hangup | Reject) -> None:
        if isinstance(verb, Reject):
            self._rejected = verb.status if self._taken_at is None else None
        else:
            self._take()

    async def _does(self, verb: Verb) -> Webhook | None:
        """Carry a verb out; what to ask after it, or None when the next verb follows."""
        match verb:
            case Dial():
                return await self._dials(verb)
            case Gather():
                self._take()
                return await self._gather(verb)
            case Record():
                self._take()
                return await self._record(verb)
            case Wait():
                self._take()
                await self._listen(verb)
            case Redirect():
                return self._dialect.redirected(self._own("in-progress"), verb)
        return None

    async def _dials(self, dial: Dial) -> Webhook | None:
        leg = await self._dial(dial)
        if dial.recorded_url and leg.told.joined:
            recording = self._recorded(leg.told.talk_seconds, is_message=False)
            await self._tell_recording(dial.recorded_url, recording, is_message=False)
        if dial.ends_call and leg.told.joined:
            self._hung_up.set()
        return self._dialect.dial_ended(self._own(self._side), dial, self._far(leg))

    async def _gather(self, gather: Gather) -> Webhook | None:
        for words in gather.words:
            await self._listen(words)
        keys = "" if self._hung_up.is_set() else self._keypad.pressed(gather.most_keys, gather.end_key)
        if not keys:
            await self._wait(self._brief(gather.timeout_seconds))
        if self._hung_up.is_set() or not (keys or gather.even_without):
            return None
        return self._dialect.keyed(self._own(self._side), None, gather, keys)

    async def _record(self, record: Record) -> Webhook | None:
        """The caller speaks and hangs up: the action is asked all the same, and the recording told of."""
        seconds = min(self._request.message_seconds, record.longest_seconds)
        if not seconds:
            return None
        await self._wait(self._brief(seconds))
        recording = self._recorded(seconds, is_message=True)
        self._hung_up.set()
        left = self._dialect.message_left(self._own(self._side), record, recording)
        if record.recorded_url:
            await self._tell_recording(record.recorded_url, recording, is_message=True)
        if left is not None:
            await self._doors.ask(left)
        return None

    def _recorded(self, seconds: int, *, is_message: bool) -> Recording:
        recording = Recording(self._dialect.new_ref("recording"), seconds, is_message)
        self.recordings.append(recording)
        return recording

    async def _tell_recording(self, url: str, recording: Recording, *, is_message: bool) -> None:
        told = self._dialect.recorded(self._own(self._side), url, recording, is_message=is_message)
        await self._doors.tell(told, "recorded")

    @property
    def _side(self) -> str:
        """How the caller's own side stands, once it was taken."""
        return "completed" if self._hung_up.is_set() else "in-progress"

    async def _listen(self, words: Wait) -> None:
        if words.words:
            self._heard.append(words.words)
        await self._wait(self._brief(words.seconds))

    def _brief(self, seconds: float) -> float:
        """So long, or as long as the line is held at most."""
        held = self._request.hold_seconds
        return seconds if held is None else min(seconds, held)

    async def _dial(self, dial: Dial) -> _Leg:
        """Ring everybody and talk to the first; the leg to report."""
        if not dial.answer_on_bridge:
            self._take()
        caller, now = dial.caller_id or self._sender, self._clock()
        legs = [
            _Leg(target, caller, LegResult(self._dialect.new_ref("leg"), target.number, "queued", 0), now)
            for target in dial.targets
        ]
        self._legs += legs
        for leg in legs:
            await self._leg_is(leg, "initiated", "initiated")
        outcomes = [self._request.outcome_of(self._diallings, leg.told.number) for leg in legs]
        self._diallings += 1
        ringing = await self._without_refused(legs, outcomes)
        takers = await self._ring(dial, ringing) if ringing else []
        if takers:
            await self._answer(takers, [leg for leg in ringing if leg not in takers])
        return takers[0] if takers else legs[0]

    async def _without_refused(self, legs: Sequence[_Leg], outcomes: Sequence[DialOutcome]) -> list[_Leg]:
        """The legs that ring at all: one that is busy, or cannot be reached, is over at once."""
        for leg, outcome in zip(legs, outcomes, strict=True):
            leg.outcome = outcome
            if outcome in _REFUSED:
                await self._leg_is(leg, outcome, "completed")
        return [leg for leg in legs if leg.outcome not in _REFUSED]

    async def _ring(self, dial: Dial, legs: Sequence[_Leg]) -> list[_Leg]:
        """Let them ring; those that are answered, the quickest first. If none is, all are over."""
        self.state = CallState.RINGING
        for leg in legs:
            await self._leg_is(leg, "ringing", "ringing")
        await self._wait(min(self._request.ring_seconds, dial.timeout_seconds))
        if any(leg.outcome is DialOutcome.CANCELED for leg in legs):
            self._hung_up.set()
        in_time = self._request.ring_seconds <= dial.timeout_seconds
        takers = [leg for leg in legs if leg.outcome is DialOutcome.ANSWERED]
        if takers and in_time and not self._hung_up.is_set():
            return self._quickest_first(takers)
        outcome = DialOutcome.CANCELED if self._hung_up.is_set() else DialOutcome.NO_ANSWER
        for leg in legs:
            await self._leg_is(leg, outcome, "completed")
        return []

    def _quickest_first(self, takers: Sequence[_Leg]) -> list[_Leg]:
        """In the order that was asked for; where none was, the first phone is taken and no other."""
        quick = [leg for number in self._request.of_number for leg in takers if leg.told.number == number]
        return quick or [takers[0]]

    async def _answer(self, takers: Sequence[_Leg], others: Sequence[_Leg]) -> None:
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

    async def _is_joined(self, leg: _Leg) -> bool:
        """True when the leg's own document, if it has one, comes to its end without hanging up."""
        target, keypad = leg.target, Keypad(self._request.agent_press)
        webhook = self._dialect.leg_asks(self._own(self._side), self._far(leg), target)
        for _ in range(MAX_DOCUMENTS):
            if webhook is None or self._hung_up.is_set():
                is_taken = not target.key or keypad.pressed(1, "") == target.key
                return is_taken and not self._hung_up.is_set()
            verbs, webhook = await self._doors.ask(webhook), None
            for verb in verbs:
                if isinstance(verb, Hangup | Reject):
                    return False
                if isinstance(verb, Gather):
                    keys = keypad.pressed(verb.most_keys, verb.end_key)
                    if keys or verb.even_without:
                        webhook = self._dialect.keyed(self._own(self._side), self._far(leg), verb, keys)
                        break
                await self._wait(self._brief(verb.seconds) if isinstance(verb, Wait) else 0)
        raise ApplicationError(f"after {MAX_DOCUMENTS} documents a leg was still not joined")

    def _far(self, leg: _Leg) -> FarSide:
        return FarSide(
            leg_ref=leg.told.leg_ref,
            number=leg.told.number,
            sender=leg.caller,
            status=leg.told.status,
            talk_seconds=leg.told.talk_seconds,
            joined=leg.told.joined,
            began_at=leg.began_at,
            answered_at=leg.answered_at,
            sequence=leg.sequence,
        )

    async def _talk(self, first: _Leg) -> None:
        self._take()
        self.state = CallState.TALKING
        answered_at = self._clock()
        request = self._request
        await self._wait(request.talk_seconds if request.hold_seconds is None else request.hold_seconds)
        gone = self._hung_up.is_set()
        talked = round((self._clock() - answered_at) / SECOND) if gone else request.talk_seconds
        first.told = replace(first.told, talk_seconds=talked)
        await self._leg_is(first, "completed", "completed")

    async def _leg_is(self, leg: _Leg, status: str, event: str) -> None:
        """A leg gets on; whoever wants to hear of such an event is told."""
        leg.told = replace(leg.told, status=str(status))
        if event == "completed":
            leg.ended_at = self._clock()
        told = self._dialect.leg_is(self._own(self._side), self._far(leg), leg.target, event)
        if told is not None:
            leg.sequence += 1
            await self._doors.tell(told, event)

    async def _end(self, status: str) -> None:
        seconds = 0 if self._taken_at is None else round((self._clock() - self._taken_at) / SECOND)
        seconds = max(seconds, sum(leg.told.talk_seconds for leg in self._legs))
        await self._doors.tell(self._dialect.ended(self._own(status), seconds), "ended")
        await self._doors.tell_what_was_held(self.call_ref)

    async def _wait(self, seconds: float) -> None:
        """Until then, or until the caller hangs up."""
        if self._hung_up.is_set():
            return
        leaves_in = self._leaves_in()
        sleeping = asyncio.ensure_future(self._sleep(min(seconds, leaves_in)))
        leaving = asyncio.ensure_future(self._hung_up.wait())
        try:
            await asyncio.wait({sleeping, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            leaving.cancel()
            await asyncio.gather(sleeping, leaving, return_exceptions=True)
        if leaves_in <= seconds:
            self._hung_up.set()

    def _leaves_in(self) -> float:
        """In how many seconds the caller hangs up."""
        after = self._request.leaves_after_seconds
        return math.inf if after is None else max(0, after - (self._clock() - self._began_at) / SECOND)

    def _take(self) -> None:
        if self._taken_at is None:
            self._taken_at = self._clock()
            self._status = "in-progress"

    @property
    def _sender(self) -> str:
        """The caller's number as the carrier shows it; empty when withheld."""
        shown = self._request.shown_caller
        return (self._request.caller or "") if shown is None else shown

    def _own(self, status: str) -> OwnSide:
        request, line = self._request, self._line
        return OwnSide(
            call_ref=self.call_ref,
            sender=self._sender,
            dialled=line.number if request.shown_dialled is None else request.shown_dialled,
            status=status,
            voice_url=line.voice_url,
            status_url=line.status_url,
            began_at=self._began_at,
            now=self._clock(),
            taken_at=self._taken_at,
            attestation=request.attestation,
            caller_name=request.caller_name,
        )

    def _final_status(self, failed: bool) -> str:
        if failed:
            return "failed"
        if self._rejected is not None:
            return self._rejected
        return "no-answer" if self._taken_at is None else "completed"
