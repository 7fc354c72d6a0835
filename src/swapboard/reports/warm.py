"""What was counted once, kept by this process for as long as nothing that was counted can have changed.

A key says all that its answer depends on: the question, and a stamp of what stands in the database, which is read
each time and changes whenever that does. Nothing is ever kept because it is young.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from swapboard.reports.sums import Cells, Sums, Whole
from swapboard.storage.engine import only_reads

MOST_BYTES = 64 * 1024 * 1024
_WORD_BYTES = 100
"""What a word takes, about."""
_ANSWER_BYTES = 1_000
"""What the smallest answer takes with all that holds it, about: even one that finds nothing."""
_LETTER_BYTES = 3
"""What a key takes for each letter of its text, about: mostly its tuples and numbers, not their digits."""


class Warm:
    """Answers by their keys; those that nobody asked for longest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> object:
        """The answer, or None."""
        with self._lock:
            if (found := self._answers.get(key)) is None:
                return None
            self._answers.move_to_end(key)
            return found.value

    def put(self, key: Hashable, value: object, size: int) -> None:
        """Keep the answer, if it is not larger than all that may be kept."""
        with self._lock:
            if size > self._most or key in self._answers:
                return
            self._answers[key] = _Answer(value, size)
            self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._answers.popitem(last=False)[1].size


class _Answer(NamedTuple):
    value: object
    size: int


_WARM: WeakKeyDictionary[Engine, Warm] = WeakKeyDictionary()


def sums(connection: Connection, key: Hashable, count: Callable[[], Sums]) -> Sums:
    """What `count` finds, or what it found under this key before."""
    if not only_reads(connection):
        return count()
    warm = _warm(connection)
    found = warm.get(("sums", key))
    if not isinstance(found, Sums):
        found = _fixed(count())
        warm.put(("sums", key), found, _size(key, _in_sums(found)))
    return found


def numbers(connection: Connection, key: Hashable, find: Callable[[], NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """The same of numbers."""
    if not only_reads(connection):
        return find()
    warm = _warm(connection)
    found = warm.get(("numbers", key))
    if not isinstance(found, np.ndarray):
        found = find()
        found.flags.writeable = False
        warm.put(("numbers", key), found, _size(key, found.nbytes))
    return found


def _warm(connection: Connection) -> Warm:
    # One statement of CPython: two threads that come first get the same.
    return _WARM.setdefault(connection.engine, Warm())


def _fixed(found: Sums) -> Sums:
    """Many readers have it at once."""
    codes, amounts = _as_is(found.cells.codes), _as_is(found.amounts)
    return Sums(Cells(tuple(map(tuple, found.cells.words)), codes), amounts)


def _as_is(whole: Whole) -> Whole:
    own = whole.copy()
    own.flags.writeable = False
    return own


def _size(key: Hashable, in_answer: int) -> int:
    return _ANSWER_BYTES + _LETTER_BYTES * len(repr(key)) + in_answer


def _in_sums(found: Sums) -> int:
    words: Sequence[Sequence[str]] = found.cells.words
    return found.cells.codes.nbytes + found.amounts.nbytes + _WORD_BYTES * sum(map(len, words))
