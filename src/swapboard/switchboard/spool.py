"""Carrier events that the database could not take, kept in a file until it can."""

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from swapboard.switchboard.ringing import Told

log = logging.getLogger(__name__)

_TOLD = TypeAdapter(Told)


class Spool:
    """One JSON line for each event, on disk before `add` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, told: Told) -> None:
        """Keep what was told. Raises OSError when the disk does not take it either."""
        with self._lock, self._path.open("ab") as file:
            # A crash may have cut the line before short: the next must not be spoiled by it.
            file.write(b"\n" + _TOLD.dump_json(told) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def waiting(self) -> tuple[Sequence[Told], int]:
        """What is in the spool, oldest first, and how many bytes of the file that is."""
        with self._lock:
            content = self._path.read_bytes() if self._path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        told = [_read(line) for line in whole.splitlines() if line]
        return [each for each in told if each], len(whole)

    def forget(self, size: int) -> None:
        """Remove the first `size` bytes, once the database has them."""
        with self._lock:
            rest = self._path.read_bytes()[size:]
            fresh = self._path.with_suffix(".new")
            with fresh.open("wb") as file:
                file.write(rest)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)


def _read(line: bytes) -> Told | None:
    try:
        return _TOLD.validate_json(line)
    except ValidationError:
        log.error("a line of the spool cannot be read and is left out: %r", line[:200])
        return None
