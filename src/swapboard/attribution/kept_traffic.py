"""Traffic kept in a file that nobody else sees, so that the database is read once, and not while it is replayed.

A transaction that reads for minutes keeps SQLite from emptying its write-ahead log, which grows with every visit.
"""

import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import TypeAlias

from swapboard.attribution.traffic import Line, decode, encode

Play: TypeAlias = Callable[[], Iterator[Line]]
"""Gives the lines from the beginning; one player at a time."""


@contextmanager
def kept(lines: Iterable[Line]) -> Iterator[Play]:
    """Keep the lines until the end of the context; they are as they were given, whatever their order."""
    with TemporaryFile() as file:
        with gzip.open(file, "wb", compresslevel=1) as packed:
            packed.writelines(encode(line) + b"\n" for line in lines)

        def play() -> Iterator[Line]:
            file.seek(0)
            with gzip.open(file, "rb") as packed:
                for text in packed:
                    yield decode(text)

        yield play
