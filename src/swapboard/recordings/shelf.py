"""The folder in which the sound of recordings stands, each file encrypted with a key of its own."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from swapboard.accounts.secrets import Vault
from swapboard.recordings.chunks import Damaged, new_key, read_chunks, write_chunks
from swapboard.recordings.wave import Content

_KEY = "file_key"


class Shelf:
    """The files of one data folder."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder, self._vault = folder, vault

    def keep(self, company_id: str, name: str, content: Content) -> str:
        """Write a file; what opens it again, sealed. Raises OSError."""
        key = new_key()
        write_chunks(self._path(company_id, name, key), key, content)
        return self._vault.seal({_KEY: key.hex()})

    def read(
        self, company_id: str, name: str, sealed_key: str, first: int = 0, last: int | None = None
    ) -> Iterator[bytes]:
        """The bytes from `first` to `last`, both included. Raises OSError and Damaged."""
        try:
            key = bytes.fromhex(self._vault.unseal(sealed_key)[_KEY])
        except ValueError as error:
            raise Damaged(str(error)) from error
        return read_chunks(self._path(company_id, name, key), key, first, last)

    def remove(self, company_id: str, name: str) -> None:
        """Delete every file of that name. Raises OSError."""
        for path in (self._folder / company_id).glob(f"{name}-*"):
            path.unlink(missing_ok=True)

    def remove_one(self, company_id: str, name: str, sealed_key: str) -> None:
        """Delete the one file that this key opens. Raises OSError."""
        try:
            key = bytes.fromhex(self._vault.unseal(sealed_key)[_KEY])
        except ValueError:
            return  # what nobody can open is noise
        self._path(company_id, name, key).unlink(missing_ok=True)

    def _path(self, company_id: str, name: str, key: bytes) -> Path:
        """By the key too: of two processes that fetch the same, neither writes over the other's file."""
        return self._folder / company_id / f"{name}-{sha256(key).hexdigest()[:12]}.sbc"
