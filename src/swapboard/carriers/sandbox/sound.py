"""What the sandbox records: hums in place of voices, that take turns as people do."""

import wave
from array import array
from collections.abc import Sequence
from io import BytesIO
from math import pi, sin
from random import Random
from sys import byteorder

from swapboard.carriers.sandbox.dialect import Recording

_RATE = 8_000
_LOUDNESS = 6_000
_CALLER_HERTZ, _OFFICE_HERTZ = 200, 125
LONGEST_SECONDS = 15 * 60


def sound_of(recording: Recording) -> bytes:
    """A WAV file, always the same for one recording: a message in one channel, a talk in two, the caller first.

    Nothing is a secret here: the hums only have to look like a talk.
    """
    samples = min(recording.seconds, LONGEST_SECONDS) * _RATE
    if recording.is_message:
        return _file([_tiled(_hum(_CALLER_HERTZ), samples)])
    voices = [_hum(_CALLER_HERTZ), _hum(_OFFICE_HERTZ)]
    channels = [array("h"), array("h")]
    turns, speaks = Random(recording.recording_ref), 1  # noqa: S311 no secret
    while len(channels[0]) < samples:
        length = min(int(turns.uniform(1.5, 5) * _RATE), samples - len(channels[0]))
        pause = min(int(turns.uniform(0.2, 0.9) * _RATE), length)
        channels[speaks] += _tiled(voices[speaks], length - pause) + array("h", bytes(2 * pause))
        channels[1 - speaks] += array("h", bytes(2 * length))
        speaks = 1 - speaks
    return _file(channels)


def _hum(hertz: int) -> "array[int]":
    """One second of it, in four syllables."""
    return array("h", (_sample(at / _RATE, hertz) for at in range(_RATE)))


def _sample(seconds: float, hertz: int) -> int:
    syllable = 0.6 + 0.4 * sin(2 * pi * 4 * seconds)
    return int(_LOUDNESS * syllable * sum(sin(2 * pi * hertz * n * seconds) / n for n in range(1, 6)) / 2)


def _tiled(second: "array[int]", samples: int) -> "array[int]":
    return (second * (samples // len(second) + 1))[:samples]


def _file(channels: Sequence["array[int]"]) -> bytes:
    mixed = array("h", bytes(2 * len(channels) * len(channels[0])))
    for index, channel in enumerate(channels):
        mixed[index :: len(channels)] = channel
    if byteorder == "big":
        mixed.byteswap()
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((len(channels), 2, _RATE, 0, "NONE", "not compressed"))
        file.writeframes(mixed.tobytes())
    return out.getvalue()
