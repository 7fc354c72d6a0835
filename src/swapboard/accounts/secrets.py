"""Passwords, API keys and credentials at rest."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken
from pydantic_core import from_json, to_json

from swapboard.language import _
from swapboard.setting_values import SettingsError

_HASHER = PasswordHasher()


def hash_of_nobody(hasher: PasswordHasher) -> str:
    """What no password makes; checking one against it takes as long as against a hash that was made."""
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"


_NOBODY = hash_of_nobody(_HASHER)

MIN_PASSWORD_LENGTH = 10


def hash_password(password: str) -> str:
    """An argon2id hash. Raises ValueError for a password that is too short."""
    if len(password) < MIN_PASSWORD_LENGTH:
        raise ValueError(too_short())
    return _HASHER.hash(password)


def too_short() -> str:
    """What is said of a password that is."""
    return _("A password needs at least %(n)s characters.") % {"n": MIN_PASSWORD_LENGTH}


def password_fits(password: str, password_hash: str | None) -> bool:
    """True when the password made the hash; takes as long for an unknown person (None) as for a known one."""
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_api_key(company_id: str, key_id: str) -> tuple[str, str]:
    """A key to hand out, `sb_COMPANY_KEY_SECRET`, and the hash of it to keep."""
    key = f"sb_{company_id}_{key_id}_{secrets.token_urlsafe(24)}"
    return key, hash_api_key(key)


def new_feed_password() -> tuple[str, str]:
    """A password to hand out for fetching files, and the hash of it to keep."""
    password = secrets.token_urlsafe(24)
    return password, hash_api_key(password)


def hash_api_key(key: str) -> str:
    """SHA-256 is enough: the secret part has 192 random bits."""
    return hashlib.sha256(key.encode()).hexdigest()


def parse_api_key(key: str) -> tuple[str, str] | None:
    """(company id, key id) that the key names, or None when it is no key at all."""
    parts = key.split("_", 3)
    if len(parts) != 4 or parts[0] != "sb" or not all(parts):
        return None
    return parts[1], parts[2]


def same(first: str, second: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(first.encode(), second.encode())


class Vault:
    """Encrypts what must be kept secret at rest with the key in the data folder's `secret.key` (Fernet)."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)
        self._key = key

    @classmethod
    def open(cls, secret_file: Path) -> "Vault":
        """The vault of this data folder; makes the key, readable by its owner only, when there is none.

        Raises SettingsError for a file that holds none.
        """
        if not secret_file.exists():
            secret_file.parent.mkdir(parents=True, exist_ok=True)
            _write_private(secret_file, Fernet.generate_key())
        try:
            return cls(secret_file.read_bytes().strip())
        except ValueError:
            raise SettingsError(
                f"{secret_file} is empty or damaged. Put it back from a backup; on a new installation, delete it, "
                "and the next start makes another."
            ) from None

    def seal(self, facts: dict[str, str]) -> str:
        """Facts as an encrypted text."""
        return self._fernet.encrypt(to_json(facts)).decode()

    def unseal(self, sealed: str) -> dict[str, str]:
        """The facts. Raises ValueError when another key sealed them."""
        try:
            facts: dict[str, str] = from_json(self._fernet.decrypt(sealed.encode()))
        except InvalidToken as error:
            raise ValueError(
                "These credentials were encrypted with another secret.key: put that file back into the data "
                "folder, or type the credentials in again."
            ) from error
        return facts

    def encrypt(self, content: bytes) -> bytes:
        """Content as a token of printable letters."""
        return self._fernet.encrypt(content)

    def decrypt(self, token: bytes) -> bytes:
        """What was encrypted. Raises ValueError when another key did it."""
        try:
            return self._fernet.decrypt(token)
        except InvalidToken as error:
            raise ValueError("This was encrypted with another secret.key.") from error

    def signing_key(self, purpose: str) -> str:
        """A key of its own for each purpose, such as signing log-in cookies."""
        return hmac.new(self._key, purpose.encode(), hashlib.sha256).hexdigest()


def _write_private(path: Path, content: bytes) -> None:
    """Under its name all of it at once: a process that starts meanwhile, or after a full disk, reads no half."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
        except OSError:
            # Some file systems have one name a file: shares of Windows, exFAT.
            _write_once(path, content)


def _write_once(path: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return
    except OSError:
        path.unlink(missing_ok=True)
        raise
