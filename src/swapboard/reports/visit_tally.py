"""Counts visits that are laid out in columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from swapboard.reports.filter import Term
from swapboard.reports.visit_day import VISITOR, Column

Piece: TypeAlias = Mapping[str, Column]
"""The same columns of one day, or of a part of it."""
Cell: TypeAlias = tuple[str, ...]

_MOST_CELLS = 1 << 62
"""Of more cells the numbers are beyond 64 bits."""
_FEW_CELLS = 1 << 20
"""So many sums are quicker kept for each possible cell than the cells that occur are looked for."""


class _Joined(NamedTuple):
    """A column through all days, with one list of words."""

    words: Sequence[str]
    codes: NDArray[np.int64]


class _Step(NamedTuple):
    """How a column was added to the cells' numbers; before it they were places in `known`, if that is not None."""

    words: Sequence[str]
    known: NDArray[np.int64] | None


def tally(pieces: Sequence[Piece], by: Sequence[str], terms: Sequence[Term]) -> Mapping[Cell, int]:
    """How many of the visits that meet the terms each combination of values has; none that has none.

    Asks for one value or one term at least: how many visits there are, one knows without their columns.
    """
    columns = {name: _joined(pieces, name) for name in columns_asked(by, terms)}
    kept = _kept(columns, terms)
    if not by:
        return {(): 0 if kept is None else int(np.count_nonzero(kept))}
    cells, possible, steps = np.zeros(1, np.int64), 1, []
    for name in by:
        words, codes = columns[name]
        known = None
        if possible * len(words) > _MOST_CELLS:
            known, cells = np.unique(cells, return_inverse=True)
            possible = len(known)
        cells = cells * len(words) + (codes if kept is None else codes[kept])
        possible *= len(words)
        steps.append(_Step(words, known))
    found, counts = _counted(cells, possible)
    return dict(zip(_values(found, steps), counts.tolist(), strict=True))


def _values(cells: NDArray[np.int64], steps: Sequence[_Step]) -> Iterator[Cell]:
    """The words of each cell."""
    values = []
    for words, known in reversed(steps):
        values.append([words[place] for place in cells % max(1, len(words))])
        cells = cells // max(1, len(words))
        cells = cells if known is None else known[cells]
    return zip(*reversed(values), strict=True)


def visitors_in(pieces: Sequence[Piece], terms: Sequence[Term]) -> NDArray[np.uint64]:
    """The visitor's number of each visit that meets the terms."""
    columns = {name: _joined(pieces, name) for name in columns_asked((), terms)}
    everybody = np.concatenate([np.empty(0, np.uint64), *(piece[VISITOR].codes for piece in pieces)])
    kept = _kept(columns, terms)
    return everybody if kept is None else everybody[kept]


def how_many_different(numbers: NDArray[np.uint64]) -> int:
    """How many different ones there are among the numbers."""
    return len(_starts(np.sort(numbers)))


def columns_asked(by: Iterable[str], terms: Iterable[Term]) -> Sequence[str]:
    """What must be known of a visit to count it, each once."""
    return list(dict.fromkeys((*by, *(term.dimension for term in terms))))


def _joined(pieces: Sequence[Piece], name: str) -> _Joined:
    places: dict[str, int] = {}
    parts = [np.empty(0, np.int64)]
    for words, codes in (piece[name] for piece in pieces):
        own = np.fromiter((places.setdefault(word, len(places)) for word in words), np.int64, len(words))
        parts.append(own[codes])
    return _Joined(list(places), np.concatenate(parts))


def _kept(columns: Mapping[str, _Joined], terms: Sequence[Term]) -> NDArray[np.bool_] | None:
    """Which visits meet all terms; None for all."""
    kept = None
    for term in terms:
        words, codes = columns[term.dimension]
        meets = np.fromiter((term.met_by(word) for word in words), np.bool_, len(words))[codes]
        kept = meets if kept is None else kept & meets
    return kept


def _counted(cells: NDArray[np.int64], possible: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cells that occur, and how often."""
    if possible > max(_FEW_CELLS, 4 * len(cells)):
        ordered = np.sort(cells)
        starts = _starts(ordered)
        return ordered[starts], np.diff(starts, append=len(ordered))
    counts = np.bincount(cells, minlength=possible)
    found = np.flatnonzero(counts)
    return found, counts[found]


def _starts(ordered: NDArray[Any]) -> NDArray[np.int64]:
    """Where each value begins; sorting is a tenth of what `numpy.unique` takes."""
    return np.flatnonzero(np.concatenate([np.ones(min(1, len(ordered)), np.bool_), ordered[1:] != ordered[:-1]]))
