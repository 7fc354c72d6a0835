"""Sums of many combinations of values at once, in columns: ten thousands of them cost what one by one a few do."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Cell: TypeAlias = tuple[str, ...]
Whole: TypeAlias = NDArray[np.int64]
_MOST_CELLS: Final = 1 << 62


class Cells(NamedTuple):
    """Combinations: of each dimension its words, and for each combination its words' places among them."""

    words: Sequence[Sequence[str]]
    codes: Whole
    """A row for each combination, a column for each dimension."""

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, place: int) -> Cell:
        """The combination in that place."""
        return tuple(words[code] for words, code in zip(self.words, self.codes[place].tolist(), strict=True))

    def all(self) -> Sequence[Cell]:
        """All of them, in their order."""
        if not self.words:
            return [()] * len(self)
        of_each = zip(self.words, self.codes.T.tolist(), strict=True)
        return list(zip(*([words[code] for code in codes] for words, codes in of_each), strict=True))

    def ranks(self) -> Sequence[Whole]:
        """For each dimension, where each combination's word stands when its words are in order."""
        return [_ranks(words)[self.codes[:, place]] for place, words in enumerate(self.words)]


class Sums(NamedTuple):
    """Amounts of combinations; each has a row of them."""

    cells: Cells
    amounts: Whole

    def rows(self) -> Iterator[tuple[Cell, Sequence[int]]]:
        """Each combination with its amounts."""
        return zip(self.cells.all(), self.amounts.tolist(), strict=True)


def cells_of(values: Sequence[Sequence[str]], count: int) -> Cells:
    """The combinations of so many rows, of whose values there is a list for each dimension."""
    words: list[Sequence[str]] = []
    codes = np.empty((count, len(values)), np.int64)
    for place, column in enumerate(values):
        known: dict[str, int] = {}
        codes[:, place] = [known.setdefault(word, len(known)) for word in column]
        words.append(list(known))
    return Cells(words, codes)


def read_sums(rows: Sequence[Sequence[Any]], width: int, amounts: int) -> Sums:
    """From rows of a database: so many values, then so many whole amounts; what comes behind them is left."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * (width + amounts)
    # Decimals too, to which PostgreSQL sums large numbers.
    read = [np.fromiter(column, np.int64, len(rows)) for column in columns[width : width + amounts]]
    return Sums(cells_of(columns[:width], len(rows)), np.stack(read, axis=1))


def together(parts: Sequence[Sums], width: int, amounts: int) -> Sums:
    """Each combination of the parts once, its amounts added; of so many dimensions and amounts."""
    cells, numbers = _joined([part.cells for part in parts], width)
    order = np.argsort(numbers, kind="stable")
    starts = starts_of(numbers[order])
    given = [part.amounts for part in parts if len(part.cells)]
    everything = np.concatenate(given) if given else np.empty((0, amounts), np.int64)
    added = np.add.reduceat(everything[order], starts, axis=0) if len(starts) else everything
    return Sums(Cells(cells.words, cells.codes[order[starts]]), added)


def aligned(parts: Sequence[Sums], width: int) -> tuple[Cells, Sequence[Whole]]:
    """The combinations that occur in any of the parts, and each part's amounts of all of them."""
    cells, numbers = _joined([part.cells for part in parts], width)
    order = np.argsort(numbers, kind="stable")
    starts = starts_of(numbers[order])
    place = np.empty(len(order), np.int64)
    place[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
    found, first = [], 0
    for part in parts:
        amounts = np.zeros((len(starts), part.amounts.shape[1]), np.int64)
        amounts[place[first : first + len(part.cells)]] = part.amounts
        first += len(part.cells)
        found.append(amounts)
    return Cells(cells.words, cells.codes[order[starts]]), found


def starts_of(ordered: NDArray[Any]) -> Whole:
    """Where each value begins; sorting is a tenth of what `numpy.unique` takes."""
    return np.flatnonzero(np.concatenate([np.ones(min(1, len(ordered)), np.bool_), ordered[1:] != ordered[:-1]]))


def _joined(parts: Sequence[Cells], width: int) -> tuple[Cells, Whole]:
    """All parts' combinations one below the other, with a number for each that is the same for the same."""
    count = sum(map(len, parts))
    words, codes = [], np.empty((count, width), np.int64)
    numbers, possible = np.zeros(count, np.int64), 1
    for place in range(width):
        known: dict[str, int] = {}
        own = [_places(part.words[place], known)[part.codes[:, place]] for part in parts if len(part)]
        codes[:, place] = np.concatenate(own) if own else ()
        if possible * max(1, len(known)) > _MOST_CELLS:
            found, numbers = np.unique(numbers, return_inverse=True)
            possible = len(found)
        numbers = numbers * len(known) + codes[:, place]
        possible *= max(1, len(known))
        words.append(list(known))
    return Cells(words, codes), numbers


def _places(words: Sequence[str], known: dict[str, int]) -> Whole:
    """Each word's place among those that are known, of which it becomes one."""
    return np.fromiter((known.setdefault(word, len(known)) for word in words), np.int64, len(words))


def _ranks(words: Sequence[str]) -> Whole:
    ranks = np.empty(len(words), np.int64)
    ranks[sorted(range(len(words)), key=words.__getitem__)] = np.arange(len(words))
    return ranks
