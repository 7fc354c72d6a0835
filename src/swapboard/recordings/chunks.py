"""A file that is encrypted in chunks, so that any part of it can be read without the rest.

After eight bytes of name and eight random ones come the chunks: AES-256-GCM over 64 KiB, each with its
number, and whether it is the last, in its nonce and associated data, so that none can be moved, left out or cut.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from swapboard.recordings.wave import Content

CHUNK_BYTES = 64 * 1024
KEY_BYTES = 32
_NAME = b"SBCHUNK1"
_SALT_BYTES = 8
_TAG_BYTES = 16
_HEAD_BYTES = len(_NAME) + _SALT_BYTES
_SEALED_BYTES = CHUNK_BYTES + _TAG_BYTES


class Damaged(ValueError):
    """The file is not what was written with this key."""


def new_key() -> bytes:
    """A key for one file."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def write_chunks(path: Path, key: bytes, content: Content) -> None:
    """Write the file, for its owner only: all of it, on disk, or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for sealed in _sealed(key, os.urandom(_SALT_BYTES), content):
                file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        # Of a full disk it would keep what little room there was, and each try another one.
        part.unlink(missing_ok=True)


def content_bytes(path: Path) -> int:
    """How many bytes the file holds, unencrypted. Raises OSError and Damaged."""
    sealed = path.stat().st_size - _HEAD_BYTES
    if sealed < _TAG_BYTES:
        raise Damaged("the file is cut off")
    return sealed - _chunk_count(sealed) * _TAG_BYTES


def read_chunks(path: Path, key: bytes, first: int = 0, last: int | None = None) -> Iterator[bytes]:
    """The bytes from `first` to `last`, both included, chunk by chunk. Raises OSError and Damaged."""
    size = content_bytes(path)
    last = size - 1 if last is None else min(last, size - 1)
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        if head[: len(_NAME)] != _NAME:
            raise Damaged("the file is none of ours")
        count = _chunk_count(path.stat().st_size - _HEAD_BYTES)
        for number in range(first // CHUNK_BYTES, last // CHUNK_BYTES + 1):
            plain = _opened(file, key, head[len(_NAME) :], number, number == count - 1)
            begins = number * CHUNK_BYTES
            yield plain[max(0, first - begins) : last - begins + 1]


def _sealed(key: bytes, salt: bytes, content: Content) -> Iterator[bytes]:
    cipher = AESGCM(key)
    yield _NAME + salt
    starts = range(0, len(content), CHUNK_BYTES) or (0,)
    for number, start in enumerate(starts):
        is_last = start + CHUNK_BYTES >= len(content)
        nonce, told = _nonce(salt, number), _told(number, is_last)
        yield cipher.encrypt(nonce, content[start : start + CHUNK_BYTES], told)


def _opened(file: BinaryIO, key: bytes, salt: bytes, number: int, is_last: bool) -> bytes:
    file.seek(_HEAD_BYTES + number * _SEALED_BYTES)
    try:
        return AESGCM(key).decrypt(_nonce(salt, number), file.read(_SEALED_BYTES), _told(number, is_last))
    except InvalidTag:
        raise Damaged("the file was changed, or has another key") from None


def _nonce(salt: bytes, number: int) -> bytes:
    return salt + number.to_bytes(4, "big")


def _told(number: int, is_last: bool) -> bytes:
    return number.to_bytes(4, "big") + bytes([is_last])


def _chunk_count(sealed_bytes: int) -> int:
    return max(1, -(-sealed_bytes // _SEALED_BYTES))
