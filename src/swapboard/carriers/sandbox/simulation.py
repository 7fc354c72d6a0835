"""One call through the sandbox's network: rings, talks, and does what our doors' TwiML says.

voice address ──TwiML──▶ Dial ──▶ legs ring, status callbacks ──▶ talk ──▶ action ──TwiML──▶ … ──▶ end
"""

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from swapboard.carriers.sandbox.courier import Courier, Webhook
from swapboard.carriers.sandbox.dialling import (
    CallState,
    DialOutcome,
    DialRequest,
    LegResult,
    Line,
    Result,
)
from swapboard.carriers.sandbox.doors import ApplicationError, Doors
from swapboard.carriers.sandbox.instructions import (
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
from swapboard.carriers.sandbox.keypad import Keypad
from swapboard.carriers.sandbox.parameters import (
    WITHHELD,
    call_parameters,
    dialled,
    leg_parameters,
    length,
    progress,
    recorded,
)
from swapboard.carriers.twilio.call_list import ListedCall
from swapboard.clock import SECOND, Clock, Millis

MAX_DOCUMENTS = 50


@dataclass(slots=True)
class _Leg:
    """A number being rung, and how many callbacks told of it."""

    target: Target
    caller: str | None
    told: LegResult
    began_at: Millis
    ended_at: Millis | None = None
    sequence: int = 0


class SimulatedCall:
    """A caller's call to one line."""

    def __init__(self, line: Line, request: DialRequest, courier: Courier, clock: Clock) -> None:
        self.call_ref = _new_ref()
        self.state = CallState.DIALLING
        self._line = line
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

    @property
    def account_sid(self) -> str:
        return self._line.account_sid

    def listed(self) -> Iterator[ListedCall]:
        """The entries of the call and of its legs in the account's list of calls, as they are now."""
        sender = self._request.caller or WITHHELD
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
        webhook: Webhook | None = Webhook(self._line.voice_url, self._own("ringing"))
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
                return Webhook(verb.url, self._own("in-progress"), verb.method)
        return None

    async def _dials(self, dial: Dial) -> Webhook | None:
        leg = await self._dial(dial)
        if dial.recorded_url and leg.joined:
            await self._tell_recording(dial.recorded_url, leg.talk_seconds)
        return self._asks(dial.action, dialled(leg), dial.method) if dial.action is not None else None

    async def _gather(self, gather: Gather) -> Webhook | None:
        for words in gather.words:
            await self._listen(words)
        keys = self._keypad.pressed(gather.most_keys, gather.end_key)
        if not keys:
            await self._wait(self._brief(gather.timeout_seconds))
        if self._hung_up.is_set() or not (keys or gather.even_without):
            return None
        return self._asks(gather.action, {"Digits": keys}, gather.method)

    async def _record(self, record: Record) -> Webhook | None:
        """The caller speaks and hangs up: the action is asked all the same, and the recording told of."""
        seconds = min(self._request.message_seconds, record.longest_seconds)
        if not seconds:
            return None
        await self._wait(self._brief(seconds))
        told = recorded(self._line.account_sid, _new_ref("RE"), seconds)
        self._hung_up.set()
        answer = self._asks(record.action, told | {"Digits": "hangup"}, record.method)
        if record.recorded_url:
            await self._tell_recording(record.recorded_url, seconds, told)
        await self._doors.ask(answer)
        return None

    async def _tell_recording(self, url: str, seconds: int, told: Mapping[str, str] | None = None) -> None:
        told = told or recorded(self._line.account_sid, _new_ref("RE"), seconds)
        own = {"AccountSid": self._line.account_sid, "CallSid": self.call_ref, "RecordingStatus": "completed"}
        await self._doors.tell(Webhook(url, own | dict(told)))

    def _asks(self, action: str, told: Mapping[str, str], method: str) -> Webhook:
        status = "completed" if self._hung_up.is_set() else "in-progress"
        return Webhook(action, self._own(status) | dict(told), method)

    async def _listen(self, words: Wait) -> None:
        if words.words:
            self._heard.append(words.words)
        await self._wait(self._brief(words.seconds))

    def _brief(self, seconds: float) -> float:
        """So long, or as long as the line is held at most."""
        held = self._request.hold_seconds
        return seconds if held is None else min(seconds, held)

    async def _dial(self, dial: Dial) -> LegResult:
        """Ring everybody and talk to the first; the leg to report."""
        if not dial.answer_on_bridge:
            self._take()
        caller = dial.caller_id or self._request.caller
        now = self._clock()
        legs = [
            _Leg(target, caller, LegResult(_new_ref(), target.number, "queued", 0), now) for target in dial.targets
        ]
        self._legs += legs
        for leg in legs:
            await self._leg_is(leg, "initiated", "initiated")
        outcome = await self._ring(dial, legs)
        self._diallings += 1
        if outcome == DialOutcome.ANSWERED:
            await self._answer(legs)
        else:
            for leg in legs:
                await self._leg_is(leg, outcome, "completed")
        return legs[0].told

    async def _ring(self, dial: Dial, legs: list[_Leg]) -> DialOutcome:
        outcome = self._request.outcome_of(self._diallings)
        if outcome in {DialOutcome.BUSY, DialOutcome.FAILED}:
            return outcome
        self.state = CallState.RINGING
        for leg in legs:
            await self._leg_is(leg, "ringing", "ringing")
        await self._wait(min(self._request.ring_seconds, dial.timeout_seconds))
        if outcome == DialOutcome.CANCELED:
            self._hung_up.set()
        if self._hung_up.is_set():
            return DialOutcome.CANCELED
        in_time = self._request.ring_seconds <= dial.timeout_seconds
        return DialOutcome.ANSWERED if outcome == DialOutcome.ANSWERED and in_time else DialOutcome.NO_ANSWER

    async def _answer(self, legs: list[_Leg]) -> None:
        """The first leg answers, hears what it is to hear, and talks; declining, it ends, and so do the others."""
        first, *others = legs
        await self._leg_is(first, "in-progress", "answered")
        if not await self._is_joined(first):
            await self._leg_is(first, "completed", "completed")
            for leg in others:
                await self._leg_is(leg, "no-answer", "completed")
            return
        first.told = replace(first.told, joined=True)
        for leg in others:
            await self._leg_is(leg, "canceled", "completed")
        await self._talk(first)

    async def _is_joined(self, leg: _Leg) -> bool:
        """True when the leg's own document, if it has one, comes to its end without hanging up."""
        target, keypad = leg.target, Keypad(self._request.agent_press)
        webhook = Webhook(target.asked_url, self._of_leg(leg), target.asked_method) if target.asked_url else None
        for _ in range(MAX_DOCUMENTS):
            if webhook is None:
                return True
            verbs, webhook = await self._doors.ask(webhook), None
            for verb in verbs:
                if isinstance(verb, Hangup | Reject):
                    return False
                if isinstance(verb, Gather):
                    keys = keypad.pressed(verb.most_keys, verb.end_key)
                    if keys or verb.even_without:
                        webhook = Webhook(verb.action, self._of_leg(leg) | {"Digits": keys}, verb.method)
                        break
                await self._wait(self._brief(verb.seconds) if isinstance(verb, Wait) else 0)
        raise ApplicationError(f"after {MAX_DOCUMENTS} documents a leg was still not joined")

    def _of_leg(self, leg: _Leg) -> dict[str, str]:
        return leg_parameters(self._line, self.call_ref, leg.told, leg.caller)

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
        target = leg.target
        if target.status_url is None or event not in target.events:
            return
        told = self._of_leg(leg)
        told |= progress(leg.sequence, self._clock())
        if event == "completed":
            told |= length(leg.told.status, leg.told.talk_seconds)
        leg.sequence += 1
        await self._doors.tell(Webhook(target.status_url, told, target.status_method))

    async def _end(self, status: str) -> None:
        seconds = 0 if self._taken_at is None else round((self._clock() - self._taken_at) / SECOND)
        seconds = max(seconds, sum(leg.told.talk_seconds for leg in self._legs))
        told = self._own(status) | progress(0, self._clock()) | length(status, seconds)
        await self._doors.tell(Webhook(self._line.status_url, told))
        await self._doors.tell_what_was_held(self.call_ref)

    async def _wait(self, seconds: float) -> None:
        """Until then, or until the caller hangs up."""
        sleeping = asyncio.ensure_future(self._sleep(seconds))
        leaving = asyncio.ensure_future(self._hung_up.wait())
        try:
            await asyncio.wait({sleeping, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            leaving.cancel()
            await asyncio.gather(sleeping, leaving, return_exceptions=True)

    def _take(self) -> None:
        if self._taken_at is None:
            self._taken_at = self._clock()
            self._status = "in-progress"

    def _own(self, status: str) -> dict[str, str]:
        return call_parameters(self._line, self.call_ref, self._request.caller, status)

    def _final_status(self, failed: bool) -> str:
        if failed:
            return "failed"
        if self._rejected is not None:
            return self._rejected
        return "no-answer" if self._taken_at is None else "completed"


def _new_ref(kind: str = "CA") -> str:
    return f"{kind}{secrets.token_hex(16)}"
