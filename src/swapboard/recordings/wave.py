"""A WAV file's sound, by channel, and the file again with parts of it silenced.

RIFF: http://soundfile.sapp.org/doc/WaveFormat/; mu-law and A-law by ITU-T G.711. Carriers send 8 kHz, 16-bit or
mu-law, in two channels: the caller first (https://www.twilio.com/docs/voice/api/recording, "dual").
"""

import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import mul
from typing import TypeAlias

_PCM, _A_LAW, _MU_LAW, _EXTENSIBLE = 1, 6, 7, 0xFFFE
_SILENT_BYTE = {_PCM: 0, _A_LAW: 0xD5, _MU_LAW: 0xFF}
_SAMPLE_BYTES = {_PCM: 2, _A_LAW: 1, _MU_LAW: 1}
_HEAD_BYTES = 44
"""Before the samples, in a file of ours."""
MOST_CHANNELS = 2

Samples: TypeAlias = "array[int]"
"""Of one channel, from -32768 to 32767."""
Content: TypeAlias = bytes | bytearray
"""A file's bytes; those of a long talk are half a gigabyte, so that each copy counts."""


class NoWave(ValueError):
    """The bytes are no WAV file that we can read; the message says why."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel's samples where they lie in the file: a part of them is taken out when somebody asks for it."""

    data: memoryview
    """Of all channels by turns, one item a sample."""
    index: int
    count: int
    coding: int

    def __len__(self) -> int:
        return len(self.data) // self.count

    def __getitem__(self, part: slice) -> Samples:
        first, last, step = part.indices(len(self))
        if step != 1:
            raise ValueError("a channel is read as it was said")
        last = max(first, last)
        raw = self.data[first * self.count + self.index : last * self.count : self.count].tobytes()
        if self.coding == _PCM:
            return _little(array("h", raw))
        table = _MU_LAW_TABLE if self.coding == _MU_LAW else _A_LAW_TABLE
        return array("h", map(table.__getitem__, raw))

    def __iter__(self) -> Iterator[int]:
        return iter(self[:])


@dataclass(frozen=True, slots=True)
class Wave:
    """A WAV file taken apart."""

    rate: int
    """Samples a second."""
    channels: tuple[Channel, ...]
    coding: int
    data_at: int
    """Where in the file the samples begin, in bytes."""

    @property
    def seconds(self) -> float:
        return len(self.channels[0]) / self.rate


def read_wave(content: Content) -> Wave:
    """Take a WAV file apart. Raises NoWave."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NoWave("it does not begin like a WAV file")
    coding = channel_count = rate = bits = 0
    at = 12
    while at + 8 <= len(content):
        name, length = struct.unpack_from("<4sI", content, at)
        at += 8
        if name == b"fmt ":
            coding, channel_count, rate, bits = _format(content, at, length)
        elif name == b"data":
            _check(coding, channel_count, rate, bits)
            # What is written while it is still recorded has no true length.
            end = min(at + length, len(content))
            return Wave(rate, _channels(memoryview(content)[at:end], coding, channel_count), coding, at)
        at += length + length % 2
    raise NoWave("it has no samples")


def product(first: Sequence[float], second: Sequence[float]) -> float:
    """The sum of the products of both; `math.sumprod` came with Python 3.12 only."""
    return float(sum(map(mul, first, second)))


def silenced(content: Content, wave: Wave, spans: Iterable[tuple[float, float]]) -> Content:
    """The file with nothing to be heard in these spans (seconds), in any channel; a bytearray itself, changed."""
    frame_bytes = _SAMPLE_BYTES[wave.coding] * len(wave.channels)
    result = content if isinstance(content, bytearray) else bytearray(content)
    frames = len(wave.channels[0])
    for begins, ends in spans:
        first = min(frames, max(0, int(begins * wave.rate)))
        last = min(frames, max(first, int(ends * wave.rate)))
        start, stop = (wave.data_at + frame * frame_bytes for frame in (first, last))
        result[start:stop] = bytes([_SILENT_BYTE[wave.coding]]) * (stop - start)
    return result


def wave_file(rate: int, channels: Sequence[Samples]) -> bytes:
    """A 16-bit WAV file of channels of one length."""
    mixed = array("h", bytes(2 * len(channels) * len(channels[0])))
    for index, channel in enumerate(channels):
        mixed[index :: len(channels)] = channel
    return bytes(wave_of_pieces(rate, len(channels), [mixed]))


def wave_of_pieces(rate: int, count: int, pieces: Iterable[Samples]) -> bytearray:
    """A 16-bit WAV file of what comes piece by piece, the samples of all channels by turns; never there twice."""
    content = bytearray(_HEAD_BYTES)
    for piece in pieces:
        content += _little(piece).tobytes()
    size = len(content) - _HEAD_BYTES
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, _PCM, count, rate, rate * 2 * count, 2 * count, 16)
    head = struct.pack("<4sI4s", b"RIFF", 4 + len(fmt) + 8 + size, b"WAVE") + fmt
    content[:_HEAD_BYTES] = head + struct.pack("<4sI", b"data", size)
    return content


def _format(content: Content, at: int, length: int) -> tuple[int, int, int, int]:
    if length < 16 or at + length > len(content):
        raise NoWave("its format is cut off")
    coding, channel_count, rate, _bytes_a_second, _block, bits = struct.unpack_from("<HHIIHH", content, at)
    if coding == _EXTENSIBLE and length >= 26:
        (coding,) = struct.unpack_from("<H", content, at + 24)
    return coding, channel_count, rate, bits


def _check(coding: int, channel_count: int, rate: int, bits: int) -> None:
    if coding not in _SAMPLE_BYTES or bits != _SAMPLE_BYTES[coding] * 8:
        raise NoWave(f"its samples are of a kind that we do not read (kind {coding}, {bits} bits)")
    if not 1 <= channel_count <= MOST_CHANNELS or not 1_000 <= rate <= 192_000:
        raise NoWave(f"it has {channel_count} channels at {rate} samples a second")


def _channels(data: memoryview, coding: int, count: int) -> tuple[Channel, ...]:
    frame_bytes = _SAMPLE_BYTES[coding] * count
    whole = data[: len(data) - len(data) % frame_bytes]
    samples = whole.cast("h") if coding == _PCM else whole
    return tuple(Channel(samples, index, count, coding) for index in range(count))


def _little(samples: Samples) -> Samples:
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples


def _table(decode: Callable[[int], int]) -> Sequence[int]:
    return [decode(code) for code in range(256)]


def _mu_law(code: int) -> int:
    code = ~code & 0xFF
    size = (((code & 0x0F) << 3) + 0x84 << (code >> 4 & 7)) - 0x84
    return -size if code & 0x80 else size


def _a_law(code: int) -> int:
    code ^= 0x55
    mantissa, exponent = (code & 0x0F) << 4, code >> 4 & 7
    size = mantissa + 8 if exponent == 0 else mantissa + 0x108 << exponent - 1
    return size if code & 0x80 else -size


_MU_LAW_TABLE, _A_LAW_TABLE = _table(_mu_law), _table(_a_law)
