"""Card numbers that were said, taken out of the sound, where the transcript knows when; no I/O.

They go out of the file itself and not only out of what is played: so no copy, no backup and no key has them.
"""

from collections.abc import Iterator, Sequence

from swapboard.calls.card_numbers import REDACTED
from swapboard.calls.transcript import Transcript
from swapboard.recordings.unpacked import wave_of_mp3
from swapboard.recordings.wave import Content, NoWave, read_wave, silenced

MARGIN_SECONDS = 0.3
"""Speech recognition tells the moments of words to a few tenths of a second."""


def card_spans(transcript: Transcript) -> list[tuple[float, float]]:
    """When card numbers were said (seconds), with a margin; what overlaps is one."""
    said = sorted(
        (max(0.0, word.begins - MARGIN_SECONDS), word.ends + MARGIN_SECONDS)
        for segment in transcript.segments
        for word in segment.words
        if word.text == REDACTED
    )
    return [(round(begins, 2), round(ends, 2)) for begins, ends in _joined(said)]


def muted(content: bytes, spans: Sequence[tuple[float, float]]) -> Content | None:
    """The recording as a WAV file with nothing to be heard in these spans, on any side.

    None for what is neither a WAV file nor MP3, as which recordings were kept once.
    """
    kept: Content = wave_of_mp3(content) or content
    try:
        return silenced(kept, read_wave(kept), spans)
    except NoWave:
        return None


def _joined(spans: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    last: tuple[float, float] | None = None
    for begins, ends in spans:
        if last is not None and begins <= last[1]:
            last = last[0], max(last[1], ends)
            continue
        if last is not None:
            yield last
        last = begins, ends
    if last is not None:
        yield last
