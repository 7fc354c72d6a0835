"""Carrier events that the database could not take, kept in a file until it can.

Several processes may share the file (an old server that ends while the new one starts), so whoever touches it
holds its lock. An event may be handed out twice, which the database knows to be one; none is removed before that.
"""

import fcntl
import hashlib
import logging
import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from threading import Lock
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from swapboard.switchboard.ringing import Told

log = logging.getLogger(__name__)

_TOLD = TypeAdapter(Told)
PIECE_BYTES = 1024 * 1024
MOST_HELD = 10_000
"""Events in memory while no disk takes them: some 20 MB."""


class Reading:
    """One pass over the file, a megabyte at a time; it knows what it read, and so what may be forgotten."""

    def __init__(self, spool: "Spool") -> None:
        self._spool = spool
        self.end = 0
        """How many bytes were read; in whole lines."""
        self._digest = hashlib.sha256()

    def next(self) -> Sequence[Told]:
        """The next events, oldest first; none at the end."""
        while content := self._spool.content(self.end):
            self.end += len(content)
            self._digest.update(content)
            if told := [each for line in content.splitlines() if line and (each := _read(line))]:
                return told
        return ()

    @property
    def mark(self) -> bytes:
        """What was read, in short."""
        return self._digest.digest()


class Spool:
    """One JSON line for each event, on disk before `add` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = Lock()
        self._held: deque[Told] = deque()

    @property
    def held(self) -> int:
        """How many events are in memory only, because the disk is full or gone."""
        return len(self._held)

    def add(self, told: Told) -> None:
        """Keep what was told. When the disk does not take it, it is held in memory, and OSError is raised."""
        try:
            self._write(told)
        except OSError:
            with self._guard:
                if len(self._held) < MOST_HELD:
                    self._held.append(told)
                else:
                    log.critical("this event is lost, for neither database, disk nor memory take it: %s", told)
            raise

    @property
    def is_empty(self) -> bool:
        """True when nothing waits."""
        return not self._held and not (self._path.exists() and self._path.stat().st_size)

    def read(self) -> Reading:
        """Begin a pass over what is in the file."""
        return Reading(self)

    def content(self, start: int) -> bytes:
        """Some of the file from there on, in whole lines; empty at its end, and where a crash cut a line short."""
        if not self._path.exists():
            return b""
        with self._locked("rb") as file:
            file.seek(start)
            content = file.read(PIECE_BYTES)
            while content and not content.endswith(b"\n") and (rest := file.readline()):
                content += rest
        return content[: content.rfind(b"\n") + 1]

    def held_events(self) -> Sequence[Told]:
        """What is in memory only, oldest first."""
        with self._guard:
            return tuple(self._held)

    def let_go(self, count: int) -> None:
        """Forget so many of the events in memory, once the database has them."""
        with self._guard:
            for _ in range(min(count, len(self._held))):
                self._held.popleft()

    def forget(self, reading: Reading) -> None:
        """Remove what was read, once the database has it, unless another process was quicker.

        In place, for a full disk has no room for a copy. What came meanwhile is moved to the front if it fits
        before itself, so that a crash in the middle repeats events and loses none; else it stays.
        """
        if not self._path.exists():
            return
        with self._locked("r+b") as file:
            size, end = os.fstat(file.fileno()).st_size, reading.end
            if size < end or _digest(file, end) != reading.mark:
                return
            rest = file.read()
            # Without a line's end it is one that a crash cut short.
            kept = rest if b"\n" in rest else b""
            if len(kept) > end:
                return
            file.seek(0)
            _write_all(file, kept)
            os.fsync(file.fileno())
            file.truncate(len(kept))
            os.fsync(file.fileno())

    def _write(self, told: Told) -> None:
        line = _TOLD.dump_json(told)
        with self._locked("ab") as file:
            # A crash may have cut the line before short: the next must not be spoiled by it.
            _write_all(file, b"\n" + line + b"\n")
            os.fsync(file.fileno())

    @contextmanager
    def _locked(self, mode: Literal["rb", "r+b", "ab"]) -> Iterator[FileIO]:
        # Unbuffered: what a full disk did not take must not be tried again when the file is closed.
        with self._guard, open(self._path, mode, buffering=0, opener=_private) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file


def _private(path: str, flags: int) -> int:
    """For the owner only: callers' numbers stand in it."""
    return os.open(path, flags, 0o600)


def _write_all(file: FileIO, content: bytes) -> None:
    """A disk that is nearly full takes a part, and says so only when it is asked for the rest."""
    view = memoryview(content)
    while view:
        view = view[file.write(view) :]


def _digest(file: FileIO, end: int) -> bytes:
    file.seek(0)
    digest, left = hashlib.sha256(), end
    while left and (part := file.read(min(left, PIECE_BYTES))):
        digest.update(part)
        left -= len(part)
    return digest.digest()


def _read(line: bytes) -> Told | None:
    try:
        return _TOLD.validate_json(line)
    except ValidationError:
        log.error("a line of the spool cannot be read and is left out: %r", line[:200])
        return None
