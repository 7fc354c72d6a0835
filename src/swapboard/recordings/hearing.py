"""From sound to words: the one interface that a speech engine has, and what is made of what it hears.

An engine hears one speaker at a time. The words of both sides become lines in order of time, without card numbers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from swapboard.calls.card_numbers import redact
from swapboard.calls.transcript import SpokenWord, Transcript, in_order, segments_of, sides_of
from swapboard.recordings.recording import Kind
from swapboard.recordings.speech import speaks
from swapboard.recordings.wave import Channel, NoWave, Samples, read_wave


class NotHeard(Exception):
    """Sound that cannot be written down; the message says why, and what to do."""

    def __init__(self, message: str, *, permanent: bool = True) -> None:
        super().__init__(message)
        self.permanent = permanent


class Stopped(Exception):
    """Whoever listens was told to stop."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One speaker: 16-bit samples, so many a second."""

    rate: int
    samples: "Channel | Samples"
    """Where they lie in the file, as far as they can be had there: a long talk's are half a gigabyte."""

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of what one speaker said."""

    language: str
    """ISO 639-1."""
    words: tuple[SpokenWord, ...]


class Engine(Protocol):
    """What hears words."""

    @property
    def name(self) -> str:
        """For people, with its model."""
        ...

    @property
    def trouble(self) -> str | None:
        """What keeps it from hearing anything, and what to do; None when nothing does."""
        ...

    def hear(self, sound: Sound, language: str) -> Iterator[Heard]:
        """What one speaker says, piece by piece; an empty language is found out. Raises NotHeard."""
        ...


def write_down(
    content: bytes, kind: Kind, language: str, engine: Engine, goes_on: Callable[[], bool] = lambda: True
) -> Transcript:
    """What is said in a recording. Raises NotHeard, and Stopped once `goes_on` says no."""
    channels = sound_of(content)
    sides = sides_of(len(channels), is_message=kind is Kind.MESSAGE)
    segments, found = [], language
    for sound, side in zip(channels, sides, strict=True):
        words: list[SpokenWord] = []
        # An engine that is given silence makes words up.
        for heard in engine.hear(sound, found) if speaks(sound.samples, sound.rate) else ():
            if not goes_on():
                raise Stopped
            words.extend(heard.words)
            found = found or heard.language
        segments.extend(segments_of(words, side))
    return Transcript(found, engine.name, redact(in_order(segments)))


def sound_of(content: bytes) -> list[Sound]:
    """The recording's speakers, each by themselves. Raises NotHeard."""
    try:
        wave = read_wave(content)
    except NoWave:
        return _decoded(content)
    return [Sound(wave.rate, channel) for channel in wave.channels]


def _decoded(content: bytes) -> list[Sound]:
    """What is no WAV file, such as MP3, is decoded by what came with the engine."""
    try:
        from swapboard.recordings.decoding import decoded  # noqa: PLC0415  # only there with the extra
    except ImportError as error:
        raise NotHeard("This recording is no WAV file; to read others, install swapboard[transcribe].") from error
    return [Sound(rate, samples) for rate, samples in decoded(content)]
