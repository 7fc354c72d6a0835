"""A recording that comes as MP3, as a WAV file: only such a one can be drawn, silenced and told its speakers.

It grows to four times its size; whoever records so wanted little room, but a card number in it is worse. What
telephones carry is 8 kHz, so nothing is lost to the ear. Decoded by miniaudio (dr_mp3).
"""

from collections.abc import Iterator

import miniaudio

from swapboard.recordings.wave import MOST_CHANNELS, Samples, read_wave, wave_of_pieces

RATE = 8_000
LONGEST_SECONDS = 4 * 60 * 60
"""So that a small file cannot unfold to more than half a gigabyte."""


class _TooLong(Exception):
    """It goes on for longer than we unpack."""


def wave_of_mp3(content: bytes) -> bytearray | None:
    """The same sound as a WAV file of 8 kHz; None for what is no MP3, is damaged or goes on for too long.

    It is decoded in pieces of a second, each put where it is to stand: no more is in memory than the file itself.
    """
    if content[:3] != b"ID3" and content[:1] != b"\xff":
        return None
    try:
        count = min(miniaudio.mp3_get_info(content).nchannels, MOST_CHANNELS)
        unpacked = wave_of_pieces(RATE, count, _pieces(content, count))
    except (miniaudio.MiniaudioError, _TooLong):
        return None
    return unpacked if read_wave(unpacked).seconds else None


def _pieces(content: bytes, count: int) -> Iterator[Samples]:
    """The samples of all channels by turns. Raises _TooLong."""
    kind, frames = miniaudio.SampleFormat.SIGNED16, 0
    for piece in miniaudio.stream_memory(content, kind, nchannels=count, sample_rate=RATE, frames_to_read=RATE):
        frames += len(piece) // count
        if frames > LONGEST_SECONDS * RATE:
            raise _TooLong
        yield piece
