"""Text files that somebody named: whatever wrote them, and what is wrong with those that cannot be read."""

import sys
from pathlib import Path

from swapboard.cli.problems import Problem, reading_file
from swapboard.spreadsheet import NoTable, text_of

STANDARD_INPUT = "-"


def text_of_file(name: str | Path, most_bytes: int | None = None) -> str:
    """What stands in the file, in whatever encoding; `-` is standard input. Raises Problem."""
    try:
        return text_of(bytes_of_file(name, most_bytes))
    except NoTable as error:
        raise Problem(f"{name}: {error}") from error


def bytes_of_file(name: str | Path, most_bytes: int | None = None) -> bytes:
    """The file, or standard input, as it is. Raises Problem, for one of more than `most_bytes`, too."""
    # One more than allowed tells that there is more, however much there is.
    size = -1 if most_bytes is None else most_bytes + 1
    with reading_file(name):
        if str(name) == STANDARD_INPUT:
            content = sys.stdin.buffer.read(size)
        else:
            with Path(name).open("rb") as file:
                content = file.read(size)
    if most_bytes is not None and len(content) > most_bytes:
        raise Problem(f"{name} is larger than {most_bytes >> 20} MB. Bring fewer days in at a time.")
    return content
