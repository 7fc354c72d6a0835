"""One call through the sandbox's network: rings, talks, and does what our doors' documents say.

voice address ──document──▶ Dial ──▶ legs ring, status callbacks ──▶ talk ──▶ action ──document──▶ … ──▶ end
"""

from collections.abc import Iterator
from dataclasses import replace

from swapboard.carriers.sandbox.caller_side import CallerSide
from swapboard.carriers.sandbox.courier import Courier
from swapboard.carriers.sandbox.dialect import Recording, Webhook
from swapboard.carriers.sandbox.dialling import (
    CallState,
    DialRequest,
    Line,
    Result,
)
from swapboard.carriers.sandbox.doors import ApplicationError, Doors
from swapboard.carriers.sandbox.keypad import Keypad
from swapboard.carriers.sandbox.phones import MAX_DOCUMENTS, Phones
from swapboard.carriers.sandbox.twilio_parameters import WITHHELD
from swapboard.carriers.sandbox.verbs import (
    Dial,
    Gather,
    Hangup,
    Record,
    Redirect,
    Reject,
    Verb,
    Wait,
)
from swapboard.carriers.twilio.call_list import ListedCall
from swapboard.clock import SECOND, Clock, Millis


class SimulatedCall:
    """A caller's call to one line."""

    def __init__(self, line: Line, request: DialRequest, courier: Courier, clock: Clock) -> None:
        self.recordings: list[Recording] = []
        self._line = line
        self._dialect = line.dialect
        self._request = request
        self._clock = clock
        self._caller = CallerSide(line, request, courier.sleep, clock)
        self._doors = Doors(line, request, courier)
        self._phones = Phones(self._caller, line.dialect, request, self._doors, clock)
        self._ended_at: Millis | None = None
        self._rejected: str | None = None
        self._keypad = Keypad(request.press)
        self._heard: list[str] = []

    @property
    def call_ref(self) -> str:
        return self._caller.call_ref

    @property
    def state(self) -> CallState:
        return self._caller.state

    @property
    def account_ref(self) -> str:
        return self._dialect.account_ref

    def listed(self) -> Iterator[ListedCall]:
        """The entries of the call and of its legs in the account's list of calls, as they are now."""
        sender = self._caller.sender or WITHHELD
        own = ListedCall(
            call_ref=self.call_ref,
            parent_ref=None,
            direction="inbound",
            status=self._caller.status,
            caller=sender,
            dialled=self._line.number,
            caller_name="",
            started_at=self._caller.began_at,
            ended_at=self._ended_at,
            duration="",
        )
        yield own
        for leg in self._phones.legs:
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
        self._caller.hang_up()

    def broke_off(self) -> None:
        """The sandbox itself failed; nothing more comes of the call."""
        self._caller.state = CallState.FINISHED

    async def run(self) -> Result:
        """The whole call, to its last callback."""
        failed = False
        try:
            await self._go_through()
        except ApplicationError as error:
            failed = True
            self._doors.problems.append(f"application error: {error}")
        status = self._caller.status = self._final_status(failed)
        self._ended_at = self._clock()
        await self._end(status)
        self._caller.state = CallState.FINISHED
        legs = tuple(leg.told for leg in self._phones.legs)
        return Result(
            self.call_ref, not failed, status, legs, "; ".join(self._doors.problems) or None, tuple(self._heard)
        )

    async def _go_through(self) -> None:
        webhook: Webhook | None = self._dialect.arrival(self._caller.own("ringing"))
        for _ in range(MAX_DOCUMENTS):
            assert webhook is not None
            verbs = await self._doors.ask(webhook)
            webhook = None if self._caller.is_gone else await self._obey(verbs)
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
            if self._caller.is_gone:
                return None
        return None

    def _is_ended(self, verb: Hangup | Reject) -> None:
        if isinstance(verb, Reject):
            self._rejected = verb.status if self._caller.taken_at is None else None
        else:
            self._caller.take()

    async def _does(self, verb: Verb) -> Webhook | None:
        """Carry a verb out; what to ask after it, or None when the next verb follows."""
        match verb:
            case Dial():
                return await self._dials(verb)
            case Gather():
                self._caller.take()
                return await self._gather(verb)
            case Record():
                self._caller.take()
                return await self._record(verb)
            case Wait():
                self._caller.take()
                await self._listen(verb)
            case Redirect():
                return self._dialect.redirected(self._caller.own("in-progress"), verb)
        return None

    async def _dials(self, dial: Dial) -> Webhook | None:
        leg = await self._phones.dial(dial)
        if dial.recorded_url and leg.told.joined:
            recording = self._recorded(leg.told.talk_seconds, is_message=False)
            await self._tell_recording(dial.recorded_url, recording, is_message=False)
        if dial.ends_call and leg.told.joined:
            self._caller.hang_up()
        return self._dialect.dial_ended(self._caller.as_it_stands, dial, leg.far_side())

    async def _gather(self, gather: Gather) -> Webhook | None:
        for words in gather.words:
            await self._listen(words)
        keys = "" if self._caller.is_gone else self._keypad.pressed(gather.most_keys, gather.end_key)
        if not keys:
            await self._caller.wait(self._caller.brief(gather.timeout_seconds))
        if self._caller.is_gone or not (keys or gather.even_without):
            return None
        return self._dialect.keyed(self._caller.as_it_stands, None, gather, keys)

    async def _record(self, record: Record) -> Webhook | None:
        """The caller speaks and hangs up: the action is asked all the same, and the recording told of."""
        seconds = min(self._request.message_seconds, record.longest_seconds)
        if not seconds:
            return None
        await self._caller.wait(self._caller.brief(seconds))
        recording = self._recorded(seconds, is_message=True)
        self._caller.hang_up()
        left = self._dialect.message_left(self._caller.as_it_stands, record, recording)
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
        told = self._dialect.recorded(self._caller.as_it_stands, url, recording, is_message=is_message)
        await self._doors.tell(told, "recorded")

    async def _listen(self, words: Wait) -> None:
        if words.words:
            self._heard.append(words.words)
        await self._caller.wait(self._caller.brief(words.seconds))

    async def _end(self, status: str) -> None:
        seconds = 0 if self._caller.taken_at is None else round((self._clock() - self._caller.taken_at) / SECOND)
        seconds = max(seconds, sum(leg.told.talk_seconds for leg in self._phones.legs))
        await self._doors.tell(self._dialect.ended(self._caller.own(status), seconds), "ended")
        await self._doors.tell_what_was_held(self.call_ref)

    def _final_status(self, failed: bool) -> str:
        if failed:
            return "failed"
        if self._rejected is not None:
            return self._rejected
        return "no-answer" if self._caller.taken_at is None else "completed"
