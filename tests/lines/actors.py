"""Callers, phones and a switch that play a story in DialRequest's words; a word takes 0.4 s to say, a file 5 s."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from swapboard.calls.call import Outcome
from swapboard.calls.step import Prompt
from swapboard.carriers.sandbox.dialling import DialRequest
from swapboard.lines.side import Arrival, CallerSide, LegSide, Recorded, Talk

OUTCOMES = {
    "answered": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
}


class Keypad(asyncio.Queue[str]):
    """Gives the next key of a script whenever it is asked for one; a dot, or none left, never comes."""

    def __init__(self, script: str, silence: asyncio.Event) -> None:
        super().__init__()
        self._script = list(script)
        self._silence = silence

    async def get(self) -> str:
        await asyncio.sleep(0)  # whoever asks begins to speak first
        await self._silence.wait()
        key = self._script.pop(0) if self._script else "."
        if key == ".":
            await asyncio.Event().wait()
        return key


class Actor:
    """A side that listens, presses keys and goes."""

    def __init__(self, ref: str, press: str) -> None:
        self.ref = ref
        self.gone = asyncio.Event()
        self.heard: list[str] = []
        self.missed_notice = False
        self._silence = asyncio.Event()
        self._silence.set()
        self.keys: asyncio.Queue[str] = Keypad(press, self._silence)

    async def say(self, prompts: Sequence[Prompt]) -> None:
        self._silence.clear()
        for prompt in prompts:
            self.heard.append(prompt.text or prompt.file)
            await self._unless_gone(5.0 if prompt.file else 0.4 * len(prompt.text.split()))
        self._silence.set()

    async def hang_up(self) -> None:
        self.gone.set()

    async def _unless_gone(self, seconds: float) -> None:
        leaving = asyncio.ensure_future(self.gone.wait())
        await asyncio.wait({leaving}, timeout=seconds)
        leaving.cancel()


class CallerActor(Actor):
    """Whoever calls."""

    def __init__(self, arrival: Arrival, request: DialRequest) -> None:
        super().__init__(arrival.call_ref, request.press)
        self.arrival = arrival
        self.is_answered = False
        self.refused: bool | None = None
        self._message_seconds = request.message_seconds
        if request.leaves_after_seconds is not None:
            asyncio.get_running_loop().call_later(request.leaves_after_seconds, self.gone.set)

    def ring(self) -> None:
        pass

    def stop_ringing(self) -> None:
        pass

    async def answer(self) -> None:
        self.is_answered = True

    async def refuse(self, *, is_busy: bool) -> None:
        self.refused = is_busy
        self.gone.set()

    async def take_message(self, longest_seconds: int) -> Recorded:
        seconds = min(longest_seconds, self._message_seconds)
        if not seconds:
            return Recorded(None, 0)
        await self._unless_gone(seconds)
        self.gone.set()
        return Recorded("message", seconds)


class Phone(Actor):
    """Whoever is rung."""

    def __init__(self, ref: str, outcome: Outcome, request: DialRequest) -> None:
        super().__init__(ref, "")
        self.outcome: Outcome | None = None
        self.decided = asyncio.Event()
        self.on_ringing: Callable[[], None] | None = None
        # As in the sandbox: whoever answers has heard enough at once.
        self.keys = Keypad(request.agent_press, self.decided)
        is_at_once = outcome in {Outcome.BUSY, Outcome.FAILED}
        seconds = 0.0 if is_at_once else request.ring_seconds
        if outcome is not Outcome.NO_ANSWER or not request.of_number:
            asyncio.get_running_loop().call_later(seconds, self._decides, outcome)

    def _decides(self, outcome: Outcome) -> None:
        if self.outcome is None:
            self.outcome = outcome
            self.decided.set()

    async def hang_up(self) -> None:
        self._decides(Outcome.CANCELED)
        self.gone.set()


@dataclass
class Network:
    """Rings phones that do as the story says."""

    request: DialRequest
    rung: list[Phone] = field(default_factory=list)

    async def call(self, number: str, arrival: Arrival) -> LegSide:
        del arrival
        named = self.request.outcome_of(len(self.rung), number)
        phone = Phone(f"leg{len(self.rung)}", OUTCOMES[named], self.request)
        self.rung.append(phone)
        return phone

    async def join(self, caller: CallerSide, leg: LegSide, *, records: bool) -> Talk:
        loop = asyncio.get_running_loop()
        began_at = loop.time()
        leaving: list[asyncio.Future[Any]] = [asyncio.ensure_future(side.gone.wait()) for side in (caller, leg)]
        await asyncio.wait(leaving, timeout=self.request.talk_seconds, return_when=asyncio.FIRST_COMPLETED)
        for each in leaving:
            each.cancel()
        return Talk(round(loop.time() - began_at), "talk" if records else None)
