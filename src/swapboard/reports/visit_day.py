"""A day's visits laid out in columns, so that a million of them are counted in the blink of an eye.

Of each thing that is known of a visit there is a list of the words that occur on that day, and for each visit, in
the order in which they began, its word's place in the list: a byte, or two. A report reads the columns it asks
for and nothing else. Unlike sums, columns answer for any combination of things, any filter, and any part of a day
(the days of a company's calendar are seldom those of UTC), and tell how many different visitors there were.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from swapboard.clock import Millis
from swapboard.reports.dimension import OF_VISITS

Numbers: TypeAlias = NDArray[np.unsignedinteger[Any]]
Kind: TypeAlias = "np.dtype[np.unsignedinteger[Any]]"
Row: TypeAlias = tuple[Any, ...]
"""When a visit began, its visitor, and its value of each of WORDED."""

CAMPAIGN_ID: Final = "campaignid"
"""No report is broken down by it: costs find the visits of their campaign by its id."""
WORDED: Final[Sequence[str]] = (*sorted(OF_VISITS), CAMPAIGN_ID)
"""The columns of words."""
BEGAN = "began"
"""The column of the milliseconds after the day's first instant."""
VISITOR = "visitor"
"""The column of 64 bits that stand for each visitor: of a million, two are alike once in thirty million times."""
COLUMNS: Final = (BEGAN, VISITOR, *WORDED)
LAYOUT: Final = " ".join(("2", *WORDED))
"""What is filed in another layout is filed anew. The number goes up when a dimension is to mean something else."""

_KINDS: Final[Mapping[str, Kind]] = {
    BEGAN: np.dtype("<u4"),
    VISITOR: np.dtype("<u8"),
}
_PLACES: Final[Sequence[Kind]] = (np.dtype("<u1"), np.dtype("<u2"), np.dtype("<u4"))


class Column(NamedTuple):
    """`codes` has a number for each visit: a place in `words`, or where there are none, the thing itself."""

    words: Sequence[str]
    codes: Numbers

    def cut(self, first: int, end: int) -> "Column":
        """Of these visits only."""
        return Column(self.words, self.codes[first:end])


@dataclass(frozen=True, slots=True)
class VisitDay:
    """The visits of a day (UTC) that began before `until_at`, in the order of their ids."""

    day_at: Millis
    until_at: Millis
    columns: Mapping[str, Column]

    @property
    def visits(self) -> int:
        return len(self.columns[BEGAN].codes)


def empty_day(day_at: Millis) -> VisitDay:
    """Nothing of the day is filed yet."""
    fixed = {name: Column((), np.empty(0, kind)) for name, kind in _KINDS.items()}
    return VisitDay(day_at, day_at, fixed | {name: Column((), np.empty(0, _PLACES[0])) for name in WORDED})


def grown(day: VisitDay, rows: Iterable[Row], until_at: Millis) -> VisitDay:
    """The day with those visits too that began from its `until_at` on, in the order of their ids."""
    began, visitors = [], []
    words = {name: _Words(day.columns[name].words) for name in WORDED}
    coders = tuple(words.values())
    for began_at, visitor_id, *values in rows:
        began.append(began_at - day.day_at)
        visitors.append(visitor_code(visitor_id))
        for coder, value in zip(coders, values, strict=True):
            coder.take(value)
    more = {BEGAN: np.array(began, _KINDS[BEGAN]), VISITOR: np.array(visitors, _KINDS[VISITOR])}
    columns = {name: Column((), np.concatenate([day.columns[name].codes, more[name]])) for name in more}
    columns |= {name: coder.column(day.columns[name].codes) for name, coder in words.items()}
    return VisitDay(day.day_at, until_at, columns)


def are_alike(one: VisitDay, other: VisitDay) -> bool:
    """Whether they say the same of the same visits."""
    alike = (are_same(one.columns[name], other.columns[name]) for name in COLUMNS)
    return one.until_at == other.until_at and all(alike)


def are_same(one: Column, other: Column) -> bool:
    """Whether each visit has the same in both, wherever its word stands."""
    return _values(one) == _values(other)


def column_of(values: Iterable[str]) -> Column:
    """The column of visits that have these words, one after the other."""
    words = _Words(())
    for value in values:
        words.take(value)
    return words.column(np.empty(0, _PLACES[0]))


def _values(column: Column) -> Sequence[str | int]:
    return [column.words[code] for code in column.codes] if column.words else column.codes.tolist()


def visitor_code(visitor_id: str) -> int:
    """The number that stands for a visitor."""
    return int.from_bytes(blake2b(visitor_id.encode(), digest_size=8).digest(), "little")


def read_codes(name: str, words: int, codes: bytes) -> Numbers:
    """The numbers of a column with so many words, from the bytes that `tobytes` wrote."""
    return np.frombuffer(codes, _KINDS[name] if name in _KINDS else _places_for(words))


class _Words:
    """Gives each word its place, the known ones theirs."""

    def __init__(self, known: Sequence[str]) -> None:
        self._places = {word: place for place, word in enumerate(known)}
        self._codes: list[int] = []

    def take(self, word: str) -> None:
        self._codes.append(self._places.setdefault(word, len(self._places)))

    def column(self, before: Numbers) -> Column:
        """The column that begins with these codes."""
        kind = _places_for(len(self._places))
        codes = np.concatenate([before.astype(kind), np.array(self._codes, kind)])
        return Column(list(self._places), codes)


def _places_for(count: int) -> Kind:
    """The smallest kind of number that has so many values."""
    return next(kind for kind in _PLACES if count <= 1 << 8 * kind.itemsize)
