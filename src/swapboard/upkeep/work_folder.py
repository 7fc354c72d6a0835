"""A folder to work in beside what is made of it: gone when the work is over, however that ends.

Who is killed at once (SIGKILL, a power cut) removes nothing, and a copy of the whole database would lie there for
good: the next one at work in the same place removes it. A lock tells what is left from what is in use.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTLED_SECONDS = 60
"""A folder is made a moment before it is locked."""


@contextmanager
def work_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """An empty folder, its owner's only, whose name begins so. Raises OSError."""
    _sweep(parent, prefix)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as name:
        held = _lock(Path(name))
        try:
            yield Path(name)
        finally:
            if held is not None:
                os.close(held)


def _sweep(parent: Path, prefix: str) -> None:
    """Remove what those left who were killed; what cannot be removed is in nobody's way."""
    for left in parent.glob(f"{prefix}*"):
        try:
            is_settled = left.stat().st_mtime < time.time() - _SETTLED_SECONDS
            held = _lock(left) if is_settled else None
        except OSError:
            continue
        if held is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(held)


def _lock(folder: Path) -> int | None:
    """What holds it until it is closed; None when somebody else has it, or the disk knows no locks."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        return None
    return held
