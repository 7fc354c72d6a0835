"""What a recording looks like: its waveform, and who spoke when."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from swapboard.recordings.wave import Channel, Samples, Wave, product

WAVEFORM_COLUMNS = 300
_FRAME_SECONDS = 0.05
_PAUSE_SECONDS = 0.5
"""A shorter pause does not end a turn."""
_SHORTEST_TURN_SECONDS = 0.15
_QUIETEST_SPEECH = 200.0
"""Root mean square of 16-bit samples: about -44 dB below the loudest, where a telephone's hiss ends."""
_ABOVE_NOISE = 3.0


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody speaks, from one second to another; channel 0 is the caller."""

    channel: int
    begins: float
    ends: float


def waveform(wave: Wave, columns: int = WAVEFORM_COLUMNS) -> list[list[int]]:
    """For each channel the loudest sample of every column, from 0 to 100."""
    return [_peaks(channel, columns) for channel in wave.channels]


def turns(wave: Wave) -> list[Turn]:
    """Who spoke when, in order of time."""
    found = [
        Turn(index, round(begins, 2), round(ends, 2))
        for index, channel in enumerate(wave.channels)
        for begins, ends in _spoken(channel, wave.rate)
    ]
    return sorted(found, key=lambda turn: (turn.begins, turn.channel))


def talk_share(spoken: Sequence[Turn], channel: int) -> float | None:
    """The part of all speech that is this channel's, from 0 to 1; None when nobody spoke."""
    seconds = {0: 0.0, 1: 0.0}
    for turn in spoken:
        seconds[turn.channel] += turn.ends - turn.begins
    total = sum(seconds.values())
    return seconds[channel] / total if total else None


def speaks(channel: "Channel | Samples", rate: int) -> bool:
    """True when somebody is heard in it."""
    return bool(_spoken(channel, rate))


def caller_share(spoken: Sequence[Turn], channel_count: int) -> float | None:
    """The caller's part of all speech; None where nobody spoke, or both sides are in one channel."""
    return talk_share(spoken, 0) if channel_count > 1 else None


def _peaks(channel: Channel, columns: int) -> list[int]:
    count = len(channel)
    columns = min(columns, count)
    edges = [count * column // columns for column in range(columns + 1)] if columns else [0]
    return [_peak(channel[start:stop]) for start, stop in pairwise(edges)]


def _peak(samples: Samples) -> int:
    loudest = max(samples), -min(samples)
    return round(max(loudest) * 100 / 32_768)


def _spoken(channel: "Channel | Samples", rate: int) -> list[tuple[float, float]]:
    size = max(1, int(rate * _FRAME_SECONDS))
    loudness = [_loudness(channel[at : at + size]) for at in range(0, len(channel), size)]
    if not loudness:
        return []
    noise = sorted(loudness)[len(loudness) // 5]
    least = max(_QUIETEST_SPEECH, min(noise * _ABOVE_NOISE, max(loudness) / 4))
    spans: list[tuple[float, float]] = []
    for index, level in enumerate(loudness):
        if level < least:
            continue
        begins, ends = index * size / rate, min((index + 1) * size, len(channel)) / rate
        if spans and begins - spans[-1][1] <= _PAUSE_SECONDS:
            spans[-1] = (spans[-1][0], ends)
        else:
            spans.append((begins, ends))
    return [(begins, ends) for begins, ends in spans if ends - begins >= _SHORTEST_TURN_SECONDS]


def _loudness(samples: "array[int]") -> float:
    return sqrt(product(samples, samples) / len(samples))
