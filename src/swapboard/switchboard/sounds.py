"""The sounds of flows, for carriers and own lines: an address that nobody can guess, and a copy on disk.

The copy is brought up to date whenever the set-up is loaded, so that callers hear their greeting also while the
database is away. A sound that was replaced has a new address, because carriers keep what they fetched.
"""

import hashlib
import hmac
import logging
from pathlib import Path

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault, same
from swapboard.calls.sound import Sound
from swapboard.calls.sound_store import content_of, list_sounds
from swapboard.storage.whole_file import replace_file

log = logging.getLogger(__name__)

PATH = "/sounds/{company_id}/{sound_id}/{token}/{version}.wav"
_TOKEN_HEX = 32
_VERSION_HEX = 16


class SoundShelf:
    """The sounds of all companies, on this machine's disk."""

    def __init__(self, folder: Path, vault: Vault, public_url: str) -> None:
        self._folder = folder
        self._key = vault.signing_key("sounds of flows").encode()
        self._public_url = public_url

    @property
    def begin(self) -> str:
        """What all our addresses begin with."""
        return f"{self._public_url}/sounds/"

    def addresses(self, connection: Connection, company_id: str) -> dict[str, str]:
        """The address of each of the company's sounds, by its name; their copies are brought up to date."""
        found = list_sounds(connection, company_id)
        try:
            self._mirror(connection, company_id, {self._file(company_id, each): each for each in found})
        except OSError as error:
            log.error("sounds cannot be kept in %s; they come from the database only: %s", self._folder, error)
        return {each.name: self.address(company_id, each) for each in found}

    def address(self, company_id: str, sound: Sound) -> str:
        """Where a carrier gets the sound; not to be guessed, and good for as long as there is the sound."""
        token = self._token(company_id, sound.sound_id)
        path = PATH.format(company_id=company_id, sound_id=sound.sound_id, token=token, version=_version(sound))
        return f"{self._public_url}{path}"

    def is_signed(self, company_id: str, sound_id: str, token: str) -> bool:
        """True when the token is of an address that we made."""
        return same(token, self._token(company_id, sound_id))

    def copy(self, company_id: str, sound_id: str, version: str) -> bytes | None:
        """The copy on disk of a sound whose address has been checked; None when it is not here."""
        if not (company_id.isalnum() and sound_id.isalnum() and version.isalnum()):
            return None
        try:
            return (self._folder / company_id / f"{sound_id}-{version}.wav").read_bytes()
        except OSError:
            return None

    def own(self, address: str) -> bytes | None:
        """The sound at one of our own addresses, without asking ourselves over the network; else None."""
        names = address.removeprefix(self.begin).removesuffix(".wav").split("/")
        if not address.startswith(self.begin) or len(names) != 4:
            return None
        company_id, sound_id, token, version = names
        return self.copy(company_id, sound_id, version) if self.is_signed(company_id, sound_id, token) else None

    def _mirror(self, connection: Connection, company_id: str, wanted: dict[Path, Sound]) -> None:
        folder = self._folder / company_id
        there = set(folder.glob("*.wav"))
        for path in wanted.keys() - there:
            content = content_of(connection, company_id, wanted[path].sound_id)
            if content is not None:
                replace_file(path, content)
        for path in there - wanted.keys():
            path.unlink(missing_ok=True)

    def _file(self, company_id: str, sound: Sound) -> Path:
        return self._folder / company_id / f"{sound.sound_id}-{_version(sound)}.wav"

    def _token(self, company_id: str, sound_id: str) -> str:
        told = f"{company_id}/{sound_id}".encode()
        return hmac.new(self._key, told, hashlib.sha256).hexdigest()[:_TOKEN_HEX]


def _version(sound: Sound) -> str:
    return sound.digest[:_VERSION_HEX]
