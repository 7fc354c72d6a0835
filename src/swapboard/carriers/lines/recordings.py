"""Recordings of our own lines: encrypted piece by piece as the call goes on, so that nothing readable is on disk.

A file is one Fernet token a line, each of some seconds of µ-law, its channels sample by sample. What a crash
leaves is whole up to its last line.
"""

import secrets
import wave
from io import BytesIO
from pathlib import Path

from swapboard.accounts.secrets import Vault
from swapboard.carriers.lines.g711 import SAMPLES_A_SECOND, pcm

_ENDINGS = {1: ".mono", 2: ".stereo"}


class Recording:
    """One that is being made."""

    def __init__(self, path: Path, vault: Vault) -> None:
        self.ref = path.stem
        self._path = path
        self._vault = vault

    def add(self, sound: bytes) -> None:
        """Keep a piece. Raises OSError."""
        with self._path.open("ab") as file:
            file.write(self._vault.encrypt(sound) + b"\n")

    def remove(self) -> None:
        """There was nothing worth keeping."""
        self._path.unlink(missing_ok=True)


class Recordings:
    """All of an installation's."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def begin(self, channels: int) -> Recording:
        """A new one, of one channel or two. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Recording(self._folder / f"{secrets.token_hex(16)}{_ENDINGS[channels]}", self._vault)

    def remove(self, ref: str) -> None:
        """Delete it; one that is not there is deleted. Raises OSError."""
        for ending in _ENDINGS.values():
            if ref.isalnum():
                (self._folder / f"{ref}{ending}").unlink(missing_ok=True)

    def wav(self, ref: str) -> bytes:
        """The recording as a WAV file of 16 bits a sample. Raises FileNotFoundError."""
        for channels, ending in _ENDINGS.items():
            path = self._folder / f"{ref}{ending}"
            if ref.isalnum() and path.exists():
                return _wav(channels, b"".join(map(self._vault.decrypt, path.read_bytes().splitlines())))
        raise FileNotFoundError(ref)


def _wav(channels: int, sound: bytes) -> bytes:
    whole = BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(SAMPLES_A_SECOND)
        file.writeframes(pcm(sound))
    return whole.getvalue()
