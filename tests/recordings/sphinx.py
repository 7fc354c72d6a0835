"""A small engine that really hears English, in place of Whisper's models, which cannot be had here.

It is PocketSphinx with the model that its package brings; telephone speech is beyond it, a clear voice is not.
"""

import subprocess
from array import array
from collections.abc import Iterator
from pathlib import Path

from pocketsphinx import Config, Decoder

from swapboard.calls.transcript import SpokenWord
from swapboard.recordings.hearing import Heard, Sound
from swapboard.recordings.wave import Samples, read_wave

RATE = 16_000


class Sphinx:
    """PocketSphinx as an engine."""

    name = "pocketsphinx en-us"
    trouble = None

    def __init__(self) -> None:
        self._config = Config(samprate=RATE, loglevel="FATAL")

    def hear(self, sound: Sound, language: str) -> Iterator[Heard]:
        assert sound.rate == RATE
        decoder = Decoder(self._config)
        decoder.start_utt()
        decoder.process_raw(sound.samples[:].tobytes(), full_utt=True)
        decoder.end_utt()
        said = [each for each in decoder.seg() if not each.word.startswith(("<", "["))]
        words = [
            SpokenWord(each.word.split("(")[0], each.start_frame / 100, each.end_frame / 100) for each in said
        ]
        yield Heard(language or "en", tuple(words))


def speak(text: str, folder: Path) -> Samples:
    """A generated voice says it: espeak-ng, at the rate that the engine wants."""
    path = folder / "voice.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "130", "-w", path, text], check=True)
    wave = read_wave(path.read_bytes())
    samples, step = wave.channels[0][:], wave.rate / RATE
    count = int((len(samples) - 1) / step)
    return array("h", (_between(samples, index * step) for index in range(count)))


def _between(samples: Samples, at: float) -> int:
    whole = int(at)
    return round(samples[whole] + (samples[whole + 1] - samples[whole]) * (at - whole))
