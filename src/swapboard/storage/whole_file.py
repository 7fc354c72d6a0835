"""Files that are read while they are written anew: each is replaced in one step."""

import os
from pathlib import Path
from secrets import token_hex


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
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
