"""Sounds for the tests: voices as tones that swell, keys as a telephone sends them."""

from array import array
from io import BytesIO
from math import pi, sin

import av
import numpy as np

RATE = 8_000
_LOW, _HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_ROWS = ("123A", "456B", "789C", "*0#D")


def silence(seconds: float) -> "array[int]":
    return array("h", bytes(2 * int(seconds * RATE)))


def voice(seconds: float, pitch: float = 180.0) -> "array[int]":
    """Something like a vowel: a pitch with overtones, four syllables a second."""
    at = 2 * pi * np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(pitch * n * at) / n for n in range(1, 8)) / 2
    return array("h", (6_000 * (0.6 + 0.4 * np.sin(4 * at)) * tone).astype(np.int16).tobytes())


def key(name: str, seconds: float = 0.1) -> "array[int]":
    row = next(index for index, keys in enumerate(_ROWS) if name in keys)
    low, high = _LOW[row], _HIGH[_ROWS[row].index(name)]
    return array(
        "h",
        (
            int(5_000 * (sin(2 * pi * low * at / RATE) + sin(2 * pi * high * at / RATE)))
            for at in range(int(seconds * RATE))
        ),
    )


def typed(keys: str, pause_seconds: float = 0.1) -> "array[int]":
    sound = silence(0)
    for each in keys:
        sound += key(each) + silence(pause_seconds)
    return sound


def mp3(*channels: "array[int]") -> bytes:
    """The channels, one or two of one length, as a carrier packs them: by FFmpeg's LAME."""
    file = BytesIO()
    with av.open(file, "w", format="mp3") as container:
        layout = ("mono", "stereo")[len(channels) - 1]
        stream = container.add_stream("libmp3lame", rate=RATE, layout=layout)
        stream.format = "s16p"
        frame = av.AudioFrame.from_ndarray(
            np.stack([np.array(each, dtype=np.int16) for each in channels]), format="s16p", layout=layout
        )
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return file.getvalue()
