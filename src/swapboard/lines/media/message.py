"""Takes a caller's message."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from swapboard.carriers.lines.g711 import is_sound
from swapboard.carriers.lines.recordings import Recordings
from swapboard.lines.media.playing import frames
from swapboard.lines.media.tape import Tape
from swapboard.lines.media.tones import beep
from swapboard.lines.side import Recorded
from swapboard.lines.sip.line import SipLine

SILENT_SECONDS = 5.0
"""Of silence that end a message."""


async def take_message(line: SipLine, recordings: Recordings, longest_seconds: int) -> Recorded:
    """A tone, then what is said until silence, `#`, the longest message or the side is gone; nothing said, nothing
    kept."""
    await line.play(frames(beep()))
    while not line.keys.empty():
        line.keys.get_nowait()
    loop = asyncio.get_running_loop()
    recording = recordings.begin(channels=1)
    began_at = spoken_at = loop.time()
    tape, is_spoken = Tape(recording, 1, began_at), False

    def hear(sound: bytes, _sequence: int, timestamp: int) -> None:
        nonlocal spoken_at, is_spoken
        tape.put(0, sound, timestamp, loop.time())
        if is_sound(sound):
            spoken_at, is_spoken = loop.time(), True

    line.port.on_heard = hear
    try:
        await _until_said(line, lambda: spoken_at, began_at + longest_seconds)
    finally:
        line.port.on_heard = None
        ref = tape.close(loop.time())
    if not is_spoken:
        recording.remove()
        return Recorded(None, 0)
    return Recorded(ref, max(1, round(spoken_at - began_at)))


async def _until_said(line: SipLine, spoken_at: Callable[[], float], latest: float) -> None:
    loop = asyncio.get_running_loop()
    while not line.gone.is_set() and line.keys.empty():
        end = min(spoken_at() + SILENT_SECONDS, latest)
        if loop.time() >= end:
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(line.gone.wait(), min(0.25, end - loop.time()))
