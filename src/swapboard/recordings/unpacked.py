"""A recording that comes as MP3, as a WAV file: only such a one can be drawn, silenced and told its speakers.

It grows to four times its size; whoever records so wanted little room, but a card number in it is worse. What
telephones carry is 8 kHz, so nothing is lost to the ear. Decoded by miniaudio (dr_mp3).
"""

from array import array

import miniaudio

from swapboard.recordings.wave import MOST_CHANNELS, wave_file

RATE = 8_000
LONGEST_SECONDS = 4 * 60 * 60
"""So that a small file cannot unfold to more than half a gigabyte."""


def wave_of_mp3(content: bytes) -> bytes | None:
    """The same sound as a WAV file of 8 kHz; None for what is no MP3, is damaged or goes on for too long."""
    if content[:3] != b"ID3" and content[:1] != b"\xff":
        return None
    try:
        count = min(miniaudio.mp3_get_info(content).nchannels, MOST_CHANNELS)
        mixed = _decoded(content, count)
    except miniaudio.MiniaudioError:
        return None
    return wave_file(RATE, [mixed[side::count] for side in range(count)]) if mixed else None


def _decoded(content: bytes, count: int) -> "array[int]":
    """The samples of all channels by turns; none when there are too many."""
    samples: array[int] = array("h")
    kind = miniaudio.SampleFormat.SIGNED16
    for piece in miniaudio.stream_memory(content, kind, nchannels=count, sample_rate=RATE, frames_to_read=RATE):
        samples.extend(piece)
        if len(samples) > LONGEST_SECONDS * RATE * count:
            return array("h")
    return samples
