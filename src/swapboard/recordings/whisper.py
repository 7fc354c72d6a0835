"""Whisper by faster-whisper (the extra `transcribe`); the model is a folder on this machine, never downloaded."""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from swapboard.calls.transcript import SpokenWord
from swapboard.recordings.hearing import Engine, Heard, NotHeard, Sound

if TYPE_CHECKING:
    import numpy
    from faster_whisper import WhisperModel

RATE = 16_000
NEEDED = ("model.bin", "config.json", "tokenizer.json")
GET_ONE = "hf download Systran/faster-whisper-small --local-dir FOLDER"


def trouble_with(model: Path) -> str | None:
    """What keeps this folder from being used, and what to do; None when nothing does."""
    if not model.is_dir():
        return f"There is no folder {model}. Get a model once, on any machine: {GET_ONE}"
    missing = [name for name in NEEDED if not (model / name).is_file()]
    if missing:
        return f"The folder {model} holds no whole model: {', '.join(missing)} is missing. Get one: {GET_ONE}"
    try:
        import faster_whisper  # noqa: F401, PLC0415  # an extra
    except ImportError:
        return "faster-whisper is not installed: pip install 'swapboard[transcribe]'"
    return None


class Whisper:
    """A model on the processor; it is loaded when the first sound comes, and stays."""

    def __init__(self, model: Path, threads: int) -> None:
        self._path, self._threads = model, threads
        self._lock = Lock()
        self._model: WhisperModel | None = None

    @property
    def name(self) -> str:
        return f"whisper {self._path.name}"

    @property
    def trouble(self) -> str | None:
        return None if self._model else trouble_with(self._path)

    def hear(self, sound: Sound, language: str) -> Iterator[Heard]:
        """What one speaker says, piece by piece. Raises NotHeard."""
        model = self._loaded()
        try:
            pieces, about = model.transcribe(
                _floats(sound),
                language=language or None,
                beam_size=5,
                word_timestamps=True,
                vad_filter=True,
                # Else one mistake is said again and again.
                condition_on_previous_text=False,
            )
            for piece in pieces:
                words = (
                    SpokenWord(each.word.strip(), round(float(each.start), 2), round(float(each.end), 2))
                    for each in piece.words or ()
                )
                yield Heard(about.language, tuple(word for word in words if word.text))
        except (RuntimeError, ValueError) as error:
            raise NotHeard(f"The model could not hear it: {error}") from error

    def _loaded(self) -> "WhisperModel":
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> "WhisperModel":
        from faster_whisper import WhisperModel  # noqa: PLC0415  # an extra

        try:
            return WhisperModel(
                str(self._path),
                device="cpu",
                compute_type="int8",
                cpu_threads=self._threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise NotHeard(f"The model in {self._path} cannot be loaded: {error}", permanent=False) from error


def open_engine(model: Path | None, threads: int) -> Engine | None:
    """The engine with this model, or None without one."""
    return Whisper(model, threads) if model else None


def _floats(sound: Sound) -> "numpy.typing.NDArray[numpy.float32]":
    """As the model wants them: 16,000 a second, from -1 to 1; between two samples lies the line between them."""
    import numpy as np  # noqa: PLC0415  # comes with the extra

    samples = np.frombuffer(sound.samples[:], dtype=np.int16).astype(np.float32) / np.float32(32_768)
    if sound.rate == RATE:
        return samples
    at = np.arange(int(sound.seconds * RATE)) * (sound.rate / RATE)
    line: numpy.typing.NDArray[numpy.float32] = np.interp(at, np.arange(len(samples)), samples).astype(np.float32)
    return line
