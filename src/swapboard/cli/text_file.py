"""Text files that somebody named: whatever wrote them, and what is wrong with those that cannot be read."""

import sys
from pathlib import Path

from swapboard.cli.problems import Problem, reading_file
from swapboard.spreadsheet import NoTable, text_of

STANDARD_INPUT = "-"


def text_of_file(name: str | Path) -> str:
    """What stands in the file, in whatever encoding; `-` is standard input. Raises Problem."""
    try:
        with reading_file(name):
            is_typed = str(name) == STANDARD_INPUT
            return text_of(sys.stdin.buffer.read() if is_typed else Path(name).read_bytes())
    except NoTable as error:
        raise Problem(f"{name}: {error}") from error
