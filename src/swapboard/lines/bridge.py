"""Two sides hear one another: each packet goes on the moment it comes, and into the recording."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, TypeAlias

from swapboard.carriers.lines.recordings import Recordings
from swapboard.lines.media.port import AudioPort
from swapboard.lines.media.tape import Tape
from swapboard.lines.side import Talk
from swapboard.lines.sip.line import SipLine

log = logging.getLogger(__name__)

DEAD_SECONDS = 120.0
"""Telephones send sound, or now and then a sign of silence, also while nobody speaks."""
LONGEST_SECONDS = 4 * 3_600.0
LOOK_SECONDS = 5.0
Known: TypeAlias = Callable[[Tape], AbstractContextManager[None]]
CALLER, AGENT = 0, 1
"""The channels of a recording: left, right."""


async def join(caller: SipLine, leg: SipLine, recordings: Recordings | None, known: Known) -> Talk:
    """Until one of them is gone; meanwhile `known` tells others of the tape, so that it can be paused."""
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    tape = _tape(recordings, began_at) if recordings else None
    _pass_on(caller.port, leg.port, tape, CALLER)
    _pass_on(leg.port, caller.port, tape, AGENT)
    caller.on_key_told, leg.on_key_told = leg.port.press, caller.port.press
    ends: list[asyncio.Future[Any]] = [asyncio.ensure_future(side.gone.wait()) for side in (caller, leg)]
    ends.append(asyncio.ensure_future(_until_dead(caller.port, leg.port)))
    try:
        with known(tape) if tape else nullcontext():
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in ends:
            each.cancel()
            with suppress(asyncio.CancelledError):
                await each
        for port in (caller.port, leg.port):
            port.on_heard = port.on_key_heard = None
        caller.on_key_told = leg.on_key_told = None
        ended_at = loop.time()
        ref = tape.close(ended_at) if tape else None
    while not caller.keys.empty():
        caller.keys.get_nowait()  # pressed for the other side, not for what comes next
    return Talk(round(ended_at - began_at), ref)


def _tape(recordings: Recordings, began_at: float) -> Tape | None:
    """None when the disk does not take it: the talk is worth more than its recording."""
    try:
        return Tape(recordings.begin(channels=2), 2, began_at)
    except OSError as error:
        log.error("a call is not recorded, for the disk does not take it: %s", error)
        return None


async def _until_dead(*ports: AudioPort) -> None:
    """Until neither side has sent anything for so long, though nobody hung up; or the longest talk is over."""
    loop = asyncio.get_running_loop()
    began_at = heard_at = loop.time()
    received = 0
    while loop.time() < min(heard_at + DEAD_SECONDS, began_at + LONGEST_SECONDS):
        await asyncio.sleep(LOOK_SECONDS)
        if (now_received := sum(port.received for port in ports)) != received:
            received, heard_at = now_received, loop.time()
    log.warning("a call is ended: its sides are silent for too long, or talk for too long")


def _pass_on(heard: AudioPort, to: AudioPort, tape: Tape | None, channel: int) -> None:
    loop = asyncio.get_running_loop()

    def pass_on(sound: bytes, sequence: int, timestamp: int) -> None:
        to.speak(heard, sound, sequence, timestamp)
        if tape is not None:
            tape.put(channel, sound, timestamp, loop.time())

    def pass_key(event: bytes, sequence: int, timestamp: int) -> None:
        to.pass_key(heard, event, sequence, timestamp)

    heard.on_heard, heard.on_key_heard = pass_on, pass_key
