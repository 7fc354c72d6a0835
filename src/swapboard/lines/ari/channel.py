"""The sides of a call as channels of an Asterisk."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from swapboard.calls.call import Outcome
from swapboard.calls.step import Prompt
from swapboard.carriers.lines.recordings import Recordings
from swapboard.lines.ari.client import AriClient, AriError
from swapboard.lines.media.message import SILENT_SECONDS
from swapboard.lines.media.speech import Voice
from swapboard.lines.side import Arrival, Recorded

log = logging.getLogger(__name__)

MOST_KEYS_KEPT = 64
ENDS_SECONDS = 30
"""Asterisk tells of a recording's end sooner, if it is still there."""
NOT_THERE = frozenset((404, 409))
"""Asterisk's answers about a channel that is gone, or just leaves our application."""
BUSY_CAUSES = frozenset((17,))
UNANSWERED_CAUSES = frozenset((16, 18, 19, 20, 21, 31))
"""Q.850: whoever was rung did not answer, declined, or is not there."""


@dataclass
class Waiting:
    """What is to come by events: playbacks and recordings that end, by their names."""

    ends: dict[str, "asyncio.Future[dict[str, Any]]"] = field(default_factory=dict)

    def expect(self, name: str) -> "asyncio.Future[dict[str, Any]]":
        """The event of its end."""
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.ends[name] = future
        return future

    def end(self, name: str, event: dict[str, Any]) -> None:
        """It has ended."""
        future = self.ends.pop(name, None)
        if future is not None and not future.done():
            future.set_result(event)


@dataclass(frozen=True, slots=True)
class Means:
    """What a channel works with."""

    ari: AriClient
    voice: Voice
    recordings: Recordings
    waiting: Waiting


class Channel:
    """One side."""

    def __init__(self, channel_id: str, means: Means) -> None:
        self.ref = channel_id
        self.gone = asyncio.Event()
        self.keys: asyncio.Queue[str] = asyncio.Queue(MOST_KEYS_KEPT)
        self.missed_notice = False
        self._means = means

    async def say(self, prompts: Sequence[Prompt]) -> None:
        """Play the prompts to the end; when it is cancelled, Asterisk stops as well."""
        for prompt in prompts:
            file = await self._means.voice.file(prompt)
            self.missed_notice |= file is None and prompt.is_notice
            await self._play(f"sound:{file.with_suffix('')}" if file else "tone:busy;tonezone=us")

    async def _play(self, media: str) -> None:
        playback, ari = secrets.token_hex(8), self._means.ari
        ended = self._means.waiting.expect(playback)
        leaving = asyncio.ensure_future(self.gone.wait())
        try:
            await ari.ask("POST", "channels", self.ref, "play", playback, media=media)
            either: set[asyncio.Future[Any]] = {ended, leaving}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        except AriError as error:
            if not self.gone.is_set() and error.status not in NOT_THERE:
                raise
        finally:
            leaving.cancel()
            if not ended.done() and not self.gone.is_set():
                ari.tell_soon("DELETE", "playbacks", playback)
            self._means.waiting.ends.pop(playback, None)

    async def hang_up(self) -> None:
        """End this side."""
        if not self.gone.is_set():
            self.gone.set()
            await self._means.ari.tell("DELETE", "channels", self.ref, reason="normal")

    def press(self, key: str) -> None:
        """The side pressed a key."""
        if not self.keys.full():
            self.keys.put_nowait(key)


class AriCaller(Channel):
    """Whoever called."""

    def __init__(self, channel_id: str, arrival: Arrival, means: Means) -> None:
        super().__init__(channel_id, means)
        self.arrival = arrival
        self.is_answered = False

    def ring(self) -> None:
        """Asterisk signals it, or plays a tone once the call is taken."""
        self._means.ari.tell_soon("POST", "channels", self.ref, "ring")

    def stop_ringing(self) -> None:
        """Be silent again."""
        self._means.ari.tell_soon("DELETE", "channels", self.ref, "ring")

    async def answer(self) -> None:
        """Take the call."""
        if not self.is_answered and not self.gone.is_set():
            self.is_answered = True
            await self._means.ari.tell("POST", "channels", self.ref, "answer")

    async def refuse(self, *, is_busy: bool) -> None:
        """Do not take it."""
        if not self.gone.is_set():
            self.gone.set()
            reason = "busy" if is_busy else "no_answer"
            await self._means.ari.tell("DELETE", "channels", self.ref, reason=reason)

    async def take_message(self, longest_seconds: int) -> Recorded:
        """A tone, then what is said until silence, `#`, the longest message, or the caller is gone."""
        name, ari = f"swapboard-{secrets.token_hex(8)}", self._means.ari
        ended = self._means.waiting.expect(name)
        try:
            await ari.ask(
                "POST",
                "channels",
                self.ref,
                "record",
                name=name,
                format="ulaw",
                maxDurationSeconds=longest_seconds,
                maxSilenceSeconds=round(SILENT_SECONDS),
                ifExists="fail",
                beep="true",
                terminateOn="#",
            )
        except AriError as error:
            self._means.waiting.ends.pop(name, None)
            if not self.gone.is_set() and error.status not in NOT_THERE:
                raise
            # They hung up before the tone, and the news of it is on its way.
            self.gone.set()
            return Recorded(None, 0)
        event = await asyncio.wait_for(ended, longest_seconds + ENDS_SECONDS)
        told = event.get("recording", {})
        seconds = int(told.get("talking_duration") or told.get("duration") or 0)
        ref = await keep(self._means, name, 1) if seconds else None
        if ref or not seconds:
            await ari.tell("DELETE", "recordings", "stored", name)
        return Recorded(ref, seconds)


class AriLeg(Channel):
    """Whoever is rung."""

    def __init__(self, channel_id: str, means: Means) -> None:
        super().__init__(channel_id, means)
        self.outcome: Outcome | None = None
        self.decided = asyncio.Event()
        self.on_ringing: Callable[[], None] | None = None

    def decide(self, outcome: Outcome) -> None:
        """How the ringing ended, the first time that it is known."""
        if self.outcome is None:
            self.outcome = outcome
            self.decided.set()

    async def hang_up(self) -> None:
        """Stop the ringing, or end the talk."""
        self.decide(Outcome.CANCELED)
        await super().hang_up()

    def destroyed(self, cause: int) -> None:
        """The channel is no more; the cause (Q.850) says why."""
        self.gone.set()
        if cause in BUSY_CAUSES:
            self.decide(Outcome.BUSY)
        else:
            self.decide(Outcome.NO_ANSWER if cause in UNANSWERED_CAUSES else Outcome.FAILED)


async def keep(means: Means, name: str, channels: int, second: str = "") -> str | None:
    """Fetch a stored recording, or two as the channels of one, and keep it as ours.

    None when it is not there, or the disk does not take it: the call is worth more than its recording.
    """
    try:
        sounds = [await means.ari.content("recordings", "stored", each, "file") for each in (name, second) if each]
    except AriError:
        return None
    whole = bytearray(b"\xff" * (channels * max(map(len, sounds))))
    for index, sound in enumerate(sounds):
        whole[index : index + channels * len(sound) : channels] = sound
    try:
        recording = means.recordings.begin(channels)
        recording.add(bytes(whole))
    except OSError as error:
        log.error("the recording %s stays with Asterisk, for the disk does not take it: %s", name, error)
        return None
    return recording.ref
