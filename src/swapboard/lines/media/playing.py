"""Sound of our own, sent in time: a packet every 20 ms, by the clock and not by sleeping so long each."""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import count

from swapboard.carriers.lines.g711 import FRAME_SAMPLES, FRAME_SECONDS, SILENCE
from swapboard.lines.media.port import AudioPort


async def play(port: AudioPort, sound: Iterable[bytes]) -> None:
    """Send frames of µ-law to the end. Cancel it to stop."""
    loop, source = asyncio.get_running_loop(), object()
    began_at = loop.time()
    for index, frame in enumerate(sound):
        wait = began_at + index * FRAME_SECONDS - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        port.speak(source, frame, index, index * FRAME_SAMPLES)


def frames(sound: bytes) -> Iterator[bytes]:
    """A sound in frames, the last filled up with silence."""
    for start in range(0, len(sound), FRAME_SAMPLES):
        yield sound[start : start + FRAME_SAMPLES].ljust(FRAME_SAMPLES, SILENCE)


def forever(sound: bytes) -> Iterator[bytes]:
    """A sound again and again, from its first frame."""
    whole = list(frames(sound))
    return (whole[index % len(whole)] for index in count())
