"""What is found out of a recording once, when it comes in."""

from collections.abc import Sequence
from dataclasses import dataclass

from swapboard.recordings.speech import Turn, turns, waveform
from swapboard.recordings.tones import tones, typed_spans
from swapboard.recordings.unpacked import wave_of_mp3
from swapboard.recordings.wave import Content, NoWave, read_wave, silenced

_MEDIA = ((b"RIFF", "audio/wav"), (b"ID3", "audio/mpeg"), (b"\xff", "audio/mpeg"), (b"OggS", "audio/ogg"))


@dataclass(frozen=True, slots=True)
class Looked:
    """The sound as it is kept, MP3 as WAV; only of a WAV file we can say how long it is and who spoke."""

    content: Content
    media_type: str
    seconds: float | None = None
    waveform: Sequence[Sequence[int]] = ()
    turns: Sequence[Turn] = ()
    silenced: Sequence[tuple[float, float]] = ()


def look(content: bytes) -> Looked:
    """The recording with its typed keys silenced. Raises ValueError when it is no sound at all."""
    media_type = next((kind for begin, kind in _MEDIA if content.startswith(begin)), None)
    if media_type is None:
        raise ValueError("What the carrier sent is no recording that we know.")
    kept: Content = content
    if (unpacked := wave_of_mp3(content)) is not None:
        kept, media_type = unpacked, "audio/wav"
    try:
        wave = read_wave(kept)
    except NoWave:
        return Looked(kept, media_type)
    spans = typed_spans(tones(wave))
    return Looked(
        content=silenced(kept, wave, spans) if spans else kept,
        media_type=media_type,
        seconds=round(wave.seconds, 2),
        waveform=waveform(wave),
        turns=turns(wave),
        silenced=[(round(begins, 2), round(ends, 2)) for begins, ends in spans],
    )
