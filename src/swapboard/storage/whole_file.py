"""Files that are read while they are written anew: each is replaced in one step."""

import os
from contextlib import suppress
from glob import escape
from pathlib import Path
from secrets import token_hex

_LEFT_BEHIND_SECONDS = 3600


def replace_file(path: Path, content: bytes) -> None:
    """Whoever reads, or a crash half-way, finds the old content or the new; of two that write, the later's stays.

    Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{token_hex(4)}.new")
    try:
        with fresh.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _sweep(path, fresh.stat().st_mtime - _LEFT_BEHIND_SECONDS)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _sweep(path: Path, until: float) -> None:
    """What crashes left half-written; whoever else is writing now began a moment ago."""
    for left in path.parent.glob(f"{escape(path.name)}.{'[0-9a-f]' * 8}.new"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < until:
                left.unlink()
