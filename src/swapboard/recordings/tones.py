"""The keys that are heard in a recording (DTMF), so that typed card numbers can be silenced.

Goertzel's filter at the eight frequencies of ITU-T Q.23, in frames of about 25 ms; limits after Q.24: each group
has one frequency that stands out, neither is much stronger than the other, together they are most of the sound.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, pi, sin

from swapboard.recordings.wave import Channel, Samples, Wave, product

_LOW, _HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
_KEYS = ("123A", "456B", "789C", "*0#D")
_FRAME_SECONDS = 0.0256
_LEAST_MEAN_SQUARE = 300.0**2
_STANDS_OUT = 6.0
_MOST_TWIST = 8.0
_MOST_OF_SOUND = 0.7
_SHORTEST_SECONDS = 0.04
_MARGIN_SECONDS = 0.06
_CARD_DIGITS = 12
"""So many keys with short pauses are a card's number: then what is said between them is silenced too."""
_PAUSE_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Tone:
    """A key that is heard, from one second to another."""

    key: str
    begins: float
    ends: float


def tones(wave: Wave) -> list[Tone]:
    """The keys that are heard in any channel, in order of time."""
    found = [tone for channel in wave.channels for tone in _of_channel(channel, wave.rate)]
    return sorted(found, key=lambda tone: tone.begins)


def typed_spans(heard: Sequence[Tone]) -> list[tuple[float, float]]:
    """What to silence (seconds): each key, and all from the first to the last of a long row of them."""
    spans = [(tone.begins - _MARGIN_SECONDS, tone.ends + _MARGIN_SECONDS) for tone in heard]
    spans += [
        (row[0].begins - _MARGIN_SECONDS, row[-1].ends + _MARGIN_SECONDS)
        for row in _rows(heard)
        if len(row) >= _CARD_DIGITS
    ]
    return _joined(spans)


def _rows(heard: Sequence[Tone]) -> list[list[Tone]]:
    rows = [[tone] for tone in heard[:1]]
    for before, tone in pairwise(heard):
        if tone.begins - before.ends <= _PAUSE_SECONDS:
            rows[-1].append(tone)
        else:
            rows.append([tone])
    return rows


def _joined(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for begins, ends in sorted(spans):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((max(0.0, begins), ends))
    return joined


def _of_channel(channel: Channel, rate: int) -> list[Tone]:
    size = int(rate * _FRAME_SECONDS)
    found: list[Tone] = []
    for at in range(0, len(channel) - size + 1, size):
        key = _key(channel[at : at + size], rate)
        begins, ends = at / rate, (at + size) / rate
        if key and found and found[-1].key == key and begins - found[-1].ends < _FRAME_SECONDS:
            found[-1] = Tone(key, found[-1].begins, ends)
        elif key:
            found.append(Tone(key, begins, ends))
    return [tone for tone in found if tone.ends - tone.begins >= _SHORTEST_SECONDS]


def _key(samples: Samples, rate: int) -> str:
    """The key in a frame; empty without one."""
    total = product(samples, samples)
    if total < _LEAST_MEAN_SQUARE * len(samples):
        return ""
    powers = [_power(samples, filters) for filters in _filters(rate, len(samples))]
    (row, low), (column, high) = _strongest(powers[:4]), _strongest(powers[4:])
    if not low or not high or max(low, high) > _MOST_TWIST * min(low, high):
        return ""
    # A pure tone of amplitude a has a power of (a n / 2)^2 in its filter, and a^2 n / 2 in the sum of squares.
    share = 2 * (low + high) / (len(samples) * total)
    return _KEYS[row][column] if share >= _MOST_OF_SOUND else ""


def _strongest(powers: Sequence[float]) -> tuple[int, float]:
    """Which frequency, and its power; 0 when it does not stand out."""
    first, second = sorted(powers, reverse=True)[:2]
    return powers.index(first), first if first > _STANDS_OUT * second else 0.0


def _power(samples: Samples, filters: tuple[Sequence[float], Sequence[float]]) -> float:
    return sum(product(samples, each) ** 2 for each in filters)


@lru_cache(maxsize=8)
def _filters(rate: int, size: int) -> list[tuple[Sequence[float], Sequence[float]]]:
    return [
        (
            [cos(2 * pi * frequency * at / rate) for at in range(size)],
            [sin(2 * pi * frequency * at / rate) for at in range(size)],
        )
        for frequency in (*_LOW, *_HIGH)
    ]
