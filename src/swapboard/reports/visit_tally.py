"""Counts visits that are laid out in columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from swapboard.reports.filter import Term
from swapboard.reports.sums import Cells, Sums, starts_of
from swapboard.reports.visit_day import VISITOR, Column, Numbers

Piece: TypeAlias = Mapping[str, Column]
"""The same columns of one day, or of a part of it."""

_MOST_CELLS = 1 << 62
"""Of more cells the numbers are beyond 64 bits."""
_FEW_CELLS = 1 << 20
"""So many sums are quicker kept for each possible cell than the cells that occur are looked for."""


class _Step(NamedTuple):
    """How a column was added to the cells' numbers; before it they were places in `known`, if that is not None."""

    words: Sequence[str]
    known: NDArray[np.int64] | None


def tally(pieces: Sequence[Piece], by: Sequence[str], terms: Sequence[Term]) -> Sums:
    """How many of the visits that meet the terms each combination of values has; none that has none.

    Asks for one value or one term at least: how many visits there are, one knows without their columns.
    """
    kept = [_kept(piece, terms) for piece in pieces]
    if not by:
        met = sum(int(np.count_nonzero(each)) for each in kept if each is not None)
        return Sums(Cells((), np.empty((1, 0), np.int64)), np.array([[met]], np.int64))
    visits = (_all_of(piece[by[0]], met) for piece, met in zip(pieces, kept, strict=True))
    cells, possible, steps = np.zeros(sum(map(len, visits)), np.int64), 1, []
    for name in by:
        words, own = _words_of(pieces, name)
        known = None
        if possible * len(words) > _MOST_CELLS:
            known, cells = np.unique(cells, return_inverse=True)
            possible = len(known)
        codes = (_all_of(piece[name], met) for piece, met in zip(pieces, kept, strict=True))
        _add(cells, len(words), zip(own, codes, strict=True))
        possible *= len(words)
        steps.append(_Step(words, known))
    found, counts = _counted(cells, possible)
    return Sums(Cells([words for words, _known in steps], _codes(found, steps)), counts.reshape(-1, 1))


def _all_of(column: Column, kept: NDArray[np.bool_] | None) -> Numbers:
    return column.codes if kept is None else column.codes[kept]


def _words_of(pieces: Sequence[Piece], name: str) -> tuple[Sequence[str], Sequence[NDArray[np.int64]]]:
    """The column's words through all pieces, and the places that each piece's own words have among them."""
    places: dict[str, int] = {}
    own = [
        np.fromiter((places.setdefault(word, len(places)) for word in piece[name].words), np.int64)
        for piece in pieces
    ]
    return list(places), own


def _add(cells: NDArray[np.int64], words: int, pieces: Iterable[tuple[NDArray[np.int64], Numbers]]) -> None:
    """Tell the cells apart by one more column too: piece by piece, for as much as that is near at hand."""
    first = 0
    for places, codes in pieces:
        part = cells[first : first + len(codes)]
        part *= words
        part += places[codes]
        first += len(codes)


def _codes(cells: NDArray[np.int64], steps: Sequence[_Step]) -> NDArray[np.int64]:
    """The places of each cell's words."""
    codes = np.empty((len(cells), len(steps)), np.int64)
    for place, (words, known) in reversed(list(enumerate(steps))):
        cells, codes[:, place] = np.divmod(cells, max(1, len(words)))
        cells = cells if known is None else known[cells]
    return codes


def visitors_in(pieces: Sequence[Piece], terms: Sequence[Term]) -> NDArray[np.uint64]:
    """The visitor's number of each visit that meets the terms."""
    met = (_all_of(piece[VISITOR], _kept(piece, terms)) for piece in pieces)
    return np.concatenate([np.empty(0, np.uint64), *met])


def different(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each of the numbers once, in order."""
    ordered = np.sort(numbers)
    return ordered[starts_of(ordered)]


def how_many_more(known: NDArray[np.uint64], numbers: NDArray[np.uint64]) -> int:
    """How many different ones among the numbers are not known; the known ones are in order."""
    found = different(numbers)
    if not len(known):
        return len(found)
    nearest = known[np.minimum(np.searchsorted(known, found), len(known) - 1)]
    return int(np.count_nonzero(nearest != found))


def columns_asked(by: Iterable[str], terms: Iterable[Term]) -> Sequence[str]:
    """What must be known of a visit to count it, each once."""
    return list(dict.fromkeys((*by, *(term.dimension for term in terms))))


def _kept(piece: Piece, terms: Sequence[Term]) -> NDArray[np.bool_] | None:
    """Which visits meet all terms; None for all."""
    kept = None
    for term in terms:
        words, codes = piece[term.dimension]
        meets = np.fromiter((term.met_by(word) for word in words), np.bool_, len(words))[codes]
        kept = meets if kept is None else kept & meets
    return kept


def _counted(cells: NDArray[np.int64], possible: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cells that occur, and how often."""
    if possible > max(_FEW_CELLS, 4 * len(cells)):
        ordered = np.sort(cells)
        starts = starts_of(ordered)
        return ordered[starts], np.diff(starts, append=len(ordered))
    counts = np.bincount(cells, minlength=possible)
    found = np.flatnonzero(counts)
    return found, counts[found]
