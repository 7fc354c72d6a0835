"""What was counted once, kept by this process for as long as nothing that was counted can have changed.

An answer depends on its question, and on a stamp of what stands in the database, which is read each time and
changes whenever that does. Nothing is ever kept because it is young; what is out of date makes room for what takes
its place.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from sys import getsizeof
from threading import Lock
from typing import NamedTuple, TypeVar, cast
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from swapboard.reports.one_state import database
from swapboard.reports.packed_sums import PackedSums, packed, unpacked
from swapboard.reports.sums import Sums
from swapboard.storage.engine import only_reads

Answer = TypeVar("Answer")
MOST_BYTES = 48 * 1024 * 1024
_WORD_BYTES = 8
"""What it takes to hold a word, beside the word."""
_ANSWER_BYTES = 1_000
"""What the smallest answer takes with all that holds it, about: even one that finds nothing."""
_LETTER_BYTES = 3
"""What a key takes for each letter of its text, about: mostly its tuples and numbers, not their digits."""


class Warm:
    """The latest answer to each question; those that nobody asked for longest go first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, question: Hashable, stamp: Hashable) -> object:
        """The answer, or None."""
        with self._lock:
            found = self._answers.get(question)
            if found is None or found.stamp != stamp:
                return None
            self._answers.move_to_end(question)
            return found.value

    def put(self, question: Hashable, stamp: Hashable, value: object, size: int) -> None:
        """Keep the answer instead of the one before, if it is not larger than all that may be kept."""
        with self._lock:
            if size > self._most:
                return
            if (before := self._answers.pop(question, None)) is not None:
                self._bytes -= before.size
            self._answers[question] = _Answer(stamp, value, size)
            self._bytes += size
            while self._bytes > self._most:
                self._bytes -= self._answers.popitem(last=False)[1].size


class _Answer(NamedTuple):
    stamp: Hashable
    value: object
    size: int


_WARM: WeakKeyDictionary[Engine, Warm] = WeakKeyDictionary()


def kept(
    connection: Connection,
    question: Hashable,
    stamp: Hashable,
    find: Callable[[], Answer],
    size: Callable[[Answer], int],
) -> Answer:
    """What `find` finds, or what it found when the same was asked of the same state; its type is the question's.

    Nothing is kept where the stamp is None: nobody can say whether it is the same state.
    """
    if stamp is None or not only_reads(connection):
        return find()
    # One statement of CPython: two threads that come first get the same.
    warm, stamp = _WARM.setdefault(connection.engine, Warm()), (database(connection), stamp)
    if (known := warm.get(question, stamp)) is not None:
        return cast(Answer, known)
    found = find()
    warm.put(question, stamp, found, _size((question, stamp), size(found)))
    return found


def sums(connection: Connection, question: Hashable, stamp: Hashable, count: Callable[[], Sums]) -> Sums:
    """The same of sums, which are kept packed."""
    return unpacked(kept(connection, ("sums", question), stamp, lambda: packed(count()), _in_sums))


def has_sums(connection: Connection, question: Hashable, stamp: Hashable) -> bool:
    """Whether they were counted of this state, and are kept."""
    warm = _WARM.get(connection.engine)
    if warm is None or stamp is None or not only_reads(connection):
        return False
    return warm.get(("sums", question), (database(connection), stamp)) is not None


def numbers(
    connection: Connection, question: Hashable, stamp: Hashable, find: Callable[[], NDArray[np.uint64]]
) -> NDArray[np.uint64]:
    """The same of numbers."""

    def fixed() -> NDArray[np.uint64]:
        found = find()
        found.flags.writeable = False
        return found

    return kept(connection, ("numbers", question), stamp, fixed, lambda found: found.nbytes)


def _size(key: Hashable, in_answer: int) -> int:
    return _ANSWER_BYTES + _LETTER_BYTES * len(repr(key)) + in_answer


def _in_sums(found: PackedSums) -> int:
    return found.codes.nbytes + found.amounts.nbytes + sum(map(getsizeof, found.words))


def in_words(words: Sequence[str]) -> int:
    """What words take: whoever visits a site writes those of its address, as long as they like."""
    return _WORD_BYTES * len(words) + sum(map(getsizeof, words))
